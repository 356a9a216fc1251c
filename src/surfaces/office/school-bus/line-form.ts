// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { newId } from "#kernel/ids.ts";
import { LONGEST_LINE_NAME, LONGEST_STOP_NAME, saveLine, type StopGiven, WAYS } from "#transport";
import {
  checkbox,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  selectField,
  textField,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Fields, Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import {
  BUS_BACK,
  type BusDesk,
  busDesk,
  type BusLinePlace,
  idOrNull,
  lineOfAddress,
  linePath,
  SCHOOL_BUS,
} from "./bus-words.ts";
import { lineFault } from "./line-fault.ts";

/** Rows to write in: for a new line, and beside the stops of one. More come after saving. */
const NEW_ROWS = 8;
const MORE_ROWS = 4;
const MOST_ROWS = 80;

/** One stop as it stands in the form. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly outward: string;
  readonly return: string;
  readonly remove: boolean;
  /** it is one of the line's already: it may be taken away */
  readonly isKnown: boolean;
}

interface State {
  readonly name: string;
  readonly serviceId: string;
  readonly rows: readonly Row[];
  readonly errors: readonly FieldError[];
}

const blank = (): Row => ({
  ...{ id: newId(), name: "", outward: "", return: "", remove: false, isKnown: false },
});
const blanks = (count: number): Row[] => Array.from({ length: count }, blank);
const clock = (time: Temporal.PlainTime | null): string => time?.toString().slice(0, 5) ?? "";

/** `/ufficio/scuolabus/nuova` and `/ufficio/scuolabus/{id}/fermate`: name, stops, times. */
export async function lineFormPage(visit: Visit): Promise<Answer> {
  const desk = await visit.town.read((tx) => busDesk(tx, visit));
  const found = placeOf(visit, desk);
  if (found === "none") return notFound;
  const serviceId = found?.bus.service.id ?? desk.services[0]!.service.id;
  const rows = (found?.line.stops ?? []).map((stop) => ({
    ...{ id: stop.id, name: stop.name, remove: false, isKnown: true },
    ...{ outward: clock(stop.times.outward), return: clock(stop.times.return) },
  }));
  return page(visit, desk, found, {
    ...{ name: found?.line.name ?? "", serviceId, errors: [] },
    rows: [...rows, ...blanks(found ? MORE_ROWS : NEW_ROWS)],
  });
}

/** The line of the address; `null`: a new one. */
function placeOf(visit: Visit, desk: BusDesk): BusLinePlace | null | "none" {
  if (desk.services.length === 0) return "none";
  const { id } = visit.params;
  if (id === undefined) return null;
  const place = lineOfAddress(desk, id);
  return place?.line.endedOn === null ? place : "none";
}

function page(visit: Visit, desk: BusDesk, place: BusLinePlace | null, state: State): Html {
  const { errors } = state;
  const back = place ? { href: linePath(place.line), label: `Linea ${place.line.name}` } : BUS_BACK;
  const isChoice = !place && desk.services.length > 1;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: place ? "Fermate e orari" : "Nuova linea",
      back,
      lead: "Le fermate si mettono da sole in ordine di orario. Basta un orario, se la linea ci passa una volta sola; una riga vuota non conta.",
      errors,
      body: form({
        action: place ? `${linePath(place.line)}/fermate` : `${SCHOOL_BUS}/nuova`,
        csrf: visit.csrf,
        key: visit.newKey(),
        fields: isChoice ? {} : { servizio: state.serviceId },
        body: html`${
          isChoice &&
          selectField({
            name: "servizio",
            label: "Servizio",
            value: state.serviceId,
            choices: desk.services.map(({ service }) => {
              return { value: service.id, label: service.name };
            }),
          })
        }
        ${textField({
          name: "nome",
          label: "Nome della linea",
          hint: "Un numero o un nome, senza la parola Linea: 2, Blu, Collina.",
          value: state.name,
          autocomplete: "off",
          maxlength: LONGEST_LINE_NAME,
          width: "medium",
          error: errorFor(errors, "nome"),
        })}
        ${state.rows.map((row, index) => rowFields(row, index + 1, errors))}`,
        submit: { label: "Salva la linea" },
        also: {
          name: "altre",
          value: "1",
          label: "Salva e aggiungi altre fermate",
          kind: "secondary",
        },
        cancel: { href: back.href },
      }),
    },
  );
}

