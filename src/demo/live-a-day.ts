// SPDX-License-Identifier: EUPL-1.2
import { submitRollCall } from "#attendance";
import { closeDay } from "#billing";
import { changeAbsence, changeMeals, cutoffAt, freezeMoment, type MealAct } from "#booking";
import { type Service, type TownCalendar, serviceDay } from "#calendar";
import { freezeDueOrders } from "#kitchen";
import type { Actor } from "#kernel/actor.ts";
import { type Day, dayOf, isBefore, isMomentAfter, type Moment, momentAt } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { DatedSettings } from "#tenancy";
import { writeRollCall } from "./call-rolls.ts";
import type { DemoChild, DemoFamily } from "./make-families.ts";
import type { Random } from "./random.ts";
import type { DemoStaff } from "./staff.ts";

/** Everything the days of one town's canteen are made of. */
export interface Living {
  readonly town: TenantDb;
  readonly calendar: TownCalendar;
  readonly settings: DatedSettings;
  readonly service: Service;
  readonly families: readonly DemoFamily[];
  readonly staff: DemoStaff;
  readonly random: Random;
  readonly receiptKey: string;
  /** nothing may happen after it */
  readonly now: Moment;
}

interface Meal {
  readonly family: DemoFamily;
  readonly child: DemoChild;
}

/** After lunch: the day is closed and charged. */
const CLOSING_TIME = "15:05";

/**
 * One day as people would have lived it: families cancel, schools call the roll, the order freezes, the day
 * closes. Every step is the product's own operation at its own time; what lies after `now` has not happened yet.
 */
export async function liveDay(living: Living, date: Day): Promise<void> {
  const meals = mealsOn(living, date);
  if (meals.length === 0) return;
  const { service, settings, town, now } = living;
  const { mode } = settings.service(service.code, "attendance", date);
  const { reportedBy } = settings.service(service.code, "absences", date);
  if (reportedBy !== "school") await familiesAct(living, date, meals);
  if (mode === "roll-call" || reportedBy === "school") await schoolsCall(living, date, meals);
  const frozenAt = lastFreeze(living, date).add({ seconds: 5 });
  const serviceId = service.id;
  if (!isMomentAfter(frozenAt, now))
    await town.write((tx) => freezeDueOrders(tx, { serviceId, date, now: frozenAt, by: "tick" }));
  if (!isBefore(date, dayOf(now))) return;
  const siteIds = new Set(meals.map(({ child }) => child.desk.siteId));
  for (const siteId of siteIds) {
    const at = momentAt(date, CLOSING_TIME);
    await closeDay(town, { serviceId, siteId, date, by: "Campanella", now: at });
  }
}

/** Who would eat, family by family. */
export function mealsOn({ calendar, service, families }: Living, date: Day): Meal[] {
  return families.flatMap((family) =>
    family.children
      .filter(({ desk }) => {
        const memberships = [{ classId: desk.classId, from: date, to: date }];
        const schedule = {
          serviceId: service.id,
          memberships,
          enrolments: [{ from: date, to: date, weekdays: null }],
        };
        return serviceDay(calendar, schedule, date).kind === "service";
      })
      .map((child) => ({ family, child })),
  );
}

/** When the last site's order is due. */
function lastFreeze({ calendar, settings, service }: Living, date: Day): Moment {
  const cutoffs = settings.service(service.code, "cutoffs", date);
  return [...calendar.sites.values()]
    .map(({ name }) => freezeMoment(cutoffs, name, date))
    .reduce((latest, at) => (isMomentAfter(at, latest) ? at : latest));
}

async function familiesAct(living: Living, date: Day, meals: readonly Meal[]): Promise<void> {
  const { random, settings, service, now } = living;
  const { allowed } = settings.service(service.code, "plainMeal", date);
  for (const { family, child } of meals) {
    const away = random.chance(child.away);
    const plain = !away && allowed && random.chance(0.008);
    if (!away && !plain) continue;
    // One in twenty-five is too late: the refusal has its receipt, and the meal stays.
    const late = away && random.chance(0.04);
    const receivedAt = late
      ? momentAt(date, "09:00").add({ minutes: random.between(31, 90) })
      : actTime(random, date);
    if (isMomentAfter(receivedAt, now)) continue;
    await act(living, { family, child }, away ? "cancel" : "plain", date, receivedAt);
  }
}

/** Most act on the morning itself, some the evening before. */
function actTime(random: Random, date: Day): Moment {
  const evening = random.chance(0.3);
  const start = evening ? momentAt(date.subtract({ days: 1 }), "19:00") : momentAt(date, "07:00");
  return start.add({ seconds: random.between(0, evening ? 10_800 : 7100) });
}

async function act(
  living: Living,
  { family, child }: Meal,
  what: MealAct,
  date: Day,
  receivedAt: Moment,
): Promise<void> {
  const done = await living.town.write((tx) =>
    changeMeals(tx, {
      actor: parentOf(living, family),
      channel: "portal",
      act: what,
      serviceId: living.service.id,
      items: [{ childId: child.person.id, date }],
      receivedAt,
      now: receivedAt.add({ milliseconds: 60 }),
      idempotencyKey: newId(),
      receiptKey: living.receiptKey,
    }),
  );
  if (done.outcome !== "answered") throw new Error(`a demo family was ${done.outcome}`);
}

