// SPDX-License-Identifier: EUPL-1.2
import { className } from "#calendar";
import { classesOn } from "#enrolment";
import { holderOf, type Person, person } from "#families";
import { isBefore, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { type NamedSeat, seatChild, unseatChild, WAYS } from "#transport";
import { dateField, errorFor, type FieldError, form, selectField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { familyPath } from "../family/family-guard.ts";
import { type FormState, officePage } from "../office-page.ts";
import {
  backOf,
  busDesk,
  type BusService,
  idOrNull,
  seatPath,
  stopChoices,
  WAY_FIELDS,
} from "./bus-words.ts";
import { seatFault } from "./seat-words.ts";

const f = formats("it");

interface SeatFile {
  readonly bus: BusService;
  readonly child: Person;
  readonly place: string;
  readonly holderId: string | null;
  /** in force today, or the next one */
  readonly seat: NamedSeat | undefined;
  /** what begins later, and would be replaced */
  readonly later: NamedSeat | undefined;
}

async function load(tx: ReadTx, visit: Visit): Promise<SeatFile | null> {
  const { serviceId = "", childId = "" } = visit.params;
  if (!isUuid(childId)) return null;
  const { calendar, services } = await busDesk(tx, visit);
  const bus = services.find(({ service }) => service.id === serviceId);
  const child = await person(tx, childId);
  if (!bus || child?.kind !== "child") return null;
  const classId = (await classesOn(tx, [childId], bus.preparesFor)).get(childId);
  const schoolClass = classId === undefined ? undefined : calendar.classes.get(classId);
  const site = schoolClass && calendar.sites.get(schoolClass.siteId)?.name;
  const seats = bus.seats.filter((seat) => seat.childId === childId);
  const current = seats.find(({ from, to }) => isWithin(visit.today, from, to));
  const coming = seats.find(({ from }) => isBefore(visit.today, from));
  return {
    ...{ bus, child, seat: current ?? coming, later: current && coming },
    place: schoolClass ? `${className(schoolClass)}, ${site}` : "",
    holderId: (await holderOf(tx, childId, visit.today)) ?? null,
  };
}

/** `…/bambini/{serviceId}/{childId}`: where one child gets on and off, from a day on. */
export async function seatPage(visit: Visit): Promise<Answer> {
  const file = await visit.town.read((tx) => load(tx, visit));
  if (!file) return notFound;
  const values = Object.fromEntries(
    WAYS.map((way) => [WAY_FIELDS[way].name, file.seat?.stopIds[way] ?? ""]),
  );
  return page(visit, file, { values, errors: [] });
}

function page(visit: Visit, file: SeatFile, { values, errors }: FormState): Html {
  const { bus, child, seat, later } = file;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: `${child.givenName} ${child.surname}`,
      back: backOf(bus, seat?.stopIds),
      wide: false,
      lead: [bus.service.name, file.place].filter(Boolean).join(", "),
      errors,
      body: html`${form({
        action: seatPath({ serviceId: bus.service.id, childId: child.id }),
        csrf: visit.csrf,
        body: html`${WAYS.map((way) => {
          const { name, label, none } = WAY_FIELDS[way];
          return selectField({
            ...{ name, label, empty: none, optional: true, value: values[name] ?? "" },
            error: errorFor(errors, name),
            choices: stopChoices(bus.lines, way),
          });
        })}
        ${dateField({
          name: "dal",
          label: "Dal",
          hint: later
            ? `Prende il posto anche di quello che comincia il ${f.shortDay(later.from)}.`
            : "Il giorno prima finisce la fermata di adesso.",
          value: values["dal"] ?? bus.preparesFor,
          error: errorFor(errors, "dal"),
        })}`,
        submit: { label: "Salva la fermata" },
        ...(seat
          ? { also: { name: "togli", value: "1", label: "Togli dallo scuolabus", kind: "danger" } }
          : {}),
        cancel: { href: backOf(bus, seat?.stopIds).href },
      })}
      ${
        file.holderId &&
        html`<p><a href="${familyPath(file.holderId)}">Famiglia ${child.surname}</a></p>`
      }`,
    },
  );
}

export async function saveSeat(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const names = ["andata", "ritorno", "dal"];
  const values = Object.fromEntries(names.map((name) => [name, fields.text(name).slice(0, 36)]));
  const from = fields.day("dal");
  const isLeaving = fields.has("togli");
  const done = await visit.town.write(async (tx) => {
    const file = await load(tx, visit);
    if (!file || !from) return { file };
    const { id: serviceId } = file.bus.service;
    const of = { actor, childId: file.child.id, serviceId, from, at: now };
    if (isLeaving) return { file, left: await unseatChild(tx, of) };
    const [outward, back] = [values["andata"] ?? "", values["ritorno"] ?? ""].map(idOrNull);
    const stopIds = { outward: outward ?? null, return: back ?? null };
    return { file, stopIds, seated: await seatChild(tx, { ...of, stopIds }) };
  });
  const { file, left, seated, stopIds } = done;
  if (!file) return notFound;
  const wrong = (errors: readonly FieldError[]): Answer =>
    withStatus(422, page(visit, file, { values, errors }));
  if (!from) return wrong([{ field: "dal", message: "Scrivere una data valida." }]);
  const outcome = (left ?? seated)?.outcome;
  if (outcome === "not-allowed") return forbidden;
  const said = `${file.child.givenName} ${file.child.surname}`;
  if (outcome === "seated")
    return seeOther(backOf(file.bus, stopIds).href, `${said}: la fermata vale da ${f.day(from)}.`);
  if (left?.outcome === "taken-since") {
    const message = `Ha preso lo scuolabus dal ${f.dayWithYear(left.from)}: scrivere un giorno da allora in poi.`;
    return wrong([{ field: "dal", message }]);
  }
  if (left)
    return seeOther(
      backOf(file.bus, file.seat?.stopIds).href,
      `${said}: niente scuolabus da ${f.day(from)}.`,
    );
  return wrong(seated ? seatFault(seated) : []);
}
