// SPDX-License-Identifier: EUPL-1.2
import { accountsOfSubjects, subjectOf } from "#identity";
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { delegatesOf } from "../sql/delegates.ts";

/** Did this account act by delegation of one of the families asked about, at that moment? */
export type ActedByDelegation = (act: { actorId: string; at: Moment }) => boolean;

/** Who had been named by these holders, so that each act tells whose it was (BO-23). */
export async function actsByDelegation(
  tx: ReadTx,
  holderIds: readonly string[],
): Promise<ActedByDelegation> {
  const named = await delegatesOf(tx, holderIds);
  if (named.length === 0) return () => false;
  const codes = [...new Set(named.map(({ codiceFiscale }) => subjectOf(codiceFiscale)))];
  const accounts = await accountsOfSubjects(tx, codes);
  const bySubject = new Map(accounts.map(({ subject, accountId }) => [subject, accountId]));
  const spells = named.flatMap(({ codiceFiscale, addedAt, endedAt }) => {
    const accountId = bySubject.get(subjectOf(codiceFiscale));
    return accountId ? [{ accountId, addedAt, endedAt }] : [];
  });
  return ({ actorId, at }) =>
    spells.some(
      ({ accountId, addedAt, endedAt }) =>
        accountId === actorId &&
        !isMomentAfter(addedAt, at) &&
        (endedAt === null || !isMomentAfter(at, endedAt)),
    );
}
