// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import { allocatePayments } from "./allocate-payments.ts";
import {
  type LedgerMovement,
  paidUses,
  type PaymentFacts,
  paymentsOfYear,
  schoolLimitCents,
  type YearPayments,
} from "./year-payments.ts";

type Changes = Partial<Omit<LedgerMovement, "happenedOn">>;

const move = (transferId: string, on: string, amountCents: bigint, of: Changes = {}) => ({
  transferId,
  key: transferId,
  kind: amountCents > 0n ? "credit" : "meal",
  amountCents,
  happenedOn: day(on),
  childId: null,
  serviceId: null,
  reversesId: null,
  reversedById: null,
  reference: {},
  ...of,
});
/** of the family's wallet: whose meal it was stands in the reference */
const meal = (id: string, on: string, cents: bigint, childId: string | null) =>
  move(id, on, -cents, { reference: { childId, serviceId: "mensa" } });
const transfer = { kind: "transfer" };
const giulia = { childId: "giulia" };
const tommaso = { childId: "tommaso" };

const factsOf = ({ happenedOn, reference }: LedgerMovement): PaymentFacts => ({
  paidOn: happenedOn,
  method: reference["cash"] ? "cash-desk" : "pagopa",
  isTraceable: !reference["cash"],
});
const yearOf = (rows: readonly LedgerMovement[], year: number): YearPayments =>
  paymentsOfYear(paidUses(rows), { year, factsOf });
const centsOf = (rows: readonly LedgerMovement[], year: number): Record<string, bigint> =>
  Object.fromEntries(yearOf(rows, year).children.map(({ childId, cents }) => [childId, cents]));
const whyOf = (rows: readonly LedgerMovement[], year: number) =>
  yearOf(rows, year).uncounted.map(({ why, childId, cents }) => [why, childId, cents]);

