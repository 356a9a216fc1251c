// SPDX-License-Identifier: EUPL-1.2
import {
  type ChildSchedule,
  type Service,
  type ServiceDay,
  serviceDay,
  townCalendar,
} from "#calendar";
import { schedulesOf } from "#enrolment";
import type { Channel } from "#kernel/actor.ts";
import { type Day, type Moment, sameDay } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { datedSettings, type ServiceSettings } from "#tenancy";
import { cutoffAt, isChannelOpen, isInTime } from "../rules/cutoff.ts";
import { type MealState, mealState } from "../rules/meal-state.ts";
import { plainRun } from "../rules/plain-run.ts";
import * as bookings from "../sql/bookings.ts";
import type { AbsenceRow } from "../sql/bookings.ts";

/** A plain-meal run may reach beyond the days asked for. */
const MARGIN_DAYS = 21;

/** Everything known about one child's day of one service, before anybody acts on it. */
export interface DayFacts {
  childId: string;
  date: Day;
  day: ServiceDay;
  state: MealState;
  mode: ServiceSettings["attendance"]["mode"];
  cutoffAt: Moment | null;
  /** would a change that arrived at `receivedAt` be in time on this channel? */
  inTime: boolean;
  channelOpen: boolean;
  locked: boolean;
  familiesReport: boolean;
  /** the town's rule: a cancellation too late for this day counts for the next service day */
  lateCounts: boolean;
  plain: { allowed: boolean; limit: number | null; runIfPlain: number };
  /** the act that led to the present state, if one did */
  receiptId: string | null;
}

export interface BookingFacts {
  service: Service;
  model: ServiceSettings["payment"]["model"];
  /** pure: everything was read before; `without` = as if these absences were not there */
  on(childId: string, date: Day, without?: readonly AbsenceRow[]): DayFacts;
  absences(childId: string): readonly AbsenceRow[];
}

interface Question {
  serviceId: string;
  childIds: readonly string[];
  from: Day;
  to: Day;
  channel: Channel;
  receivedAt: Moment;
}

/** Reads once, in a handful of queries, all that is needed to answer for these children and days. */
export async function bookingFacts(tx: ReadTx, of: Question): Promise<BookingFacts> {
  const { serviceId, childIds } = of;
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const service = calendar.services.find(({ id }) => id === serviceId);
  if (!service) throw new Error(`no service ${serviceId} in this town`);
  const span = {
    serviceId,
    childIds,
    from: of.from.subtract({ days: MARGIN_DAYS }),
    to: of.to.add({ days: MARGIN_DAYS }),
  };
  // One round trip: the statements leave together.
  const [scheduleRows, choiceRows, absenceRows, locks] = await Promise.all([
    schedulesOf(tx, { childIds, serviceId }),
    bookings.choicesOf(tx, span),
    bookings.absencesTouching(tx, span),
    bookings.locksBetween(tx, span),
  ]);
  const schedules = new Map(scheduleRows.map((row) => [row.childId, row]));
  const choices = groupByChild(choiceRows);
  const absences = groupByChild(absenceRows);

  const absencesOf = (childId: string): readonly AbsenceRow[] => absences.get(childId) ?? [];
  const on = (childId: string, date: Day, without: readonly AbsenceRow[] = []): DayFacts => {
    const schedule: ChildSchedule | undefined = schedules.get(childId);
    const day: ServiceDay = schedule
      ? serviceDay(calendar, schedule, date)
      : { kind: "not-active" };
    const isServed = (other: Day): boolean =>
      schedule !== undefined && serviceDay(calendar, schedule, other).kind === "service";
    const siteId = "siteId" in day ? day.siteId : "";
    const siteName = calendar.sites.get(siteId)?.name ?? "";
    const { mode } = settings.service(service.code, "attendance", date);
    const cutoffs = settings.service(service.code, "cutoffs", date);
    const plain = settings.service(service.code, "plainMeal", date);
    const ofChild = choices.get(childId) ?? [];
    const choice = ofChild.find((row) => sameDay(row.date, date));
    const absent = absencesOf(childId).filter((row) => !without.includes(row));
    const cutoff = cutoffAt(cutoffs, of.channel, siteName, date);
    const away = absent.find((row) => mealState("presumed", null, [row], date) === "cancelled");
    return {
      childId,
      date,
      day,
      mode,
      state: mealState(mode, choice?.choice ?? null, absent, date),
      cutoffAt: cutoff,
      inTime: cutoff !== null && isInTime(of.receivedAt, cutoff, cutoffs.toleranceSeconds),
      channelOpen: isChannelOpen(cutoffs, of.channel, siteName, of.receivedAt),
      locked: locks.some((lock) => lock.siteId === siteId && sameDay(lock.date, date)),
      familiesReport: settings.service(service.code, "absences", date).reportedBy !== "school",
      lateCounts: cutoffs.lateCountsForNextDay,
      plain: {
        allowed: plain.allowed,
        limit: plain.maxConsecutiveDays ?? null,
        runIfPlain: plain.allowed ? plainRun(isServed, ofChild, date) : 0,
      },
      receiptId: choice?.receiptId ?? away?.receiptId ?? null,
    };
  };
  const { model } = settings.service(service.code, "payment", of.from);
  return { service, model, on, absences: absencesOf };
}

function groupByChild<Row extends { childId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.childId, [...(groups.get(row.childId) ?? []), row]);
  return groups;
}
