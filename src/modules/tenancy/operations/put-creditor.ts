// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { isElevenDigitCode } from "#kernel/codice-fiscale.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { writeCreditor } from "../sql/creditors.ts";

export type PutCreditor =
  | { outcome: "saved" | "unchanged" }
  | { outcome: "refused"; faults: ("fiscal-code" | "name" | "ipa-code")[] }
  | { outcome: "forbidden" };

/** Another institution that collects for the town (its union, a concession company), or a known one's new name. */
export async function putCreditor(
  tx: WriteTx,
  of: { actor: Actor; fiscalCode: string; name: string; ipaCode: string | null; now: Moment },
): Promise<PutCreditor> {
  const { actor, fiscalCode } = of;
  if (actor.role !== "administrator" && actor.role !== "system") return { outcome: "forbidden" };
  const name = of.name.trim();
  const ipaCode = of.ipaCode?.trim() || null;
  const faults: ("fiscal-code" | "name" | "ipa-code")[] = [];
  if (!isElevenDigitCode(fiscalCode)) faults.push("fiscal-code");
  if (name.length < 2 || name.length > 140) faults.push("name");
  if (ipaCode !== null && !/^[A-Za-z0-9_]{2,20}$/.test(ipaCode)) faults.push("ipa-code");
  if (faults.length > 0) return { outcome: "refused", faults };
  if ((await writeCreditor(tx, { fiscalCode, name, ipaCode })) === 0)
    return { outcome: "unchanged" };
  const details = { fiscalCode, name };
  await recordAudit(tx, { actor, at: of.now, action: "tenancy.put-creditor", details });
  return { outcome: "saved" };
}
