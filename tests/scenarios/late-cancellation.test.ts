// SPDX-License-Identifier: EUPL-1.2
/** A town whose profile says that a cancellation too late for its day counts for the next service day. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { closeDay } from "#billing";
import {
  changeAbsence,
  changeMeals,
  checkBookings,
  childDays,
  expectedMeals,
  formatReceiptCode,
  laterReceipt,
  lateCancellationDay,
  type MealAct,
  movedTo,
  receiptsOfChildren,
  verifyReceipt,
} from "#booking";
import { putClosures, townCalendar } from "#calendar";
import { putEnrolments, putMemberships } from "#enrolment";
import { createFamily } from "#families";
import type { Channel } from "#kernel/actor.ts";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { tenantByHost } from "#tenancy";
import { runCommand } from "../../src/cli/run-command.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { RECEIPT_KEY, type SmallTown, smallTown, USUAL_SETTINGS } from "../support/small-town.ts";

const EVERY_SCHOOL_DAY = 0b0011111;
const FRIDAY = "2026-11-20";
const MONDAY = "2026-11-23";
const TUESDAY = "2026-11-24";
const CUTOFFS = { ...USUAL_SETTINGS.cutoffs, lateCountsForNextDay: true };

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const at = (date: string, time: string): Moment => momentAt(day(date), time);

const lateTown = (settings: Partial<typeof USUAL_SETTINGS> = {}): Promise<SmallTown> =>
  smallTown(base.db, {
    weekdays: EVERY_SCHOOL_DAY,
    settings: { cutoffs: CUTOFFS, ...settings },
  });

interface Tap {
  act?: MealAct;
  on?: string;
  at: Moment;
  key?: string;
  channel?: Channel;
  countsFor?: string;
  actor?: SmallTown["sara"];
  also?: readonly string[];
}

async function tap(place: SmallTown, of: Tap) {
  const countsFor = of.countsFor === undefined ? null : day(of.countsFor);
  const dates = [of.on ?? FRIDAY, ...(of.also ?? [])];
  const result = await place.town.write((tx) =>
    changeMeals(tx, {
      actor: of.actor ?? place.sara,
      channel: of.channel ?? "portal",
      act: of.act ?? "cancel",
      serviceId: place.serviceId,
      items: dates.map((date) => ({ childId: place.giulia, date: day(date), countsFor })),
      receivedAt: of.at,
      now: of.at.add({ milliseconds: 40 }),
      idempotencyKey: of.key ?? randomUUID(),
      receiptKey: RECEIPT_KEY,
    }),
  );
  assert.equal(result.outcome, "answered");
  const [answer] = result.outcome === "answered" ? result.answers : [];
  const { decision, receipt } = answer!;
  return { decision, receipt: receipt!, to: (receipt && movedTo(receipt)?.toString()) ?? null };
}

async function daysOf(place: SmallTown, from: string, to: string, now = at(FRIDAY, "10:00")) {
  const days = await place.town.read((tx) =>
    childDays(tx, {
      childIds: [place.giulia],
      serviceId: place.serviceId,
      from: day(from),
      to: day(to),
      channel: "portal",
      receivedAt: now,
    }),
  );
  return days.get(place.giulia)!;
}

/** Cancelled days of Giulia in the three weeks around. */
const off = async (place: SmallTown): Promise<string[]> =>
  (await daysOf(place, "2026-11-09", "2026-12-04"))
    .filter(({ day: on, state }) => on.kind === "service" && state === "cancelled")
    .map(({ date }) => date.toString());

const countReceipts = async (place: SmallTown): Promise<number> =>
  (await place.town.read((tx) => receiptsOfChildren(tx, { childIds: [place.giulia], limit: 500 })))
    .length;

