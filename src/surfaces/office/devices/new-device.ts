// SPDX-License-Identifier: EUPL-1.2
import { className } from "#calendar";
import { makeDevice } from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { checkboxes, errorFor, form, linkList, radios, textField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { loadPlaces, type Places } from "../staff/staff-words.ts";
import { DEVICES } from "./device-list.ts";
import { linkPage } from "./link-page.ts";

const BACK = { href: DEVICES, label: "Tablet e schermi" } as const;
/** a kitchen that cooks for all of them */
const EVERYWHERE = "tutte";

interface School {
  /** `null`: every school */
  readonly siteId: string | null;
  readonly name: string;
  readonly classes: readonly { readonly value: string; readonly label: string }[];
}

function schoolOf(places: Places, text: string): School | null {
  const { sites } = places.calendar;
  if (text === EVERYWHERE) return { siteId: null, name: "tutte le scuole", classes: [] };
  const site = sites.get(text);
  if (!site) return null;
  const classes = places.classes.flatMap(({ value }) => {
    const one = places.calendar.classes.get(value.split(" ")[1] ?? "");
    return one?.siteId === site.id ? [{ value: one.id, label: className(one) }] : [];
  });
  return { siteId: site.id, name: site.name, classes };
}

/** `…/dispositivi/nuovo`: first the school, then what the device is for. */
export async function newDevicePage(visit: Visit): Promise<Answer> {
  const places = await visit.town.read((tx) => loadPlaces(tx, visit));
  const school = schoolOf(places, visit.query["scuola"] ?? "");
  return school ? page(visit, school, { values: {}, errors: [] }) : choosePage(visit, places);
}

function choosePage(visit: Visit, { calendar }: Places): Html {
  const sites = [...calendar.sites.values()].map(({ id, name }) => ({ id, label: name }));
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Nuovo dispositivo",
      back: BACK,
      wide: false,
      lead: "Per quale scuola?",
      body: linkList(
        [...sites, { id: EVERYWHERE, label: "Tutte le scuole" }].map(({ id, label }) => ({
          href: `${DEVICES}/nuovo?scuola=${id}`,
          label,
        })),
      ),
    },
  );
}

function page(visit: Visit, school: School, { values, errors }: FormState): Html {
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Nuovo dispositivo",
      back: BACK,
      wide: false,
      lead: `Per ${school.name}.`,
      errors,
      body: form({
        action: `${DEVICES}/nuovo`,
        csrf: visit.csrf,
        fields: { scuola: school.siteId ?? EVERYWHERE },
        body: html`${textField({
          name: "nome",
          label: "Nome",
          hint: "Come lo chiama chi lo usa: Tablet 3A, Schermo della cucina.",
          value: values["nome"] ?? "",
          autocomplete: "off",
          maxlength: 60,
          error: errorFor(errors, "nome"),
        })}
        ${radios({
          name: "uso",
          label: "A che cosa serve",
          value: values["uso"] ?? null,
          error: errorFor(errors, "uso"),
          choices: [
            { value: "school", label: "Appello", hint: "un tablet della scuola" },
            { value: "kitchen", label: "Cucina", hint: "ordine del giorno e diete" },
          ],
        })}
        ${
          school.classes.length > 0 &&
          checkboxes({
            name: "classi",
            label: "Solo per queste classi",
            hint: "Nessuna scelta: tutte le classi della scuola. Per la cucina non conta.",
            optional: true,
            choices: school.classes,
          })
        }`,
        submit: { label: "Crea e mostra il codice QR" },
        cancel: { href: DEVICES },
      }),
    },
  );
}

export async function makeDeviceNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const places = await visit.town.read((tx) => loadPlaces(tx, visit));
  const school = schoolOf(places, fields.text("scuola"));
  if (!school) return seeOther(`${DEVICES}/nuovo`);
  const use = fields.text("uso");
  const name = fields.text("nome");
  const role = use === "school" || use === "kitchen" ? use : null;
  const errors = [
    ...(name === "" ? [{ field: "nome", message: "Dare un nome al dispositivo." }] : []),
    ...(role ? [] : [{ field: "uso", message: "Scegliere a che cosa serve." }]),
  ];
  const again = (): Answer =>
    withStatus(422, page(visit, school, { values: { nome: name, uso: use }, errors }));
  if (!role || errors.length > 0) return again();
  const known = new Set(school.classes.map(({ value }) => value));
  const classIds = fields.all("classi").filter((id) => known.has(id));
  const made = await visit.town.write((tx) =>
    makeDevice(tx, {
      ...{ by: actor, sealKey: visit.app.sealKey, now },
      ...{ name, role, siteId: school.siteId, classIds },
    }),
  );
  switch (made.outcome) {
    case "made":
      return linkPage(visit, { name, code: made.code });
    case "name-missing":
      return again();
    case "forbidden":
      return forbidden;
  }
}
