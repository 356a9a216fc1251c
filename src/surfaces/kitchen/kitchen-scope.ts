// SPDX-License-Identifier: EUPL-1.2
/** What every kitchen page settles first: day, service, the schools this kitchen cooks for, and the frozen order. */
import { dayOfClass, firstDay, type Service, type TownCalendar, townCalendar } from "#calendar";
import { type Actor, isOfficeRole } from "#kernel/actor.ts";
import { type Day, isBefore, isMomentAfter } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { freezeDueOrders, type KitchenOrder, kitchenOrder } from "#kitchen";
import { type DatedSettings, datedSettings } from "#tenancy";
import { OFFICE_ROLES } from "../web/route.ts";
import { parseDay, type Visit } from "../web/visit.ts";

export const KITCHEN_ROLES = ["kitchen", ...OFFICE_ROLES] as const;

/** How far from today an order may be looked at. */
const MOST_DAYS_AWAY = 120;

export interface KitchenScope {
  actor: Actor;
  calendar: TownCalendar;
  /** services with meals, in the town's order */
  services: Service[];
  service: Service;
  date: Day;
  order: KitchenOrder;
  /** diet code → what the town says to leave out; nothing about a child */
  leaveOut: ReadonlyMap<string, string>;
}

export interface Asked {
  readonly giorno?: string | undefined;
  readonly servizio?: string | undefined;
}

/**
 * `null` for a day or service that does not exist; `no-service` in a town without meals. An order whose time has come
 * is frozen first, in its own transaction: what the kitchen reads as `Bloccato` is stored.
 */
export async function kitchenScope(
  visit: Visit,
  asked: Asked,
): Promise<KitchenScope | "no-service" | null> {
  const read = () => visit.town.read((tx) => load(tx, visit, asked));
  const found = await read();
  if (found === null || found === "no-service") return found;
  const { date, order, service } = found;
  const due = order.sites.some(
    ({ frozen, closed, freezesAt }) => !frozen && !closed && isMomentAfter(visit.now, freezesAt),
  );
  if (!due || isBefore(date, visit.today)) return found;
  const of = { serviceId: service.id, date, now: visit.now, by: "pagina della cucina" };
  await visit.town.write((tx) => freezeDueOrders(tx, of));
  return read();
}

async function load(
  tx: ReadTx,
  visit: Visit,
  asked: Asked,
): Promise<KitchenScope | "no-service" | null> {
  const { actor, today } = visit;
  const date = asked.giorno ? parseDay(asked.giorno) : today;
  if (!actor || !date) return null;
  if (Math.abs(today.until(date, { largestUnit: "days" }).days) > MOST_DAYS_AWAY) return null;
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const services = mealServices(calendar, settings, date);
  if (services.length === 0) return "no-service";
  const service = asked.servizio
    ? services.find(({ code }) => code === asked.servizio)
    : services[0];
  if (!service) return null;
  const siteIds = ownSites(actor);
  const order = await kitchenOrder(tx, { serviceId: service.id, date, siteIds });
  const leaveOut = new Map(settings.town("dietCodes", date).map((one) => [one.code, one.leaveOut]));
  return { actor, calendar, services, service, date, order, leaveOut };
}

/** Services whose meals somebody cooks. */
export const mealServices = (
  calendar: TownCalendar,
  settings: DatedSettings,
  date: Day,
): Service[] =>
  calendar.services.filter(
    ({ kind, code }) =>
      kind !== "transport" &&
      settings.maybeService(code, "cutoffs", date) !== undefined &&
      settings.maybeService(code, "attendance", date) !== undefined,
  );

/** The schools that a kitchen or the catering company works for; `null`: all, as for the office. */
export const ownSites = ({ role, siteIds }: Actor): readonly string[] | null =>
  isOfficeRole(role) ? null : siteIds;

/** The address of a kitchen page for this day and service; only what differs from the usual is in it. */
export function kitchenPath(
  visit: Visit,
  scope: Pick<KitchenScope, "date" | "service" | "services">,
  page = "",
  home = "/cucina",
): string {
  const query = new URLSearchParams();
  if (!scope.date.equals(visit.today)) query.set("giorno", scope.date.toString());
  if (scope.services[0]?.id !== scope.service.id) query.set("servizio", scope.service.code);
  const text = query.toString();
  return `${home}${page}${text ? `?${text}` : ""}`;
}

/** The nearest days before and after on which any class stays for this service. */
export function daysAround(scope: KitchenScope): { before: Day | null; after: Day | null } {
  const { calendar, service, date } = scope;
  const runs = (on: Day): boolean =>
    [...calendar.classes.values()].some((one) => {
      const day = dayOfClass(calendar, service.id, one, on);
      return day.running && day.session;
    });
  const after = firstDay(date.add({ days: 1 }), date.add({ days: 30 }), runs);
  for (let back = 1; back <= 30; back += 1) {
    const before = date.subtract({ days: back });
    if (runs(before)) return { before, after };
  }
  return { before: null, after };
}
