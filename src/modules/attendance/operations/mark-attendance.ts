// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import {
  cutoffAt,
  type ExpectedMeal,
  expectedMeals,
  holdDaysOpen,
  isInTime,
  isOrdered,
} from "#booking";
import { townCalendar } from "#calendar";
import { type Actor, isOfficeRole } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { datedSettings } from "#tenancy";
import { type AttendanceStatus, isBillable, type MarkPhase } from "../rules/decide-attendance.ts";
import * as facts from "../sql/attendance.ts";
import { insertUnknownWalkIns } from "../sql/walk-ins.ts";
import { mayMarkClass } from "./class-sheet.ts";

export interface AttendanceRequest {
  actor: Actor;
  serviceId: string;
  classId: string;
  date: Day;
  receivedAt: Moment;
  /** by the tablet's clock, when it had to wait: kept beside the arrival, decides nothing */
  tappedAt?: Moment | null;
  now: Moment;
}

export interface RollCallRequest extends AttendanceRequest {
  phase: "morning" | "noon";
  /** children of the class who are not there; everybody else on the list with a meal is present */
  absentIds: readonly string[];
  /** children who eat though nothing is ordered for them here: cancelled today, or of another class */
  walkInIds: readonly string[];
  /** names nobody found in the list: served all the same */
  unknownWalkIns: readonly string[];
  idempotencyKey: string;
  /** the class's latest roll call of this phase when the list was read; `null`: none; absent: the last one wins */
  seenRollCallId?: string | null;
}

export type RollCallResult =
  | { outcome: "recorded"; rollCall: facts.RollCall; repeated: boolean }
  /** somebody sent one after the list was read: nothing was written (X-03, a tablet that was without network) */
  | { outcome: "sent-meanwhile"; rollCall: facts.RollCall }
  | { outcome: "forbidden" | "not-a-service-day" | "day-closed" | "in-the-future" | "key-reused" };

/** Records a class's roll call. In roll-call towns the morning one is the booking (PE-02, MC-13). */
export async function submitRollCall(
  tx: WriteTx,
  request: RollCallRequest,
): Promise<RollCallResult> {
  const inputHash = hashOf(request);
  // The same form twice at once: the second waits here and then finds the first one's answer.
  await facts.lockClass(tx, request.classId);
  // Before anything else: what was recorded stays recorded, though the day has been closed since.
  const repeated = await facts.rollCallByKey(tx, request.idempotencyKey);
  if (repeated) {
    if (repeated.inputHash !== inputHash) return { outcome: "key-reused" };
    return { outcome: "recorded", rollCall: repeated, repeated: true };
  }
  const ready = await prepare(tx, request);
  if ("outcome" in ready) return ready;
  const meanwhile = await sentMeanwhile(tx, request);
  if (meanwhile) return { outcome: "sent-meanwhile", rollCall: meanwhile };
  const absent = new Set(request.absentIds);
  const walkIn = new Set(request.walkInIds);
  const listed = ready.meals.filter(({ day }) => day.kind === "service");
  const marks: Word[] = [];
  for (const meal of listed) {
    if (walkIn.has(meal.childId)) marks.push({ meal, status: "present", walkIn: true });
    else if (absent.has(meal.childId)) marks.push({ meal, status: "absent", walkIn: false });
    else if (isOrdered(meal.state)) marks.push({ meal, status: "present", walkIn: false });
  }
  const onList = new Set(listed.map(({ childId }) => childId));
  const strangers = request.walkInIds.filter((id) => !onList.has(id));
  for (const childId of strangers) marks.push({ childId, status: "present", walkIn: true });
  marks.push(...(await walkInsTakenBack(tx, request, ready, walkIn)));
  await saveWords(tx, request, ready, request.phase, marks, "");
  await insertUnknownWalkIns(
    tx,
    request.unknownWalkIns.map((description, index) => ({
      id: newId(),
      serviceId: request.serviceId,
      siteId: ready.siteId,
      date: request.date,
      description: description.trim() || `Senza nome ${index + 1}`,
      recordedBy: request.actor.name,
      recordedAt: request.now,
    })),
  );
  const rollCall: facts.RollCall = {
    id: newId(),
    classId: request.classId,
    phase: request.phase,
    presentCount:
      marks.filter(({ status }) => status === "present").length + request.unknownWalkIns.length,
    absentCount: marks.filter(({ status }) => status === "absent").length,
    submittedBy: request.actor.name,
    receivedAt: request.receivedAt,
    tappedAt: request.tappedAt ?? null,
    inputHash,
  };
  const { serviceId, date, now, idempotencyKey: key } = request;
  await facts.insertRollCall(tx, { ...rollCall, serviceId, date, now, key });
  await recordOfficeCall(tx, request);
  return { outcome: "recorded", rollCall, repeated: false };
}

