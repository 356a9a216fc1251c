// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { sharesInForce } from "#enrolment";
import { type Family, people } from "#families";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { accountKey, balances, type FamilyAccount, familyAccount } from "#ledger";
import { datedSettings } from "#tenancy";

export interface AccountChoice {
  readonly key: string;
  /** `Giulia, mensa` */
  readonly label: string;
  readonly account: FamilyAccount;
  /** a service that is paid from it; null: none any more */
  readonly payFor: string | null;
  readonly balanceCents: bigint;
}

/**
 * The accounts the town's scope setting gives this family: one, one per child, or per child and service; also of
 * children it pays a share for, and those it has used before.
 */
export async function accountChoices(
  tx: ReadTx,
  family: Family,
  today: Day,
): Promise<AccountChoice[]> {
  const holderId = family.holder.id;
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const shares = await sharesInForce(tx, { holderId, date: today });
  const used = await balances(tx, { holderId });
  const balanceOf = new Map(
    used.map((row) => [accountKey({ kind: "family", ...row }), row.balanceCents]),
  );
  const paidFor = [...shares, ...used].flatMap(({ childId }) => childId ?? []);
  const names = new Map(
    [...family.children, ...(await people(tx, paidFor))].map((one) => [one.id, one.givenName]),
  );
  const choices = new Map<string, AccountChoice>();
  const add = (account: FamilyAccount, payFor: string | null): void => {
    const key = accountKey(account);
    if (choices.has(key)) return;
    const service = calendar.services.find(({ id }) => id === account.serviceId);
    const label =
      [account.childId && names.get(account.childId), service?.name.toLowerCase()]
        .filter(Boolean)
        .join(", ") || "Conto della famiglia";
    const balanceCents = balanceOf.get(key) ?? 0n;
    choices.set(key, { key, label, account, payFor, balanceCents });
  };
  for (const service of calendar.services) {
    const scope = settings.maybeService(service.code, "payment", today)?.accountScope;
    if (!scope) continue;
    const shared = shares.filter(({ serviceId }) => (serviceId ?? service.id) === service.id);
    const childIds = [...family.children.map(({ id }) => id), ...shared.map((one) => one.childId)];
    for (const childId of childIds)
      add(familyAccount(scope, { holderId, childId, serviceId: service.id }), service.id);
  }
  for (const { childId, serviceId } of used)
    add({ kind: "family", holderId, childId, serviceId }, serviceId);
  return [...choices.values()];
}
