// SPDX-License-Identifier: EUPL-1.2
import { mayMarkClass } from "#attendance";
import { type ExpectedMeal, expectedMeals, isOrdered } from "#booking";
import { className, dayOfClass, firstDay, type SchoolClass, type Service } from "#calendar";
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  chips,
  dataTable,
  emptyState,
  printButton,
  printFooter,
  printHeader,
  printSheet,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { nameOf, type SchoolTown, schoolTown } from "../school-day.ts";
import { schoolPage } from "../school-page.ts";

const f = formats("it");
const LOOK_AHEAD_DAYS = 120;
/** rows for names written by hand when the network is down */
const EMPTY_ROWS = 3;

/** `/scuola/fogli`: one blank sheet per class; `/scuola/{classe}/foglio`: one class. Printed the evening before. */
export async function sheetsPage(visit: Visit): Promise<Answer> {
  const { actor, params, query, today } = visit;
  if (!actor) return forbidden;
  const only = params["classId"];
  const given = query["giorno"];
  const asked = given ? parseDay(given) : null;
  if ((only !== undefined && !isUuid(only)) || (given && !asked)) return notFound;
  const found = await visit.town.read(async (tx) => {
    const town = await schoolTown(tx, asked ?? today);
    const service = query["servizio"]
      ? town.services.find(({ code }) => code === query["servizio"])
      : town.services[0];
    if (!service) return town.services.length === 0 ? ("no-service" as const) : notFound;
    const own = [...town.calendar.classes.values()].filter((one) => mayMarkClass(actor, one));
    const classes = only === undefined ? own : own.filter(({ id }) => id === only);
    if (only !== undefined && classes.length === 0)
      return town.calendar.classes.has(only) ? forbidden : notFound;
    const date = asked ?? nextDay(town, service, classes, today);
    const meals = date
      ? await expectedMeals(tx, { serviceId: service.id, date, classId: only })
      : [];
    return { town, service, classes, date, meals };
  });
  if (found === "no-service") return emptyPage(visit);
  if ("kind" in found) return found;
  return show(visit, actor, found);
}

/** The first day after today on which one of the classes stays: tomorrow, or Monday. */
function nextDay(
  town: SchoolTown,
  service: Service,
  classes: readonly SchoolClass[],
  today: Day,
): Day | null {
  const stays = (date: Day): boolean =>
    classes.some((one) => {
      const day = dayOfClass(town.calendar, service.id, one, date);
      return day.running && day.session && !day.closure;
    });
  return firstDay(today.add({ days: 1 }), today.add({ days: LOOK_AHEAD_DAYS }), stays);
}

const emptyPage = (visit: Visit): Answer =>
  schoolPage(visit, {
    current: "sheets",
    h1: "Fogli da stampare",
    body: emptyState({ text: "Nessun servizio con i pasti.", icon: "it-calendar" }),
  });

interface Found {
  town: SchoolTown;
  service: Service;
  classes: SchoolClass[];
  date: Day | null;
  meals: ExpectedMeal[];
}

function show(visit: Visit, actor: Actor, found: Found): Answer {
  const { date, service, town } = found;
  const byClass = Map.groupBy(
    found.meals.filter(({ day }) => day.kind === "service"),
    ({ classId }) => classId,
  );
  const sheets = found.classes
    .filter(({ id }) => byClass.has(id) && mayMarkClass(actor, { id, siteId: siteOf(town, id) }))
    .toSorted((a, b) => orderOf(town, a).localeCompare(orderOf(town, b), "it", { numeric: true }));
  const dayText = date ? f.dayWithYear(date) : "";
  return schoolPage(visit, {
    current: "sheets",
    h1: sheets.length === 1 ? "Foglio di classe" : "Fogli di classe",
    print: true,
    back: { href: "/scuola", label: "Tutte le classi" },
    body: html`<div class="button-row screen-only">${sheets.length > 0 && printButton()}</div>
      ${chips("Giorno", dayLinks(visit, found))}${
        town.services.length > 1 &&
        chips(
          "Servizio",
          town.services.map((one) => ({
            href: `?servizio=${encodeURIComponent(one.code)}`,
            label: one.name,
            current: one.id === service.id,
          })),
        )
      }${
        sheets.length === 0 &&
        emptyState({ text: "Nessuna classe si ferma a mensa.", icon: "it-calendar" })
      }${sheets.map((one) => sheet(visit, town, one, byClass.get(one.id) ?? [], dayText))}`,
  });
}

/** Today, and the next day on which a class stays. */
function dayLinks(visit: Visit, found: Found): { href: string; label: string; current: boolean }[] {
  const { town, service, classes, date } = found;
  const days = [visit.today, nextDay(town, service, classes, visit.today)];
  return days
    .filter((one) => one !== null)
    .map((one) => ({
      href: `?giorno=${one.toString()}&servizio=${encodeURIComponent(service.code)}`,
      label: capital(f.dayFrom(one, visit.today)),
      current: date?.equals(one) ?? false,
    }));
}

const capital = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());
const siteOf = (town: SchoolTown, classId: string): string =>
  town.calendar.classes.get(classId)?.siteId ?? "";
const orderOf = (town: SchoolTown, one: SchoolClass): string =>
  `${town.calendar.sites.get(one.siteId)?.name ?? ""} ${className(one)}`;

function sheet(
  visit: Visit,
  town: SchoolTown,
  schoolClass: SchoolClass,
  meals: readonly ExpectedMeal[],
  dayText: string,
): Html {
  const site = town.calendar.sites.get(schoolClass.siteId)?.name ?? "";
  const name = `${className(schoolClass)}, ${site}`;
  const tick = html`<span class="tick"></span>`;
  return printSheet(
    html`<section class="class-sheet" aria-label="${name}">
      ${printHeader({
        town: visit.townSettings.town.name,
        office: visit.townSettings.office.name,
        title: `${name}, ${dayText}`,
      })}
      ${dataTable({
        caption: `${name}: attesi ${meals.filter(({ state }) => isOrdered(state)).length}`,
        phone: "scroll",
        columns: [
          // Heads repeat on every page: each says whose it is.
          { label: `Bambino · ${name}`, header: true },
          { label: "Pasto" },
          { label: "Presente" },
          { label: "Assente" },
        ],
        rows: [
          ...meals.map((meal) => [nameOf(meal), mealText(meal), tick, tick]),
          ...Array.from({ length: EMPTY_ROWS }, () => ["Fuori lista:", "", tick, tick]),
        ],
      })}
      ${printFooter(visit.now)}
    </section>`,
  );
}

/** Codes only; a child cancelled in time is on the sheet too, with the word. */
function mealText(meal: ExpectedMeal): string {
  const diet = meal.dietCode === "" ? "" : `Dieta ${meal.dietCode}`;
  if (meal.state === "cancelled") return "Disdetto";
  if (meal.state === "not-booked") return "Non prenotato";
  const kind = meal.state === "plain" ? "In bianco" : "Normale";
  return diet === "" ? kind : meal.state === "plain" ? `${kind}, ${diet}` : diet;
}
