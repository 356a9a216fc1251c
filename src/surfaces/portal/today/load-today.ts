// SPDX-License-Identifier: EUPL-1.2
import { attendanceOfChildren, type AttendanceRow, type Recorder, whoRecorded } from "#attendance";
import { absencesOf, type DayFacts, type Receipt, receiptsByIds } from "#booking";
import type { Service } from "#calendar";
import { type Day, isBefore, isWithin, sameDay, ZONE } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Visit } from "../../web/visit.ts";
import type { ChildSeat } from "#transport";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { familyDays } from "../meals/family-days.ts";
import { canCancel } from "../meals/day-view.ts";
import { type MealMoney, mealMoney, type Wanted } from "../meals/meal-money.ts";
import { familySeats } from "../school-bus.ts";

/** Weeks that `Oggi` looks ahead for the next meal; a longer pause is told by its first day (below). */
const AHEAD_DAYS = 28;
const EVENING_HOUR = 18;

/** One service of one child as `Oggi` needs it. */
export interface TodayRow {
  child: ScopedChild;
  service: Service;
  /** from today on; the first is today */
  days: readonly DayFacts[];
  today: DayFacts;
  /** after 18:00: tomorrow, when there is service, comes first */
  tomorrow: DayFacts | null;
  /** the next service day after today */
  next: DayFacts | null;
  /** the first service day after today that can still be changed (BO-17) */
  useful: DayFacts | null;
  attendance: AttendanceRow | undefined;
  /** who recorded that attendance */
  recorder: Recorder;
}

export interface FeeRow {
  child: ScopedChild;
  service: Service;
  /** `null`: the service begins later */
  from: Day | null;
}

export interface Ending {
  child: ScopedChild;
  service: Service;
  /** `null`: no end was given, the absence has lasted for so many service days */
  to: Day | null;
  backOn: Day | null;
  daysAway: number;
}

export interface Today {
  evening: boolean;
  rows: TodayRow[];
  fees: FeeRow[];
  /** on the school bus */
  seats: readonly ChildSeat[];
  endings: Ending[];
  receipts: ReadonlyMap<string, Receipt>;
  /** by service and `moneyKey` */
  money: ReadonlyMap<string, ReadonlyMap<string, MealMoney>>;
}

