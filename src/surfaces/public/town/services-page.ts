// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { windowAt } from "#enrolment";
import { html, type Content } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { priceRange, tariffOn } from "#tariffs";
import { datedSettings } from "#tenancy";
import { alert, card, definitionList, emptyState, linkButton, linkList } from "#ui/components.ts";
import { newsWords } from "../../web/news-words.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { ENROLMENT } from "../enrolment/form-view.ts";
import { words as enrolmentWords } from "../enrolment/words.ts";
import { words as enterWords } from "../sign-in/words.ts";
import { contactRows } from "./contacts.ts";
import { openNow } from "./office-hours.ts";
import {
  absenceText,
  closureTexts,
  paymentText,
  periodText,
  priceText,
  serviceName,
} from "./service-facts.ts";
import { words } from "./words.ts";

const LOOK_AHEAD_DAYS = 7;

/** `/servizi`: the town's public page. Closures first, then each service with price and cut-off. */
export async function servicesPage(visit: Visit): Promise<Answer> {
  const { today, lang } = visit;
  const w = words(lang);
  const enrolment = enrolmentWords(lang);
  const { services, closed, means, applying } = await visit.town.read(async (tx) => {
    const calendar = await townCalendar(tx);
    const settings = await datedSettings(tx);
    // A town has a handful of services, and a tariff version is one row: not a query per child or day.
    const tariffs = await Promise.all(
      calendar.services.map(({ id }) => tariffOn(tx, { serviceId: id, date: today })),
    );
    const rows = calendar.services.map((service, index) => {
      const tariff = tariffs[index];
      return {
        name: serviceName(service, lang),
        price: tariff ? priceText(priceRange(tariff.definition), lang) : null,
        assumed: (tariff?.assumedReason ?? null) !== null,
        absences: absenceText(settings, service, visit),
        payment: paymentText(settings, service, visit),
        period: periodText(calendar, service.id, visit),
      };
    });
    return {
      services: rows,
      closed: closureTexts(calendar, visit, LOOK_AHEAD_DAYS),
      means: settings.town("login", today).portal,
      applying: await windowAt(tx, visit.now),
    };
  });
  const { town, office } = visit.townSettings;
  return publicPage(visit, {
    current: "services",
    h1: w.title,
    lead: w.lead(town.shortName),
    headActions: visit.session
      ? null
      : linkButton({ href: "/accedi", label: enterWords(lang).enter, kind: "primary" }),
    body: html`${closed.map((text) => alert({ tone: "warning", title: text }))}
      ${
        applying.state === "open" &&
        alert({
          tone: "info",
          title: enrolment.title,
          body: enrolment.openUntil(formats(lang).dayWithYear(applying.to)),
          actions: linkButton({ href: ENROLMENT, label: enrolment.apply }),
        })
      }
      ${services.length === 0 && emptyState({ text: w.none })}
      <div class="panels">
        ${services.map((service) =>
          card({
            title: service.name,
            body: definitionList(
              factRows([
                [w.price, service.price],
                [w.absences, service.absences],
                [w.payment, service.payment],
                [w.period, service.period],
              ]),
            ),
            actions: service.assumed && html`<p class="quiet">${w.assumed}</p>`,
          }),
        )}
        ${card({
          title: w.howToEnter,
          body: html`<p>${entryText(means, visit)}</p>`,
          actions: linkButton({ href: "/accedi", label: w.toSignIn }),
        })}
        ${card({
          title: office.name,
          body: html`<p><strong>${openNow(office.hours, visit)}</strong></p>
            ${definitionList(contactRows(visit))}`,
        })}
      </div>
      ${linkList([
        ...(applying.state === "not-offered" ? [] : [{ href: ENROLMENT, label: enrolment.title }]),
        { href: "/novita", label: newsWords(lang).news },
        { href: "/sportello", label: w.deskHours },
        {
          href: "/verifica",
          label: w.verify,
          note: w.verifyNote,
        },
      ])}`,
  });
}

const factRows = (
  rows: readonly (readonly [string, Content])[],
): { label: string; value: Content }[] =>
  rows.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));

type Means = "spid" | "cie" | "credentials";

function entryText(means: readonly Means[], { lang, app }: Visit): string {
  const w = words(lang);
  const names = { spid: "SPID", cie: "CIE", credentials: w.credentials };
  const ways = means.map((way) => names[way]);
  const list = new Intl.ListFormat(lang, { type: "disjunction" }).format(ways);
  return app.demo ? w.demoEntry(list) : w.entry(list);
}
