// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Day, day, isWithin } from "#kernel/dates.ts";
import { newestWins } from "./newest-wins.ts";

const START = day("2026-09-01");
const DAYS = 30;
const spells = fc.array(
  fc.tuple(fc.nat(DAYS), fc.option(fc.nat(DAYS))).map(([from, length]) => ({
    from: START.add({ days: from }),
    to: length === null ? null : START.add({ days: from + length }),
  })),
  { maxLength: 6 },
);
const holding = (rows: readonly { from: Day; to: Day | null; name: number }[], date: Day) =>
  rows.filter(({ from, to }) => isWithin(date, from, to)).map(({ name }) => name);

describe("newestWins", () => {
  it("BO-09 every day keeps exactly the newest of the spells that hold on it", () => {
    fc.assert(
      fc.property(spells, (rows) => {
        const named = rows.map((row, name) => ({ ...row, name }));
        const cut = newestWins(named);
        for (let offset = 0; offset <= 3 * DAYS; offset += 1) {
          const date = START.add({ days: offset });
          assert.deepEqual(holding(cut, date), holding(named, date).slice(-1));
        }
      }),
    );
  });

  it("cuts an open spell in two around a newer one", () => {
    const old = { from: day("2026-09-14"), to: null, weekdays: 31 };
    const newer = { from: day("2026-11-01"), to: day("2026-11-30"), weekdays: 2 };
    const found = newestWins([old, newer]).map(
      ({ from, to, weekdays }) => `${from} ${to} ${weekdays}`,
    );
    assert.deepEqual(found, [
      "2026-09-14 2026-10-31 31",
      "2026-11-01 2026-11-30 2",
      "2026-12-01 null 31",
    ]);
  });
});
