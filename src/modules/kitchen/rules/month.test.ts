// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { joinMonth, sumMeals } from "./month.ts";

const TUESDAY = day("2026-11-24");
const THURSDAY = day("2026-11-26");
const order = (siteId: string, date: typeof TUESDAY, adultsEntered: number | null = null) => ({
  ...{ siteId, date, children: 20, adults: 3, adultsEntered },
});

describe("the month of the catering company", () => {
  it("X-14 sets ordered beside served, adults as entered, otherwise as ordered", () => {
    const days = joinMonth(
      [order("a", TUESDAY), order("b", TUESDAY, 5), order("a", THURSDAY), order("c", TUESDAY)],
      [
        { siteId: "a", date: TUESDAY, served: 19 },
        { siteId: "b", date: TUESDAY, served: 21 },
        { siteId: "c", date: TUESDAY, served: 0 },
      ],
    );
    const ordered = { children: 20, adults: 3 };
    assert.deepEqual(days, [
      { siteId: "a", date: TUESDAY, ordered, served: { children: 19, adults: 3 } },
      { siteId: "b", date: TUESDAY, ordered, served: { children: 21, adults: 5 } },
      { siteId: "c", date: TUESDAY, ordered, served: { children: 0, adults: 0 } },
      { siteId: "a", date: THURSDAY, ordered, served: null },
    ]);
    assert.deepEqual(sumMeals(days), {
      ordered: { children: 80, adults: 12 },
      served: { children: 40, adults: 8 },
      open: 1,
    });
  });

  it("X-14 a day served without a frozen order counts; one on which nobody eats does not", () => {
    const served = [
      { siteId: "a", date: TUESDAY, served: 2 },
      { siteId: "b", date: TUESDAY, served: 0 },
    ];
    assert.deepEqual(joinMonth([], served), [
      { siteId: "a", date: TUESDAY, ordered: null, served: { children: 2, adults: 0 } },
    ]);
  });
});
