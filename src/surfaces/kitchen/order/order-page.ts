// SPDX-License-Identifier: EUPL-1.2
import { html, type Content, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { type SiteOrder, versionOf } from "#kitchen";
import {
  actionForm,
  alert,
  chips,
  dataTable,
  emptyState,
  figures,
  linkButton,
  liveRegion,
  stateBadge,
  tag,
} from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { kitchenPage, noServicePage } from "../kitchen-page.ts";
import { daysAround, type KitchenScope, kitchenPath, kitchenScope } from "../kitchen-scope.ts";
import { byClass, type Counts, countLines, currentLines } from "./counts.ts";
import { changesText, closedWord, orderTitle, stateTexts, totalText } from "./order-words.ts";

const f = formats("it");

/** `/cucina`: the total first, then each school; follows the server while it is open. */
export async function orderPage(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null) return notFound;
  if (scope === "no-service") return noServicePage(visit);
  const path = (page?: string): string => kitchenPath(visit, scope, page);
  const version = path("/versione");
  return kitchenPage(visit, scope, {
    current: "order",
    wide: true,
    h1: orderTitle(scope.date, visit.today),
    headActions: html`${linkButton({ href: path("/stampa"), label: "Stampa", icon: "it-print" })}
    ${linkButton({ href: path("/etichette"), label: "Etichette", icon: "it-print" })}
    ${linkButton({ href: path("/ordine.csv"), label: "Scarica CSV", icon: "it-download" })}`,
    body: html`${serviceChips(visit, scope)}${liveRegion({
      id: "ordine",
      versionUrl: version,
      version: versionOf(scope.order),
      body: orderBody(visit, scope),
    })}${dayLinks(visit, scope)}`,
  });
}

export const serviceChips = (visit: Visit, scope: KitchenScope): Content =>
  scope.services.length > 1 &&
  chips(
    "Servizio",
    scope.services.map((service) => ({
      href: kitchenPath(visit, { ...scope, service }),
      label: service.name,
      current: service.id === scope.service.id,
    })),
  );

function dayLinks(visit: Visit, scope: KitchenScope): Html {
  const { before, after } = daysAround(scope);
  const to = (date: Temporal.PlainDate | null) =>
    date && { href: kitchenPath(visit, { ...scope, date }), label: f.dayFrom(date, visit.today) };
  const links = [to(before), to(after)].filter((link) => link !== null);
  return html`<div class="screen-only">
    <h2 class="section-title">Altri giorni</h2>
    ${chips("Altri giorni", links)}
  </div>`;
}

function orderBody(visit: Visit, scope: KitchenScope): Html {
  const { sites } = scope.order;
  const ordered = countLines(sites.flatMap(({ lines }) => lines));
  const now = countLines(sites.flatMap(currentLines));
  if (ordered.total === 0 && now.total === 0) return nothing(visit, scope);
  const isToday = scope.date.equals(visit.today);
  const note = now.total === ordered.total ? null : `con le differenze ${now.total}`;
  return html`<p class="lead-text order-state">
      ${stateTexts(sites, isToday).map((text) => html`<strong>${text}</strong> `)}
    </p>
    <p class="visually-hidden" role="status">${totalText(ordered)}</p>
    ${figures([
      { label: "Totale", value: ordered.total, tone: "strong", note },
      { label: "Normali", value: ordered.normal },
      { label: "In bianco", value: ordered.plain },
      { label: "Diete", value: ordered.diets },
      ...(ordered.staff > 0 ? [{ label: "Adulti", value: ordered.staff }] : []),
    ])}
    ${changesAlert(visit, scope)}${waitingAlert(scope)}${siteTable(scope)}${classTables(scope)}`;
}

function nothing(visit: Visit, scope: KitchenScope): Html {
  const isToday = scope.date.equals(visit.today);
  return html`${emptyState({
    text: isToday ? "Oggi nessun pasto." : "In questo giorno nessun pasto.",
    icon: "it-calendar",
  })}${scope.order.sites.map(
    ({ site, closed }) =>
      closed && alert({ tone: "info", title: `${site.name}. ${closedWord(closed)}` }),
  )}`;
}