describe("a late cancellation where it counts for the next service day", () => {
  it("BO-14 X-01 9:00:03 on Friday: Friday stays charged, Monday is cancelled, one receipt says both", async () => {
    const place = await lateTown();
    const late = await tap(place, { at: at(FRIDAY, "09:00:03") });
    assert.equal(late.decision, "cutoff-passed");
    assert.deepEqual(
      [late.receipt.from.toString(), late.receipt.effect.charge, late.to],
      [FRIDAY, "kept", MONDAY],
    );
    assert.deepEqual(await off(place), [MONDAY]);
    assert.equal(await countReceipts(place), 1);
    const meals = await place.town.read((tx) =>
      expectedMeals(tx, { serviceId: place.serviceId, date: day(MONDAY) }),
    );
    assert.equal(meals.find(({ childId }) => childId === place.giulia)!.state, "cancelled");
    const ofMonday = await place.town.read((tx) =>
      receiptsOfChildren(tx, { childIds: [place.giulia], date: day(MONDAY), limit: 9 }),
    );
    assert.deepEqual(
      ofMonday.map(({ id }) => id),
      [late.receipt.id],
    );
    assert.deepEqual(await place.town.read(checkBookings), []);
  });

  it("BO-14 in time it is a usual cancellation; without the setting late is late", async () => {
    const place = await lateTown();
    const inTime = await tap(place, { at: at(FRIDAY, "09:00:00") });
    assert.deepEqual([inTime.decision, inTime.to], ["done", null]);
    assert.deepEqual(await off(place), [FRIDAY]);
    assert.equal((await tap(place, { at: at(FRIDAY, "09:05") })).decision, "already");
    assert.deepEqual(await off(place), [FRIDAY]);
    const usual = await smallTown(base.db, { weekdays: EVERY_SCHOOL_DAY });
    const late = await tap(usual, { at: at(FRIDAY, "09:00:03") });
    assert.deepEqual([late.decision, late.to], ["cutoff-passed", null]);
    assert.deepEqual(await off(usual), []);
  });

  it("BO-17 a repeated tap never moves on: same key, another key, and after Monday's limit", async () => {
    const place = await lateTown();
    const key = randomUUID();
    const first = await tap(place, { at: at(FRIDAY, "09:01"), key });
    const again = await tap(place, { at: at(FRIDAY, "09:01"), key });
    assert.equal(again.receipt.id, first.receipt.id);
    for (const moment of [at(FRIDAY, "09:02"), at(FRIDAY, "18:00"), at(MONDAY, "09:30")]) {
      const other = await tap(place, { at: moment });
      assert.deepEqual([other.decision, other.receipt.id], ["already", first.receipt.id]);
    }
    assert.deepEqual(await off(place), [MONDAY]);
    assert.equal(await countReceipts(place), 1);
  });

  it("BO-17 two taps at the same instant take one day away", async () => {
    const place = await lateTown();
    const both = await Promise.all(
      ["09:01", "09:01"].map((time) => tap(place, { at: at(FRIDAY, time) })),
    );
    assert.equal(both[0]!.receipt.id, both[1]!.receipt.id);
    assert.deepEqual(await off(place), [MONDAY]);
  });

  it("BO-18 undo gives Monday back until its limit; the receipt says it was overtaken", async () => {
    const place = await lateTown();
    const late = await tap(place, { at: at(FRIDAY, "09:01") });
    const undo = { act: "restore", on: MONDAY } as const;
    const undone = await tap(place, { ...undo, at: at(FRIDAY, "09:02") });
    assert.equal(undone.decision, "done");
    assert.deepEqual(await off(place), []);
    const after_ = await place.town.read((tx) => laterReceipt(tx, late.receipt));
    assert.equal(after_!.id, undone.receipt.id);
    const anew = await tap(place, { at: at(FRIDAY, "09:03") });
    assert.deepEqual([anew.decision, anew.to], ["cutoff-passed", MONDAY]);
    assert.equal(
      (await place.town.read((tx) => laterReceipt(tx, undone.receipt)))!.id,
      anew.receipt.id,
    );
    // Monday had again; its limit gone by: Friday's tap takes no other day.
    await tap(place, { ...undo, at: at(FRIDAY, "09:04") });
    const tooLate = await tap(place, { at: at(MONDAY, "09:30") });
    assert.deepEqual([tooLate.decision, tooLate.to], ["cutoff-passed", null]);
    assert.deepEqual(await off(place), []);
    assert.deepEqual(await place.town.read(checkBookings), []);
  });

  it("BO-14 Monday cancelled before: nothing more is, and the receipt says so", async () => {
    const place = await lateTown();
    await tap(place, { on: MONDAY, at: at(FRIDAY, "08:00") });
    const late = await tap(place, { at: at(FRIDAY, "09:01") });
    assert.deepEqual(
      [late.receipt.effect.countsFor, late.receipt.effect.wasOff, late.to],
      [MONDAY, true, null],
    );
    assert.equal((await tap(place, { at: at(FRIDAY, "09:02") })).decision, "already");
    assert.deepEqual(await off(place), [MONDAY]);
    assert.deepEqual(await place.town.read(checkBookings), []);
  });

  it("BO-10 BO-17 the next service day is the child's: closures, rientri and holidays are passed over", async () => {
    const place = await lateTown();
    await place.town.write((tx) =>
      putClosures(
        tx,
        [
          {
            id: newId(),
            serviceId: null,
            siteId: null,
            classId: null,
            from: day(MONDAY),
            to: day(MONDAY),
            reason: "strike",
            note: "",
          },
        ],
        { name: "ufficio", at: at("2026-11-19", "08:00") },
      ),
    );
    assert.equal((await tap(place, { at: at(FRIDAY, "09:01") })).to, TUESDAY);
    const rientri = await smallTown(base.db, { settings: { cutoffs: CUTOFFS } });
    assert.equal((await tap(rientri, { on: TUESDAY, at: at(TUESDAY, "09:01") })).to, "2026-11-26");
  });

  it("X-07 the page's word binds: a tap on a page of before takes no other day than it named", async () => {
    const place = await lateTown();
    const stale = await tap(place, { at: at(MONDAY, "09:30"), countsFor: MONDAY });
    assert.deepEqual([stale.decision, stale.to], ["cutoff-passed", null]);
    assert.deepEqual(await off(place), []);
    const fresh = await tap(place, { at: at(FRIDAY, "10:00"), countsFor: MONDAY });
    assert.equal(fresh.to, MONDAY);
  });

  it("BO-12 plain meals, periods and several days at once do not shift; D5 the late report stays", async () => {
    const place = await lateTown();
    const late = at(FRIDAY, "09:01");
    assert.equal((await tap(place, { act: "plain", at: late })).to, null);
    const period = await place.town.write((tx) =>
      changeAbsence(tx, {
        actor: place.sara,
        channel: "portal",
        act: "absence",
        serviceId: place.serviceId,
        childIds: [place.giulia],
        from: day(FRIDAY),
        to: day(FRIDAY),
        receivedAt: late,
        now: late,
        idempotencyKey: randomUUID(),
        receiptKey: RECEIPT_KEY,
      }),
    );
    assert.equal(period.outcome === "answered" && period.answers[0]!.decision, "cutoff-passed");
    assert.equal((await tap(place, { at: late, also: ["2026-11-25"] })).to, null);
    assert.deepEqual(await off(place), ["2026-11-25"]);
    assert.equal((await tap(place, { at: late })).to, MONDAY);
    assert.equal((await tap(place, { act: "report-absence", at: late })).decision, "done");
    assert.deepEqual(await off(place), [MONDAY, "2026-11-25"]);
  });

  it("X-15 works at the desk with the office's own limit, on record with both days", async () => {
    const office = { time: "09:30", daysBefore: 0 };
    const place = await lateTown({ cutoffs: { ...CUTOFFS, office } });
    const desk = { holderId: place.holderId, reason: "telefonata" };
    const clerk = {
      ...place.sara,
      role: "office" as const,
      name: "M. Conti",
      personId: null,
      desk,
    };
    const of = { actor: clerk, channel: "office" as const };
    assert.equal(
      (await tap(place, { ...of, on: "2026-11-19", at: at("2026-11-19", "09:29") })).decision,
      "done",
    );
    assert.equal((await tap(place, { ...of, at: at(FRIDAY, "09:31") })).to, MONDAY);
    const { details } = await place.town.read((tx) =>
      tx.one<{ details: { dates: string[] } }>(sql`
        select details from audit_entry where tenant_id = ${place.tenantId}
          and action = 'booking.cancel' order by at desc limit 1`),
    );
    assert.deepEqual(details.dates, [FRIDAY, MONDAY]);
  });

  it("X-01 the check code vouches for the other day too", async () => {
    const place = await lateTown();
    const { receipt } = await tap(place, { at: at(FRIDAY, "09:01") });
    const code = formatReceiptCode(receipt.number, receipt.checkCode);
    const found = await place.town.read((tx) =>
      verifyReceipt(tx, { code, receiptKey: RECEIPT_KEY }),
    );
    assert.equal(found.outcome === "authentic" && movedTo(found.receipt)?.toString(), MONDAY);
  });

  it("BO-25 a closed day is closed: nothing counts for another; Friday is charged, Monday is not", async () => {
    const place = await lateTown();
    await tap(place, { at: at(FRIDAY, "09:01") });
    const close = (date: string) =>
      closeDay(place.town, {
        serviceId: place.serviceId,
        siteId: place.siteId,
        date: day(date),
        by: "test",
        now: at(date, "15:00"),
      });
    const friday = await close(FRIDAY);
    const monday = await close(MONDAY);
    assert.deepEqual(
      [friday, monday].map((one) => one.outcome === "closed" && one.attended),
      [2, 1],
    );
    const closed = await tap(place, { on: TUESDAY, at: at(TUESDAY, "09:10") });
    assert.equal(closed.to, "2026-11-25");
    assert.equal((await tap(place, { on: MONDAY, at: at(MONDAY, "16:00") })).decision, "already");
    const other = await lateTown();
    await closeDay(other.town, {
      serviceId: other.serviceId,
      siteId: other.siteId,
      date: day(FRIDAY),
      by: "test",
      now: at(FRIDAY, "15:00"),
    });
    const refused = await tap(other, { at: at(FRIDAY, "16:00") });
    assert.deepEqual([refused.decision, refused.to], ["day-closed", null]);
    assert.deepEqual(await off(other), []);
  });

  it("BO-14 the words before the tap name the day that the tap takes", async () => {
    const place = await lateTown();
    const named = async (time: string) => {
      const [asked, ...later] = await daysOf(place, FRIDAY, "2026-12-04", at(FRIDAY, time));
      return lateCancellationDay(asked!, later)?.date.toString() ?? null;
    };
    assert.equal(await named("08:59"), null);
    assert.equal(await named("09:01"), MONDAY);
    await tap(place, { at: at(FRIDAY, "09:01") });
    assert.equal(await named("09:02"), null);
  });
});

