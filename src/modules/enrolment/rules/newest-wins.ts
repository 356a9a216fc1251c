// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";

interface Spell {
  from: Day;
  /** both ends count; `null` = open */
  to: Day | null;
}

/**
 * Each day belongs to one spell at most: where several hold, the newest counts and the older ones are cut around it
 * (in two, if need be). Takes the spells oldest first; answers with disjoint ones in the order of their days.
 */
export function newestWins<Row extends Spell>(oldestFirst: readonly Row[]): Row[] {
  if (oldestFirst.length < 2) return [...oldestFirst];
  const kept: Row[] = [];
  for (const row of oldestFirst.toReversed()) {
    let pieces = [row];
    for (const newer of kept) pieces = pieces.flatMap((piece) => without(piece, newer));
    kept.push(...pieces);
  }
  return kept.toSorted((a, b) => (isBefore(a.from, b.from) ? -1 : 1));
}

function without<Row extends Spell>(piece: Row, newer: Spell): Row[] {
  const { from, to } = newer;
  const disjoint =
    (to !== null && isBefore(to, piece.from)) || (piece.to !== null && isBefore(piece.to, from));
  if (disjoint) return [piece];
  const left = isBefore(piece.from, from) ? [{ ...piece, to: from.subtract({ days: 1 }) }] : [];
  const goesOn = to !== null && (piece.to === null || isBefore(to, piece.to));
  return goesOn ? [...left, { ...piece, from: to.add({ days: 1 }) }] : left;
}