/** Families without a demo account act as themselves. */
export function parentOf({ staff }: Living, { holder }: DemoFamily): Actor {
  const known = staff.parents.get(holder.id);
  if (known) return known;
  const name = `${holder.givenName} ${holder.surname}`;
  const nowhere = { siteIds: null, classIds: null, desk: null };
  return { role: "guardian", id: holder.id, name, personId: holder.id, ...nowhere };
}

/** The morning roll call of each class; on the last day one class in three has not sent it yet. */
async function schoolsCall(living: Living, date: Day, meals: readonly Meal[]): Promise<void> {
  const { random, staff, now } = living;
  const isToday = !isBefore(date, dayOf(now));
  for (const [classId, ofClass] of Map.groupBy(meals, ({ child }) => child.desk.classId)) {
    const receivedAt = momentAt(date, "08:40").add({ seconds: random.between(0, 2400) });
    const [absent, present] = split(ofClass, ({ child }) => random.chance(child.away + 0.03));
    const isMissing = random.chance(0.33);
    const isStrange = random.chance(0.002);
    const teacher = staff.teachers.get(ofClass[0]!.child.desk.siteId);
    if (!teacher || isMomentAfter(receivedAt, now) || (isToday && isMissing)) continue;
    const call = { classId, date, teacher, receivedAt, absent, present };
    if (isToday || isStrange) await callRoll(living, { ...call, unknown: isStrange });
    else await rememberRoll(living, call);
  }
}

interface Call {
  readonly classId: string;
  readonly date: Day;
  readonly teacher: Actor;
  readonly receivedAt: Moment;
  readonly absent: readonly string[];
  readonly present: readonly string[];
}

function split(
  meals: readonly Meal[],
  isAway: (meal: Meal) => boolean,
): [absent: string[], present: string[]] {
  const [absent, present]: [string[], string[]] = [[], []];
  for (const meal of meals) (isAway(meal) ? absent : present).push(meal.child.person.id);
  return [absent, present];
}

async function callRoll(
  { town, service }: Living,
  { absent, teacher, unknown, classId, date, receivedAt }: Call & { unknown: boolean },
): Promise<void> {
  const called = await town.write((tx) =>
    submitRollCall(tx, {
      actor: teacher,
      serviceId: service.id,
      classId,
      date,
      phase: "morning",
      absentIds: absent,
      walkInIds: [],
      unknownWalkIns: unknown ? ["Nuovo alunno"] : [],
      receivedAt,
      now: receivedAt.add({ milliseconds: 60 }),
      idempotencyKey: newId(),
    }),
  );
  if (called.outcome !== "recorded") throw new Error(`a demo roll call: ${called.outcome}`);
}

async function rememberRoll(
  { town, service, settings, calendar }: Living,
  { classId, date, teacher, receivedAt, absent, present }: Call,
): Promise<void> {
  const siteId = calendar.classes.get(classId)?.siteId ?? "";
  const siteName = calendar.sites.get(siteId)?.name ?? "";
  const cutoffs = settings.service(service.code, "cutoffs", date);
  await town.write((tx) =>
    writeRollCall(tx, {
      serviceId: service.id,
      siteId,
      classId,
      date,
      teacher: teacher.name,
      receivedAt,
      presentIds: present,
      absentIds: absent,
      mode: settings.service(service.code, "attendance", date).mode,
      reportedBy: settings.service(service.code, "absences", date).reportedBy,
      cutoff: cutoffAt(cutoffs, "school", siteName, date),
    }),
  );
}

/** Some already know that they will be away in the days to come. */
export async function lookAhead(living: Living, today: Day): Promise<void> {
  const { random, now } = living;
  for (let ahead = 1; ahead <= 7; ahead += 1) {
    const date = today.add({ days: ahead });
    const { reportedBy } = living.settings.service(living.service.code, "absences", date);
    if (reportedBy === "school") continue;
    for (const meal of mealsOn(living, date)) {
      if (!random.chance(0.012)) continue;
      const receivedAt = now.subtract({ minutes: random.between(30, 900) });
      await act(living, meal, "cancel", date, receivedAt);
    }
  }
}

/** an absence without an end that began on `from`. */
export async function leaveWithoutEnd(
  living: Living,
  family: DemoFamily,
  from: Day,
): Promise<void> {
  const { service, settings } = living;
  if (settings.service(service.code, "absences", from).reportedBy === "school") return;
  const cutoff = cutoffAt(settings.service(service.code, "cutoffs", from), "portal", "", from);
  if (!cutoff) return;
  const receivedAt = cutoff.subtract({ minutes: 35 });
  await living.town.write((tx) =>
    changeAbsence(tx, {
      actor: parentOf(living, family),
      channel: "portal",
      act: "absence",
      serviceId: service.id,
      childIds: family.children.map(({ person }) => person.id),
      from,
      to: null,
      receivedAt,
      now: receivedAt.add({ milliseconds: 60 }),
      idempotencyKey: newId(),
      receiptKey: living.receiptKey,
    }),
  );
}
