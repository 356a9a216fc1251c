// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore, sameDay } from "#kernel/dates.ts";

export interface HolderSpell {
  readonly id: string;
  readonly holderId: string;
  readonly from: Day;
  readonly to: Day | null;
}

export type HolderChange =
  | { outcome: "change"; endSpell: { id: string; to: Day } | null; replaceSpell: string | null }
  | { outcome: "already-holder" }
  /** a change for a later day is recorded already: that one must be undone first */
  | { outcome: "later-change-exists"; from: Day };

/** From `from` on, `holderId` holds the account for the child; the spell before ends the day before. */
export function decideHolderChange(
  spells: readonly HolderSpell[],
  holderId: string,
  from: Day,
): HolderChange {
  const later = spells.find((spell) => isBefore(from, spell.from));
  if (later) return { outcome: "later-change-exists", from: later.from };
  const current = spells.find((spell) => spell.to === null || !isBefore(spell.to, from));
  if (!current) return { outcome: "change", endSpell: null, replaceSpell: null };
  if (current.holderId === holderId && current.to === null) return { outcome: "already-holder" };
  if (sameDay(current.from, from)) {
    return { outcome: "change", endSpell: null, replaceSpell: current.id };
  }
  const endSpell = { id: current.id, to: from.subtract({ days: 1 }) };
  return { outcome: "change", endSpell, replaceSpell: null };
}
