// SPDX-License-Identifier: EUPL-1.2
import { childrenInReach, holderNames } from "#families";
import { type Actor, DELEGATE_SCOPES, type Delegation, type DelegateScope } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

/** Families, by surname, that gave one and the same. */
export interface Given {
  readonly families: readonly string[];
  readonly scopes: readonly DelegateScope[];
}

/** How far a visitor goes for each child: as family or office without limits, by delegation as the holder gave (BO-23). */
export interface Reach {
  /** for whom the visitor acts by delegation, and what each gave; empty: for nobody */
  readonly given: readonly Given[];
  /** are all children here others'? */
  readonly isOnlyDelegate: boolean;
  /** is there any account whose money may be seen? */
  readonly hasMoney: boolean;
  /** guardian, holder or the office's desk: what only they read and do */
  isOwn(child: { id: string }): boolean;
  /** may days be changed? The operations ask again. */
  mayChange(child: { id: string }): boolean;
  /** prices, charges and what is due */
  seesMoney(child: { id: string }): boolean;
}

const WHOLE: Reach = {
  given: [],
  isOnlyDelegate: false,
  hasMoney: true,
  isOwn: () => true,
  mayChange: () => true,
  seesMoney: () => true,
};

export async function reachOf(tx: ReadTx, actor: Actor, today: Day): Promise<Reach> {
  const delegations = actor.desk ? [] : (actor.delegations ?? []);
  if (delegations.length === 0) return WHOLE;
  const [own, changed, paid, names] = await Promise.all([
    childrenInReach(tx, { ...actor, delegations: [] }, today),
    childrenInReach(tx, actor, today, "absences"),
    childrenInReach(tx, actor, today, "payments"),
    holderNames(
      tx,
      delegations.map(({ holderId }) => holderId),
    ),
  ]);
  const among = (children: readonly { id: string }[]): ((child: { id: string }) => boolean) => {
    const ids = new Set(children.map(({ id }) => id));
    return ({ id }) => ids.has(id);
  };
  return {
    given: givenBy(delegations, names),
    isOnlyDelegate: own.length === 0,
    hasMoney: own.length > 0 || paid.length > 0,
    isOwn: among(own),
    mayChange: among(changed),
    seesMoney: among(paid),
  };
}

function givenBy(
  delegations: readonly Delegation[],
  names: Awaited<ReturnType<typeof holderNames>>,
): Given[] {
  const surnames = [...names.values()].map(({ surname }) => surname);
  const rows = [...Map.groupBy(delegations, ({ holderId }) => holderId)].map(([id, own]) => {
    const { surname = "", givenName = "" } = names.get(id) ?? {};
    const isAlone = surnames.filter((one) => one === surname).length === 1;
    return {
      family: isAlone ? surname : `${surname} (${givenName})`,
      scopes: DELEGATE_SCOPES.filter((one) => own.some(({ scopes }) => scopes.includes(one))),
    };
  });
  return [...Map.groupBy(rows, ({ scopes }) => scopes.join()).values()].map((same) => ({
    families: same.map(({ family }) => family).toSorted(),
    scopes: same[0]!.scopes,
  }));
}
