// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { acknowledgeDifferences } from "#kitchen";
import { dataTable, emptyState } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { kitchenPage, noServicePage } from "../kitchen-page.ts";
import { kitchenPath, kitchenScope } from "../kitchen-scope.ts";
import { lineClass } from "./counts.ts";
import { changesAlert } from "./order-page.ts";
import { causeWord, closedWord, mealWord, signed } from "./order-words.ts";

const f = formats("it");

/** `/cucina/differenze`: since the freeze, by school and class: when, how many, why. */
export async function changesPage(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null) return notFound;
  if (scope === "no-service") return noServicePage(visit);
  const rows = scope.order.sites.flatMap((site) =>
    site.changes.map((change) => ({ site, change })),
  );
  return kitchenPage(visit, scope, {
    current: "changes",
    wide: true,
    h1: "Differenze",
    lead: `Cambiamenti dopo il blocco dell'ordine di ${f.day(scope.date)}.`,
    body:
      rows.length === 0
        ? emptyState({ text: "Nessuna differenza dopo il blocco.", icon: "it-check-circle" })
        : html`${changesAlert(visit, scope, false)}${dataTable({
            caption: "Differenze",
            captionHidden: true,
            columns: [
              { label: "Plesso", header: true },
              { label: "Classe" },
              { label: "Pasto" },
              { label: "Pasti", align: "end" },
              { label: "Ora", align: "end" },
              { label: "Motivo" },
            ],
            rows: rows.map(({ site, change }) => [
              site.site.name,
              lineClass(scope.calendar, change),
              mealWord(change),
              html`<strong>${signed(change.change)}</strong>`,
              change.at ? f.time(change.at) : "",
              change.cause === "closure" && site.closed
                ? closedWord(site.closed)
                : causeWord(change.cause),
            ]),
          })}`,
  });
}

/** POST `/cucina/presa-visione`: names the differences as they stood on the page; newer ones stay to be seen. */
export async function acknowledge(visit: Visit): Promise<Answer> {
  const { fields, now } = visit;
  const digest = fields.text("differenze");
  const asked = { giorno: fields.text("giorno"), servizio: fields.text("servizio") };
  if (!/^[0-9a-f]{64}$/.test(digest)) return notFound;
  const scope = await kitchenScope(visit, asked);
  if (scope === null || scope === "no-service") return notFound;
  const { actor, service, date, order } = scope;
  if (actor.role !== "kitchen") return forbidden;
  const back = kitchenPath(visit, scope);
  if (order.digest !== digest)
    return seeOther(back, "Le differenze sono cambiate: guardare di nuovo.");
  if (!order.acknowledgement)
    await visit.town.write((tx) =>
      acknowledgeDifferences(tx, { actor, serviceId: service.id, date, digest, now }),
    );
  return seeOther(back, "Presa visione registrata.");
}