export async function loadToday(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<Today> {
  const { today, now } = visit;
  const evening = now.toZonedDateTimeISO(ZONE).hour >= EVENING_HOUR;
  const rows: TodayRow[] = [];
  const fees: FeeRow[] = [];
  const endings: Ending[] = [];
  const money = new Map<string, Map<string, MealMoney>>();
  const childIds = scope.children.map(({ id }) => id);
  const attended = await attendanceOfChildren(tx, { childIds, from: today, to: today });
  const recorders = await whoRecorded(tx, attended);
  // Towns have one to three services; each is read for all children at once.
  for (const service of scope.services) {
    const children = scope.children.filter(({ id }) => scope.schedule(id, service.id));
    if (!scope.isDaily(service, today)) {
      fees.push(...children.flatMap((child) => feeRow(scope, service, child, today)));
      const wanted = children.map((child) => ({ child, date: today }));
      if (scope.settings.maybeService(service.code, "payment", today))
        money.set(service.id, await mealMoney(tx, scope, service, wanted, visit.lang));
      continue;
    }
    const days = await familyDays(tx, scope, visit, {
      childIds: children.map(({ id }) => id),
      serviceId: service.id,
      from: today,
      to: today.add({ days: AHEAD_DAYS }),
    });
    const own = children.map((child) => {
      const attendance = attended.find(
        (row) => row.childId === child.id && row.serviceId === service.id,
      );
      const recorder = (attendance && recorders.get(attendance)) ?? null;
      return todayRow(child, service, days.get(child.id) ?? [], { evening, attendance, recorder });
    });
    rows.push(...own);
    money.set(service.id, await mealMoney(tx, scope, service, wantedOf(own), visit.lang));
    endings.push(...(await endingsOf(tx, service, own, visit)));
  }
  const ids = rows.flatMap((row) =>
    [row.today, row.tomorrow, row.useful].flatMap((on) => on?.receiptId ?? []),
  );
  const receipts = await receiptsByIds(tx, [...new Set(ids)]);
  return {
    evening,
    rows,
    fees,
    seats: await familySeats(tx, scope, today),
    endings,
    money,
    receipts: new Map(receipts.map((receipt) => [receipt.id, receipt])),
  };
}

function todayRow(
  child: ScopedChild,
  service: Service,
  days: readonly DayFacts[],
  of: { evening: boolean; attendance: AttendanceRow | undefined; recorder: Recorder },
): TodayRow {
  const [today, ...later] = days as [DayFacts, ...DayFacts[]];
  const isServed = (on: DayFacts): boolean => on.day.kind === "service";
  const [tomorrow] = later;
  return {
    child,
    service,
    days,
    today,
    tomorrow: of.evening && tomorrow && isServed(tomorrow) ? tomorrow : null,
    next: later.find(isServed) ?? null,
    useful: later.find((on) => isServed(on) && on.inTime && !on.locked) ?? null,
    attendance: of.attendance,
    recorder: of.recorder,
  };
}

function wantedOf(rows: readonly TodayRow[]): Wanted[] {
  return rows.flatMap(({ child, today, tomorrow, useful }) =>
    [today, tomorrow, useful].flatMap((on) =>
      on && on.day.kind === "service" ? [{ child, date: on.date }] : [],
    ),
  );
}

function feeRow(scope: FamilyScope, service: Service, child: ScopedChild, today: Day): FeeRow[] {
  const enrolments = scope.schedule(child.id, service.id)?.enrolments ?? [];
  if (enrolments.some(({ from, to }) => isWithin(today, from, to)))
    return [{ child, service, from: null }];
  const later = enrolments.find(({ from }) => isBefore(today, from));
  return later ? [{ child, service, from: later.from }] : [];
}

/** Absences that end before the next service day, or have no end and have lasted for five. */
async function endingsOf(
  tx: ReadTx,
  service: Service,
  rows: readonly TodayRow[],
  visit: Visit,
): Promise<Ending[]> {
  if (rows.length === 0) return [];
  const childIds = rows.map(({ child }) => child.id);
  const absences = await absencesOf(tx, { childIds, serviceId: service.id, now: visit.now });
  return rows.flatMap((row): Ending[] => {
    const own = absences.filter(({ childId }) => childId === row.child.id);
    const running = own.find(
      ({ state, to }) => state === "running" || (to && endsJustNow(row, to)),
    );
    if (!running) return [];
    const base = { child: row.child, service, to: running.to, daysAway: 0 };
    if (running.to === null) {
      const daysAway = awayDays(running.from, visit.today);
      return daysAway >= 7 ? [{ ...base, backOn: null, daysAway }] : [];
    }
    const backOn = row.days.find(
      ({ date, day, state }) =>
        isBefore(running.to!, date) && day.kind === "service" && state !== "cancelled",
    );
    return backOn && isSoon(backOn.date, visit.today) ? [{ ...base, backOn: backOn.date }] : [];
  });
}

const endsJustNow = (row: TodayRow, to: Day): boolean =>
  isBefore(to, row.today.date) &&
  row.next !== null &&
  !isBefore(to, row.today.date.subtract({ days: 3 }));
const awayDays = (from: Day, today: Day): number => from.until(today, { largestUnit: "days" }).days;
const isSoon = (date: Day, today: Day): boolean =>
  isBefore(today, date) && awayDays(today, date) <= 1;

/** Children that can be cancelled together on a day. */
export const cancellable = (today: Today): { date: Day; rows: TodayRow[] } | null => {
  const shown = today.rows.map((row) => ({ row, on: row.tomorrow ?? row.today }));
  const open = shown.filter(({ on }) => canCancel(on));
  for (const { on } of open) {
    const { date } = on;
    const rows = open.filter((one) => sameDay(one.on.date, date)).map(({ row }) => row);
    if (rows.length >= 2) return { date, rows };
  }
  return null;
};
