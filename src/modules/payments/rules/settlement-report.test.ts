// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, moment } from "#kernel/dates.ts";
import { accountFor } from "./accounting-export.ts";
import { type PostableFlow, settlementPosting } from "./post-settlement.ts";
import { ownPart, type ReceivedReport, type ReportedPayment } from "./settlement-report.ts";

const OURS = new Set(["12"]);
const pay = (changes: Partial<ReportedPayment> = {}): ReportedPayment => ({
  iuv: "12260000001234523",
  iur: "r",
  transfer: 1,
  amountCents: 100n,
  paidOn: day("2026-11-20"),
  outcome: "EXECUTED",
  ...changes,
});
const report = (payments: ReportedPayment[], totalCents: bigint): ReceivedReport => ({
  creditorFiscalCode: "77777777777",
  senderId: "S",
  flowCode: "F",
  revision: 1,
  pspId: "S",
  pspName: "PSP",
  bankTransferCode: "TRN",
  settledOn: day("2026-11-23"),
  flowAt: moment("2026-11-23T17:00:00Z"),
  publishedAt: null,
  totalCents,
  paymentCount: payments.length,
  payments,
});

describe("X-05 what of a flow is ours", () => {
  it("follows from the segregation code; other lengths are other systems' numbers", () => {
    const payments = [
      pay(),
      pay({ iuv: "13260000001234523", amountCents: 7n }),
      pay({ iuv: "1226000000123452", amountCents: 5n }),
      pay({ iuv: "RF12260000001234523", amountCents: 3n }),
    ];
    const own = ownPart(report(payments, 115n), OURS);
    assert.deepEqual([own.ownCents, own.payments.length, own.addsUp], [100n, 1, true]);
    assert.equal(ownPart(report(payments, 114n), OURS).addsUp, false);
    const short = { ...report(payments, 115n), paymentCount: 5 };
    assert.equal(ownPart(short, OURS).addsUp, false);
  });

  it("counts a revoked payment as money taken back, however it is written", () => {
    const revoked = pay({ outcome: "REVOKED", amountCents: 30n });
    const negative = pay({ outcome: "REVOKED", amountCents: -30n });
    for (const [one, total, cents] of [
      [revoked, 70n, 70n],
      [negative, 70n, 70n],
      [revoked, 999n, 70n],
      [revoked, 130n, 130n],
    ] as const)
      assert.equal(ownPart(report([pay(), one], total), OURS).ownCents, cents);
  });
});

describe("X-05 what stands in the ledger for a flow", () => {
  const KEY = "settlement:77777777777:S:F";
  const flow: PostableFlow = {
    id: "f",
    creditorFiscalCode: "77777777777",
    senderId: "S",
    flowCode: "F",
    revision: 1,
    ownCents: 100n,
    bankedOn: day("2026-11-23"),
    postedCents: 0n,
    postedOn: null,
    postingKey: "",
    postings: 0,
  };
  const then = (before: PostableFlow, changes: Partial<PostableFlow>): PostableFlow => {
    const posting = settlementPosting(before);
    const { postedCents, postedOn, postingKey, postings } = posting ?? before;
    return { ...before, postedCents, postedOn, postingKey, postings, ...changes };
  };

  it("is posted once; a change reverses what stood and takes a new key", () => {
    assert.deepEqual(settlementPosting(flow)?.post, {
      key: `${KEY}:1`,
      debit: { kind: "bank" },
      credit: { kind: "pagopa-clearing" },
      amountCents: 100n,
      kind: "settlement",
      happenedOn: day("2026-11-23"),
      reference: { flow: "F", sender: "S", revision: 1 },
    });
    const posted = then(flow, {});
    assert.equal(settlementPosting(posted), null);
    const revised = { ...posted, revision: 2, ownCents: -40n };
    const again = settlementPosting(revised);
    assert.equal(again?.reverse, `${KEY}:1`);
    assert.deepEqual(
      [again.post?.key, again.post?.amountCents, again.post?.debit.kind],
      [`${KEY}:2`, 40n, "pagopa-clearing"],
    );
    const gone = settlementPosting(then(revised, { bankedOn: null }));
    assert.deepEqual([gone?.reverse, gone?.post], [`${KEY}:2`, null]);
    const nothing = then({ ...posted, bankedOn: null }, {});
    assert.equal(settlementPosting(nothing), null);
    assert.equal(settlementPosting({ ...nothing, bankedOn: flow.bankedOn })?.post?.key, `${KEY}:2`);
  });

  it("is undone under the key it stands under: those of before name no creditor", () => {
    const old = { ...flow, postedCents: 100n, postedOn: flow.bankedOn, postings: 1 };
    const gone = settlementPosting({ ...old, postingKey: "settlement:S:F", ownCents: 30n });
    assert.equal(gone?.reverse, "settlement:S:F");
    assert.equal(gone?.post?.key, `${KEY}:2`);
    assert.equal(gone?.postingKey, `${KEY}:2`);
  });

  it("two flows never share a key, whatever their creditors, senders and codes are", () => {
    // Few letters, the separators among them: what differs only in where a part ends comes up.
    const part = fc.array(fc.constantFrom("A", ":", "%", "3", "1"), { minLength: 1, maxLength: 4 });
    const word = part.map((letters) => letters.join(""));
    const named = fc.record({
      creditorFiscalCode: fc.constantFrom("77777777777", "88888888888"),
      senderId: word,
      flowCode: word,
      postings: fc.nat({ max: 12 }),
    });
    fc.assert(
      fc.property(named, named, (one, other) => {
        const keyOf = (of: typeof one) => settlementPosting({ ...flow, ...of })?.postingKey;
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(keyOf(one) === keyOf(other), isSame);
      }),
      { numRuns: 2000 },
    );
  });

  it("is nothing when nothing of it is ours, or the bank has not paid", () => {
    assert.equal(settlementPosting({ ...flow, ownCents: 0n }), null);
    assert.equal(settlementPosting({ ...flow, bankedOn: null }), null);
  });
});

describe("X-05 the accounting export", () => {
  it("sums by service and codes; a code that changes makes a row of its own", () => {
    const row = (date: string, cents: bigint) => ({
      serviceId: "s",
      date: day(date),
      category: "9/0107101TS/",
      beneficiary: "77777777777",
      metadata: "",
      payments: 1,
      cents,
    });
    const rows = accountFor(
      [row("2026-12-30", 1n), row("2026-12-01", 2n), row("2027-01-02", 4n)],
      (_, date) => ({
        serviceName: "Mensa",
        budgetChapter: String(date.year),
        assessment: "",
        siope: "",
      }),
    );
    assert.deepEqual(
      rows.map((one) => [one.budgetChapter, one.payments, one.grossCents, `${one.from} ${one.to}`]),
      [
        ["2026", 2, 3n, "2026-12-01 2026-12-30"],
        ["2027", 1, 4n, "2027-01-02 2027-01-02"],
      ],
    );
  });
});