describe("the payments of a year, by child", () => {
  it("PE-07 a payment counts in the year in which it was made, for the child whose meals it paid, oldest first", () => {
    const rows = [
      move("top-up", "2025-12-20", 2000n),
      meal("m1", "2025-12-22", 500n, "giulia"),
      meal("m2", "2026-01-08", 700n, "tommaso"),
      move("second", "2026-01-09", 1000n),
      meal("m3", "2026-01-12", 900n, "giulia"),
    ];
    assert.deepEqual(centsOf(rows, 2025), { giulia: 1300n, tommaso: 700n });
    assert.deepEqual(centsOf(rows, 2026), { giulia: 100n });
    assert.deepEqual(whyOf(rows, 2026), [["credit", null, 900n]]);
    const [line] = yearOf(rows, 2025).children[0]!.lines;
    assert.equal(`${line?.paidOn} ${line?.from} ${line?.to}`, "2025-12-20 2025-12-22 2026-01-12");
    assert.deepEqual([line?.serviceId, line?.method, line?.cents], ["mensa", "pagopa", 1300n]);
  });

  it("PE-07 a bill paid in January counts in January's year", () => {
    const rows = [meal("m1", "2025-12-01", 500n, "giulia"), move("paid", "2026-01-18", 500n)];
    assert.deepEqual(centsOf(rows, 2025), {});
    assert.deepEqual(centsOf(rows, 2026), { giulia: 500n });
  });

  it("PE-07 cash does not count, and is said", () => {
    const rows = [
      move("cash", "2025-10-01", 500n, { reference: { cash: true } }),
      move("card", "2025-10-02", 300n),
      meal("m1", "2025-10-06", 600n, "giulia"),
    ];
    assert.deepEqual(centsOf(rows, 2025), { giulia: 100n });
    assert.deepEqual(whyOf(rows, 2025), [
      ["credit", null, 200n],
      ["not-traceable", "giulia", 500n],
    ]);
  });

  it("PE-07 a refund of the following year is taken off the year in which that money had been paid", () => {
    const rows = [
      move("top-up", "2025-11-01", 5000n, giulia),
      move("m1", "2025-11-10", -500n, giulia),
      move("refund", "2026-02-10", -4500n, { ...giulia, kind: "refund" }),
    ];
    assert.deepEqual(centsOf(rows, 2025), { giulia: 500n });
    assert.deepEqual(whyOf(rows, 2025), [["given-back", "giulia", 4500n]]);
    assert.deepEqual(yearOf(rows, 2026), { year: 2026, children: [], uncounted: [] });
    const back = [
      ...rows.slice(0, 2),
      { ...rows[2]!, reversedById: "undo" },
      move("undo", "2026-03-01", 4500n, { ...giulia, reversesId: "refund" }),
    ];
    assert.deepEqual(whyOf(back, 2025), [["credit", "giulia", 4500n]]);
  });

  it("PE-07 money moved to a sibling counts for the sibling, on the day on which it was paid", () => {
    const rows = [
      move("top-up", "2025-11-01", 5000n, giulia),
      move("m1", "2025-11-10", -1000n, giulia),
      move("t", "2026-01-20", -4000n, { ...giulia, ...transfer }),
      move("t", "2026-01-20", 4000n, { ...tommaso, ...transfer }),
      move("m2", "2026-01-22", -600n, tommaso),
      move("t2", "2026-02-20", -3400n, { ...tommaso, ...transfer }),
      move("t2", "2026-02-20", 3400n, { ...giulia, ...transfer }),
      move("m3", "2026-02-22", -100n, giulia),
    ];
    assert.deepEqual(centsOf(rows, 2025), { giulia: 1100n, tommaso: 600n });
    assert.deepEqual(whyOf(rows, 2025), [["credit", "giulia", 3300n]]);
    assert.deepEqual(centsOf(rows, 2026), {});
  });

  it("PE-07 a payment that was revoked, and a debt written off, count for nothing", () => {
    const rows = [
      meal("m1", "2025-10-01", 500n, "giulia"),
      meal("m2", "2025-10-02", 400n, "giulia"),
      { ...move("revoked", "2025-10-18", 900n), reversedById: "undo" },
      move("undo", "2025-11-03", -900n, { reversesId: "revoked", kind: "credit" }),
      move("off", "2025-12-01", 500n, { kind: "write-off" }),
      move("paid", "2025-12-20", 400n),
    ];
    assert.deepEqual(centsOf(rows, 2025), { giulia: 400n });
    assert.deepEqual(whyOf(rows, 2025), []);
  });

  it("PE-07 a fee of the whole household is of no pupil", () => {
    const rows = [move("p", "2025-10-01", 900n), meal("fee", "2025-10-02", 900n, null)];
    assert.deepEqual(centsOf(rows, 2025), {});
    assert.deepEqual(whyOf(rows, 2025), [["household", null, 900n]]);
  });

  it("PE-07 the limit of a pupil is that of the year of payment", () => {
    const years = [2015, 2016, 2017, 2018, 2019, 2024, 2025, 2026];
    const limits = [null, 56_400n, 71_700n, 78_600n, 80_000n, 80_000n, 100_000n, 100_000n];
    assert.deepEqual(years.map(schoolLimitCents), limits);
  });

  it("two accounts that only passed money to each other paid nothing", () => {
    const rows = [
      move("t", "2025-10-01", -100n, { ...giulia, ...transfer }),
      move("t", "2025-10-01", 100n, { ...tommaso, ...transfer }),
      move("t2", "2025-10-02", -100n, { ...tommaso, ...transfer }),
      move("t2", "2025-10-02", 100n, { ...giulia, ...transfer }),
      move("real", "2025-10-03", 70n, giulia),
      move("m", "2025-10-04", -70n, giulia),
    ];
    assert.deepEqual(centsOf(rows, 2025), { giulia: 70n });
  });

  it("X-12 PE-07 every cent of every payment is somewhere, once, whatever was charged, moved or given back", () => {
    const cents = fc.bigInt(1n, 5000n);
    const child = fc.constantFrom("a", "b", "c");
    const act = fc.oneof(
      fc.record({ what: fc.constant("pay" as const), child, cents }),
      fc.record({ what: fc.constant("meal" as const), child, cents }),
      fc.record({ what: fc.constant("refund" as const), child, cents }),
      fc.record({ what: fc.constant("move" as const), child, to: child, cents }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const balance = new Map<string, bigint>();
        const add = (who: string, by: bigint) => balance.set(who, (balance.get(who) ?? 0n) + by);
        const rows = acts.flatMap((one, index): LedgerMovement[] => {
          const id = `${index}`;
          const on = index % 2 === 0 ? "2025-11-01" : "2026-02-01";
          const side = (childId: string, by: bigint, kind?: string) => {
            add(childId, by);
            return move(id, on, by, { childId, ...(kind ? { kind } : {}) });
          };
          const has = (balance.get(one.child) ?? 0n) >= one.cents;
          if (one.what === "pay") return [side(one.child, one.cents)];
          if (one.what === "meal") return [side(one.child, -one.cents)];
          // Only credit that is there goes back or to a sibling.
          if (!has) return [];
          if (one.what === "refund") return [side(one.child, -one.cents, "refund")];
          if (one.to === one.child) return [];
          return [side(one.child, -one.cents, "transfer"), side(one.to, one.cents, "transfer")];
        });
        const uses = paidUses(rows);
        for (const row of rows.filter(({ kind }) => kind === "credit")) {
          const own = uses.filter(({ payment }) => payment === row);
          assert.ok(own.every((use) => use.cents > 0n));
          assert.equal(
            own.reduce((sum, use) => sum + use.cents, 0n),
            row.amountCents,
          );
        }
        const paid = rows.filter(({ kind }) => kind === "credit");
        const all = [2025, 2026].map((year) => yearOf(rows, year));
        const inYears = all.flatMap(({ children, uncounted }) => [...children, ...uncounted]);
        assert.equal(
          inYears.reduce((sum, one) => sum + one.cents, 0n),
          paid.reduce((sum, row) => sum + row.amountCents, 0n),
        );
      }),
    );
  });

  it("X-12 where nothing was moved it is what the statement says", () => {
    const amount = fc.bigInt(-3000n, 3000n).filter((value) => value !== 0n);
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 40 }), (amounts) => {
        const rows = amounts.map((cents, index) => move(`${index}`, "2025-10-01", cents, giulia));
        const { coveredBy } = allocatePayments(rows);
        const covered = [...coveredBy.values()].flat().reduce((sum, one) => sum + one.cents, 0n);
        assert.equal(centsOf(rows, 2025)["giulia"] ?? 0n, covered);
      }),
    );
  });
});
