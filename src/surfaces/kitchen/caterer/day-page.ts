// SPDX-License-Identifier: EUPL-1.2
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { writeCsv } from "#kernel/tabular/index.ts";
import type { SiteOrder } from "#kitchen";
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
import type { Visit } from "../../web/visit.ts";
import { daysAround, type KitchenScope, kitchenPath, kitchenScope } from "../kitchen-scope.ts";
import { countLines, currentLines } from "../order/counts.ts";
import { closedWord, signed, stateTexts } from "../order/order-words.ts";
import { CATERER_HOME, catererPage, noMealsPage } from "./caterer-page.ts";

const f = formats("it");

const path = (
  visit: Visit,
  scope: Pick<KitchenScope, "date" | "service" | "services">,
  page = "",
): string => kitchenPath(visit, scope, page, CATERER_HOME);

/** `/ristorazione`: the kitchen's order of a day as numbers by school (X-14). */
export async function catererDayPage(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null) return notFound;
  if (scope === "no-service") return noMealsPage(visit, "day");
  const { sites } = scope.order;
  const isToday = scope.date.equals(visit.today);
  const ordered = countLines(sites.flatMap(({ lines }) => lines));
  const now = countLines(sites.flatMap(currentLines));
  return catererPage(visit, "day", {
    wide: true,
    h1: isToday ? `Pasti di oggi, ${f.day(scope.date)}` : `Pasti di ${f.day(scope.date)}`,
    headActions: html`${printButton()}
    ${linkButton({ href: path(visit, scope, "/pasti.csv"), label: "Scarica CSV", icon: "it-download" })}`,
    body: html`${serviceChips(visit, scope)}${
      sites.length === 0
        ? emptyState({
            text: isToday ? "Oggi nessun pasto." : "In questo giorno nessun pasto.",
            icon: "it-calendar",
          })
        : html`<p class="lead-text order-state">
              ${stateTexts(sites, isToday).map((text) => html`<strong>${text}</strong> `)}
            </p>
            ${figures([
              {
                label: "Totale",
                value: ordered.total,
                tone: "strong",
                note: now.total === ordered.total ? null : `con le differenze ${now.total}`,
              },
              { label: "Normali", value: ordered.normal },
              { label: "In bianco", value: ordered.plain },
              { label: "Diete", value: ordered.diets },
              { label: "Adulti", value: ordered.staff },
            ])}
            ${siteTable(sites)}`
    }${dayLinks(visit, scope)}${printFooter(visit.now)}`,
  });
}

function siteTable(sites: readonly SiteOrder[]): Html {
  const all = countLines(sites.flatMap(({ lines }) => lines));
  return dataTable({
    caption: "Per plesso",
    columns: [
      { label: "Plesso", header: true },
      { label: "Normali", align: "end" },
      { label: "In bianco", align: "end" },
      { label: "Diete", align: "end" },
      { label: "Adulti", align: "end" },
      { label: "Totale", align: "end" },
      { label: "Dopo il blocco", align: "end" },
    ],
    rows: sites.map((site): Content[] => {
      const { normal, plain, diets, staff, total } = countLines(site.lines);
      const name = site.closed
        ? html`${site.site.name} <span class="quiet">${closedWord(site.closed)}</span>`
        : site.site.name;
      return [name, normal, plain, diets, staff, html`<strong>${total}</strong>`, changed(site)];
    }),
    foot: ["Totale", all.normal, all.plain, all.diets, all.staff, all.total, changedIn(sites)],
  });
}

/** `+1, -2`: what was added and what was taken away since the freeze; nothing before it. */
const changed = (site: SiteOrder): string => changedIn([site]);

function changedIn(sites: readonly SiteOrder[]): string {
  const changes = sites.flatMap(({ differences }) => differences.map(({ change }) => change));
  const plus = changes.reduce((sum, change) => sum + Math.max(0, change), 0);
  const minus = changes.reduce((sum, change) => sum + Math.min(0, change), 0);
  return [plus, minus]
    .filter((sum) => sum !== 0)
    .map(signed)
    .join(", ");
}

const serviceChips = (visit: Visit, scope: KitchenScope): Content =>
  scope.services.length > 1 &&
  chips(
    "Servizio",
    scope.services.map((service) => ({
      href: path(visit, { ...scope, service }),
      label: service.name,
      current: service.id === scope.service.id,
    })),
  );

function dayLinks(visit: Visit, scope: KitchenScope): Html {
  const { before, after } = daysAround(scope);
  const links = [before, after].flatMap((date) =>
    date ? [{ href: path(visit, { ...scope, date }), label: f.dayFrom(date, visit.today) }] : [],
  );
  return html`<div class="screen-only">
    <h2 class="section-title">Altri giorni</h2>
    ${chips("Altri giorni", links)}
  </div>`;
}

/** `/ristorazione/pasti.csv`: one line per school. */
export async function catererDayCsv(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null || scope === "no-service") return notFound;
  const { date, service, order } = scope;
  const rows = order.sites.map((site) => {
    const { normal, plain, diets, staff, total } = countLines(site.lines);
    const now = countLines(currentLines(site)).total;
    const state = site.frozen ? "bloccato" : site.closed ? "chiuso" : "provvisorio";
    const where = [date.toString(), service.name, site.site.name, state];
    return [...where, normal, plain, diets, staff, total, now - total, now];
  });
  const columns = ["giorno", "servizio", "plesso", "stato", "normali", "in bianco", "diete"];
  const sums = ["adulti", "totale", "differenza", "totale con differenze"];
  return {
    kind: "text",
    contentType: "text/csv; charset=utf-8",
    text: writeCsv([[...columns, ...sums], ...rows]),
    fileName: `pasti-${date.toString()}.csv`,
  };
}
