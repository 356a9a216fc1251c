// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type CollectionFault, checkAccount, checkStation } from "../rules/check-collection.ts";
import {
  type CollectionAccount,
  insertStation,
  isStationTaken,
  putCollectionAccount,
  retireAccount,
  retireStation,
  type Station,
} from "../sql/stations.ts";

export type Configured =
  | { outcome: "saved" }
  | { outcome: "refused"; faults: CollectionFault[] }
  | { outcome: "forbidden" };

const MAY_CONFIGURE = new Set<Actor["role"]>(["administrator", "system"]);

/** A new station takes the place of the one in use for the same creditor and segregation code, which is kept. */
export async function configureStation(
  tx: WriteTx,
  of: {
    actor: Actor;
    station: Pick<
      Station,
      "creditorFiscalCode" | "segregationCode" | "stationId" | "brokerFiscalCode" | "mode"
    > & { readonly gpdVersion?: Station["gpdVersion"] };
    now: Moment;
  },
): Promise<Configured> {
  const { actor, station, now } = of;
  if (!MAY_CONFIGURE.has(actor.role)) return { outcome: "forbidden" };
  const faults = checkStation(station);
  if (faults.length > 0) return { outcome: "refused", faults };
  if (await isStationTaken(tx, station))
    return { outcome: "refused", faults: ["segregation-code-taken"] };
  await retireStation(tx, { ...station, at: now });
  const row = { gpdVersion: "v1" as const, ...station, addedAt: now };
  if (!(await insertStation(tx, row)))
    return { outcome: "refused", faults: ["segregation-code-taken"] };
  await recordAudit(tx, { actor, at: now, action: "payments.configure-station", details: station });
  return { outcome: "saved" };
}

/** No new notices from it; receipts and questions about its old ones are answered as before. */
export async function closeStation(
  tx: WriteTx,
  of: { actor: Actor; creditorFiscalCode: string; segregationCode: string; now: Moment },
): Promise<{ outcome: "closed" | "not-in-use" | "forbidden" }> {
  const { actor, creditorFiscalCode, segregationCode, now } = of;
  if (!MAY_CONFIGURE.has(actor.role)) return { outcome: "forbidden" };
  if ((await retireStation(tx, { creditorFiscalCode, segregationCode, at: now })) === 0)
    return { outcome: "not-in-use" };
  const details = { creditorFiscalCode, segregationCode };
  await recordAudit(tx, { actor, at: now, action: "payments.close-station", details });
  return { outcome: "closed" };
}

/** New notices do not name it any more; those already issued keep it. */
export async function closeAccount(
  tx: WriteTx,
  of: { actor: Actor; accountId: string; now: Moment },
): Promise<{ outcome: "closed" | "not-in-use" | "forbidden" }> {
  const { actor, accountId, now } = of;
  if (!MAY_CONFIGURE.has(actor.role)) return { outcome: "forbidden" };
  if ((await retireAccount(tx, { id: accountId, at: now })) === 0) return { outcome: "not-in-use" };
  const details = { accountId };
  await recordAudit(tx, { actor, at: now, action: "payments.close-account", details });
  return { outcome: "closed" };
}

export async function configureAccount(
  tx: WriteTx,
  of: {
    actor: Actor;
    account: Pick<
      CollectionAccount,
      | "creditorFiscalCode"
      | "iban"
      | "kind"
      | "postalAccount"
      | "postalHolder"
      | "postalAuthorisation"
    >;
    now: Moment;
  },
): Promise<Configured> {
  const { actor, now } = of;
  if (!MAY_CONFIGURE.has(actor.role)) return { outcome: "forbidden" };
  const iban = of.account.iban.replaceAll(/\s/g, "").toUpperCase();
  const account = { ...of.account, iban };
  const faults = checkAccount(account);
  if (faults.length > 0) return { outcome: "refused", faults };
  const row = { ...account, id: newId(), addedAt: now, addedBy: actor.name };
  if (!(await putCollectionAccount(tx, row)))
    return { outcome: "refused", faults: ["creditor-unknown"] };
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.configure-account",
    details: { creditor: account.creditorFiscalCode, iban, kind: account.kind },
  });
  return { outcome: "saved" };
}
