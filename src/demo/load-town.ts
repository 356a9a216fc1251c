// SPDX-License-Identifier: EUPL-1.2
import {
  chargesOf,
  closeService,
  disputeCharge,
  drawMonth,
  feePeriodsDue,
  firstNoticeDay,
  makeFirstNotices,
  postFees,
} from "#billing";
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import { putStaffMealPatterns } from "#kitchen";
import {
  type Day,
  dayOf,
  daysBetween,
  earlier,
  isBefore,
  MONDAY_TO_FRIDAY,
  type Moment,
  momentAt,
  schoolYearOf,
} from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { refreshStatisticsInside } from "#kernel/statistics.ts";
import { settleEmails } from "#messaging";
import { createTenant, datedSettings } from "#tenancy";
import { applyTown, type TownProfile } from "../cli/apply-profile.ts";
import type { DemoTown } from "./cast.ts";
import { collectMoney } from "./collect-money.ts";
import { chooseDesks } from "./choose-desks.ts";
import { leaveWithoutEnd, type Living, liveDay, lookAhead, mealsOn } from "./live-a-day.ts";
import { makeFamilies } from "./make-families.ts";
import { seeded } from "./random.ts";
import { runBuses } from "./run-buses.ts";
import { writeStaff } from "./staff.ts";
import { tellNews } from "./tell-news.ts";
import { topUp } from "./top-up.ts";
import { writeFamilies } from "./write-families.ts";

export interface LoadedTown {
  readonly slug: string;
  readonly name: string;
  readonly families: number;
  readonly children: number;
  readonly daysLived: number;
}

export interface TownToLoad {
  readonly town: DemoTown;
  /** seed of its chance */
  readonly seed: number;
  readonly profile: Omit<TownProfile, "year">;
  readonly receiptKey: string;
  readonly now: Moment;
  /** called now and then with what is done: 0 … 1 */
  readonly onProgress?: (share: number) => void;
}

/** Who applied the profile of a town that the demo has loaded. */
export const LOADER = "demo";

/**
 * Writes one demo town with its school year so far. Everything happens in the given transaction: a process that
 * is killed leaves the whole town or nothing of it. `null`: the town is there already.
 */
export async function loadTown(tx: WriteTx, load: TownToLoad): Promise<LoadedTown | null> {
  const { town, now } = load;
  const random = seeded(load.seed);
  const today = dayOf(now);
  const year = schoolYearOf(today);
  const at = earliest(now, momentAt(Temporal.PlainDate.from({ year, month: 8, day: 25 }), "09:00"));
  const { name } = load.profile.profile.town;
  const created = await createTenant((work) => work(tx), {
    id: tx.tenantId,
    slug: town.profile,
    name,
    demo: true,
    hosts: [],
    now: at,
  });
  // Another process was faster.
  if (created.outcome === "slug-taken") return null;
  if (created.outcome !== "created") throw new Error(`demo town: ${created.outcome}`);
  const applied = await applyTown(inside(tx), {
    ...load.profile,
    year,
    appliedBy: LOADER,
    now: at,
  });
  if (applied.outcome !== "applied") throw new Error(`demo town: ${JSON.stringify(applied)}`);
  await collectMoney(tx, { town, profile: load.profile.profile, now: at });

  const db = inside(tx);
  const calendar = await db.read(townCalendar);
  const settings = await db.read(datedSettings);
  const { cadastralCode, address } = settings.town("town", today);
  const families = makeFamilies({
    random,
    town: {
      code: cadastralCode,
      name: name.replace(/^Comune di /, ""),
      postalCode: /\b\d{5}\b/.exec(address)?.[0] ?? "",
    },
    year,
    desks: chooseDesks({ calendar, year, families: town.families, cast: town.cast }),
    cast: town.cast,
    count: town.families - town.cast.length,
  });
  const writing = { random, calendar, year, at, now };
  const beginning = families.filter(({ firstNotice }) => firstNotice);
  if (beginning.length > 0) {
    await db.write((t) => writeFamilies(t, beginning, writing));
    await firstNotices(db, { calendar, today, now });
  }
  const others = families.filter(({ firstNotice }) => !firstNotice);
  await db.write((t) => writeFamilies(t, others, writing));
  await refreshStatisticsInside(tx);
  const staff = await db.write((t) => writeStaff(t, { town, calendar, families, random, at }));
  await db.write((t) => tellNews(t, { staff, today }));
  await db.write((t) => runBuses(t, { town, calendar, actor: staff.office, at }));
  const school = calendar.years.find((one) => one.year === year);
  if (!school) throw new Error("a profile without a school year");
  const past = [...daysBetween(school.startsOn, earlier(today, school.endsOn))];
  const basis = { town: db, settings, families, staff, random, receiptKey: load.receiptKey, now };
  let daysLived = 0;
  // Fees first: where a family has one account for everything, what it pays in covers them too.
  const isCanteen = ({ kind }: Service): boolean => kind === "canteen";
  for (const service of calendar.services.filter((one) => !isCanteen(one))) {
    await feesOf(db, { serviceId: service.id, today, now });
    await db.write((t) => topUp(t, { ...basis, calendar, service }, past));
  }
  for (const service of calendar.services.filter(isCanteen)) {
    const before: Living = { ...basis, calendar, service };
    await db.write((t) => staffMeals(t, before, past[0] ?? today));
    await closeForWeather(before, past);
    // The closure is part of the calendar from here on.
    const living: Living = {
      ...before,
      town: inside(tx),
      calendar: await inside(tx).read(townCalendar),
    };
    const served = past.filter((date) => mealsOn(living, date).length > 0);
    const away = families.filter(({ openAbsence }) => openAbsence);
    for (const [index, date] of past.entries()) {
      // After the first lunches and now and then: plans follow what has been written.
      if (index % 20 === 5) await refreshStatisticsInside(tx);
      if (date.equals(served.at(-8) ?? today))
        for (const family of away) await leaveWithoutEnd(living, family, date);
      await liveDay(living, date);
      daysLived += 1;
      load.onProgress?.(daysLived / past.length);
    }
    await lookAhead(living, today);
    await billsOf(living, past);
    await db.write((t) => topUp(t, living, served));
    await dispute(living, served);
  }
  const children = families.reduce((sum, family) => sum + family.children.length, 0);
  return { slug: town.profile, name, families: families.length, children, daysLived };
}

