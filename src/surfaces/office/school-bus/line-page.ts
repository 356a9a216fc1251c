// SPDX-License-Identifier: EUPL-1.2
import { isBefore } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { endLine, type NamedSeat, type Way, WAYS } from "#transport";
import {
  alert,
  dataTable,
  dateField,
  emptyState,
  errorFor,
  form,
  linkButton,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import {
  aboard,
  BUS_BACK,
  type BusDesk,
  busDesk,
  type BusLinePlace,
  childName,
  classOf,
  countChildren,
  lineOfAddress,
  linePath,
  SCHOOL_BUS,
  seatPath,
  stopText,
} from "./bus-words.ts";

const f = formats("it");

/** `/ufficio/scuolabus/{id}`: stops with their times, and who gets on and off where. */
export async function linePage(visit: Visit): Promise<Answer> {
  const desk = await visit.town.read((tx) => busDesk(tx, visit));
  const place = lineOfAddress(desk, visit.params["id"] ?? "");
  return place ? page(visit, desk, place, { values: {}, errors: [] }) : notFound;
}

function page(visit: Visit, desk: BusDesk, place: BusLinePlace, state: FormState): Html {
  const { bus, line } = place;
  const path = linePath(line);
  const children = countChildren(aboard(bus, line));
  const counts = [plural(line.stops.length, "fermata", "fermate"), childrenText(children)];
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: `Linea ${line.name}`,
      back: BUS_BACK,
      lead: `${bus.service.name}: ${f.list(counts)}.`,
      errors: state.errors,
      headActions: html`${
        line.endedOn === null && [
          linkButton({ href: `${path}/aggiungi`, label: "Aggiungi un bambino", kind: "primary" }),
          linkButton({ href: `${path}/fermate`, label: "Cambia fermate e orari" }),
        ]
      }
      ${linkButton({ href: `/autista/${line.id}`, label: "Vedi la corsa" })}`,
      body: html`${
        line.endedOn &&
        alert({ tone: "info", title: `L'ultimo giorno della linea è ${f.day(line.endedOn)}.` })
      }
      ${stopTable(place)}${childTable(visit, desk, place)}${
        line.endedOn === null && endForm(visit, place, state)
      }`,
    },
  );
}

const childrenText = (count: number): string =>
  count === 0 ? "nessun bambino" : plural(count, "bambino", "bambini");

function stopTable({ bus, line }: BusLinePlace): Html {
  const at = (stopId: string, way: Way): Content => {
    const time = line.stops.find(({ id }) => id === stopId)?.times[way];
    return time ? f.time(time) : "";
  };
  const count = (stopId: string, way: Way): Content => {
    const there = countChildren(bus.seats.filter(({ stopIds }) => stopIds[way] === stopId));
    return there === 0 ? "" : there;
  };
  return dataTable({
    caption: "Fermate",
    columns: [
      { label: "Fermata", header: true },
      { label: "Andata", align: "end" },
      { label: "Salgono", align: "end" },
      { label: "Ritorno", align: "end" },
      { label: "Scendono", align: "end" },
    ],
    rows: line.stops.map(({ id, name }) => [
      name,
      ...[at(id, "outward"), count(id, "outward"), at(id, "return"), count(id, "return")],
    ]),
  });
}

/** By the stop of the morning, then of the way back, then by name. */
function childTable(visit: Visit, desk: BusDesk, { bus, line }: BusLinePlace): Html {
  const seats = aboard(bus, line);
  if (seats.length === 0)
    return emptyState({ text: "Nessun bambino su questa linea.", icon: "it-user" });
  const order = new Map(line.stops.map(({ id }, index) => [id, index]));
  const rank = ({ stopIds }: NamedSeat): number =>
    Math.min(...WAYS.map((way) => order.get(stopIds[way] ?? "") ?? Infinity));
  const when = ({ from, to }: NamedSeat): string =>
    [isBefore(visit.today, from) && `dal ${f.shortDay(from)}`, to && `fino al ${f.shortDay(to)}`]
      .filter(Boolean)
      .join(" ");
  const isDated = seats.some((seat) => when(seat) !== "");
  return dataTable({
    caption: "Bambini",
    columns: [
      { label: "Bambino", header: true },
      { label: "Classe" },
      { label: "Andata" },
      { label: "Ritorno" },
      ...(isDated ? [{ label: "Quando" }] : []),
    ],
    rows: seats
      .toSorted((a, b) => rank(a) - rank(b))
      .map((seat) => [
        html`<a href="${seatPath(seat)}"
          >${childName(seat)}<span class="visually-hidden">: sposta o togli</span></a
        >`,
        classOf(desk, bus, seat.childId),
        ...WAYS.map((way) => {
          const stopId = seat.stopIds[way];
          return stopId ? stopText(bus, { stopId, way, lineId: line.id }) : "";
        }),
        ...(isDated ? [when(seat)] : []),
      ]),
  });
}

const endForm = (visit: Visit, { line }: BusLinePlace, { values, errors }: FormState): Html => {
  const error = errorFor(errors, "ultimo");
  return html`<h2 class="section-title">Fine della linea</h2>
    ${form({
      action: `${linePath(line)}/fine`,
      csrf: visit.csrf,
      body: dateField({
        name: "ultimo",
        label: "Ultimo giorno",
        hint: "Prima si spostano i bambini che hanno una fermata nei giorni dopo.",
        value: values["ultimo"] ?? visit.today,
        error,
      }),
      submit: { label: "Chiudi la linea", kind: "danger" },
    })}`;
};

export async function endLineNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const lastDay = fields.day("ultimo");
  const done = await visit.town.write(async (tx) => {
    const desk = await busDesk(tx, visit);
    const place = lineOfAddress(desk, visit.params["id"] ?? "");
    if (!place) return null;
    const { line } = place;
    const ended = lastDay && (await endLine(tx, { actor, lineId: line.id, lastDay, at: now }));
    return { desk, place, ended };
  });
  if (!done) return notFound;
  const wrong = (message: string): Answer =>
    withStatus(
      422,
      page(visit, done.desk, done.place, {
        values: { ultimo: fields.text("ultimo").slice(0, 10) },
        errors: [{ field: "ultimo", message }],
      }),
    );
  if (!done.ended) return wrong("Scrivere una data valida.");
  const { ended } = done;
  switch (ended.outcome) {
    case "ended":
      return seeOther(
        SCHOOL_BUS,
        `Linea ${done.place.line.name}: ultimo giorno ${f.day(lastDay!)}.`,
      );
    case "in-use": {
      const who = plural(ended.children, "bambino ha", "bambini hanno");
      return wrong(`Dopo quel giorno ${who} ancora una fermata qui: prima si spostano.`);
    }
    case "ended-already":
      return wrong(`La linea è già chiusa: l'ultimo giorno è ${f.day(ended.endedOn)}.`);
    case "unknown-line":
      return notFound;
    case "not-allowed":
      return forbidden;
  }
}
