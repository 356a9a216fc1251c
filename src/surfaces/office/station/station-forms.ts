// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { assertNever } from "#kernel/outcome.ts";
import {
  closeStation,
  type CollectionFault,
  configureStation,
  type Station,
  stationsOfTown,
} from "#payments";
import { type Creditor, creditors } from "#tenancy";
import {
  alert,
  errorFor,
  type FieldError,
  form,
  radios,
  selectField,
  textField,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { BACK, FAULTS, STATION_PAGE } from "./station-words.ts";

export const errorsOf = (faults: readonly CollectionFault[]): FieldError[] =>
  faults.map((fault) => FAULTS[fault]);

const MODES = {
  sincrona: { mode: "synchronous", gpdVersion: "v1" },
  gpd1: { mode: "asynchronous", gpdVersion: "v1" },
  gpd3: { mode: "asynchronous", gpdVersion: "v3" },
} as const;
type Mode = keyof typeof MODES;
const isMode = (text: string): text is Mode => Object.hasOwn(MODES, text);

const NAMES = ["ente", "intermediario", "stazione", "segregazione", "modo"] as const;

/** `…/stazioni/nuova`: a station added; one in use with the same ente and code is retired by it. */
export async function newStationPage(visit: Visit): Promise<Answer> {
  const institutions = await visit.town.read((tx) => creditors(tx));
  const values = { modo: "sincrona", ente: institutions[0]?.fiscalCode ?? "" };
  return stationForm(visit, institutions, { values, errors: [] });
}

export async function saveStation(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const values = Object.fromEntries(NAMES.map((name) => [name, fields.text(name)]));
  const again = async (errors: FieldError[]): Promise<Answer> => {
    const institutions = await visit.town.read((tx) => creditors(tx));
    return withStatus(422, stationForm(visit, institutions, { values, errors }));
  };
  const mode = fields.text("modo");
  if (!isMode(mode)) return again([{ field: "modo", message: "Scegliere il modo." }]);
  const station = {
    creditorFiscalCode: fields.text("ente"),
    segregationCode: fields.text("segregazione"),
    stationId: fields.text("stazione"),
    brokerFiscalCode: fields.text("intermediario"),
    ...MODES[mode],
  };
  const saved = await visit.town.write(async (tx) => {
    const known = await creditors(tx);
    if (!known.some(({ fiscalCode }) => fiscalCode === station.creditorFiscalCode))
      return { outcome: "refused" as const, faults: ["creditor-unknown" as const] };
    return configureStation(tx, { actor, station, now });
  });
  switch (saved.outcome) {
    case "saved":
      return seeOther(STATION_PAGE, `Stazione ${station.stationId} in uso.`);
    case "refused":
      return again(errorsOf(saved.faults));
    case "forbidden":
      return forbidden;
    default:
      return assertNever(saved);
  }
}

function stationForm(
  visit: Visit,
  institutions: readonly Creditor[],
  { values, errors }: FormState,
): Html {
  const text = (
    name: (typeof NAMES)[number],
    label: string,
    hint: string,
    maxlength: number,
  ): Html =>
    textField({
      ...{ name, label, hint, maxlength, value: values[name] ?? "" },
      inputmode: "numeric",
      width: "medium",
      autocomplete: "off",
      error: errorFor(errors, name),
    });
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Nuova stazione",
      back: BACK,
      wide: false,
      errors,
      body: html`<p>
          I dati sono nel Back-office pagoPA, sotto «Stazioni». I numeri di avviso cominciano con 3
          (aux digit 3): seguono le due cifre del codice di segregazione, che distingue questo
          archivio dagli altri dell'ente.
        </p>
        ${form({
          action: `${STATION_PAGE}/stazioni/nuova`,
          csrf: visit.csrf,
          key: visit.newKey(),
          body: html`${creditorField(institutions, values["ente"], errors)}
          ${text("intermediario", "Codice fiscale dell'intermediario", "Il Comune stesso, se si collega da solo", 11)}
          ${text("stazione", "Codice della stazione", "Per esempio 77777777777_01", 14)}
          ${text("segregazione", "Codice di segregazione", "Due cifre, da 00 a 45", 2)}
          ${radios({
            name: "modo",
            label: "Modo",
            value: values["modo"] ?? null,
            error: errorFor(errors, "modo"),
            choices: [
              {
                value: "sincrona",
                label: "Sincrona",
                hint: "pagoPA chiede a questo programma, avviso per avviso. Serve anche la chiave ACA.",
              },
              {
                value: "gpd1",
                label: "Asincrona, GPD versione 1",
                hint: "Gli avvisi stanno in GPD: si pagano appena GPD li ha. Serve la chiave GPD.",
              },
              { value: "gpd3", label: "Asincrona, GPD versione 3", hint: "Come sopra." },
            ],
          })}`,
          submit: { label: "Aggiungi la stazione" },
          cancel: { href: STATION_PAGE },
        })}`,
    },
  );
}

export const creditorField = (
  institutions: readonly Creditor[],
  value: string | undefined,
  errors: readonly FieldError[],
): Html =>
  selectField({
    name: "ente",
    label: "Ente creditore",
    empty: "Scegliere l'ente",
    value: value ?? "",
    choices: institutions.map(({ fiscalCode, name }) => ({
      value: fiscalCode,
      label: `${name} (${fiscalCode})`,
    })),
    error: errorFor(errors, "ente"),
  });

/** `77777777777-01`: ente and segregation code, as the address has them. */
const KEY = /^(\d{11})-(\d{2})$/;

async function stationOfAddress(visit: Visit): Promise<Station | null> {
  const found = KEY.exec(visit.params["key"] ?? "");
  if (!found) return null;
  const all = await visit.town.read((tx) => stationsOfTown(tx));
  const is = (one: Station): boolean =>
    one.creditorFiscalCode === found[1] && one.segregationCode === found[2] && !one.retiredAt;
  return all.find(is) ?? null;
}

/** What retiring means, before it is done. */
export async function retireStationPage(visit: Visit): Promise<Answer> {
  const station = await stationOfAddress(visit);
  if (!station) return notFound;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: `Ritirare la stazione ${station.stationId}?`,
      back: BACK,
      wide: false,
      body: html`${alert({
        tone: "warning",
        body: html`<p>
            Da questa stazione non si emettono più avvisi nuovi. Quelli già emessi si pagano come
            prima e le loro ricevute si accettano sempre.
          </p>
          <p>Senza un'altra stazione in uso le famiglie non possono fare ricariche.</p>`,
      })}
      ${form({
        action: `${STATION_PAGE}/stazioni/${visit.params["key"]}/ritira`,
        csrf: visit.csrf,
        key: visit.newKey(),
        body: "",
        submit: { label: "Ritira la stazione", kind: "danger" },
        cancel: { href: STATION_PAGE },
      })}`,
    },
  );
}

export async function retireStationNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const station = await stationOfAddress(visit);
  if (!actor || !station) return notFound;
  const closed = await visit.town.write((tx) => closeStation(tx, { ...station, actor, now }));
  if (closed.outcome === "forbidden") return forbidden;
  return seeOther(STATION_PAGE, `Stazione ${station.stationId} ritirata.`);
}
