// SPDX-License-Identifier: EUPL-1.2
import { firstDay, type ServiceDay, serviceDay, townCalendar } from "#calendar";
import { overlappingSeats, roster, type RosterRow, seats } from "#enrolment";
import type { Channel } from "#kernel/actor.ts";
import { batches } from "#kernel/batches.ts";
import { type Day, day, dayOf, daysBetween, later, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { type MealState, mealState } from "../rules/meal-state.ts";
import { checkCode, isSameCode, parseReceiptCode } from "../rules/receipt-code.ts";
import * as bookings from "../sql/bookings.ts";
import { type Receipt, receiptByNumber, receiptsOfChildren } from "../sql/receipts.ts";
import { bookingFacts, type DayFacts } from "./booking-facts.ts";
import { sealed } from "./issue-receipt.ts";

/** How far ahead "the first useful day" is looked for: longer than any summer. */
const LOOK_AHEAD_DAYS = 150;
/** Some thousand children. */
const CLASSES_PER_BATCH = 40;

/** Every day of [from, to] of some children in one service, as the calendar and the day page show it. */
export async function childDays(
  tx: ReadTx,
  of: {
    childIds: readonly string[];
    serviceId: string;
    from: Day;
    to: Day;
    channel: Channel;
    receivedAt: Moment;
  },
): Promise<Map<string, DayFacts[]>> {
  const facts = await bookingFacts(tx, of);
  const days = [...daysBetween(of.from, of.to)];
  return new Map(of.childIds.map((id) => [id, days.map((date) => facts.on(id, date))]));
}

/**
 * The first service day of each child, from `from` on, whose cut-off has not passed on this channel (BO-17);
 * `nextService` is the first service day at all, whether it can still be changed or not.
 */
export async function firstUsefulDays(
  tx: ReadTx,
  of: {
    childIds: readonly string[];
    serviceId: string;
    from: Day;
    channel: Channel;
    receivedAt: Moment;
  },
): Promise<Map<string, { useful: DayFacts | null; nextService: DayFacts | null }>> {
  const until = of.from.add({ days: LOOK_AHEAD_DAYS });
  const facts = await bookingFacts(tx, { ...of, to: until });
  const find = (childId: string, accepts: (day: DayFacts) => boolean): DayFacts | null => {
    const date = firstDay(of.from, until, (candidate) => accepts(facts.on(childId, candidate)));
    return date && facts.on(childId, date);
  };
  return new Map(
    of.childIds.map((childId) => [
      childId,
      {
        useful: find(childId, (on) => on.day.kind === "service" && on.inTime && !on.locked),
        nextService: find(childId, (on) => on.day.kind === "service"),
      },
    ]),
  );
}

type Placed = Pick<RosterRow, "childId" | "classId" | "siteId" | "weekdays">;

interface MealFacts {
  day: ServiceDay;
  /** meaningful when `day.kind` is `service` */
  state: MealState;
  /** when the family last decided about this day */
  decidedAt: Moment | null;
}

export interface ExpectedMeal extends RosterRow, MealFacts {}

/** All enrolled children of a service on a day (of one site or class, if given), with what is booked for each. */
export async function expectedMeals(
  tx: ReadTx,
  of: { serviceId: string; date: Day; siteId?: string | undefined; classId?: string | undefined },
): Promise<ExpectedMeal[]> {
  const [toMeal, rows] = await Promise.all([mealReader(tx, of), roster(tx, of)]);
  return rows.map((row) => toMeal(row));
}

/** What a meal is without the child's name and diet. */
export type BareMeal = Omit<ExpectedMeal, "surname" | "givenName" | "dietCode">;

/** How each batch is read: `town.read`, in a transaction of its own, or inside one that runs. */
type ReadBatch = <Result>(work: (tx: ReadTx) => Promise<Result>) => Promise<Result>;

/**
 * The same for one site without names, some classes at a time: memory stays flat however many children it has. The
 * day's bookings are read once, so they must be locked when the batches are transactions of their own.
 */
export async function* expectedMealBatches(
  read: ReadBatch,
  of: { serviceId: string; date: Day; siteId: string },
): AsyncGenerator<BareMeal[]> {
  const { toMeal, classIds, overlapping } = await read(async (tx) => {
    const { classes } = await townCalendar(tx);
    const ofSite = [...classes.values()].filter(({ siteId }) => siteId === of.siteId);
    return {
      toMeal: await mealReader(tx, of),
      classIds: ofSite.map(({ id }) => id),
      overlapping: await overlappingSeats(tx, of.date),
    };
  });
  for (const batch of batches(classIds, CLASSES_PER_BATCH)) {
    const rows = await read((tx) => seats(tx, { ...of, classIds: batch, overlapping }));
    yield rows.map((row) => toMeal({ ...row, siteId: of.siteId }));
  }
}

/** Reads a day's calendar and exceptions once; then tells what is booked for a child of the roster. */
async function mealReader(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<<Row extends Placed>(row: Row) => Row & MealFacts> {
  const { serviceId, date } = of;
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const service = calendar.services.find(({ id }) => id === serviceId);
  if (!service) throw new Error(`no service ${serviceId} in this town`);
  const { mode } = settings.service(service.code, "attendance", date);
  const [choiceRows, absenceRows] = await Promise.all([
    bookings.choicesOn(tx, { serviceId, date }),
    bookings.absencesTouching(tx, { serviceId, from: date, to: date }),
  ]);
  const choices = new Map(choiceRows.map((row) => [row.childId, row]));
  const absences = Map.groupBy(absenceRows, ({ childId }) => childId);
  const days = new Map<string, ServiceDay>();
  const dayFor = ({ classId, weekdays }: Placed): ServiceDay => {
    const key = `${classId}/${weekdays}`;
    const schedule = {
      serviceId,
      memberships: [{ classId, from: date, to: date }],
      enrolments: [{ from: date, to: date, weekdays }],
    };
    const known = days.get(key) ?? serviceDay(calendar, schedule, date);
    days.set(key, known);
    return known;
  };
  return (row) => {
    const choice = choices.get(row.childId);
    const away = absences.get(row.childId) ?? [];
    return {
      ...row,
      day: dayFor(row),
      state: mealState(mode, choice?.choice ?? null, away, date),
      decidedAt: choice?.decidedAt ?? away[0]?.createdAt ?? null,
    };
  };
}

export type VerifiedReceipt = { outcome: "authentic"; receipt: Receipt } | { outcome: "unknown" };

/** Does this code belong to a receipt of ours, unaltered? A wrong check code answers as an unknown number does. */
export async function verifyReceipt(
  tx: ReadTx,
  of: { code: string; receiptKey: string },
): Promise<VerifiedReceipt> {
  const code = parseReceiptCode(of.code);
  const receipt = code && (await receiptByNumber(tx, code.number));
  if (!code || !receipt) return { outcome: "unknown" };
  const expected = checkCode(of.receiptKey, sealed(receipt, tx.tenantId));
  const authentic = isSameCode(expected, receipt.checkCode) && isSameCode(expected, code.check);
  return authentic ? { outcome: "authentic", receipt } : { outcome: "unknown" };
}

/** The day that a receipt took away though it was refused for its own: `null` for nearly all of them. */
export const movedTo = ({ effect }: Receipt): Day | null =>
  effect.countsFor && !effect.wasOff ? day(effect.countsFor) : null;

/**
 * The newest act that changed the same child, service and day after this receipt: what it says no longer holds by
 * itself. `null` = it is the last word.
 */
export async function laterReceipt(tx: ReadTx, receipt: Receipt): Promise<Receipt | null> {
  const date = receipt.outcome === "done" ? receipt.from : movedTo(receipt);
  if (!date) return null;
  const of = { childIds: [receipt.childId], date, limit: 50 };
  const [newest] = (await receiptsOfChildren(tx, of)).filter(
    (one) =>
      one.serviceId === receipt.serviceId &&
      (one.outcome === "done" || movedTo(one)?.equals(date) === true),
  );
  return newest && newest.id !== receipt.id ? newest : null;
}

export interface ShownAbsence extends bookings.AbsenceRow {
  state: "running" | "planned" | "over";
}

/** The absence periods of some children that end today or later, and those of the last weeks. */
export async function absencesOf(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId: string; now: Moment },
): Promise<ShownAbsence[]> {
  const today = dayOf(of.now);
  const rows = await bookings.absencesTouching(tx, {
    ...of,
    from: today.subtract({ days: 60 }),
    to: today.add({ years: 1 }),
  });
  return rows
    .filter(({ from, to }) => to === null || Temporal.PlainDate.compare(from, to) <= 0)
    .map((row) => ({
      ...row,
      state:
        row.to !== null && Temporal.PlainDate.compare(row.to, today) < 0
          ? "over"
          : later(row.from, today).equals(today)
            ? "running"
            : "planned",
    }));
}
