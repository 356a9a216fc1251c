// SPDX-License-Identifier: EUPL-1.2
import { childrenInReach, holderNames } from "#families";
import type { Actor, DelegateScope } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

/** How far a visitor goes for each child: as family or office without limits, by delegation as the holder gave (BO-23). */
export interface Reach {
  /** surnames of the families the visitor acts for by delegation */
  readonly delegatedBy: readonly string[];
  /** what was given, of all of them together */
  readonly given: readonly DelegateScope[];
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
  delegatedBy: [],
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
    delegatedBy: [...new Set([...names.values()].map(({ surname }) => surname))],
    given: [...new Set(delegations.flatMap(({ scopes }) => scopes))],
    isOnlyDelegate: own.length === 0,
    hasMoney: own.length > 0 || paid.length > 0,
    isOwn: among(own),
    mayChange: among(changed),
    seesMoney: among(paid),
  };
}