async function sentMeanwhile(
  tx: WriteTx,
  request: RollCallRequest,
): Promise<facts.RollCall | undefined> {
  const { seenRollCallId, classId, phase } = request;
  if (seenRollCallId === undefined) return undefined;
  const calls = await facts.rollCallsOn(tx, request);
  const latest = calls.find((row) => row.classId === classId && row.phase === phase);
  return latest && latest.id !== seenRollCallId ? latest : undefined;
}

/** A roll call is the school's word unless the office sends it: then it is on record as such (`whoRecorded`). */
async function recordOfficeCall(tx: WriteTx, request: RollCallRequest): Promise<void> {
  const { actor, now: at, date, classId } = request;
  if (!isOfficeRole(actor.role)) return;
  const details = { date: date.toString(), classId };
  await recordAudit(tx, { actor, at, action: "attendance.roll-call", details });
}

/** Whoever was served beyond the list in the class's last roll call, and is not in this one, was not there after all. */
async function walkInsTakenBack(
  tx: WriteTx,
  request: RollCallRequest,
  ready: Ready,
  walkIn: ReadonlySet<string>,
): Promise<Word[]> {
  const before = await facts.attendanceOn(tx, { ...request, siteId: ready.siteId });
  const listed = new Map(ready.meals.map((meal) => [meal.childId, meal]));
  return before.flatMap((row): Word[] => {
    const ofThisCall = row.walkIn && row.status === "present" && row.source === request.phase;
    if (!ofThisCall || row.classId !== request.classId || walkIn.has(row.childId)) return [];
    const meal = listed.get(row.childId);
    if (meal && isOrdered(meal.state)) return [];
    const word = { status: "absent" as const, walkIn: true };
    return [meal ? { ...word, meal } : { ...word, childId: row.childId }];
  });
}

export interface CorrectionRequest extends AttendanceRequest {
  childId: string;
  status: AttendanceStatus;
  reason: string;
  /** the office may also correct a day that is closed (BI-10): the caller recharges the meal in the same transaction */
  onClosedDay?: boolean;
  /** of the mark it writes, when the caller must find it again */
  markId?: string;
}

export type CorrectionResult =
  | { outcome: "corrected"; before: facts.AttendanceRow | null; after: facts.AttendanceRow }
  | {
      outcome:
        | "forbidden"
        | "not-a-service-day"
        | "day-closed"
        | "in-the-future"
        | "reason-missing";
    };

/** Corrects one child's day until it closes: who, from what to what, why (pages.md "Correzioni"). */
export async function correctAttendance(
  tx: WriteTx,
  request: CorrectionRequest,
): Promise<CorrectionResult> {
  if (request.reason.trim() === "") return { outcome: "reason-missing" };
  const onClosedDay = request.onClosedDay === true && isOfficeRole(request.actor.role);
  const ready = await prepare(tx, request, onClosedDay);
  if ("outcome" in ready) return ready;
  const marked = await facts.attendanceOn(tx, { ...request, siteId: ready.siteId });
  const before = marked.find(({ childId }) => childId === request.childId) ?? null;
  const meal = ready.meals.find(({ childId }) => childId === request.childId);
  const walkIn = request.status === "present" && !(meal && isOrdered(meal.state));
  const said = { status: request.status, walkIn, markId: request.markId };
  const word: Word = meal ? { meal, ...said } : { childId: request.childId, ...said };
  const [after] = await saveWords(tx, request, ready, "correction", [word], request.reason);
  await recordAudit(tx, {
    actor: request.actor,
    at: request.now,
    action: "attendance.correct",
    childId: request.childId,
    reason: request.reason,
    details: { date: request.date.toString(), status: request.status },
  });
  return { outcome: "corrected", before, after: after! };
}

