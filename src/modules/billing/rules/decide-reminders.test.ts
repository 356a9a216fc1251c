// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bankDaysBefore } from "#kernel/bank-days.ts";
import { day, dayOf, isBefore, momentAt } from "#kernel/dates.ts";
import { AUTOMATIC_RULE, type Debt, decideReminders, OFFICE_RULE } from "./decide-reminders.ts";

const NOW = momentAt(day("2026-11-23"), "10:00");
const DEBT: Debt = {
  key: "notice:1",
  holderId: "h",
  noticeId: "1",
  noticeNumber: "3".repeat(18),
  subject: "Mensa, ottobre 2026",
  amountCents: 5520n,
  dueOn: day("2026-11-10"),
  pending: false,
  touchedAt: null,
  askedLateOn: null,
  remindedOn: [],
};
const why = (changes: Partial<Debt>, rule = OFFICE_RULE) =>
  decideReminders([{ ...DEBT, ...changes }], { now: NOW, rule }).leave[0]?.why ?? null;

describe("X-05 who is reminded", () => {
  it("is whoever has not paid by the day, and is not paying", () => {
    assert.equal(why({}), null);
    assert.equal(why({ dueOn: day("2026-11-23") }), "not-due");
    assert.equal(why({ dueOn: day("2026-11-22") }), null);
    assert.equal(why({ askedLateOn: day("2026-11-20") }), "asked-late");
    assert.equal(why({ askedLateOn: day("2026-11-16") }), null);
    assert.equal(why({ pending: true }), "pending");
  });

  it("is nobody whose payment began in the last two bank days, weekends not counted", () => {
    // Monday: Thursday is two bank days ago.
    assert.equal(why({ touchedAt: momentAt(day("2026-11-19"), "00:01") }), "touched");
    assert.equal(why({ touchedAt: momentAt(day("2026-11-18"), "23:59") }), null);
  });

  it("is nobody who was just reminded; by itself a round asks three times at most", () => {
    assert.equal(why({ remindedOn: [day("2026-11-17")] }), "reminded");
    assert.equal(why({ remindedOn: [day("2026-11-16")] }), null);
    assert.equal(why({ dueOn: day("2026-11-17") }, AUTOMATIC_RULE), "not-due");
    assert.equal(why({ remindedOn: [day("2026-11-03")] }, AUTOMATIC_RULE), "reminded");
    const thrice = [day("2026-05-01"), day("2026-06-01"), day("2026-07-01")];
    assert.equal(why({ remindedOn: thrice }, AUTOMATIC_RULE), "often-enough");
    assert.equal(why({ remindedOn: thrice }), null);
  });

  it("for any debts: each is reminded or left, and never one that somebody is paying", () => {
    const moments = fc.integer({ min: 0, max: 40 * 24 }).map((hours) => NOW.subtract({ hours }));
    const days = fc.integer({ min: -20, max: 90 }).map((n) => dayOf(NOW).subtract({ days: n }));
    const debts = fc.array(
      fc.record({
        pending: fc.boolean(),
        touchedAt: fc.option(moments),
        dueOn: days,
        remindedOn: fc.array(days, { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(debts, fc.constantFrom(OFFICE_RULE, AUTOMATIC_RULE), (changes, rule) => {
        const all = changes.map((one, index) => ({ ...DEBT, ...one, key: String(index) }));
        const { remind, leave } = decideReminders(all, { now: NOW, rule });
        assert.deepEqual(
          [...remind, ...leave.map(({ debt }) => debt)].map(({ key }) => key).toSorted(),
          all.map(({ key }) => key).toSorted(),
        );
        const quiet = bankDaysBefore(dayOf(NOW), 2);
        for (const debt of remind) {
          assert.ok(!debt.pending && isBefore(debt.dueOn, dayOf(NOW)));
          assert.ok(debt.touchedAt === null || isBefore(dayOf(debt.touchedAt), quiet));
        }
      }),
    );
  });
});
