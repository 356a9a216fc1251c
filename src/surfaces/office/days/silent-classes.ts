// SPDX-License-Identifier: EUPL-1.2
import { attendanceOn, rollCallsOn, serviceDays } from "#attendance";
import type { ExpectedMeal } from "#booking";
import { className, type SchoolClass, type Service, type TownCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import type { DatedSettings } from "#tenancy";
import { alert } from "#ui/components.ts";

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

const MOST_NAMES = 5;

/** What is said of silent classes: one line, and behind a fold those that it does not name. */
export interface Silent {
  /** `Nessuna notizia da: 2A, 3B (Primaria Milano)` */
  readonly text: string;
  /** `Altre 9 classi`, school by school; `null`: all are named */
  readonly rest: Html | null;
}

/** With the school where there are several; `null` when all were heard. */
export function silentText(
  classes: readonly SchoolClass[],
  calendar: TownCalendar,
  options: { named?: boolean } = {},
): Silent | null {
  if (classes.length === 0) return null;
  const isNamed = options.named ?? calendar.sites.size > 1;
  const siteOf = ({ siteId }: SchoolClass): string => calendar.sites.get(siteId)?.name ?? "";
  const sorted = classes.toSorted(
    (a, b) =>
      siteOf(a).localeCompare(siteOf(b), "it") || className(a).localeCompare(className(b), "it"),
  );
  // A fold with a single class in it would only hide it.
  const shown = sorted.length === MOST_NAMES + 1 ? sorted.length : MOST_NAMES;
  const rest = sorted.slice(shown);
  const first = bySchool(sorted.slice(0, shown), siteOf).map(([site, names]) =>
    isNamed && site ? `${names} (${site})` : names,
  );
  return {
    text: `Nessuna notizia da: ${first.join(", ")}`,
    rest:
      rest.length === 0
        ? null
        : html`<details class="fold">
            <summary>Altre ${rest.length} classi</summary>
            <ul>
              ${bySchool(rest, siteOf).map(
                ([site, names]) => html`<li>${isNamed && site && `${site}: `}${names}</li>`,
              )}
            </ul>
          </details>`,
  };
}

const bySchool = (
  classes: readonly SchoolClass[],
  siteOf: (one: SchoolClass) => string,
): [string, string][] =>
  [...Map.groupBy(classes, siteOf)].map(([site, ofSite]) => [
    site,
    ofSite.map(className).join(", "),
  ]);

/** What it means, where the day is closed. */
const SILENT_MEANS =
  "Si può chiudere lo stesso: i bambini di queste classi risultano presenti e il pasto si addebita.";

/** Before a day is closed. */
export const silentAlert = ({ text, rest }: Silent): Html =>
  alert({
    tone: "warning",
    title: `${text}${rest ? "…" : "."}`,
    body: html`${rest}
      <p>${SILENT_MEANS}</p>`,
  });