describe("any sequence of taps around the limit", () => {
  const seconds = fc.integer({ min: -20, max: 20 });
  const step = fc.record({
    what: fc.constantFrom("cancel", "cancel", "cancel", "undo", "undo-next", "again"),
    seconds,
  });

  it("BO-14 BO-17 takes away at most the asked day or the next one, one day a tap, one receipt a tap", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const place = await lateTown();
        let last: Tap | null = null;
        for (const { what, seconds: offset } of steps) {
          const now = at(FRIDAY, "09:00").add({ seconds: offset });
          const before_ = await off(place);
          const had = await countReceipts(place);
          const of: Tap =
            what === "again" && last
              ? last
              : what === "undo"
                ? { act: "restore", at: now, key: randomUUID() }
                : what === "undo-next"
                  ? { act: "restore", on: MONDAY, at: now, key: randomUUID() }
                  : { at: now, key: randomUUID() };
          const answer = await tap(place, of);
          const now_ = await off(place);
          const fresh = now_.filter((date) => !before_.includes(date));
          const back = before_.filter((date) => !now_.includes(date));
          assert.ok(
            now_.every((date) => date === FRIDAY || date === MONDAY),
            now_.join(),
          );
          assert.ok(fresh.length + back.length <= 1, "one day a tap");
          const added = (await countReceipts(place)) - had;
          const repeated: boolean = answer.decision === "already" || of === last;
          assert.equal(added, repeated ? 0 : 1);
          if ((of.act ?? "cancel") === "cancel") {
            const inTime = offset <= 0;
            if (!repeated && inTime) assert.deepEqual(fresh, [FRIDAY]);
            if (!repeated && !inTime && !before_.includes(MONDAY))
              assert.deepEqual(fresh, [MONDAY]);
          }
          last = of;
        }
        assert.deepEqual(await place.town.read(checkBookings), []);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a profile copy that has the rule", () => {
  it("BO-14 Borghetto with `lateCountsForNextDay: true`: applied, obeyed, and off again from the true profile", async () => {
    const folder = mkdtempSync(join(tmpdir(), "late-"));
    const text = readFileSync(new URL("../../profiles/borghetto.yaml", import.meta.url), "utf8");
    const file = join(folder, "copy.yaml");
    const rule = "lateCountsForNextDay: false";
    assert.ok(text.includes(rule));
    writeFileSync(file, text.replace(rule, "lateCountsForNextDay: true"));
    const said: string[] = [];
    const campanella = (...argv: string[]) =>
      runCommand(argv, {
        cwd: folder,
        out: (line) => said.push(line),
        err: (line) => said.push(line),
        now: () => at(FRIDAY, "08:00"),
        database: async () => base.db,
      });
    const created = await campanella("tenant", "create", file, "--year", "2026", "--demo");
    assert.equal(created, 0, said.join("\n"));
    const tenant = await base.db.platform((tx) => tenantByHost(tx, "borghetto.localhost:3000"));
    const town = base.db.forTenant(tenant!.id);
    const mother = newId();
    const giulia = newId();
    const family = {
      holder: { id: mother, kind: "adult" as const, surname: "Ferrando", givenName: "Sara" },
      children: [{ id: giulia, kind: "child" as const, surname: "Ferrando", givenName: "Giulia" }],
      from: day("2026-09-01"),
    };
    const dates = { from: day("2026-09-14"), to: null };
    const place = await town.write(async (tx) => {
      const { holderId } = await createFamily(tx, family, at("2026-09-01", "08:00"));
      const calendar = await townCalendar(tx);
      const service = calendar.services.find(({ code }) => code === "mensa")!;
      const class_ = [...calendar.classes.values()].find((one) => one.grade === 1)!;
      await putMemberships(tx, [{ id: newId(), childId: giulia, classId: class_.id, ...dates }]);
      const enrolment = { id: newId(), childId: giulia, serviceId: service.id, year: 2026 };
      // Monday to Friday, whatever the class's own afternoons
      const rows = [{ ...enrolment, ...dates, weekdays: EVERY_SCHOOL_DAY }];
      await putEnrolments(tx, rows, at("2026-09-01", "08:00"));
      const { siteId, id: classId } = class_;
      return { tenantId: tenant!.id, serviceId: service.id, siteId, classId, holderId };
    });
    const sara = {
      ...{ role: "guardian" as const, id: newId(), name: "Sara Ferrando", personId: mother },
      ...{ siteIds: null, classIds: null, desk: null },
    };
    const borghetto: SmallTown = { ...place, town, giulia, tommaso: giulia, sara };
    assert.equal((await tap(borghetto, { at: at(FRIDAY, "09:00:01") })).to, MONDAY);
    assert.deepEqual(await off(borghetto), [MONDAY]);
    const back = fileURLToPath(new URL("../../profiles/borghetto.yaml", import.meta.url));
    assert.equal(await campanella("tenant", "apply", "borghetto", back, "--year", "2026"), 0);
    const late = await tap(borghetto, { on: "2026-11-25", at: at("2026-11-25", "09:01") });
    assert.deepEqual([late.decision, late.to], ["cutoff-passed", null]);
    rmSync(folder, { recursive: true });
  });
});