/**
 * The operations open their own transactions; here each of them runs inside the one of the town. Each face is new,
 * so that what is kept in memory per transaction is read again after a change of the calendar.
 */
function inside(tx: WriteTx): TenantDb {
  const face: WriteTx = {
    tenantId: tx.tenantId,
    writes: true,
    rows: (statement) => tx.rows(statement),
    maybe: (statement) => tx.maybe(statement),
    one: (statement) => tx.one(statement),
    run: (statement) => tx.run(statement),
  };
  return { tenantId: tx.tenantId, read: (work) => work(face), write: (work) => work(face) };
}

const earliest = (a: Moment, b: Moment): Moment => (Temporal.Instant.compare(a, b) < 0 ? a : b);

/** Teachers who eat with their pupils. */
async function staffMeals(tx: WriteTx, { calendar, service, random }: Living, from: Day) {
  await putStaffMealPatterns(
    tx,
    [...calendar.sites.keys()].map((siteId) => {
      const meals = { weekdays: MONDAY_TO_FRIDAY, meals: random.between(1, 4) };
      return { id: newId(), serviceId: service.id, siteId, ...meals, from, to: null };
    }),
  );
}

/** BO-19: one day of the past on which the whole town stayed at home. */
async function closeForWeather(living: Living, past: readonly Day[]): Promise<void> {
  const { service, staff, town, now } = living;
  const served = past.filter(
    (date) => mealsOn(living, date).length > 0 && isBefore(date, dayOf(now)),
  );
  const date = served.at(-12);
  if (!date) return;
  const closed = await town.write((tx) =>
    closeService(tx, {
      serviceIds: [service.id],
      siteId: null,
      classId: null,
      from: date,
      to: date,
      actor: staff.manager,
      reason: "weather",
      note: "",
      now: momentAt(date, "06:40"),
    }),
  );
  if (closed.outcome !== "closed") throw new Error(`demo closure: ${closed.outcome}`);
}

/** OS-01: fixed fees fall due as the year goes on. */
async function feesOf(
  town: TenantDb,
  { serviceId, today, now }: { serviceId: string; today: Day; now: Moment },
): Promise<void> {
  const periods = await town.read((tx) => feePeriodsDue(tx, { serviceId, today }));
  for (const period of periods) {
    const at = earliest(now, momentAt(period.from, "06:00"));
    await town.write((tx) => postFees(tx, { serviceId, period, today: period.from, now: at }));
  }
}

/** BI-08: for those who are there so far. Everybody else has paid in without one. */
async function firstNotices(
  town: TenantDb,
  { calendar, today, now }: { calendar: TownCalendar; today: Day; now: Moment },
): Promise<void> {
  for (const { id: serviceId } of calendar.services) {
    const date = firstNoticeDay(calendar, { serviceId, today });
    await town.write((tx) => makeFirstNotices(tx, { serviceId, date, by: LOADER, now }));
  }
}

/** BO-02: the bills of every month that is over, drawn up when the next one began. */
async function billsOf({ town, service, staff, now }: Living, past: readonly Day[]): Promise<void> {
  const starts = past.filter((date, index) => date.day === 1 && index > 0);
  for (const today of starts) {
    const of = {
      serviceId: service.id,
      month: today.subtract({ months: 1 }),
      by: staff.office.name,
    };
    const at = earliest(now, momentAt(today.add({ days: 1 }), "08:30"));
    await town.write((tx) => drawMonth(tx, { ...of, now: at, today }));
  }
  await town.write((tx) => settleEmails(tx, now));
}

/** the first family of the cast does not agree with a recent charge. */
async function dispute(living: Living, served: readonly Day[]): Promise<void> {
  const { families, staff, town, now } = living;
  const [family] = families;
  const [from, to] = [served.at(-10), served.at(-2)];
  if (!family || !from || !to) return;
  await town.write(async (tx) => {
    const charges = await chargesOf(tx, { holderId: family.holderId, from, to });
    const charge = charges.findLast(({ kind }) => kind === "meal");
    const actor = staff.parents.get(family.holder.id);
    if (!charge || !actor) return;
    await disputeCharge(tx, {
      actor,
      holderIds: [family.holderId],
      chargeId: charge.id,
      text: "Quel giorno era a casa con la febbre: l'assenza era stata detta a scuola.",
      now: now.subtract({ hours: 26 }),
    });
  });
}
