// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { type Way, WAYS } from "#transport";
import { dataTable, printButton, printFooter, printHeader, printSheet } from "#ui/components.ts";
import { type Answer, notFound } from "../web/route.ts";
import type { Visit } from "../web/visit.ts";
import {
  closedTexts,
  driverPage,
  placeOf,
  ridePath,
  rideScope,
  type RideScope,
  wayText,
} from "./ride-scope.ts";

const f = formats("it");

/** `/autista/stampa`: the day's list on paper, one sheet a way. */
export async function printRidePage(visit: Visit): Promise<Answer> {
  const scope = await rideScope(visit);
  if (scope === "no-line") return notFound;
  if ("answer" in scope) return scope.answer;
  const ways = WAYS.filter((way) => scope.ride.ways[way].length > 0);
  return driverPage(visit, {
    h1: `Linea ${scope.line.name}, da stampare`,
    print: true,
    back: { href: ridePath(visit, scope), label: `Linea ${scope.line.name}` },
    body: html`<div class="button-row screen-only">${printButton()}</div>
      ${ways.map((way) => printSheet(waySheet(visit, scope, way)))}`,
  });
}

function waySheet(visit: Visit, scope: RideScope, way: Way): Html {
  const stops = scope.ride.ways[way];
  return html`${printHeader({
    town: visit.townSettings.town.name,
    office: `Linea ${scope.line.name}`,
    title: `${wayText(way, stops)}, ${f.dayWithYear(scope.date)}`,
  })}
  ${closedTexts(scope).map((text) => html`<p>${text}</p>`)}
  ${dataTable({
    caption: wayText(way, stops),
    captionHidden: true,
    columns: [
      { label: "Ora", align: "end" },
      { label: "Fermata" },
      { label: "Bambino", header: true },
      { label: "Classe" },
      { label: "Scuola" },
    ],
    rows: stops.flatMap(({ at, name, passengers }) => {
      if (passengers.length === 0) return [[f.time(at), name, "nessuno", "", ""]];
      return passengers.map((passenger) => {
        const child = `${passenger.surname} ${passenger.givenName}`;
        return [f.time(at), name, child, ...placeOf(scope.calendar, passenger)];
      });
    }),
  })}${printFooter(visit.now)}`;
}
