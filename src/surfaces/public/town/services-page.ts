// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { html, type Content } from "#kernel/html.ts";
import { priceRange, tariffOn } from "#tariffs";
import { datedSettings } from "#tenancy";
import { alert, card, definitionList, emptyState, linkButton, linkList } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { contactRows } from "./contacts.ts";
import { openNow } from "./office-hours.ts";
import { absenceText, closureTexts, paymentText, periodText, priceText } from "./service-facts.ts";

const LOOK_AHEAD_DAYS = 7;

/** `/servizi`: the town's public page. Closures first, then each service with price and cut-off. */
export async function servicesPage(visit: Visit): Promise<Answer> {
  const { today } = visit;
  const { services, closed, means } = await visit.town.read(async (tx) => {
    const calendar = await townCalendar(tx);
    const settings = await datedSettings(tx);
    // A town has a handful of services, and a tariff version is one row: not a query per child or day.
    const tariffs = await Promise.all(
      calendar.services.map(({ id }) => tariffOn(tx, { serviceId: id, date: today })),
    );
    const rows = calendar.services.map((service, index) => {
      const tariff = tariffs[index];
      return {
        name: service.name,
        price: tariff ? priceText(priceRange(tariff.definition)) : null,
        assumed: (tariff?.assumedReason ?? null) !== null,
        absences: absenceText(settings, service, today),
        payment: paymentText(settings, service, today),
        period: periodText(calendar, service.id, today),
      };
    });
    return {
      services: rows,
      closed: closureTexts(calendar, today, LOOK_AHEAD_DAYS),
      means: settings.town("login", today).portal,
    };
  });
  const { town, office } = visit.townSettings;
  return publicPage(visit, {
    current: "services",
    h1: "Servizi scolastici",
    lead: `Presenze, disdette e pagamenti delle scuole di ${town.shortName}.`,
    headActions: visit.session
      ? null
      : linkButton({ href: "/accedi", label: "Entra", kind: "primary" }),
    body: html`${closed.map((text) => alert({ tone: "warning", title: text }))}
      ${services.length === 0 && emptyState({ text: "Nessun servizio attivo." })}
      <div class="panels">
        ${services.map((service) =>
          card({
            title: service.name,
            body: definitionList(
              factRows([
                ["Prezzo", service.price],
                ["Assenze", service.absences],
                ["Pagamento", service.payment],
                ["Periodo", service.period],
              ]),
            ),
            actions:
              service.assumed &&
              html`<p class="quiet">Prezzo di prova: da confermare con la delibera del Comune.</p>`,
          }),
        )}
        ${card({
          title: "Come si entra",
          body: html`<p>${entryText(means, visit.app.demo)}</p>`,
          actions: linkButton({ href: "/accedi", label: "Vai all'accesso" }),
        })}
        ${card({
          title: office.name,
          body: html`<p><strong>${openNow(office.hours, today, visit.now)}</strong></p>
            ${definitionList(contactRows(visit.townSettings))}`,
        })}
      </div>
      ${linkList([
        { href: "/sportello", label: "Orari dello sportello" },
        {
          href: "/verifica",
          label: "Verifica una ricevuta",
          note: "Con il codice, senza accesso e senza dati personali",
        },
      ])}`,
  });
}

const factRows = (
  rows: readonly (readonly [string, Content])[],
): { label: string; value: Content }[] =>
  rows.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));

const MEANS_WORDS = { spid: "SPID", cie: "CIE", credentials: "codice utente e password" } as const;

function entryText(means: readonly (keyof typeof MEANS_WORDS)[], demo: boolean): string {
  const ways = means.map((way) => MEANS_WORDS[way]);
  const list = new Intl.ListFormat("it", { type: "disjunction" }).format(ways);
  return demo
    ? `Il Comune prevede ${list}. In questa dimostrazione si sceglie una persona.`
    : `Con ${list}.`;
}
