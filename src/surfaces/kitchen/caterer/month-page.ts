// SPDX-License-Identifier: EUPL-1.2
import { type Service, townCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { writeCsv } from "#kernel/tabular/index.ts";
import { type DayMeals, mealsOfMonth, sumMeals } from "#kitchen";
import { datedSettings } from "#tenancy";
import {
  chips,
  dataTable,
  emptyState,
  figures,
  linkButton,
  printButton,
  printFooter,
} from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { mealServices, ownSites } from "../kitchen-scope.ts";
import { CATERER_HOME, catererPage, noMealsPage } from "./caterer-page.ts";

const f = formats("it");
const MONTH_PAGE = `${CATERER_HOME}/mese`;

interface MonthScope {
  services: Service[];
  service: Service;
  /** its first day */
  month: Day;
  /** those of this visitor alone, of them the one asked for */
  sites: { id: string; name: string; days: DayMeals[] }[];
  /** the school asked for: its days instead of all schools' sums */
  chosen: string | null;
}

/** `null`: no such month, service or school; `no-service`: a town without meals. */
async function monthScope(visit: Visit): Promise<MonthScope | "no-service" | null> {
  const { actor, today, query } = visit;
  const month = query["mese"] ? parseDay(`${query["mese"]}-01`) : today.with({ day: 1 });
  if (!actor || !month) return null;
  const to = month.add({ months: 1 }).subtract({ days: 1 });
  return visit.town.read(async (tx) => {
    const calendar = await townCalendar(tx);
    const services = mealServices(calendar, await datedSettings(tx), to);
    if (services.length === 0) return "no-service";
    const asked = query["servizio"];
    const service = asked ? services.find(({ code }) => code === asked) : services[0];
    if (!service) return null;
    const own = ownSites(actor);
    const mine = [...calendar.sites.values()].filter(({ id }) => !own || own.includes(id));
    const chosen = query["plesso"] ?? null;
    const sites = mine.filter(({ id }) => chosen === null || id === chosen);
    if (chosen !== null && sites.length === 0) return null;
    const siteIds = sites.map(({ id }) => id);
    const days = await mealsOfMonth(tx, { serviceId: service.id, siteIds, from: month, to });
    const bySite = Map.groupBy(days, ({ siteId }) => siteId);
    return {
      ...{ services, service, month, chosen },
      sites: sites
        .flatMap(({ id, name }) => (bySite.has(id) ? [{ id, name, days: bySite.get(id)! }] : []))
        .toSorted((a, b) => a.name.localeCompare(b.name, "it")),
    };
  });
}

function path(
  scope: MonthScope,
  of: { month?: Day; service?: Service; chosen?: string | null; csv?: true } = {},
): string {
  const { month = scope.month, service = scope.service, chosen = scope.chosen } = of;
  const query = new URLSearchParams({ mese: month.toPlainYearMonth().toString() });
  if (service.id !== scope.services[0]?.id) query.set("servizio", service.code);
  if (chosen) query.set("plesso", chosen);
  return `${MONTH_PAGE}${of.csv ? ".csv" : ""}?${query.toString()}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `/ristorazione/mese?mese=2026-11`: ordered and served, by school, one school by day: what the invoice is checked against. */
export async function catererMonthPage(visit: Visit): Promise<Answer> {
  const scope = await monthScope(visit);
  if (scope === null) return notFound;
  if (scope === "no-service") return noMealsPage(visit, "month");
  const { month, sites } = scope;
  return catererPage(visit, "month", {
    wide: true,
    h1: `Pasti di ${f.month(month)}`,
    ...(scope.chosen
      ? { back: { href: path(scope, { chosen: null }), label: "Tutti i plessi" } }
      : {}),
    lead: "Ordinati: l'ordine bloccato di ogni giorno. Serviti: le presenze delle giornate chiuse. Senza nomi, diete e prezzi.",
    headActions: html`${printButton()}
    ${linkButton({ href: path(scope, { csv: true }), label: "Scarica CSV", icon: "it-download" })}`,
    body: html`${serviceChips(scope)}${monthLinks(visit, scope)}${
      sites.length === 0
        ? emptyState({ text: `Nessun pasto in ${f.month(month)}.`, icon: "it-calendar" })
        : html`${totals(sites)}${sites.length === 1 ? dayTable(sites[0]!) : siteTable(scope)}`
    }${printFooter(visit.now)}`,
  });
}

const serviceChips = (scope: MonthScope): Content =>
  scope.services.length > 1 &&
  chips(
    "Servizio",
    scope.services.map((service) => ({
      href: path(scope, { service }),
      label: service.name,
      current: service.id === scope.service.id,
    })),
  );

function monthLinks(visit: Visit, scope: MonthScope): Html {
  const before = scope.month.subtract({ months: 1 });
  const after = scope.month.add({ months: 1 });
  const isPast = Temporal.PlainDate.compare(after, visit.today) <= 0;
  return html`<div class="button-row screen-only">
    ${linkButton({ href: path(scope, { month: before }), label: capital(f.month(before)), kind: "quiet", icon: "it-chevron-left" })}
    ${isPast && linkButton({ href: path(scope, { month: after }), label: capital(f.month(after)), kind: "quiet" })}
  </div>`;
}

const NUMBERS = [
  { label: "Ordinati, bambini", align: "end" },
  { label: "Ordinati, adulti", align: "end" },
  { label: "Serviti, bambini", align: "end" },
  { label: "Serviti, adulti", align: "end" },
] as const;

function sumCells(days: readonly DayMeals[]): Content[] {
  const { ordered, served } = sumMeals(days);
  return [ordered.children, ordered.adults, served.children, served.adults].map((sum) =>
    f.number(sum),
  );
}

function totals(sites: MonthScope["sites"]): Html {
  const { ordered, served, open } = sumMeals(sites.flatMap(({ days }) => days));
  return figures([
    { label: "Ordinati", value: f.number(ordered.children + ordered.adults), tone: "strong" },
    {
      label: "Serviti",
      value: f.number(served.children + served.adults),
      note: open > 0 ? `${plural(open, "giornata", "giornate")} ancora da chiudere` : null,
    },
  ]);
}

const siteTable = (scope: MonthScope): Html =>
  dataTable({
    caption: "Per plesso",
    columns: [{ label: "Plesso", header: true }, ...NUMBERS],
    rows: scope.sites.map(({ id, name, days }) => [
      html`<a href="${path(scope, { chosen: id })}">${name}</a>`,
      ...sumCells(days),
    ]),
    foot: ["Totale", ...sumCells(scope.sites.flatMap(({ days }) => days))],
  });

const dayTable = ({ name, days }: MonthScope["sites"][number]): Html =>
  dataTable({
    caption: name,
    columns: [{ label: "Giorno", header: true }, ...NUMBERS],
    rows: days.map(({ date, ordered, served }) => [
      capital(f.day(date)),
      ordered?.children ?? "",
      ordered?.adults ?? "",
      served?.children ?? html`<span class="quiet">da chiudere</span>`,
      served?.adults ?? "",
    ]),
    foot: ["Totale", ...sumCells(days)],
  });

/** `/ristorazione/mese.csv`: one line per school and day. */
export async function catererMonthCsv(visit: Visit): Promise<Answer> {
  const scope = await monthScope(visit);
  if (scope === null || scope === "no-service") return notFound;
  const { service, sites, month } = scope;
  const rows = sites.flatMap(({ name, days }) =>
    days.map(({ date, ordered, served }) => {
      const sums = [ordered, served].flatMap((meals) => [
        meals?.children ?? "",
        meals?.adults ?? "",
      ]);
      const state = served ? "chiusa" : "da chiudere";
      return [date.toString(), service.name, name, state, ...sums];
    }),
  );
  const head = ["giorno", "servizio", "plesso", "giornata", "ordinati bambini", "ordinati adulti"];
  return {
    kind: "text",
    contentType: "text/csv; charset=utf-8",
    text: writeCsv([[...head, "serviti bambini", "serviti adulti"], ...rows]),
    fileName: `pasti-${month.toPlainYearMonth().toString()}.csv`,
  };
}
