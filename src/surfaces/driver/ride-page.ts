// SPDX-License-Identifier: EUPL-1.2
import { ZONE } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { type RideStop, type Way, WAYS } from "#transport";
import { alert, card, chips, emptyState, history, linkButton, tabs, tag } from "#ui/components.ts";
import type { Answer } from "../web/route.ts";
import type { Visit } from "../web/visit.ts";
import {
  childrenText,
  closedTexts,
  dayText,
  driverPage,
  placeOf,
  ridePath,
  passengersOf,
  rideScope,
  type RideScope,
  WAY_WORDS,
  wayText,
} from "./ride-scope.ts";

const f = formats("it");
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `/autista`: the line's stops of the day, each way in order, with who gets on or off. */
export async function ridePage(visit: Visit): Promise<Answer> {
  const scope = await rideScope(visit);
  if (scope === "no-line") return noLinePage(visit);
  if ("answer" in scope) return scope.answer;
  const { line, date } = scope;
  return driverPage(visit, {
    h1: `Linea ${line.name}`,
    lead: `${capital(dayText(date, visit.today))}.`,
    headActions:
      scope.runs &&
      linkButton({
        href: ridePath(visit, scope, "/stampa"),
        label: "Stampa",
        icon: "it-print",
      }),
    body: html`${lineChips(visit, scope)}${
      scope.runs
        ? html`${wayTabs(visit, scope)}${closedAlert(scope)}${waySection(scope, wayShown(visit, scope))}`
        : nothing(visit, scope)
    }${dayLinks(visit, scope)}`,
  });
}

const noLinePage = (visit: Visit): Html =>
  driverPage(visit, {
    h1: "Corse",
    body: emptyState({
      text:
        visit.actor?.role === "driver"
          ? "Nessuna linea assegnata. La assegna l'ufficio."
          : "Nessuna linea. Si scrive in Scuolabus.",
      icon: "it-calendar",
    }),
  });

const lineChips = (visit: Visit, scope: RideScope): Html | null =>
  scope.lines.length < 2
    ? null
    : chips(
        "Linea",
        scope.lines.map((line) => ({
          href: ridePath(visit, { ...scope, line }),
          label: `Linea ${line.name}`,
          current: line.id === scope.line.id,
        })),
      );

/** The way that was asked for; else the way back, once the last stop of the morning is an hour behind. */
function wayShown(visit: Visit, { ride, date }: RideScope): Way {
  const asked = WAYS.find((way) => WAY_WORDS[way].toLowerCase() === visit.query["corsa"]);
  if (asked) return asked;
  const last = ride.ways.outward.at(-1);
  if (!last) return "return";
  const now = visit.now.toZonedDateTimeISO(ZONE).toPlainTime();
  const isOver = Temporal.PlainTime.compare(now, last.at.add({ hours: 1 })) > 0;
  return isOver && date.equals(visit.today) ? "return" : "outward";
}

function wayTabs(visit: Visit, scope: RideScope): Html {
  const shown = wayShown(visit, scope);
  return tabs(
    "Corsa",
    WAYS.map((way) => ({
      href: ridePath(visit, scope, "", way),
      label: WAY_WORDS[way],
      count: passengersOf(scope.ride.ways[way]),
      current: way === shown,
    })),
  );
}

function waySection(scope: RideScope, way: Way): Html {
  const stops = scope.ride.ways[way];
  return html`<h2 class="section-title">${wayText(way, stops)}</h2>
    ${
      stops.length === 0
        ? html`<p class="quiet">La linea non fa questa corsa.</p>`
        : html`<div class="panels">${stops.map((stop) => stopCard(scope, stop))}</div>`
    }`;
}

const stopCard = ({ calendar }: RideScope, { name, at, passengers }: RideStop): Html =>
  card({
    title: `${f.time(at)} ${name}`,
    level: 3,
    badge: tag(childrenText(passengers.length), passengers.length > 0 ? "info" : "plain"),
    body:
      passengers.length > 0 &&
      history(
        passengers.map((passenger) => {
          const [schoolClass, site] = placeOf(calendar, passenger);
          const what = html`<strong>${passenger.surname} ${passenger.givenName}</strong>`;
          return { what, when: schoolClass, who: site };
        }),
      ),
  });

function closedAlert(scope: RideScope): Html | null {
  const texts = closedTexts(scope);
  if (texts.length === 0) return null;
  return alert({
    tone: "info",
    title: "Da queste scuole nessuno",
    body: texts.map((text) => html`<p>${text}</p>`),
  });
}

function nothing(visit: Visit, scope: RideScope): Html {
  const { date, next } = scope;
  const when = date.equals(visit.today) ? "Oggi" : capital(f.day(date));
  const reasons = closedTexts(scope);
  const nobody = next === null && reasons.length === 0;
  const more = nobody ? "Nessun bambino assegnato a questa linea." : reasons.join(" ");
  return emptyState({
    text: html`${when} niente corse. ${more}${next && html`<br />Prossimo giorno: ${f.day(next)}.`}`,
    icon: "it-calendar",
  });
}

function dayLinks(visit: Visit, scope: RideScope): Html | null {
  const isToday = scope.date.equals(visit.today);
  const days = [isToday ? null : visit.today, scope.next].filter((date) => date !== null);
  const near = days.filter((date) => visit.today.until(date, { largestUnit: "days" }).days <= 14);
  if (near.length === 0) return null;
  return html`<h2 class="section-title">Altri giorni</h2>
    ${chips(
      "Altri giorni",
      near.map((date) => ({
        href: ridePath(visit, { ...scope, date }),
        label: capital(dayText(date, visit.today)),
      })),
    )}`;
}
