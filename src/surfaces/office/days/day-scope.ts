// SPDX-License-Identifier: EUPL-1.2
import { type SchoolSite, type Service, type TownCalendar, townCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { parseDay, type Visit } from "../../web/visit.ts";
import { dailyServices } from "../words.ts";

/** A service and day named in an address or form; the first daily service unless one is named. */
export interface DayScope {
  readonly calendar: TownCalendar;
  readonly services: readonly Service[];
  readonly service: Service;
  readonly date: Day;
}

/** `null`: no such service, or text that is no day. */
export async function dayScope(
  tx: ReadTx,
  visit: Visit,
  of: { serviceId: string; date: string | undefined },
): Promise<DayScope | null> {
  const date = of.date === undefined ? visit.today : parseDay(of.date);
  if (!date) return null;
  const calendar = await townCalendar(tx);
  const services = dailyServices(calendar, await datedSettings(tx), date);
  const service =
    of.serviceId === "" ? services[0] : services.find(({ id }) => id === of.serviceId);
  return service ? { calendar, services, service, date } : null;
}

export const siteOf = (scope: DayScope, siteId: string | undefined): SchoolSite | undefined =>
  siteId ? scope.calendar.sites.get(siteId) : undefined;

/** The page of one school's day; the service is named only when it is not the first. */
export function dayPath(scope: DayScope, siteId: string): string {
  return `/ufficio/giornate/${scope.date.toString()}/${siteId}${serviceQuery(scope)}`;
}

export const serviceQuery = (scope: DayScope): string =>
  scope.service.id === scope.services[0]?.id ? "" : `?servizio=${scope.service.id}`;
