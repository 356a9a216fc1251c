// SPDX-License-Identifier: EUPL-1.2
import { attendanceOn, rollCallsOn, serviceDays } from "#attendance";
import type { ExpectedMeal } from "#booking";
import { className, type SchoolClass, type Service, type TownCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { DatedSettings } from "#tenancy";

/**
 * Classes of a day, not closed yet, of which the school has said nothing: neither a roll call nor one child. Only where
 * presence is presumed and the schools report the absences (BI-03): there silence charges everybody. A warning for the
 * office, which may close all the same; elsewhere empty.
 */
export async function silentClasses(
  tx: ReadTx,
  of: {
    service: Service;
    date: Day;
    meals: readonly ExpectedMeal[];
    calendar: TownCalendar;
    settings: DatedSettings;
  },
): Promise<SchoolClass[]> {
  const { service, date, calendar, settings } = of;
  const { mode } = settings.service(service.code, "attendance", date);
  const { reportedBy } = settings.service(service.code, "absences", date);
  if (mode !== "presumed" || reportedBy !== "school") return [];
  const on = { serviceId: service.id, date };
  const calls = await rollCallsOn(tx, on);
  const said = (await attendanceOn(tx, on)).filter(({ source }) => source !== "presumed");
  const heard = new Set([...calls, ...said].map(({ classId }) => classId));
  const closed = new Set(
    (await serviceDays(tx, { serviceId: service.id, from: date, to: date }))
      .filter(({ state }) => state === "closed")
      .map(({ siteId }) => siteId),
  );
  const served = new Set(
    of.meals.filter(({ day }) => day.kind === "service").map(({ classId }) => classId),
  );
  return [...calendar.classes.values()]
    .filter(({ id, siteId }) => served.has(id) && !heard.has(id) && !closed.has(siteId))
    .sort((a, b) => className(a).localeCompare(className(b), "it"));
}

const MOST_NAMES = 12;

/** `Nessuna notizia da: 2A, 3B`; with the school where there are several; `null` when all were heard. */
export function silentText(
  classes: readonly SchoolClass[],
  calendar: TownCalendar,
  options: { named?: boolean } = {},
): string | null {
  if (classes.length === 0) return null;
  const shown = classes.slice(0, MOST_NAMES);
  const bySite = [...Map.groupBy(shown, ({ siteId }) => siteId)].map(([siteId, ofSite]) => {
    const names = ofSite.map(className).join(", ");
    const name = calendar.sites.get(siteId)?.name;
    const isNamed = options.named ?? calendar.sites.size > 1;
    return isNamed && name ? `${names} (${name})` : names;
  });
  const more = classes.length - shown.length;
  const rest = more === 0 ? "" : more === 1 ? " e un'altra classe" : ` e altre ${more} classi`;
  return `Nessuna notizia da: ${bySite.join(", ")}${rest}`;
}

/** What it means, where the day is closed. */
export const SILENT_MEANS =
  "Si può chiudere lo stesso: i bambini di queste classi risultano presenti e il pasto si addebita.";
