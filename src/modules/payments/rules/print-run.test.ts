// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, moment } from "#kernel/dates.ts";
import { NOTICE_STATES } from "./notice-state.ts";
import {
  ARCHIVE_LIMITS,
  inArchives,
  partOfPaper,
  pauseMinutes,
  type PrintableNotice,
  sheetOf,
} from "./print-run.ts";

const NOW = moment("2026-11-20T09:00:00Z");
const TODAY = day("2026-11-20");
const notice = (changes: Partial<PrintableNotice> = {}): PrintableNotice => ({
  instalment: null,
  state: "issued",
  dueOn: day("2026-12-31"),
  payableAfterDue: false,
  inPreparation: false,
  lastAttemptAt: null,
  ...changes,
});
const part = (instalment: number, changes: Partial<PrintableNotice> = {}): PrintableNotice =>
  notice({ instalment, ...changes });
const sheet = (position: readonly PrintableNotice[]) =>
  sheetOf(position, { now: NOW, today: TODAY });

describe("which notices of a position go on paper", () => {
  it("BO-06 the whole and its instalments in their order, on one paper", () => {
    const [whole, one, two] = [notice(), part(1), part(2)];
    assert.deepEqual(sheet([two, whole, one]), { single: whole, instalments: [one, two] });
  });

  it("a paid instalment ends the whole; the last one that is left stands alone", () => {
    const [paid, two, three] = [part(1, { state: "paid" }), part(2), part(3)];
    assert.deepEqual(sheet([notice(), paid, two, three]), {
      single: null,
      instalments: [two, three],
    });
    const settled = part(2, { state: "settled" });
    assert.deepEqual(sheet([notice(), paid, settled, three]), { single: three, instalments: [] });
  });

  it("X-05 nothing of it while a payment is under way, nor when it is paid, too late or withdrawn", () => {
    const begun = moment("2026-11-20T08:45:00Z");
    assert.equal(sheet([notice({ lastAttemptAt: begun }), part(1), part(2)]), null);
    assert.equal(sheet([notice({ state: "paid" }), part(1), part(2)]), null);
    assert.equal(sheet([notice({ dueOn: day("2026-11-19") })]), null);
    assert.equal(sheet([notice({ state: "replaced" })]), null);
    const late = notice({ dueOn: day("2026-11-19"), payableAfterDue: true });
    assert.deepEqual(sheet([late]), { single: late, instalments: [] });
  });

  it("never prints what is over, whatever the states", () => {
    const any = fc.record({
      state: fc.constantFrom(...NOTICE_STATES),
      instalment: fc.constantFrom(null, 1, 2, 3),
    });
    fc.assert(
      fc.property(fc.uniqueArray(any, { selector: ({ instalment }) => instalment }), (rows) => {
        const found = sheet(rows.map((row) => notice(row)));
        const printed = found
          ? [...(found.single ? [found.single] : []), ...found.instalments]
          : [];
        assert.ok(printed.every(({ state }) => state === "issued"));
        assert.ok(found === null || printed.length > 0);
        assert.notEqual(found?.instalments.length, 1);
      }),
    );
  });

  it("OS-16 archives hold what fits, in order; a part that fits nowhere has its own", () => {
    const part = (files: number, bytes: number, at: number) => ({ part: at + 1, files, bytes });
    const parts = [
      [2, 10],
      [2, 10],
      [1, 10],
      [1, 99],
      [1, 10],
    ].map(([files, bytes], at) => part(files!, bytes!, at));
    assert.deepEqual(inArchives(parts, { files: 4, bytes: 50 }), [[1, 2], [3], [4], [5]]);
    assert.deepEqual(inArchives(parts, ARCHIVE_LIMITS), [[1, 2, 3, 4, 5]]);
    assert.deepEqual(inArchives([], ARCHIVE_LIMITS), []);
  });

  it("parts and pauses", () => {
    assert.deepEqual([1, 100, 101, 10_000].map(partOfPaper), [1, 1, 2, 100]);
    assert.deepEqual([1, 2, 3, 20].map(pauseMinutes), [1, 2, 4, 30]);
  });
});
