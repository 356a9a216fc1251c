// SPDX-License-Identifier: EUPL-1.2
import { type OidcFederationSettings, readProviderSettings } from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { errorFor, type FieldError, form, radios, textArea, textField } from "#ui/components.ts";
import {
  readAddress,
  readKeySet,
  readTrustMark,
} from "../../../integrations/oidc-federation/index.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { OIDC_FIELDS, type OidcFieldName, OIDC_PAGE, oidcPartError } from "./oidc-words.ts";

/** Room for keys of an anchor, and for a mark of each of a few superiors. */
const LONG = 20_000;
const ADDRESS = 1000;

type Given = Record<OidcFieldName, string>;

/** Settings as the form shows them. */
export const oidcValuesOf = (settings: Partial<OidcFederationSettings>): Given => ({
  indirizzo: settings.baseUrl ?? "",
  entita: settings.entityId ?? "",
  nome: settings.organizationName ?? "",
  pec: settings.contact ?? "",
  sito: settings.homepageUrl ?? "",
  informativa: settings.policyUrl ?? "",
  logo: settings.logoUrl ?? "",
  gestore: settings.provider ?? "",
  ancora: settings.trustAnchor ?? "",
  chiaviAncora: settings.trustAnchorKeys ? JSON.stringify(settings.trustAnchorKeys) : "",
  superiori: (settings.authorityHints ?? []).join("\n"),
  marchi: (settings.trustMarks ?? []).map(({ trustMark }) => trustMark).join("\n"),
  livello: String(settings.level ?? ""),
});

export const oidcTypedValues = (visit: Visit): Given =>
  Object.fromEntries(OIDC_FIELDS.map((name) => [name, visit.fields.text(name)])) as Given;

const linesOf = (text: string): string[] =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const optional = (name: string, value: string) => (value === "" ? {} : { [name]: value });

function settingsGiven(given: Given): unknown {
  return {
    baseUrl: given.indirizzo.replace(/\/+$/, ""),
    entityId: given.entita,
    organizationName: given.nome,
    contact: given.pec,
    ...optional("homepageUrl", given.sito),
    ...optional("policyUrl", given.informativa),
    ...optional("logoUrl", given.logo),
    provider: given.gestore,
    trustAnchor: given.ancora,
    // Only what a key needs is kept: a private part that somebody pastes by mistake is not.
    trustAnchorKeys: readKeySet(json(given.chiaviAncora)),
    authorityHints: linesOf(given.superiori),
    trustMarks: linesOf(given.marchi).map((trustMark) => ({
      id: readTrustMark(trustMark)?.id,
      trustMark,
    })),
    level: Number(given.livello),
  };
}

/** Reads the form; what the federation would send back is said before it is stored. `http`: to this machine, in the demo. */
export function readOidcGiven(
  given: Given,
  of: { allowLoopbackHttp: boolean },
):
  | { outcome: "right"; settings: OidcFederationSettings }
  | { outcome: "wrong"; errors: FieldError[] } {
  const read = readProviderSettings("cie-oidc", settingsGiven(given));
  if (read.outcome === "wrong") {
    const errors = read.faults.map(({ path }) => oidcPartError(path));
    const first = errors.filter(
      ({ field }, index) => errors.findIndex((one) => one.field === field) === index,
    );
    return { outcome: "wrong", errors: first };
  }
  const { settings } = read;
  const errors: FieldError[] = [];
  const isAddress = (text: string): boolean => readAddress(text, of.allowLoopbackHttp) !== null;
  for (const part of ["baseUrl", "entityId", "provider", "trustAnchor"] as const)
    if (!isAddress(settings[part]) || settings[part].includes("?"))
      errors.push(oidcPartError(part));
  if (!settings.authorityHints.every(isAddress)) errors.push(oidcPartError("authorityHints"));
  const others = settings.trustMarks.filter(
    ({ trustMark }) => readTrustMark(trustMark)?.subject !== settings.entityId,
  );
  if (others.length > 0)
    errors.push({
      field: "marchi",
      message: "Un marchio è di un altro ente: il suo soggetto non è l'identificativo qui sopra.",
    });
  return errors.length > 0 ? { outcome: "wrong", errors } : { outcome: "right", settings };
}

export function oidcForm(
  visit: Visit,
  { values, errors, basedOn }: FormState & { basedOn: number },
): Html {
  const text = (
    name: OidcFieldName,
    label: string,
    hint: string,
    of: { maxlength?: number; isOptional?: boolean } = {},
  ): Html =>
    textField({
      ...{ name, label, hint, value: values[name] ?? "" },
      ...{ maxlength: of.maxlength ?? ADDRESS, optional: of.isOptional ?? false },
      ...{ autocomplete: "off", error: errorFor(errors, name) },
    });
  const lines = (
    name: OidcFieldName,
    label: string,
    hint: string,
    of: { rows: number; isOptional?: boolean },
  ): Html =>
    textArea({
      ...{ name, label, hint, value: values[name] ?? "", rows: of.rows, maxlength: LONG },
      ...{ optional: of.isOptional ?? false, error: errorFor(errors, name) },
    });
  return form({
    action: OIDC_PAGE,
    csrf: visit.csrf,
    key: visit.newKey(),
    body: html`<input type="hidden" name="versione" value="${basedOn}" />
      ${text("indirizzo", "Indirizzo del servizio", "Dove le famiglie aprono queste pagine")}
      ${text("entita", "Identificativo del Comune (client_id)", "L'indirizzo del servizio con /oidc/cie: non si cambia più senza rifare l'adesione")}
      ${text("nome", "Denominazione", "Per esteso, come nell'Indice PA", { maxlength: 255 })}
      ${text("pec", "PEC istituzionale", "La stessa indicata nella domanda di adesione", { maxlength: 200 })}
      ${text("sito", "Sito del Comune", "", { isOptional: true })}
      ${text("informativa", "Informativa sulla privacy", "Proposta: quella di questo servizio", { isOptional: true })}
      ${text("logo", "Logo", "Indirizzo di un file SVG sul sito del Comune; raccomandato", { isOptional: true })}
      <h3>Dati comunicati dalla federazione</h3>
      ${text("gestore", "Gestore dell'identità", "L'identificativo del provider di CIE")}
      ${text("ancora", "Registro della federazione (trust anchor)", "")}
      ${lines("chiaviAncora", "Chiavi pubbliche del registro", "In formato JWKS. Vanno prese da un canale sicuro, non dal registro stesso", { rows: 5 })}
      ${lines("superiori", "Superiori (authority hints)", "Chi garantisce per il Comune: il registro, o l'aggregatore. Uno per riga", { rows: 2 })}
      ${lines("marchi", "Marchi di fiducia (trust mark)", "Si ricevono con l'adesione, uno per riga. Prima, il campo resta vuoto", { rows: 4, isOptional: true })}
      ${radios({
        name: "livello",
        label: "Livello richiesto",
        value: values["livello"] ?? null,
        error: errorFor(errors, "livello"),
        choices: [
          { value: "1", label: "1", hint: "nome utente e password" },
          { value: "2", label: "2", hint: "anche il telefono: il più usato dai Comuni" },
          { value: "3", label: "3", hint: "la carta e il suo PIN" },
        ],
      })}`,
    submit: { label: "Salva come nuova versione" },
  });
}
