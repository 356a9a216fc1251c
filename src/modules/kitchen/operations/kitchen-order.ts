// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { attendanceOn, isSuperseded, rollCallsOn, unknownWalkIns } from "#attendance";
import { expectedMeals, freezeMoment } from "#booking";
import {
  closureOn,
  closuresRecorded,
  type SchoolSite,
  type Service,
  type TownCalendar,
  townCalendar,
} from "#calendar";
import { dietsOn } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { type Day, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { datedSettings } from "#tenancy";
import { computeOrder, type Difference, differences, type OrderLine } from "../rules/order.ts";
import { type Change, type ChangeEvent, explainChanges } from "../rules/explain-changes.ts";
import * as orders from "../sql/orders.ts";

export interface SiteOrder {
  site: SchoolSite;
  /** what the kitchen cooks: the frozen order once there is one */
  lines: OrderLine[];
  frozen: orders.FrozenOrder | null;
  freezesAt: Moment;
  /** since the freeze; empty before it */
  differences: Difference[];
  /** the same, with when and why as far as it is known */
  changes: Change[];
  /** roll-call towns: classes whose roll call has not come, counted as booked */
  waitingClassIds: string[];
  closed: { reason: string; note: string } | null;
  departure: string | null;
}

export interface KitchenOrder {
  service: Service;
  date: Day;
  sites: SiteOrder[];
  staff: orders.StaffMeals[];
  /** names the differences as they stand; what the kitchen has acknowledged carries it */
  digest: string;
  acknowledgement: orders.Acknowledgement | null;
}

/** The order of a service and day, by site. Nothing is written: the frozen order is read if it is there. */
export async function kitchenOrder(
  tx: ReadTx,
  of: {
    serviceId: string;
    date: Day;
    /** the schools this kitchen cooks for; absent or `null` = all */
    siteIds?: readonly string[] | null;
  },
): Promise<KitchenOrder> {
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const service = calendar.services.find(({ id }) => id === of.serviceId);
  if (!service) throw new Error("no such service");
  const current = await currentOrder(tx, of);
  const frozen = new Map((await orders.frozenOrders(tx, of)).map((row) => [row.siteId, row]));
  const frozenLines = frozen.size > 0 ? await orders.frozenLines(tx, of) : [];
  const { mode } = settings.service(service.code, "attendance", of.date);
  const called = new Set((await rollCallsOn(tx, of)).map(({ classId }) => classId));
  const cutoffs = settings.service(service.code, "cutoffs", of.date);
  const { departure } = settings.service(service.code, "kitchen", of.date);
  const shown = [...calendar.sites.values()].filter(
    ({ id }) => !of.siteIds || of.siteIds.includes(id),
  );
  const closures = frozen.size > 0 ? await closuresRecorded(tx, of) : [];
  const sites: SiteOrder[] = [];
  for (const site of shown) {
    const here = current.meals.filter(({ siteId }) => siteId === site.id);
    const lines = current.lines.filter(({ siteId }) => siteId === site.id);
    const before = frozenLines.filter(({ siteId }) => siteId === site.id);
    const closedDay = here.find(({ day }) => day.kind === "closed")?.day;
    const served = here.filter(({ day }) => day.kind === "service");
    const freeze = frozen.get(site.id) ?? null;
    if (served.length === 0 && lines.length === 0 && !freeze && closedDay?.kind !== "closed")
      continue;
    const changed = freeze ? differences(before, lines) : [];
    const inCalendar = closures
      .filter(({ siteId }) => siteId === null || siteId === site.id)
      .map((row) => ({ ...row, siteId: site.id, cause: "closure" as const }));
    const events = [...current.events, ...inCalendar];
    const classIds = [...new Set(served.map(({ classId }) => classId))];
    sites.push({
      site,
      lines: freeze ? before : lines,
      frozen: freeze,
      freezesAt: freezeMoment(cutoffs, site.name, of.date),
      differences: changed,
      changes: freeze ? explainChanges(changed, events, freeze.frozenAt) : [],
      waitingClassIds: mode === "roll-call" ? classIds.filter((id) => !called.has(id)) : [],
      closed: served.length === 0 && closedDay?.kind === "closed" ? closedDay : null,
      departure: departure ?? null,
    });
  }
  sites.sort((a, b) => a.site.name.localeCompare(b.site.name, "it"));
  const digest = digestOf(sites);
  const acknowledgements = await orders.acknowledgementsOn(tx, of);
  return {
    service,
    date: of.date,
    sites,
    staff: current.staff,
    digest,
    acknowledgement: acknowledgements.find((row) => row.digest === digest) ?? null,
  };
}

async function currentOrder(tx: ReadTx, of: { serviceId: string; date: Day }) {
  const meals = await expectedMeals(tx, of);
  const byChild = new Map(meals.map((meal) => [meal.childId, meal]));
  const marked = (await attendanceOn(tx, of)).filter((mark) => {
    const meal = byChild.get(mark.childId);
    return !meal || !isSuperseded(meal, mark);
  });
  const listed = new Set(meals.map(({ childId }) => childId));
  const strangers = marked.map(({ childId }) => childId).filter((id) => !listed.has(id));
  const dietOf = strangers.length > 0 ? await dietsOn(tx, strangers, of.date) : new Map();
  const unknown = new Map<string, number>();
  const unnamed = (
    await unknownWalkIns(tx, { from: of.date, to: of.date, onlyOpen: false })
  ).filter(({ serviceId }) => serviceId === of.serviceId);
  for (const row of unnamed)
    unknown.set(row.siteId, (unknown.get(row.siteId) ?? 0) + (row.childId ? 0 : 1));
  const staff = await orders.staffMealsOn(tx, of);
  const staffBySite = new Map(staff.map((row) => [row.siteId, row.meals]));
  const isClosed = await closedPlaces(tx, of);
  const lines = computeOrder({ meals, marked, dietOf, unknown, staff: staffBySite, isClosed });
  const events: ChangeEvent[] = [
    ...meals.flatMap(({ siteId, classId, decidedAt }) =>
      decidedAt ? [{ siteId, classId, cause: "family" as const, at: decidedAt }] : [],
    ),
    ...marked.map(({ siteId, classId, recordedAt: at }) => ({
      siteId,
      classId,
      cause: "school" as const,
      at,
    })),
    ...unnamed.map(({ siteId, recordedAt: at }) => ({
      siteId,
      classId: null,
      cause: "school" as const,
      at,
    })),
    ...staff.flatMap(({ siteId, recordedAt: at }) =>
      at ? [{ siteId, classId: null, cause: "staff" as const, at }] : [],
    ),
  ];
  return { meals, lines, staff, events };
}

/** Is a class closed on the day, or (without a class) every class of the site? */
async function closedPlaces(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<(siteId: string, classId: string | null) => boolean> {
  const calendar = await townCalendar(tx);
  return (siteId, classId) =>
    classId === null
      ? isShut(calendar, { ...of, siteId })
      : closureOn(calendar, of.serviceId, { id: classId, siteId }, of.date) !== null;
}

/** Is every class of the school closed on the day? */
export function isShut(
  calendar: TownCalendar,
  of: { serviceId: string; siteId: string; date: Day },
): boolean {
  const here = [...calendar.classes.values()].filter(({ siteId }) => siteId === of.siteId);
  return (
    here.length > 0 && here.every((one) => closureOn(calendar, of.serviceId, one, of.date) !== null)
  );
}

/** Freezes every site's order whose time has come; repeatable. Returns how many were frozen now. */
export async function freezeDueOrders(
  tx: WriteTx,
  of: {
    serviceId: string;
    date: Day;
    now: Moment;
    by: string;
    force?: boolean;
    siteIds?: readonly string[] | null;
  },
): Promise<number> {
  const order = await kitchenOrder(tx, of);
  const due = order.sites.filter(
    (site) => !site.frozen && !site.closed && (of.force || isMomentAfter(of.now, site.freezesAt)),
  );
  return orders.insertFrozenOrders(
    tx,
    { serviceId: of.serviceId, date: of.date, frozenAt: of.now, frozenBy: of.by },
    due.map(({ site, lines }) => ({ siteId: site.id, lines })),
  );
}

/** The kitchen says it has seen the differences as they stood (`digest`). */
export async function acknowledgeDifferences(
  tx: WriteTx,
  of: { actor: Actor; serviceId: string; date: Day; digest: string; now: Moment },
): Promise<void> {
  await orders.insertAcknowledgement(tx, {
    id: newId(),
    serviceId: of.serviceId,
    date: of.date,
    digest: of.digest,
    acknowledgedBy: of.actor.name,
    acknowledgedAt: of.now,
  });
}

function digestOf(sites: readonly SiteOrder[]): string {
  const all = sites.flatMap((site) => site.differences);
  return all.length === 0 ? "" : createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** A short text that changes whenever the order of the day does: live pages ask for it every few seconds. */
export function versionOf(order: KitchenOrder): string {
  const shown = order.sites.map((site) => [
    site.site.id,
    site.lines,
    site.frozen?.frozenAt.toString() ?? "",
    site.differences,
    site.closed,
    site.waitingClassIds,
  ]);
  const seen = order.acknowledgement?.acknowledgedAt.toString() ?? "";
  return createHash("sha256")
    .update(JSON.stringify([shown, seen]))
    .digest("base64url")
    .slice(0, 16);
}
