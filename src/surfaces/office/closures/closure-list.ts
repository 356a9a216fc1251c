// SPDX-License-Identifier: EUPL-1.2
import { cancelledClosures, type Closure, type TownCalendar, townCalendar } from "#calendar";
import { type Day, isBefore, type Moment } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { dataTable, emptyState, linkButton, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { mayDecide, onlyManagers } from "../payments/money-page.ts";
import { capital, placeText, reasonText, serviceName, spanText } from "../words.ts";

const f = formats("it");
const MOST_PAST = 30;

/** One that was taken back stays in the list, with who and when. */
type Listed = Closure & { cancelledBy?: string; cancelledAt?: Moment };

/** `/ufficio/chiusure`: running and coming first, then the past ones. */
export async function closureListPage(visit: Visit): Promise<Answer> {
  const { calendar, cancelled } = await visit.town.read(async (tx) => ({
    calendar: await townCalendar(tx),
    cancelled: await cancelledClosures(tx, MOST_PAST),
  }));
  const listed: Listed[] = [...calendar.closures, ...cancelled];
  const sorted = listed.toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  const coming = sorted.filter(({ to }) => !isBefore(to, visit.today));
  const past = sorted.filter(({ to }) => isBefore(to, visit.today)).toReversed();
  return officePage(
    visit,
    { current: "closures" },
    {
      h1: "Chiusure",
      headActions:
        mayDecide(visit) &&
        linkButton({
          href: "/ufficio/chiusure/nuova",
          label: "Nuova chiusura",
          kind: "primary",
          icon: "it-ban",
        }),
      body: html`${!mayDecide(visit) && onlyManagers("Le chiusure le decide")}
        <h2>In corso e future</h2>
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
  closures: readonly Listed[],
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
      { label: "Stato" },
    ],
    rows: closures.map((closure) => [
      closure.cancelledAt
        ? capital(spanText(closure.from, closure.to))
        : html`<a href="/ufficio/chiusure/${closure.id}"
              >${capital(spanText(closure.from, closure.to))}</a
            >${isRunning(closure, today) && html` <strong>(oggi)</strong>`}`,
      placeText(calendar, closure),
      closure.serviceId ? serviceName(calendar, closure.serviceId) : "Tutti i servizi",
      reasonText(closure),
      closure.cancelledAt
        ? html`${tag("Annullata")} ${closure.cancelledBy}, ${f.dayAndTime(closure.cancelledAt)}`
        : isBefore(closure.to, today)
          ? "Conclusa"
          : "In vigore",
    ]),
  });

const isRunning = (closure: Closure, today: Day): boolean =>
  !isBefore(today, closure.from) && !isBefore(closure.to, today);