function rowFields(row: Row, number: number, errors: readonly FieldError[]): Html {
  const common = { autocomplete: "off", optional: true } as const;
  const error = (field: string) => errorFor(errors, `${field}-${number}`);
  return html`<fieldset class="stop-fields">
    <legend>${row.isKnown ? row.name : `Fermata ${number}`}</legend>
    <input type="hidden" name="id-${number}" value="${row.id}" />
    ${textField({
      ...common,
      name: `fermata-${number}`,
      label: "Fermata",
      value: row.name,
      maxlength: LONGEST_STOP_NAME,
      error: error("fermata"),
    })}
    ${textField({
      ...common,
      name: `andata-${number}`,
      label: "Andata",
      type: "time",
      width: "short",
      value: row.outward,
      error: error("andata"),
    })}
    ${textField({
      ...common,
      name: `ritorno-${number}`,
      label: "Ritorno",
      type: "time",
      width: "short",
      value: row.return,
      error: error("ritorno"),
    })}
    ${
      row.isKnown &&
      checkbox({ name: `togli-${number}`, label: "Togli la fermata", checked: row.remove })
    }
  </fieldset>`;
}

/** `7:40`, `07:40`, `7.40`; `null`: nothing there, `undefined`: not a time. */
function readTime(text: string): Temporal.PlainTime | null | undefined {
  if (text === "") return null;
  const found = /^([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?$/.exec(text);
  return found ? Temporal.PlainTime.from({ hour: +found[1]!, minute: +found[2]! }) : undefined;
}

function readRows(fields: Fields, known: ReadonlySet<string>): Row[] {
  const ids = new Set<string>();
  const numbers = Array.from({ length: MOST_ROWS }, (_, index) => index + 1);
  return numbers
    .filter((number) => fields.has(`fermata-${number}`))
    .map((number) => {
      const own = idOrNull(fields.text(`id-${number}`))?.toLowerCase();
      const id = own === undefined || ids.has(own) ? newId() : own;
      ids.add(id);
      return {
        ...{ id, isKnown: known.has(id), remove: fields.has(`togli-${number}`) },
        name: fields.text(`fermata-${number}`).slice(0, 200),
        outward: fields.text(`andata-${number}`).slice(0, 8),
        return: fields.text(`ritorno-${number}`).slice(0, 8),
      };
    });
}

const isBlank = (row: Row): boolean =>
  !row.isKnown && [row.name, row.outward, row.return].every((text) => text === "");

export async function saveLineNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now, today } = visit;
  if (!actor) return notFound;
  const done = await visit.town.write(async (tx) => {
    const desk = await busDesk(tx, visit);
    const place = placeOf(visit, desk);
    if (place === "none") return null;
    const rows = readRows(fields, new Set(place?.line.stops.map(({ id }) => id)));
    const serviceId = place?.bus.service.id ?? fields.text("servizio");
    const state: State = { name: fields.text("nome").slice(0, 200), serviceId, rows, errors: [] };
    // The key of a form for a new line is its id: a second tap saves the same one.
    const lineId = place?.line.id ?? idOrNull(fields.text(KEY_FIELD));
    const given = rows.map((row) => stopGiven(row));
    const faults = timeFaults(rows);
    if (lineId === null || faults.length > 0) return { desk, place, state, faults };
    const stops = given.filter((_, index) => !isBlank(rows[index]!) && !rows[index]!.remove);
    const removed = rows.filter(({ remove, isKnown }) => remove && isKnown).map(({ id }) => id);
    const saved = await saveLine(tx, {
      ...{ actor, lineId, isNew: place === null, serviceId, name: state.name },
      ...{ stops, removed, today, at: now },
    });
    return { desk, place, state, saved };
  });
  if (!done) return notFound;
  const again = (errors: readonly FieldError[]): Answer => {
    const more = done.state.rows.some(isBlank) ? [] : blanks(MORE_ROWS);
    // A new line has a new key now, and with it new stops.
    const rows = done.state.rows.map((row) => (row.isKnown ? row : { ...row, id: newId() }));
    const state = { ...done.state, rows: [...rows, ...more], errors };
    return withStatus(422, page(visit, done.desk, done.place, state));
  };
  const { saved } = done;
  if (!saved) return again(done.faults ?? []);
  if (saved.outcome === "saved") {
    const path = linePath({ id: saved.lineId });
    return seeOther(fields.has("altre") ? `${path}/fermate` : path, "Linea salvata.");
  }
  if (saved.outcome === "not-allowed") return forbidden;
  const fault = lineFault(saved, done.state.rows);
  return fault ? again([fault]) : notFound;
}

function stopGiven(row: Row): StopGiven {
  const times = { outward: readTime(row.outward) ?? null, return: readTime(row.return) ?? null };
  return { id: row.id, name: row.name, times };
}

const FIELDS = { outward: "andata", return: "ritorno" } as const;

const timeFaults = (rows: readonly Row[]): FieldError[] =>
  rows.flatMap((row, index) =>
    WAYS.filter((way) => readTime(row[way]) === undefined).map((way) => ({
      field: `${FIELDS[way]}-${index + 1}`,
      message: "Scrivere l'ora come 7:40.",
    })),
  );
