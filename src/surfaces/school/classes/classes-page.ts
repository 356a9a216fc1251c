// SPDX-License-Identifier: EUPL-1.2
import {
  type ClassOverview,
  classesOn,
  mayMarkClass,
  serveEveryoneSince,
  serviceDays,
} from "#attendance";
import { REASON_WORDS } from "#billing";
import { type ClosureReason, dayOfClass, type Service } from "#calendar";
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { staffMealsOn } from "#kitchen";
import { alert, chips, emptyState, linkList, stateBadge } from "#ui/components.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { askedDay, classPath, schoolReports, type SchoolTown, schoolTown } from "../school-day.ts";
import { schoolPage } from "../school-page.ts";
import { staffForm } from "./staff-meals.ts";

const f = formats("it");
const SHOWN_PAST_DAYS = 4;
const LOOK_BACK_DAYS = 14;

interface ServiceView {
  service: Service;
  classes: ClassOverview[];
  reports: boolean;
  closedSites: ReadonlySet<string>;
  staff: ReadonlyMap<string, number>;
}

/** `/scuola`: the classes that stay for lunch, and what is still to do. */
export async function classesPage(visit: Visit): Promise<Answer> {
  const { actor } = visit;
  const date = askedDay(visit, visit.query["giorno"]);
  if (!actor) return forbidden;
  if (!date) return notFound;
  const { town, views, since } = await visit.town.read(async (tx) => {
    const found = await schoolTown(tx, date);
    const shown: ServiceView[] = [];
    // One turn per service with meals, a handful in any town.
    for (const service of found.services) {
      const of = { serviceId: service.id, date };
      const classes = await classesOn(tx, { actor, ...of });
      if (classes.length === 0) continue;
      const days = await serviceDays(tx, { serviceId: service.id, from: date, to: date });
      const closed = days.filter(({ state }) => state !== "open").map(({ siteId }) => siteId);
      const staff = (await staffMealsOn(tx, of)).map((row) => [row.siteId, row.meals] as const);
      const reports = schoolReports(found, service, date);
      const sets = { closedSites: new Set(closed), staff: new Map(staff) };
      shown.push({ service, classes, reports, ...sets });
    }
    return { town: found, views: shown, since: await serveEveryoneSince(tx, date) };
  });
  const isToday = date.equals(visit.today);
  return schoolPage(visit, {
    current: "classes",
    h1: isToday
      ? `Oggi, ${f.day(date)}`
      : f.day(date).replace(/^./, (first) => first.toUpperCase()),
    ...(isToday ? {} : { back: { href: "/scuola", label: "Torna a oggi" } }),
    body: html`${since && serveEveryoneBanner()}${
      views.length === 0 &&
      emptyState({
        text: isToday ? "Oggi nessuna classe a mensa." : "In questo giorno nessuna classe a mensa.",
        icon: "it-calendar",
      })
    }${views.map((view) => serviceSection(visit, town, view, date, views.length > 1))}
    ${pastDays(visit, town, actor, date)}`,
  });
}

/** X-03, pages.md 2.2: the office's word for a bad day. */
export const serveEveryoneBanner = (): Html =>
  alert({
    tone: "warning",
    title: "Servi tutti: ogni bambino presente mangia. L'ufficio sistema dopo.",
  });

function serviceSection(
  visit: Visit,
  town: SchoolTown,
  view: ServiceView,
  date: Day,
  named: boolean,
): Html {
  const bySite = Map.groupBy(view.classes, ({ siteId }) => siteId);
  const waiting = view.reports ? view.classes.filter(isWaiting).length : 0;
  return html`${named && html`<h2 class="section-title">${view.service.name}</h2>`}${
    waiting > 0 &&
    html`<p class="lead-text">
      ${plural(waiting, "classe senza appello", "classi senza appello")}.
    </p>`
  }${[...bySite].map(([siteId, classes]) => {
    const { siteName } = classes[0]!;
    const closed = view.closedSites.has(siteId);
    const meals = view.staff.get(siteId) ?? 0;
    const site = { siteId, siteName, serviceCode: view.service.code, date, meals };
    return html`<section aria-label="${siteName}">
      <h2 class="section-title">${siteName}</h2>
      ${
        closed &&
        alert({ tone: "info", title: "Giornata chiusa: per correzioni chiedere all'ufficio." })
      }
      ${linkList(
        classes.map((row) => ({
          href: classPath(visit, { classId: row.classId, date, service: view.service, town }),
          label: html`${row.name} ${classState(row, view.reports)}`,
          note: classNote(row),
        })),
      )}
      ${!closed && date.equals(visit.today) && classes.some((row) => !row.closed) && staffForm(visit, site)}
    </section>`;
  })}`;
}

const isWaiting = (row: ClassOverview): boolean => !row.closed && !row.morning && !row.noon;

function classState(row: ClassOverview, reports: boolean): Html {
  if (row.closed) return stateBadge("closed", { size: "small" });
  const sent = row.noon ?? row.morning;
  if (sent)
    return stateBadge("present", {
      word: `Inviato alle ${f.time(sent.receivedAt)}`,
      size: "small",
    });
  return reports
    ? stateBadge("roll-call", { word: "Da fare", size: "small" })
    : stateBadge("present", { word: "Presenze automatiche", size: "small" });
}

function classNote(row: ClassOverview): string {
  if (row.closed) return `Mensa chiusa: ${closedReason(row.closed)}.`;
  const sent = row.noon ?? row.morning;
  if (!sent) return plural(row.expected, "atteso", "attesi");
  return `${plural(sent.presentCount, "pasto", "pasti")}, ${plural(sent.absentCount, "assente", "assenti")}`;
}

export const closedReason = (closed: { reason: string; note: string }): string =>
  closed.note.trim() || REASON_WORDS[closed.reason as ClosureReason];

/** Days before this one on which a class of this person stayed: until they are closed they can be corrected. */
function pastDays(visit: Visit, town: SchoolTown, actor: Actor, shown: Day): Html | null {
  const classes = [...town.calendar.classes.values()].filter((one) => mayMarkClass(actor, one));
  const stayed = (date: Day): boolean =>
    town.services.some(({ id }) =>
      classes.some((one) => {
        const day = dayOfClass(town.calendar, id, one, date);
        return day.running && day.session && !day.closure;
      }),
    );
  const days: Day[] = [];
  for (let back = 1; back <= LOOK_BACK_DAYS && days.length < SHOWN_PAST_DAYS; back += 1) {
    const date = visit.today.subtract({ days: back });
    if (stayed(date)) days.push(date);
  }
  if (days.length === 0) return null;
  return html`<h2 class="section-title">Giorni precedenti</h2>
    ${chips(
      "Giorni precedenti",
      days.map((date) => ({
        href: `/scuola?giorno=${date.toString()}`,
        label: f.day(date),
        current: date.equals(shown),
      })),
    )}`;
}