interface Ready {
  siteId: string;
  meals: ExpectedMeal[];
  billableOf(meal: ExpectedMeal | null, status: AttendanceStatus, phase: MarkPhase): boolean;
}

export type Refused = {
  outcome: "forbidden" | "not-a-service-day" | "day-closed" | "in-the-future";
};

export async function prepare(
  tx: WriteTx,
  request: AttendanceRequest,
  onClosedDay = false,
): Promise<Ready | Refused> {
  const { serviceId, classId, date } = request;
  await holdDaysOpen(tx, serviceId);
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const schoolClass = calendar.classes.get(classId);
  const service = calendar.services.find(({ id }) => id === serviceId);
  if (!schoolClass || !service || !mayMarkClass(request.actor, schoolClass))
    return { outcome: "forbidden" };
  if (isBefore(dayOf(request.now), date)) return { outcome: "in-the-future" };
  const { siteId } = schoolClass;
  const state = await facts.serviceDayForUpdate(tx, { serviceId, siteId, date });
  const mayChange = !state || state.state === "open" || (onClosedDay && state.state === "closed");
  if (!mayChange) return { outcome: "day-closed" };
  const meals = await expectedMeals(tx, { serviceId, classId, date });
  if (!meals.some(({ day }) => day.kind === "service")) return { outcome: "not-a-service-day" };
  const cutoffs = settings.service(service.code, "cutoffs", date);
  const siteName = calendar.sites.get(siteId)?.name ?? "";
  const cutoff = cutoffAt(cutoffs, "school", siteName, date);
  const inTime = cutoff !== null && isInTime(request.receivedAt, cutoff, cutoffs.toleranceSeconds);
  const { mode } = settings.service(service.code, "attendance", date);
  const { reportedBy } = settings.service(service.code, "absences", date);
  return {
    siteId,
    meals,
    billableOf: (meal, status, phase) =>
      isBillable({
        status,
        mode,
        reportedBy,
        // The office's own correction is its decision: an absence it records is not charged (BI-10).
        inTime: inTime || (phase === "correction" && request.actor.role !== "school"),
        ordered: meal !== null && isOrdered(meal.state),
      }),
  };
}

type Word = {
  status: AttendanceStatus;
  walkIn: boolean;
  markId?: string | undefined;
} & ({ meal: ExpectedMeal; childId?: never } | { childId: string; meal?: never });

async function saveWords(
  tx: WriteTx,
  request: AttendanceRequest,
  ready: Ready,
  phase: MarkPhase,
  words: readonly Word[],
  reason: string,
): Promise<facts.AttendanceRow[]> {
  const rows = words.map(({ meal, childId, status, walkIn }) => ({
    childId: meal?.childId ?? childId!,
    siteId: ready.siteId,
    classId: request.classId,
    status,
    walkIn,
    plain: status === "present" && meal?.state === "plain",
    billable: ready.billableOf(meal ?? null, status, phase),
    source: phase,
    recordedBy: request.actor.name,
    recordedAt: request.now,
  }));
  await facts.insertMarks(
    tx,
    { ...request, by: request.actor.name },
    rows.map((row, index) => ({ ...row, id: words[index]!.markId ?? newId(), phase, reason })),
  );
  await facts.saveAttendance(tx, request, rows);
  return rows;
}

function hashOf(request: RollCallRequest): string {
  const { classId, phase, absentIds, walkInIds, unknownWalkIns } = request;
  const sorted = [[...absentIds].sort(), [...walkInIds].sort(), unknownWalkIns];
  return createHash("sha256")
    .update(JSON.stringify([classId, request.date.toString(), phase, ...sorted]))
    .digest("hex");
}
