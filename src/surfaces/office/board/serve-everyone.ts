// SPDX-License-Identifier: EUPL-1.2
import { switchServeEveryone } from "#attendance";
import type { Moment } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { actionForm, alert } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";

/** The office's switch for a bad day (pages.md 2.2): whoever is there eats, the office puts the rest right afterwards. */
export async function serveEveryoneNow(visit: Visit): Promise<Answer> {
  const { actor, today, now, fields } = visit;
  if (!actor) return notFound;
  const on = fields.text("stato") === "1";
  await visit.town.write((tx) => switchServeEveryone(tx, { actor, date: today, on, now }));
  return seeOther("/ufficio", on ? "«Servi tutti» è attivo per oggi." : "«Servi tutti» è spento.");
}

const switchForm = (visit: Visit, on: boolean): Html =>
  actionForm({
    action: "/ufficio/servi-tutti",
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: { stato: on ? 1 : 0 },
    label: on ? "Servi tutti" : "Spegni «Servi tutti»",
    kind: "secondary",
  });

export const serveEveryoneButton = (visit: Visit): Html => switchForm(visit, true);

export const serveEveryoneNotice = (visit: Visit, since: Moment): Html =>
  alert({
    tone: "warning",
    title: `«Servi tutti» attivo dalle ${formats("it").time(since)}`,
    body: html`<p>Ogni bambino presente mangia. L'ufficio sistema dopo.</p>`,
    actions: switchForm(visit, false),
  });
