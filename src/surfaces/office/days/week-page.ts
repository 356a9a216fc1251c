// SPDX-License-Identifier: EUPL-1.2
import { attendedOfDays, type ServiceDayRow, serviceDays } from "#attendance";
import { type DayFigures, figuresOfDays } from "#billing";
import { type ExpectedMeal, expectedMeals, isOrdered } from "#booking";
import { type Day, daysBetween, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { elided, formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { datedSettings } from "#tenancy";
import { actionForm, chips, dataTable, emptyState, linkButton, tag } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { capital } from "../words.ts";
import { dayPath, type DayScope, dayScope } from "./day-scope.ts";
import { type Silent, silentAlert, silentClasses, silentText } from "./silent-classes.ts";

interface SiteDay {
  readonly siteId: string;
  readonly name: string;
  readonly expected: number;
  readonly row: ServiceDayRow | undefined;
  readonly attended: number;
  readonly figures: DayFigures | undefined;
}

interface WeekDay {
  readonly date: Day;
  readonly sites: readonly SiteDay[];
  /** `Nessuna notizia da: 2A, 3B`: classes of open schools, up to today */
  readonly silent: Silent | null;
}

/** `/ufficio/giornate?dal=`: a week, day by day and school by school, with what was closed and charged. */
export async function weekPage(visit: Visit): Promise<Answer> {
  const asked = parseDay(visit.query["dal"]) ?? visit.today;
  const monday = asked.subtract({ days: asked.dayOfWeek - 1 });
  const read = await visit.town.read(async (tx) => {
    const of = { serviceId: visit.query["servizio"] ?? "", date: monday.toString() };
    const scope = await dayScope(tx, visit, of);
    return scope && { scope, week: await loadWeek(tx, scope, monday, visit.today) };
  });
  if (!read) return notFound;
  const { scope, week } = read;
  const f = formats("it");
  const link = (date: Day, serviceId = scope.service.id): string =>
    `/ufficio/giornate?dal=${date.toString()}&servizio=${serviceId}`;
  return officePage(
    visit,
    { current: "days" },
    {
      h1: "Giornate",
      lead: `${scope.service.name}, settimana ${elided(`dal ${f.dayAndMonth(monday)} al ${f.dayAndMonth(monday.add({ days: 6 }))} ${monday.add({ days: 6 }).year}`)}`,
      headActions: linkButton({
        href: `/ristorazione/mese?mese=${monday.toPlainYearMonth().toString()}`,
        label: "Pasti del mese",
      }),
      body: html`${
          scope.services.length > 1 &&
          chips(
            "Servizio",
            scope.services.map(({ id, name }) => ({
              label: name,
              href: link(monday, id),
              current: id === scope.service.id,
            })),
          )
        }
        <div class="button-row">
          ${linkButton({ href: link(monday.subtract({ days: 7 })), label: "Settimana prima", kind: "quiet", icon: "it-chevron-left" })}
          ${linkButton({ href: link(monday.add({ days: 7 })), label: "Settimana dopo", kind: "quiet" })}
        </div>
        ${
          week.every(({ sites }) => sites.length === 0)
            ? emptyState({ text: "In questa settimana il servizio non c'è." })
            : week.map((day) => daySection(visit, scope, day))
        }`,
    },
  );
}

async function loadWeek(tx: ReadTx, scope: DayScope, monday: Day, today: Day): Promise<WeekDay[]> {
  const settings = await datedSettings(tx);
  const serviceId = scope.service.id;
  const span = { serviceId, from: monday, to: monday.add({ days: 6 }) };
  const key = ({ siteId, date }: { siteId: string; date: Day }): string =>
    `${siteId}/${date.toString()}`;
  const rows = new Map((await serviceDays(tx, span)).map((row) => [key(row), row]));
  const figures = new Map((await figuresOfDays(tx, span)).map((row) => [key(row), row]));
  const attended = new Map((await attendedOfDays(tx, span)).map((row) => [key(row), row.attended]));
  const week: WeekDay[] = [];
  for (const date of daysBetween(span.from, span.to)) {
    // One look per day of the week, set-based.
    const meals = await expectedMeals(tx, { serviceId, date });
    const sites = [...Map.groupBy(meals.filter(isServed), ({ siteId }) => siteId)].map(
      ([siteId, served]) => {
        const at = key({ siteId, date });
        return {
          siteId,
          name: scope.calendar.sites.get(siteId)?.name ?? "",
          expected: served.filter(({ state }) => isOrdered(state)).length,
          row: rows.get(at),
          attended: attended.get(at) ?? 0,
          figures: figures.get(at),
        };
      },
    );
    const silent = isBefore(today, date)
      ? []
      : await silentClasses(tx, { ...scope, date, meals, settings });
    week.push({
      date,
      sites: sites.sort((a, b) => a.name.localeCompare(b.name, "it")),
      silent: silentText(silent, scope.calendar),
    });
  }
  return week;
}

const isServed = ({ day }: ExpectedMeal): boolean => day.kind === "service";

export const isClosed = (row: ServiceDayRow | undefined): boolean => row?.state === "closed";

export function stateTag(row: ServiceDayRow | undefined): Html {
  switch (row?.state) {
    case "closed":
      return tag(`Chiusa alle ${formats("it").time(row.changedAt)}`, "info");
    case "closing":
      return tag("Chiusura da completare", "warning");
    default:
      return tag("Aperta");
  }
}

function daySection(visit: Visit, scope: DayScope, { date, sites, silent }: WeekDay): Html | null {
  if (sites.length === 0) return null;
  const f = formats("it");
  const open = sites.filter(({ row }) => !isClosed(row));
  const mayClose = !isBefore(visit.today, date);
  const id = `giorno-${date.toString()}`;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}" class="section-title">${capital(f.dayFrom(date, visit.today))}</h2>
    ${dataTable({
      caption: `Scuole di ${f.day(date)}`,
      captionHidden: true,
      columns: [
        { label: "Scuola", header: true },
        { label: "Stato" },
        { label: "Attesi", align: "end" },
        { label: "Da addebitare", align: "end" },
        { label: "Addebitati", align: "end" },
        { label: "Gratuiti", align: "end" },
        { label: "Senza prezzo", align: "end" },
        { label: "Importo", align: "end" },
      ],
      rows: sites.map((site) => siteRow({ ...scope, date }, site)),
    })}
    ${
      mayClose &&
      open.length > 0 &&
      html`${silent && silentAlert(silent)}
        <div class="button-row">
          ${closeButton(
            visit,
            { ...scope, date },
            open.map(({ siteId }) => siteId),
            open.length === 1
              ? `Chiudi la giornata: ${open[0]!.name}`
              : `Chiudi la giornata di ${open.length} scuole`,
          )}
        </div>`
    }
  </section>`;
}

function siteRow(scope: DayScope, site: SiteDay): Content[] {
  const closed = isClosed(site.row);
  const { figures } = site;
  const number = (value: number | undefined): Content => (closed ? (value ?? 0) : "");
  return [
    html`<a href="${dayPath(scope, site.siteId)}">${site.name}</a>`,
    stateTag(site.row),
    site.expected,
    number(site.attended),
    number(figures?.charged),
    number(figures?.exempt),
    number(figures?.unpriced),
    closed ? formatEuro(figures?.totalCents ?? 0n) : "",
  ];
}

export const closeButton = (
  visit: Visit,
  scope: DayScope,
  siteIds: readonly string[],
  label: string,
  extra: Record<string, string> = {},
): Html =>
  actionForm({
    action: "/ufficio/giornate/chiudi",
    csrf: visit.csrf,
    key: visit.newKey(),
    label,
    kind: "secondary",
    fields: {
      servizio: scope.service.id,
      data: scope.date.toString(),
      scuole: siteIds.join(","),
      ...extra,
    },
  });
