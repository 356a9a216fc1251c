// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { writeCsv } from "#kernel/tabular/index.ts";
import {
  dataTable,
  emptyState,
  printButton,
  printFooter,
  printHeader,
  printSheet,
} from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { kitchenPage, noServicePage } from "../kitchen-page.ts";
import { type KitchenScope, kitchenPath, kitchenScope } from "../kitchen-scope.ts";
import { countLines, currentLines, lineClass } from "./counts.ts";
import { classTable, siteTable } from "./order-page.ts";
import { causeWord, closedWord, mealWord, signed, stateTexts, totalText } from "./order-words.ts";

const f = formats("it");

/** `/cucina/stampa`: the order on A4: the whole first, then one sheet per school. */
export async function printPage(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null) return notFound;
  if (scope === "no-service") return noServicePage(visit);
  const sites = scope.order.sites.filter(({ lines }) => lines.length > 0);
  const total = countLines(scope.order.sites.flatMap(({ lines }) => lines));
  const state = stateTexts(scope.order.sites, scope.date.equals(visit.today)).join("; ");
  return kitchenPage(visit, scope, {
    current: "order",
    h1: "Ordine da stampare",
    print: true,
    back: { href: kitchenPath(visit, scope), label: "Torna all'ordine" },
    body: html`<div class="button-row screen-only">${printButton()}</div>
      ${printSheet(
        html`${head(visit, scope, "Ordine")}
          <p><strong>${totalText(total)}</strong></p>
          <p>${state}</p>
          ${
            total.total === 0
              ? emptyState({ text: "Nessun pasto.", icon: "it-calendar" })
              : siteTable(scope)
          }${changesTable(scope)}${printFooter(visit.now)}`,
      )}
      ${sites.map((site) =>
        printSheet(
          html`${head(visit, scope, site.site.name)}
            <p><strong>${totalText(countLines(site.lines))}</strong></p>
            ${site.closed && html`<p><strong>${closedWord(site.closed)}</strong></p>`}
            ${classTable(scope, site)}${printFooter(visit.now)}`,
        ),
      )}`,
  });
}

const head = (visit: Visit, scope: KitchenScope, title: string): Html =>
  printHeader({
    town: visit.townSettings.town.name,
    office: scope.service.name,
    title: `${title}, ${f.dayWithYear(scope.date)}`,
  });

function changesTable(scope: KitchenScope): Html | null {
  const rows = scope.order.sites.flatMap(({ site, changes }) =>
    changes.map((change) => [
      site.name,
      lineClass(scope.calendar, change),
      mealWord(change),
      signed(change.change),
      change.at ? f.time(change.at) : "",
      causeWord(change.cause),
    ]),
  );
  if (rows.length === 0) return null;
  return dataTable({
    caption: "Differenze dopo il blocco",
    phone: "scroll",
    columns: [
      { label: "Plesso", header: true },
      { label: "Classe" },
      { label: "Pasto" },
      { label: "Pasti", align: "end" },
      { label: "Ora", align: "end" },
      { label: "Motivo" },
    ],
    rows,
  });
}

/** `/cucina/ordine.csv`: one line per school, class, meal and diet code: as frozen, the difference, as it stands. */
export async function orderCsv(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null || scope === "no-service") return notFound;
  const { calendar, date, service } = scope;
  const rows = scope.order.sites.flatMap((site) => {
    const shown = [...site.lines, ...site.differences, ...currentLines(site)];
    const keys = [...new Set(shown.map(keyOf))].sort();
    return keys.map((key) => {
      const line = shown.find((one) => keyOf(one) === key)!;
      const ordered = site.lines.find((one) => keyOf(one) === key)?.meals ?? 0;
      const change = site.differences.find((one) => keyOf(one) === key)?.change ?? 0;
      const where = [date.toString(), service.name, site.site.name, lineClass(calendar, line)];
      return [...where, mealWord(line), line.dietCode, ordered, change, ordered + change];
    });
  });
  const columns = ["giorno", "servizio", "plesso", "classe", "pasto", "dieta"];
  const numbers = ["ordine", "differenza", "totale"];
  return {
    kind: "text",
    contentType: "text/csv; charset=utf-8",
    text: writeCsv([[...columns, ...numbers], ...rows]),
    fileName: `ordine-${date.toString()}.csv`,
  };
}

const keyOf = (line: { classId: string | null; meal: string; dietCode: string }): string =>
  [line.classId ?? "", line.meal, line.dietCode].join("/");
