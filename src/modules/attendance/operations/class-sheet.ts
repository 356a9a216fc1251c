// SPDX-License-Identifier: EUPL-1.2
import { type ExpectedMeal, expectedMeals } from "#booking";
import { className, dayOfClass, type SchoolClass, townCalendar } from "#calendar";
import { type Actor, isOfficeRole } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isSuperseded } from "../rules/decide-attendance.ts";
import { type AttendanceRow, attendanceOn, type RollCall, rollCallsOn } from "../sql/attendance.ts";
import { type UnknownWalkIn, unknownWalkIns } from "../sql/walk-ins.ts";

/** May this person of the school see and mark the class? The office may see every class. */
export function mayMarkClass(
  actor: Actor,
  schoolClass: Pick<SchoolClass, "id" | "siteId">,
): boolean {
  if (isOfficeRole(actor.role) || actor.role === "system") return true;
  if (actor.role !== "school") return false;
  const { classIds, siteIds } = actor;
  // Grants add up: a whole school and, elsewhere, one class.
  if (classIds === null && siteIds === null) return true;
  return (
    (classIds?.includes(schoolClass.id) ?? false) ||
    (siteIds?.includes(schoolClass.siteId) ?? false)
  );
}

export interface ClassOverview {
  classId: string;
  name: string;
  siteId: string;
  siteName: string;
  expected: number;
  morning: RollCall | null;
  noon: RollCall | null;
  closed: { reason: string; note: string } | null;
}

/** Today's classes of a person of the school that stay for lunch, in site and class order. */
export async function classesOn(
  tx: ReadTx,
  of: { actor: Actor; serviceId: string; date: Day },
): Promise<ClassOverview[]> {
  const calendar = await townCalendar(tx);
  const meals = await expectedMeals(tx, of);
  const calls = await rollCallsOn(tx, of);
  const overviews: ClassOverview[] = [];
  for (const schoolClass of calendar.classes.values()) {
    if (!mayMarkClass(of.actor, schoolClass)) continue;
    const ofClass = meals.filter(({ classId }) => classId === schoolClass.id);
    const classDay = dayOfClass(calendar, of.serviceId, schoolClass, of.date);
    const served = ofClass.filter(({ day }) => day.kind === "service");
    const closed = classDay.running && classDay.session ? classDay.closure : null;
    if (served.length === 0 && !(closed && ofClass.length > 0)) continue;
    const call = (phase: RollCall["phase"]): RollCall | null =>
      calls.find((row) => row.classId === schoolClass.id && row.phase === phase) ?? null;
    overviews.push({
      classId: schoolClass.id,
      name: className(schoolClass),
      siteId: schoolClass.siteId,
      siteName: calendar.sites.get(schoolClass.siteId)?.name ?? "",
      expected: served.filter(({ state }) => state === "expected" || state === "plain").length,
      morning: call("morning"),
      noon: call("noon"),
      closed,
    });
  }
  return overviews.sort(
    (a, b) => a.siteName.localeCompare(b.siteName, "it") || a.name.localeCompare(b.name, "it"),
  );
}

export interface SheetRow extends ExpectedMeal {
  attendance: AttendanceRow | null;
}

export interface ClassSheet {
  schoolClass: SchoolClass;
  name: string;
  siteName: string;
  rows: SheetRow[];
  /** children of other classes, or of no list, who were served here */
  walkIns: AttendanceRow[];
  /** served in this class, and nobody has found the name yet */
  unnamed: UnknownWalkIn[];
  /** the latest of each phase */
  calls: RollCall[];
}

/** How the description of a child without a name begins: the class where it sat. */
export const ofClass = (name: string): string => `${name}: `;

/** One class, in alphabetical order, with what is booked and what was marked. `null`: not this person's class. */
export async function classSheet(
  tx: ReadTx,
  of: { actor: Actor; serviceId: string; classId: string; date: Day },
): Promise<ClassSheet | null> {
  const calendar = await townCalendar(tx);
  const schoolClass = calendar.classes.get(of.classId);
  if (!schoolClass || !mayMarkClass(of.actor, schoolClass)) return null;
  const meals = await expectedMeals(tx, of);
  const marked = await attendanceOn(tx, { ...of, siteId: schoolClass.siteId });
  const byChild = new Map(marked.map((row) => [row.childId, row]));
  const name = className(schoolClass);
  const unnamed = await unknownWalkIns(tx, { from: of.date, to: of.date, onlyOpen: true });
  const listed = new Set(meals.map(({ childId }) => childId));
  return {
    schoolClass,
    name,
    siteName: calendar.sites.get(schoolClass.siteId)?.name ?? "",
    rows: meals.map((meal) => {
      const mark = byChild.get(meal.childId);
      return { ...meal, attendance: mark && !isSuperseded(meal, mark) ? mark : null };
    }),
    walkIns: marked.filter(
      (row) => row.walkIn && row.classId === of.classId && !listed.has(row.childId),
    ),
    unnamed: unnamed.filter(
      ({ serviceId, siteId, description }) =>
        serviceId === of.serviceId &&
        siteId === schoolClass.siteId &&
        description.startsWith(ofClass(name)),
    ),
    calls: (await rollCallsOn(tx, of)).filter(({ classId }) => classId === of.classId),
  };
}
