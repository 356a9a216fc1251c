// SPDX-License-Identifier: EUPL-1.2
import {
  className,
  type ClassSession,
  type Service,
  serviceDay,
  type TownCalendar,
  townCalendar,
} from "#calendar";
import { schedulesOf } from "#enrolment";
import { type FoundPerson, person, searchPeople } from "#families";
import { type Day, daysBetween, isBefore, isWithin, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { type DatedSettings, datedSettings } from "#tenancy";
import {
  card,
  chips,
  dataTable,
  definitionList,
  emptyState,
  form,
  linkList,
  textField,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import {
  capital,
  dailyServices,
  LEVEL_WORDS,
  placeText,
  reasonText,
  serviceName,
  spanText,
  weekdaysText,
} from "../words.ts";
import { yearGrid } from "./year-grid.ts";

const f = formats("it");

interface Loaded {
  readonly calendar: TownCalendar;
  readonly services: readonly Service[];
  readonly service: Service | undefined;
  readonly trial: Trial | null;
  readonly found: readonly FoundPerson[];
}

interface Trial {
  readonly name: string;
  readonly days: readonly { date: Day; text: string }[];
  readonly weekdays: string;
}

/** `/ufficio/calendario`: the year, its periods, closures and rientri, and a trial: on which days does a child stay? */
export async function calendarPage(visit: Visit): Promise<Answer> {
  const q = (visit.query["prova"] ?? "").trim().slice(0, 100);
  const loaded = await visit.town.read((tx) => load(tx, visit, q));
  const { calendar, services, service, trial, found } = loaded;
  if (!service)
    return officePage(
      visit,
      { current: "calendar" },
      { h1: "Calendario", body: emptyState({ text: "Nessun servizio giornaliero configurato." }) },
    );
  const year = calendar.years.find((one) => one.year === schoolYearOf(visit.today));
  return officePage(
    visit,
    { current: "calendar" },
    {
      h1: "Calendario",
      lead: year
        ? `${service.name}, anno scolastico ${year.year}/${year.year + 1}: lezioni ${spanText(year.startsOn, year.endsOn)}`
        : service.name,
      body: html`${
          services.length > 1 &&
          chips(
            "Servizio",
            services.map(({ id, name }) => ({
              label: name,
              href: `/ufficio/calendario?servizio=${id}`,
              current: id === service.id,
            })),
          )
        }
        ${trialCard(service, q, trial, found)}
        ${year && yearGrid(calendar, service, year, visit.today)}
        <div class="columns">
          <div>${rientri(calendar, service, schoolYearOf(visit.today), visit.today)}</div>
          <div>
            ${periods(calendar, service, schoolYearOf(visit.today))}${closures(calendar, visit.today)}
          </div>
        </div>`,
    },
  );
}

async function load(tx: ReadTx, visit: Visit, q: string): Promise<Loaded> {
  const calendar = await townCalendar(tx);
  const settings: DatedSettings = await datedSettings(tx);
  const services = dailyServices(calendar, settings, visit.today);
  const service = services.find(({ id }) => id === visit.query["servizio"]) ?? services[0];
  const childId = visit.query["bambino"] ?? "";
  const trial = service && isUuid(childId) ? await tryChild(tx, visit, service, childId) : null;
  const found =
    q === "" ? [] : (await searchPeople(tx, { text: q, limit: 10, date: visit.today })).children;
  return { calendar, services, service, trial, found };
}

/** The next four weeks of one child, by the same rule that books and charges. */
async function tryChild(
  tx: ReadTx,
  visit: Visit,
  service: Service,
  childId: string,
): Promise<Trial | null> {
  const child = await person(tx, childId);
  if (child?.kind !== "child") return null;
  const calendar = await townCalendar(tx);
  const [schedule] = await schedulesOf(tx, { childIds: [childId], serviceId: service.id });
  const name = `${child.givenName} ${child.surname}`;
  if (!schedule) return { name, days: [], weekdays: "non è in nessun elenco di questo servizio" };
  const { today } = visit;
  const days = [...daysBetween(today, today.add({ days: 27 }))].flatMap((date) => {
    const day = serviceDay(calendar, schedule, date);
    if (day.kind === "service") return [{ date, text: "servizio" }];
    return day.kind === "closed" ? [{ date, text: `chiuso: ${reasonText(day)}` }] : [];
  });
  const own = schedule.enrolments.find(({ from, to }) => isWithin(today, from, to))?.weekdays;
  return {
    name,
    days,
    weekdays:
      own === null || own === undefined ? "come la classe" : `giorni scelti: ${weekdaysText(own)}`,
  };
}

function trialCard(
  service: Service,
  q: string,
  trial: Trial | null,
  found: readonly FoundPerson[],
): Html {
  return card({
    title: "Prova: che giorni ha?",
    body: html`${form({
      action: "/ufficio/calendario",
      method: "get",
      fields: { servizio: service.id },
      body: textField({
        name: "prova",
        label: "Cognome e nome del bambino",
        value: q,
        maxlength: 100,
      }),
      submit: { label: "Cerca il bambino", kind: "secondary" },
    })}
    ${q !== "" && found.length === 0 && emptyState({ text: "Nessun bambino con questo nome." })}
    ${
      found.length > 0 &&
      linkList(
        found.map(({ id, surname, givenName, birthDate }) => ({
          href: `/ufficio/calendario?servizio=${service.id}&bambino=${id}`,
          label: `${surname} ${givenName}`,
          note: birthDate ? `nascita ${f.shortDay(birthDate)}` : "",
        })),
      )
    }
    ${trial && trialResult(trial)}`,
  });
}

const trialResult = (trial: Trial): Html =>
  html`<h3>${trial.name}: ${trial.weekdays}</h3>
    ${
      trial.days.length === 0
        ? html`<p>Nelle prossime quattro settimane nessun giorno di servizio.</p>`
        : html`<ul>
            ${trial.days.map(({ date, text }) => html`<li>${f.day(date)}: ${text}</li>`)}
          </ul>`
    }`;

function rientri(calendar: TownCalendar, service: Service, year: number, today: Day): Html {
  const classes = [...calendar.classes.values()]
    .filter((one) => one.year === year)
    .map((one) => ({
      name: className(one),
      site: calendar.sites.get(one.siteId)?.name ?? "",
      sessions: calendar.sessions.get(`${service.id}:${one.id}`) ?? [],
    }))
    .filter(({ sessions }) => sessions.length > 0)
    .sort((a, b) => a.site.localeCompare(b.site, "it") || a.name.localeCompare(b.name, "it"));
  return html`<h2>Rientri per classe</h2>
    ${
      classes.length === 0
        ? html`<p>Tutte le classi seguono i giorni del periodo.</p>`
        : dataTable({
            caption: "Rientri per classe",
            captionHidden: true,
            columns: [{ label: "Classe", header: true }, { label: "Scuola" }, { label: "Giorni" }],
            rows: classes.map(({ name, site, sessions }) => [
              name,
              site,
              sessionText(sessions, today),
            ]),
          })
    }`;
}

function sessionText(sessions: readonly ClassSession[], today: Day): string {
  const now = sessions.find(({ from, to }) => isWithin(today, from, to)) ?? sessions[0];
  if (!now) return "";
  const days = weekdaysText(now.weekdays);
  return now.weekdaysB === null
    ? days
    : `settimane alterne: ${days}; poi ${weekdaysText(now.weekdaysB)}`;
}

function periods(calendar: TownCalendar, service: Service, year: number): Html {
  const rows = calendar.periods.filter((one) => one.serviceId === service.id && one.year === year);
  return card({
    title: "Periodi del servizio",
    body:
      rows.length === 0
        ? html`<p>Nessun periodo per quest'anno.</p>`
        : definitionList(
            rows.map((row) => ({
              label: row.siteId
                ? (calendar.sites.get(row.siteId)?.name ?? "")
                : row.level
                  ? capital(LEVEL_WORDS[row.level])
                  : "Tutte le scuole",
              value: `${spanText(row.startsOn, row.endsOn)}, ${weekdaysText(row.weekdays)}`,
            })),
          ),
  });
}

function closures(calendar: TownCalendar, today: Day): Html {
  const rows = calendar.closures
    .filter(({ to }) => !isBefore(to, today))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  return card({
    title: "Prossime chiusure",
    body:
      rows.length === 0
        ? html`<p>Nessuna chiusura in programma.</p>`
        : definitionList(
            rows.map((row) => ({
              label: capital(spanText(row.from, row.to)),
              value: `${placeText(calendar, row)}${row.serviceId ? `, ${serviceName(calendar, row.serviceId).toLowerCase()}` : ""}: ${reasonText(row)}`,
            })),
          ),
    actions: html`<a href="/ufficio/chiusure">Tutte le chiusure</a>`,
  });
}
