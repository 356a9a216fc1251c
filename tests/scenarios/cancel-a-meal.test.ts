// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import {
  changeAbsence,
  changeMeals,
  childDays,
  firstUsefulDays,
  formatReceiptCode,
  type MealAct,
  verifyReceipt,
} from "#booking";
import { putClosures } from "#calendar";
import type { Actor, Channel } from "#kernel/actor.ts";
import { day, momentAt, type Moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { RECEIPT_KEY, type SmallTown, smallTown, USUAL_SETTINGS } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

/** One act of one child on one day, as a parent's phone would send it. */
async function act(
  place: SmallTown,
  what: MealAct,
  date: string,
  at: string | Moment,
  options: { key?: string; actor?: Actor; child?: string; channel?: Channel } = {},
) {
  const receivedAt = typeof at === "string" ? Temporal.Instant.from(at) : at;
  const result = await place.town.write((tx) =>
    changeMeals(tx, {
      actor: options.actor ?? place.sara,
      channel: options.channel ?? "portal",
      act: what,
      serviceId: place.serviceId,
      items: [{ childId: options.child ?? place.giulia, date: day(date) }],
      receivedAt,
      now: receivedAt.add({ milliseconds: 40 }),
      idempotencyKey: options.key ?? randomUUID(),
      receiptKey: RECEIPT_KEY,
    }),
  );
  if (result.outcome !== "answered") return { outcome: result.outcome, receipt: null };
  const [answer] = result.answers;
  return { outcome: answer!.decision, receipt: answer!.receipt };
}

async function stateOn(place: SmallTown, date: string, child = place.giulia) {
  const days = await place.town.read((tx) =>
    childDays(tx, {
      childIds: [child],
      serviceId: place.serviceId,
      from: day(date),
      to: day(date),
      channel: "portal",
      receivedAt: Temporal.Instant.from("2026-11-20T08:00:00Z"),
    }),
  );
  const [facts] = days.get(child)!;
  return facts!.day.kind === "service" ? facts!.state : facts!.day.kind;
}

const at = (date: string, time: string): Moment => momentAt(day(date), time);

describe("a parent cancels a meal", () => {
  it("BO-09 X-01 is booked by itself; a cancellation at 8:41 gives a receipt that can be verified", async () => {
    const place = await smallTown(base.db);
    assert.equal(await stateOn(place, "2026-11-24"), "expected");
    const { outcome, receipt } = await act(
      place,
      "cancel",
      "2026-11-24",
      at("2026-11-24", "08:41:07"),
    );
    assert.equal(outcome, "done");
    assert.equal(await stateOn(place, "2026-11-24"), "cancelled");
    assert.equal(receipt!.effect.charge, "none");
    const code = formatReceiptCode(receipt!.number, receipt!.checkCode);
    assert.match(code, /^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
    const verify = (text: string) =>
      place.town.read((tx) => verifyReceipt(tx, { code: text, receiptKey: RECEIPT_KEY }));
    assert.equal((await verify(code.toLowerCase().replaceAll("-", " "))).outcome, "authentic");
    const wrong = code.slice(0, -1) + (code.endsWith("2") ? "3" : "2");
    assert.equal((await verify(wrong)).outcome, "unknown");
    assert.equal((await verify("nonsense")).outcome, "unknown");
  });

  it("BO-14 X-02 9:00:00 is in time, 9:00:00.001 is late: the refusal has a receipt and the meal stays", async () => {
    const place = await smallTown(base.db);
    assert.equal(
      (await act(place, "cancel", "2026-11-24", at("2026-11-24", "09:00:00"))).outcome,
      "done",
    );
    const late = await act(
      place,
      "cancel",
      "2026-11-26",
      at("2026-11-26", "09:00:00").add({ milliseconds: 1 }),
    );
    assert.equal(late.outcome, "cutoff-passed");
    assert.equal(late.receipt!.effect.charge, "kept");
    assert.ok(late.receipt!.cutoffAt!.equals(at("2026-11-26", "09:00")));
    assert.equal(await stateOn(place, "2026-11-26"), "expected");
  });

  it("X-02 the town's tolerance is added to the cut-off", async () => {
    const cutoffs = { ...USUAL_SETTINGS.cutoffs, toleranceSeconds: 60 };
    const place = await smallTown(base.db, { settings: { cutoffs } });
    assert.equal(
      (await act(place, "cancel", "2026-11-24", at("2026-11-24", "09:01:00"))).outcome,
      "done",
    );
    assert.equal(
      (await act(place, "cancel", "2026-11-26", at("2026-11-26", "09:01:01"))).outcome,
      "cutoff-passed",
    );
  });

  it("X-02 on the days the clocks change, nine o'clock is Rome's", async () => {
    const sundays = await smallTown(base.db, { weekdays: 0b1111111 });
    const october = (what: MealAct, time: string) =>
      act(sundays, what, "2026-10-25", at("2026-10-25", time));
    assert.equal((await october("cancel", "09:00:00")).outcome, "done");
    assert.equal((await october("restore", "09:00:01")).outcome, "cutoff-passed");
    // 28 March 2027 is Easter too: there a cut-off three days earlier falls on it.
    const portal = { time: "09:00", daysBefore: 3 };
    const cutoffs = { ...USUAL_SETTINGS.cutoffs, portal };
    const place = await smallTown(base.db, { weekdays: 0b1111111, settings: { cutoffs } });
    const march = (what: MealAct, time: string) =>
      act(place, what, "2027-03-31", at("2027-03-28", time));
    assert.equal((await march("cancel", "09:00:00")).outcome, "done");
    assert.equal((await march("restore", "09:00:01")).outcome, "cutoff-passed");
  });

  it("BO-17 a repeated cancellation says already done, shows the first receipt and moves nothing", async () => {
    const place = await smallTown(base.db);
    const first = await act(place, "cancel", "2026-11-24", at("2026-11-24", "08:41:07"));
    const second = await act(place, "cancel", "2026-11-24", at("2026-11-24", "08:50:00"));
    assert.equal(second.outcome, "already");
    assert.equal(second.receipt!.id, first.receipt!.id);
    assert.equal(await stateOn(place, "2026-11-26"), "expected");
  });

  it("X-01 a double tap with the same key gets the same receipt; the same key for another act is refused", async () => {
    const place = await smallTown(base.db);
    const key = randomUUID();
    const taps = await Promise.all([
      act(place, "cancel", "2026-11-24", at("2026-11-24", "08:41:07"), { key }),
      act(place, "cancel", "2026-11-24", at("2026-11-24", "08:41:07"), { key }),
    ]);
    assert.equal(taps[0]!.receipt!.id, taps[1]!.receipt!.id);
    const other = await act(place, "plain", "2026-11-24", at("2026-11-24", "08:42:00"), { key });
    assert.equal(other.outcome, "key-reused");
  });

  it("BO-09 BO-10 refuses days without lunch: no rientro, before the service starts, closed, holiday", async () => {
    const place = await smallTown(base.db);
    const early = at("2026-09-20", "10:00");
    assert.equal((await act(place, "cancel", "2026-11-25", early)).outcome, "not-a-service-day");
    assert.equal((await act(place, "cancel", "2026-10-01", early)).outcome, "not-a-service-day");
    assert.equal((await act(place, "cancel", "2026-12-08", early)).outcome, "closed-day");
    assert.equal((await act(place, "cancel", "2026-11-28", early)).outcome, "not-a-service-day");
  });

  it("BO-12 plain meal for one day, back to normal, at most three service days in a row", async () => {
    const place = await smallTown(base.db);
    const when = at("2026-11-20", "10:00");
    for (const date of ["2026-11-23", "2026-11-24", "2026-11-26"])
      assert.equal((await act(place, "plain", date, when)).outcome, "done");
    assert.equal(await stateOn(place, "2026-11-24"), "plain");
    assert.equal((await act(place, "plain", "2026-11-30", when)).outcome, "plain-limit");
    assert.equal((await act(place, "normal", "2026-11-24", when)).outcome, "done");
    assert.equal((await act(place, "plain", "2026-11-30", when)).outcome, "done");
  });

  it("BO-18 undoes a cancellation until the cut-off", async () => {
    const place = await smallTown(base.db);
    await act(place, "cancel", "2026-11-24", at("2026-11-24", "08:41"));
    assert.equal(
      (await act(place, "restore", "2026-11-24", at("2026-11-24", "08:59:59"))).outcome,
      "done",
    );
    assert.equal(await stateOn(place, "2026-11-24"), "expected");
    assert.equal(
      (await act(place, "restore", "2026-11-24", at("2026-11-24", "08:59:59"))).outcome,
      "already",
    );
  });

  it("D5 an absence reported after the cut-off is noted and stays charged", async () => {
    const place = await smallTown(base.db);
    const late = await act(place, "report-absence", "2026-11-24", at("2026-11-24", "09:30"));
    assert.equal(late.outcome, "done");
    assert.equal(late.receipt!.effect.charge, "kept");
    assert.equal(await stateOn(place, "2026-11-24"), "absent-late");
    const undone = await act(place, "restore", "2026-11-24", at("2026-11-24", "09:31"));
    assert.equal(undone.outcome, "done");
    assert.equal(undone.receipt!.effect.charge, "kept");
    assert.equal(await stateOn(place, "2026-11-24"), "expected");
    await act(place, "report-absence", "2026-11-26", at("2026-11-24", "09:30"));
    assert.equal(await stateOn(place, "2026-11-26"), "cancelled");
  });

  it("BO-16 the voice line works from 18:00 to 9:00 by the clock, whatever day the call acts on", async () => {
    const place = await smallTown(base.db);
    const call = (time: string) =>
      act(place, "cancel", "2026-11-26", at("2026-11-23", time), { channel: "voice" });
    assert.equal((await call("17:59:59")).outcome, "channel-closed");
    assert.equal((await call("09:00:01")).outcome, "channel-closed");
    assert.equal((await call("18:00:00")).outcome, "done");
  });

  it("BI-03 while the schools report absences, families are told so; from the date on they act", async () => {
    const place = await smallTown(base.db, { settings: { absences: { reportedBy: "school" } } });
    const { outcome } = await act(place, "cancel", "2026-11-24", at("2026-11-24", "08:00"));
    assert.equal(outcome, "school-reports");
  });

  it("X-15 a stranger, or the office without an open desk, may not act; the desk signs the receipt", async () => {
    const place = await smallTown(base.db);
    const other = await smallTown(base.db);
    const when = at("2026-11-24", "08:00");
    const stranger = { ...place.sara, personId: other.sara.personId };
    assert.equal(
      (await act(place, "cancel", "2026-11-24", when, { actor: stranger })).outcome,
      "forbidden",
    );
    const office: Actor = { ...place.sara, role: "office", personId: null };
    assert.equal(
      (await act(place, "cancel", "2026-11-24", when, { actor: office })).outcome,
      "forbidden",
    );
    const desk = { ...office, desk: { holderId: place.holderId, reason: "telefonata" } };
    const answer = await act(place, "cancel", "2026-11-24", when, { actor: desk });
    assert.equal(answer.outcome, "done");
    assert.equal(answer.receipt!.actorName, "Sportello: Sara Ferrando");
  });
});

describe("absence for more days", () => {
  const request = (
    place: SmallTown,
    kind: "absence" | "resume",
    from: string,
    to: string | null,
    when: Moment,
  ) =>
    place.town.write((tx) =>
      changeAbsence(tx, {
        actor: place.sara,
        channel: "portal",
        act: kind,
        serviceId: place.serviceId,
        childIds: [place.giulia, place.tommaso],
        from: day(from),
        to: to === null ? null : day(to),
        receivedAt: when,
        now: when,
        idempotencyKey: randomUUID(),
        receiptKey: RECEIPT_KEY,
      }),
    );

  it("BO-12 X-08 cancels every service day, also without an end, until the family resumes", async () => {
    const place = await smallTown(base.db);
    const result = await request(place, "absence", "2026-11-23", null, at("2026-11-20", "10:00"));
    assert.ok(result.outcome === "answered");
    assert.deepEqual(
      result.answers.map(({ decision }) => decision),
      ["done", "done"],
    );
    assert.equal(await stateOn(place, "2026-11-23"), "cancelled");
    assert.equal(await stateOn(place, "2027-05-27", place.tommaso), "cancelled");
    await request(place, "resume", "2026-12-01", null, at("2026-11-29", "10:00"));
    assert.equal(await stateOn(place, "2026-11-30"), "cancelled");
    assert.equal(await stateOn(place, "2026-12-01"), "expected");
  });

  it("counts the meals and begins with the first day that can still be changed", async () => {
    const place = await smallTown(base.db);
    const result = await request(
      place,
      "absence",
      "2026-11-24",
      "2026-11-30",
      at("2026-11-24", "09:30"),
    );
    assert.ok(result.outcome === "answered");
    const [giulia] = result.answers;
    assert.equal(giulia!.effectiveFrom!.toString(), "2026-11-26");
    assert.equal(giulia!.receipt!.effect.mealDays, 2);
    assert.equal(await stateOn(place, "2026-11-24"), "expected");
    assert.equal(await stateOn(place, "2026-11-26"), "cancelled");
  });

  const answerOf = async (asked: ReturnType<typeof request>) => {
    const result = await asked;
    assert.ok(result.outcome === "answered");
    return result.answers[0]!;
  };

  it("BO-12 a return ends the absence of that day and what prolongs it; one planned for later stays", async () => {
    const place = await smallTown(base.db);
    const now = at("2026-11-20", "07:10");
    await request(place, "absence", "2026-12-14", "2026-12-18", now);
    await request(place, "absence", "2026-11-23", "2026-11-27", now);
    await request(place, "absence", "2026-11-28", "2026-12-04", now);
    const resumed = await answerOf(request(place, "resume", "2026-11-26", null, now));
    assert.equal(resumed.decision, "done");
    // Thursday 26, Monday 30, Tuesday 1, Thursday 3
    assert.equal(resumed.receipt!.effect.mealDays, 4);
    assert.equal(await stateOn(place, "2026-11-24"), "cancelled");
    assert.equal(await stateOn(place, "2026-11-26"), "expected");
    assert.equal(await stateOn(place, "2026-12-01"), "expected");
    for (const date of ["2026-12-14", "2026-12-15", "2026-12-17"])
      assert.equal(await stateOn(place, date), "cancelled");
  });

  it("X-08 the return from an absence without an end leaves the days of another absence and single days off", async () => {
    const place = await smallTown(base.db);
    const now = at("2026-11-20", "07:10");
    await request(place, "absence", "2026-12-14", "2026-12-18", now);
    await request(place, "absence", "2026-11-23", null, now);
    await act(place, "restore", "2026-12-01", now);
    await act(place, "cancel", "2026-12-01", now);
    await request(place, "resume", "2026-11-26", null, now);
    assert.equal(await stateOn(place, "2026-11-30"), "expected");
    assert.equal(await stateOn(place, "2026-12-01"), "cancelled");
    assert.equal(await stateOn(place, "2026-12-15"), "cancelled");
    assert.equal(await stateOn(place, "2026-12-21"), "expected");
  });

  it("X-01 a return on a day cancelled for itself gives that day back, and its receipt says one meal", async () => {
    const place = await smallTown(base.db);
    const now = at("2026-11-20", "07:10");
    await act(place, "cancel", "2026-12-01", now);
    await act(place, "cancel", "2026-12-03", now);
    const resumed = await answerOf(request(place, "resume", "2026-12-01", null, now));
    assert.equal(resumed.decision, "done");
    assert.equal(resumed.receipt!.effect.mealDays, 1);
    assert.equal(await stateOn(place, "2026-12-01"), "expected");
    assert.equal(await stateOn(place, "2026-12-03"), "cancelled");
  });

  it("X-01 a return after the cut-off of an absence's last day is refused, with a receipt", async () => {
    const place = await smallTown(base.db);
    await request(place, "absence", "2026-11-23", "2026-11-26", at("2026-11-20", "07:10"));
    const late = at("2026-11-26", "09:30");
    const resumed = await answerOf(request(place, "resume", "2026-11-26", null, late));
    assert.equal(resumed.decision, "cutoff-passed");
    assert.equal(resumed.receipt!.outcome, "cutoff-passed");
    assert.equal(resumed.receipt!.effect.charge, "none");
    assert.equal(await stateOn(place, "2026-11-26"), "cancelled");
  });

  it("one day inside an absence can be taken back", async () => {
    const place = await smallTown(base.db);
    await request(place, "absence", "2026-11-23", "2026-12-04", at("2026-11-20", "10:00"));
    await act(place, "restore", "2026-11-26", at("2026-11-25", "10:00"));
    assert.equal(await stateOn(place, "2026-11-26"), "expected");
    assert.equal(await stateOn(place, "2026-11-30"), "cancelled");
  });
});

describe("first useful day", () => {
  it("BO-17 Monday leads to Thursday when Tuesday and Wednesday are closed; Friday leads to Monday", async () => {
    const place = await smallTown(base.db, { weekdays: 0b0011111 });
    await place.town.write((tx) =>
      putClosures(
        tx,
        [
          {
            id: newId(),
            serviceId: null,
            siteId: null,
            classId: null,
            from: day("2026-11-24"),
            to: day("2026-11-25"),
            reason: "polling-station",
            note: "",
          },
        ],
        { name: "ufficio", at: at("2026-11-01", "10:00") },
      ),
    );
    const useful = async (from: string, time: string) => {
      const receivedAt = at(from, time);
      const found = await place.town.read((tx) =>
        firstUsefulDays(tx, {
          childIds: [place.giulia],
          serviceId: place.serviceId,
          from: day(from),
          channel: "portal",
          receivedAt,
        }),
      );
      return found.get(place.giulia)!.useful!.date.toString();
    };
    assert.equal(await useful("2026-11-23", "08:59"), "2026-11-23");
    assert.equal(await useful("2026-11-23", "09:01"), "2026-11-26");
    assert.equal(await useful("2026-11-27", "09:01"), "2026-11-30");
  });
});
