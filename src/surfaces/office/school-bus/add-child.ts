// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { seatChild, WAYS } from "#transport";
import { dateField, emptyState, errorFor, form, selectField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { classLabel } from "../words.ts";
import {
  type BusDesk,
  busDesk,
  type BusLinePlace,
  childName,
  idOrNull,
  lacking,
  lineOfAddress,
  linePath,
  stopChoices,
  WAY_FIELDS,
} from "./bus-words.ts";
import { seatFault } from "./seat-words.ts";

const f = formats("it");

/** `…/{id}/aggiungi`: a child of the service that has no place yet, on one way at least. */
export async function addChildPage(visit: Visit): Promise<Answer> {
  const desk = await visit.town.read((tx) => busDesk(tx, visit));
  const place = runningLine(visit, desk);
  return place ? page(visit, desk, place, { values: {}, errors: [] }) : notFound;
}

function runningLine(visit: Visit, desk: BusDesk): BusLinePlace | null {
  const place = lineOfAddress(desk, visit.params["id"] ?? "");
  return place?.line.endedOn === null ? place : null;
}

function page(
  visit: Visit,
  desk: BusDesk,
  { bus, line }: BusLinePlace,
  { values, errors }: FormState,
): Html {
  const ways = WAYS.filter((way) => stopChoices([line], way).length > 0);
  const open = Object.fromEntries(
    WAYS.map((way) => [way, new Set(lacking(bus, way).map(({ childId }) => childId))]),
  );
  const children = bus.enrolled.filter(({ childId }) =>
    ways.some((way) => open[way]?.has(childId)),
  );
  const missing = (childId: string): string => {
    const lacks = WAYS.filter((way) => open[way]?.has(childId));
    const [only] = lacks;
    return lacks.length === 1 && only ? `, senza ${WAY_FIELDS[only].name}` : "";
  };
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Aggiungi un bambino",
      back: { href: linePath(line), label: `Linea ${line.name}` },
      wide: false,
      errors,
      body:
        children.length === 0
          ? emptyState({ text: `Ogni bambino iscritto a ${bus.service.name} ha già il suo posto.` })
          : form({
              action: `${linePath(line)}/aggiungi`,
              csrf: visit.csrf,
              body: html`${selectField({
                name: "bambino",
                label: "Bambino",
                hint: "Gli iscritti al servizio senza una fermata all'andata o al ritorno.",
                value: values["bambino"] ?? "",
                empty: "Scegliere",
                error: errorFor(errors, "bambino"),
                choices: children
                  .map((child) => ({
                    value: child.childId,
                    label: `${childName(child)}, ${classLabel(desk.calendar, child.classId)}${missing(child.childId)}`,
                  }))
                  .toSorted((a, b) => a.label.localeCompare(b.label, "it")),
              })}
              ${ways.map((way) => {
                const { name, label } = WAY_FIELDS[way];
                return selectField({
                  ...{ name, label, empty: "Nessuna fermata di questa linea", optional: true },
                  value: values[name] ?? "",
                  error: errorFor(errors, name),
                  choices: stopChoices([line], way),
                });
              })}
              ${dateField({
                name: "dal",
                label: "Dal",
                value: values["dal"] ?? bus.preparesFor,
                error: errorFor(errors, "dal"),
              })}`,
              submit: { label: "Aggiungi" },
              cancel: { href: linePath(line) },
            }),
    },
  );
}

/** A way that is left empty stays as it is: it may be on another line. */
export async function addChildNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const names = ["bambino", "andata", "ritorno", "dal"];
  const values = Object.fromEntries(names.map((name) => [name, fields.text(name).slice(0, 36)]));
  const from = fields.day("dal");
  const done = await visit.town.write(async (tx) => {
    const desk = await busDesk(tx, visit);
    const place = runningLine(visit, desk);
    if (!place) return null;
    const { enrolled, service } = place.bus;
    const child = enrolled.find(({ childId }) => childId === values["bambino"]);
    const chosen = WAYS.flatMap((way) => {
      const stopId = idOrNull(values[WAY_FIELDS[way].name] ?? "");
      return stopId === null ? [] : [[way, stopId] as const];
    });
    const taken = chosen.flatMap(([way, stopId]) => {
      const own = child && place.bus.seats.filter(({ childId }) => childId === child.childId);
      return own?.some(({ stopIds }) => stopIds[way] && stopIds[way] !== stopId) ? [way] : [];
    });
    if (!child || !from || chosen.length === 0 || taken.length > 0)
      return { desk, place, child, chosen, taken };
    const seated = await seatChild(tx, {
      ...{ actor, childId: child.childId, serviceId: service.id, from, at: now },
      stopIds: Object.fromEntries(chosen),
    });
    return { desk, place, child, chosen, seated };
  });
  if (!done) return notFound;
  const { desk, place, child, chosen, taken = [], seated } = done;
  if (seated?.outcome === "seated" && child && from)
    return seeOther(linePath(place.line), `${childName(child)}: da ${f.day(from)}.`);
  if (seated?.outcome === "not-allowed") return forbidden;
  const errors = [
    ...(child ? [] : [{ field: "bambino", message: "Scegliere un bambino." }]),
    ...(chosen.length > 0 ? [] : [{ field: "andata", message: "Scegliere almeno una fermata." }]),
    ...taken.map((way) => ({
      field: WAY_FIELDS[way].name,
      message:
        "Nel frattempo il bambino ha avuto una fermata: si cambia dal suo nome, nella linea.",
    })),
    ...(from ? [] : [{ field: "dal", message: "Scrivere una data valida." }]),
    ...(seated ? seatFault(seated) : []),
  ];
  return withStatus(422, page(visit, desk, place, { values, errors }));
}
