// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { checkIsee, iseeAppliesFrom, type NewIsee } from "./check-isee.ts";

const TODAY = day("2026-11-20");
const sound: NewIsee = {
  id: "i",
  childId: "c",
  kind: "minorenni",
  valueCents: 720_050n,
  presentedOn: TODAY,
  validFrom: TODAY,
  validTo: day("2026-12-31"),
  appliesFrom: TODAY,
  overriddenBy: null,
  reason: null,
};
const faults = (changes: Partial<NewIsee>): string[] => checkIsee({ ...sound, ...changes }, TODAY);

describe("an ISEE before it is recorded", () => {
  it("is accepted on its edges", () => {
    assert.deepEqual(faults({}), []);
    assert.deepEqual(faults({ valueCents: 0n }), []);
    assert.deepEqual(faults({ validFrom: day("2026-12-31"), appliesFrom: day("2026-12-31") }), []);
    assert.deepEqual(faults({ validTo: day("2027-12-31") }), []);
    assert.deepEqual(faults({ overriddenBy: "ufficio", reason: "delibera" }), []);
  });

  it("is refused with every fault it has", () => {
    assert.deepEqual(faults({ valueCents: 1_000_000_001n }), ["value-out-of-range"]);
    assert.deepEqual(faults({ validTo: day("2028-01-01") }), ["validity-too-long"]);
    assert.deepEqual(faults({ appliesFrom: day("2027-01-01") }), ["applies-outside-validity"]);
    assert.deepEqual(
      faults({ valueCents: -1n, presentedOn: day("2026-11-21"), overriddenBy: "x" }),
      ["value-out-of-range", "presented-in-the-future", "override-without-reason"],
    );
  });

  it("counts from the day the town's rule says", () => {
    const from = day("2026-02-01");
    const starts = (presentedOn: string): string[] =>
      (["presentation-day", "next-month", "validity-start"] as const).map((rule) =>
        iseeAppliesFrom(rule, day(presentedOn), from).toString(),
      );
    assert.deepEqual(starts("2026-11-20"), ["2026-11-20", "2026-12-01", "2026-02-01"]);
    assert.deepEqual(starts("2026-12-31"), ["2026-12-31", "2027-01-01", "2026-02-01"]);
    assert.deepEqual(starts("2028-01-31"), ["2028-01-31", "2028-02-01", "2026-02-01"]);
  });
});
