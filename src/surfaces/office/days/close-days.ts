// SPDX-License-Identifier: EUPL-1.2
import { type ClosedDay, closeDay } from "#billing";
import { type SchoolSite, className } from "#calendar";
import { isBefore } from "#kernel/dates.ts";
import { html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { alert } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { dayPath, type DayScope, dayScope } from "./day-scope.ts";
import { closeButton } from "./week-page.ts";

const MOST_SITES = 200;

/** Closes a day at one or more schools. Each school by itself: one that cannot close stops no other. */
export async function closeDays(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  const of = { serviceId: fields.text("servizio"), date: fields.text("data") };
  const scope = await visit.town.read((tx) => dayScope(tx, visit, of));
  if (!scope || !actor || isBefore(visit.today, scope.date)) return notFound;
  const sites = fields
    .text("scuole")
    .split(",")
    .slice(0, MOST_SITES)
    .map((id) => scope.calendar.sites.get(id))
    .filter((site) => site !== undefined);
  if (sites.length === 0) return notFound;
  const acceptMissing = fields.text("senza-appello") === "1";
  const results: { site: SchoolSite; result: ClosedDay }[] = [];
  for (const site of sites) {
    const day = { serviceId: scope.service.id, siteId: site.id, date: scope.date };
    const result = await closeDay(visit.town, { ...day, by: actor.name, now, acceptMissing });
    results.push({ site, result });
  }
  const missing = results.flatMap(({ site, result }) =>
    result.outcome === "roll-call-missing" ? [{ site, classIds: result.classIds }] : [],
  );
  if (missing.length > 0) return withStatus(409, missingPage(visit, scope, missing));
  const [only] = sites;
  const back =
    sites.length === 1 && only
      ? dayPath(scope, only.id)
      : `/ufficio/giornate?dal=${scope.date.toString()}&servizio=${scope.service.id}`;
  return seeOther(back, doneText(results.map(({ result }) => result)));
}

function doneText(results: readonly ClosedDay[]): string {
  const closed = results.filter((result) => result.outcome === "closed");
  const early = results.find((result) => result.outcome === "too-early");
  if (closed.length === 0 && early)
    return `Troppo presto: la giornata si può ancora cambiare fino alle ${formats("it").time(early.from)}.`;
  if (closed.length === 0)
    return "Nessuna giornata da chiudere: erano già chiuse, o senza servizio.";
  const sum = (pick: (result: (typeof closed)[number]) => number): number =>
    closed.reduce((total, result) => total + pick(result), 0);
  const cents = closed.reduce((total: Cents, { totalCents }) => total + totalCents, 0n);
  const unpriced = sum((one) => one.unpriced);
  const lacking = unpriced === 0 ? "" : ` Senza prezzo: ${unpriced}, nell'elenco «Da sistemare».`;
  const days = plural(closed.length, "giornata chiusa", "giornate chiuse");
  const meals = plural(
    sum((one) => one.attended),
    "pasto",
    "pasti",
  );
  return `${days}: ${meals}, ${formatEuro(cents)} addebitati.${lacking}`;
}

function missingPage(
  visit: Visit,
  scope: DayScope,
  missing: readonly { site: SchoolSite; classIds: readonly string[] }[],
) {
  const lines = missing.map(({ site, classIds }) => {
    const names = classIds
      .map((id) => scope.calendar.classes.get(id))
      .filter((one) => one !== undefined)
      .map(className);
    return `${site.name}: ${formats("it").list(names)}`;
  });
  return officePage(
    visit,
    { current: "days" },
    {
      h1: "Manca l'appello di qualche classe",
      lead: formats("it").dayFrom(scope.date, visit.today),
      back: {
        href: `/ufficio/giornate?dal=${scope.date.toString()}&servizio=${scope.service.id}`,
        label: "Giornate",
      },
      wide: false,
      body: html`${alert({
          tone: "warning",
          title: "Queste scuole non sono state chiuse",
          body: html`<ul>
            ${lines.map((line) => html`<li>${line}</li>`)}
          </ul>`,
        })}
        <p>
          Chiudendo comunque, i bambini di queste classi non vengono addebitati. Con l'appello,
          inviato anche dopo, la giornata si può riaprire.
        </p>
        ${closeButton(
          visit,
          scope,
          missing.map(({ site }) => site.id),
          "Chiudi comunque, senza addebiti per queste classi",
          { "senza-appello": "1" },
        )}`,
    },
  );
}
