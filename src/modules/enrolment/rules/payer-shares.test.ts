// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, isWithin } from "#kernel/dates.ts";
import { isDietCode } from "./diet-code.ts";
import { checkShares, type DatedShare, choosePayers } from "./payer-shares.ts";

const share = (
  holderId: string,
  basisPoints: number,
  from: string,
  to: string | null = null,
  serviceId: string | null = null,
): DatedShare => ({
  serviceId,
  holderId,
  basisPoints,
  from: day(from),
  to: to ? day(to) : null,
});
const ask = (date: string, holderId: string | null = "h") => ({
  serviceId: "mensa",
  date: day(date),
  holderId,
});

describe("payer shares", () => {
  it("X-12 the holder pays all unless shares say otherwise", () => {
    assert.deepEqual(choosePayers([], ask("2026-11-20")), [{ holderId: "h", basisPoints: 10_000 }]);
    assert.deepEqual(choosePayers([], ask("2026-11-20", null)), []);
    const general = [share("a", 6000, "2026-10-01"), share("b", 4000, "2026-10-01")];
    const own = [share("a", 10_000, "2026-11-01", "2026-11-30", "mensa")];
    assert.equal(choosePayers(general, ask("2026-09-30"))[0]?.holderId, "h");
    assert.deepEqual(
      choosePayers([...general, ...own], ask("2026-10-01")).map((payer) => payer.basisPoints),
      [6000, 4000],
    );
    assert.deepEqual(choosePayers([...general, ...own], ask("2026-11-30")), [
      { holderId: "a", basisPoints: 10_000 },
    ]);
    assert.equal(choosePayers([...general, ...own], ask("2026-12-01")).length, 2);
  });

  it("X-12 refuses parts that do not make a whole on some day, and names the day", () => {
    assert.deepEqual(checkShares([]), { outcome: "ok" });
    assert.deepEqual(
      checkShares([share("a", 5000, "2026-10-01"), share("b", 5000, "2026-10-01", "2026-12-31")]),
      { outcome: "not-whole", date: day("2027-01-01"), basisPoints: 5000 },
    );
    assert.deepEqual(
      checkShares([share("a", 5000, "2026-10-01"), share("a", 5000, "2026-10-01")]),
      { outcome: "same-holder-twice", date: day("2026-10-01") },
    );
    assert.deepEqual(
      checkShares([
        share("a", 10_000, "2026-10-01", "2026-10-31"),
        share("a", 3333, "2026-11-01"),
        share("b", 6667, "2026-11-01"),
      ]),
      { outcome: "ok" },
    );
  });

  it("X-12 what passes the check sums to 10,000 on every covered day", () => {
    const drawn = fc.record({
      basisPoints: fc.constantFrom(2500, 5000, 7500, 10_000),
      from: fc.integer({ min: 0, max: 20 }),
      length: fc.option(fc.integer({ min: 0, max: 20 })),
    });
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 5 }), (rows) => {
        const start = day("2026-10-01");
        const shares = rows.map((row, index) => {
          const from = start.add({ days: row.from });
          const to = row.length === null ? null : from.add({ days: row.length });
          return share(`h${index}`, row.basisPoints, from.toString(), to?.toString() ?? null);
        });
        const sums = Array.from({ length: 60 }, (_, index) => {
          const inForce = shares.filter((row) =>
            isWithin(start.add({ days: index }), row.from, row.to),
          );
          return inForce.reduce((sum, row) => sum + row.basisPoints, 0);
        });
        const whole = sums.every((sum) => sum === 0 || sum === 10_000);
        assert.equal(checkShares(shares).outcome === "ok", whole);
      }),
    );
  });
});

describe("diet code", () => {
  it("X-14 takes codes, not diagnoses", () => {
    for (const code of ["D-07", "A1", "NO-GLU 2"]) assert.ok(isDietCode(code), code);
    for (const text of ["celiachia", "CELIACHIA", "", "D-07 (celiachia)", "d1"])
      assert.ok(!isDietCode(text), text);
  });
});
