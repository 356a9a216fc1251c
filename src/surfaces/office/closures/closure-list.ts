// SPDX-License-Identifier: EUPL-1.2
import { type Closure, type TownCalendar, townCalendar } from "#calendar";
import { type Day, isBefore } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { dataTable, emptyState, linkButton } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { capital, placeText, reasonText, serviceName, spanText } from "../words.ts";

const MOST_PAST = 30;

/** `/ufficio/chiusure`: running and coming first, then the past ones. */
export async function closureListPage(visit: Visit): Promise<Answer> {
  const calendar = await visit.town.read((tx) => townCalendar(tx));
  const sorted = calendar.closures.toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  const coming = sorted.filter(({ to }) => !isBefore(to, visit.today));
  const past = sorted.filter(({ to }) => isBefore(to, visit.today)).toReversed();
  return officePage(
    visit,
    { current: "closures" },
    {
      h1: "Chiusure",
      headActions: linkButton({
        href: "/ufficio/chiusure/nuova",
        label: "Nuova chiusura",
        kind: "primary",
        icon: "it-ban",
      }),
      body: html`<h2>In corso e future</h2>
        ${
          coming.length === 0
            ? emptyState({ text: "Nessuna chiusura in programma." })
            : table("In corso e future", coming, calendar, visit.today)
        }
        ${
          past.length > 0 &&
          html`<h2 class="section-title">Passate</h2>
            ${table("Passate", past.slice(0, MOST_PAST), calendar, visit.today)}`
        }
        <p class="quiet">Le festività nazionali sono già nel calendario e non compaiono qui.</p>`,
    },
  );
}

const table = (
  caption: string,
  closures: readonly Closure[],
  calendar: TownCalendar,
  today: Day,
): Html =>
  dataTable({
    caption,
    captionHidden: true,
    columns: [
      { label: "Quando", header: true },
      { label: "Dove" },
      { label: "Servizio" },
      { label: "Motivo" },
    ],
    rows: closures.map((closure) => [
      html`<a href="/ufficio/chiusure/${closure.id}"
          >${capital(spanText(closure.from, closure.to))}</a
        >${isRunning(closure, today) && html` <strong>(oggi)</strong>`}`,
      placeText(calendar, closure),
      closure.serviceId ? serviceName(calendar, closure.serviceId) : "Tutti i servizi",
      reasonText(closure),
    ]),
  });

const isRunning = (closure: Closure, today: Day): boolean =>
  !isBefore(today, closure.from) && !isBefore(closure.to, today);