/** What changed since the freeze; the kitchen says that it has seen it, the office may look. */
export function changesAlert(visit: Visit, scope: KitchenScope, linked = true): Content {
  const { order, actor } = scope;
  const changes = order.sites.flatMap((site) => site.changes);
  if (changes.length === 0) return null;
  const title = changesText(changes, order.sites);
  const details =
    linked && html`<a href="${kitchenPath(visit, scope, "/differenze")}">Vedi le differenze</a>`;
  if (order.acknowledgement) {
    const { acknowledgedAt, acknowledgedBy } = order.acknowledgement;
    const seen = `Presa visione alle ${f.time(acknowledgedAt)}, ${acknowledgedBy}.`;
    return alert({ tone: "info", title, body: html`${seen} ${details}` });
  }
  return alert({
    tone: "warning",
    title,
    body: details,
    actions:
      actor.role === "kitchen" &&
      actionForm({
        action: "/cucina/presa-visione",
        csrf: visit.csrf,
        key: visit.newKey(),
        fields: {
          giorno: scope.date.toString(),
          servizio: scope.service.code,
          differenze: order.digest,
        },
        label: "Presa visione",
      }),
  });
}

/** Roll-call towns: classes that have not sent theirs are counted as booked. */
function waitingAlert(scope: KitchenScope): Content {
  const waiting = scope.order.sites.flatMap(({ site, waitingClassIds, lines }) => {
    const ids = new Set(waitingClassIds);
    const own = lines.filter(({ classId }) => classId !== null && ids.has(classId));
    const names = byClass(scope.calendar, own).map(({ name }) => name);
    return names.length === 0 ? [] : [`${site.name}: ${names.join(", ")}`];
  });
  if (waiting.length === 0) return null;
  return alert({
    tone: "info",
    title: "Classi senza appello, contate come previste",
    body: waiting.map((text) => html`<p>${text}</p>`),
  });
}

const dietTags = (counts: Counts): Content =>
  [...counts.byDiet].map(([code, meals]) => [tag(`${code} ×${meals}`), " "]);

const COLUMNS = [
  { label: "Normali", align: "end" },
  { label: "In bianco", align: "end" },
  { label: "Diete" },
  { label: "Adulti", align: "end" },
  { label: "Totale", align: "end" },
] as const;

/** An empty cell instead of a nought: what has to be cooked stands out. */
const orEmpty = (count: number): Content => (count === 0 ? "" : count);

const countCells = (counts: Counts): Content[] => [
  orEmpty(counts.normal),
  orEmpty(counts.plain),
  counts.byDiet.size === 0 ? "" : dietTags(counts),
  orEmpty(counts.staff),
  html`<strong>${counts.total}</strong>`,
];

export function siteTable(scope: KitchenScope): Html {
  const { sites } = scope.order;
  const row = ({ site, lines, closed, departure }: SiteOrder): Content[] => {
    const badge = closed && stateBadge("closed", { word: closedWord(closed), size: "small" });
    return closed && lines.length === 0
      ? [site.name, "", "", badge, "", 0, ""]
      : [
          badge ? [site.name, " ", badge] : site.name,
          ...countCells(countLines(lines)),
          departure ? timeOf(departure) : "",
        ];
  };
  const all = countLines(sites.flatMap(({ lines }) => lines));
  return dataTable({
    caption: "Per plesso",
    columns: [{ label: "Plesso", header: true }, ...COLUMNS, { label: "Partenza", align: "end" }],
    rows: sites.map(row),
    foot: ["Totale", all.normal, all.plain, all.diets, orEmpty(all.staff), all.total, ""],
  });
}

const timeOf = (departure: string): string => f.time(Temporal.PlainTime.from(departure));

export const classTable = (scope: KitchenScope, { site, lines }: SiteOrder): Html =>
  dataTable({
    caption: `Per classe, ${site.name}`,
    columns: [{ label: "Classe", header: true }, ...COLUMNS],
    rows: byClass(scope.calendar, lines).map((group) => [
      group.name,
      ...countCells(countLines(group.lines)),
    ]),
  });

function classTables(scope: KitchenScope): Content {
  const sites = scope.order.sites.filter(({ lines }) => lines.length > 0);
  if (sites.length === 0) return null;
  return sites.map((site) => classTable(scope, site));
}
