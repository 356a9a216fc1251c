// SPDX-License-Identifier: EUPL-1.2
import { type Federation, type FederationSettings, readProviderSettings } from "#identity";
import { attributes, type Content, html, type Html } from "#kernel/html.ts";
import { errorFor, type FieldError, form, radios, textArea, textField } from "#ui/components.ts";
import { findProviderFaults, serviceProviderOf } from "../../../integrations/saml/index.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import {
  faultError,
  FEDERATION_WORDS,
  type FieldName,
  FIELDS,
  IDENTITY_PAGE,
  partError,
} from "./identity-words.ts";

/** Settings as the form shows them. */
export function valuesOf(settings: FederationSettings): Record<FieldName, string> {
  const { organization, contact, seat, aggregator } = settings;
  return {
    entita: settings.entityId,
    indirizzo: settings.baseUrl,
    nome: organization.name,
    nomeBreve: organization.displayName,
    sito: organization.url,
    localita: settings.locality,
    email: contact.email,
    telefono: contact.phone ?? "",
    ipa: settings.ipaCode,
    cf: settings.fiscalCode ?? "",
    belfiore: seat?.belfioreCode ?? "",
    provincia: seat?.province ?? "",
    livello: String(settings.level),
    aggregatore: aggregator?.company ?? "",
    aggregatoreIva: aggregator?.vatNumber ?? "",
    aggregatoreCf: aggregator?.fiscalCode ?? "",
    aggregatoreIpa: aggregator?.ipaCode ?? "",
    aggregatoreEmail: aggregator?.contact.email ?? "",
    aggregatoreTelefono: aggregator?.contact.phone ?? "",
    aggregatoreCertificato: aggregator?.validationCertificate ?? "",
  };
}

export const typedValues = (visit: Visit): Record<FieldName, string> =>
  Object.fromEntries(FIELDS.map((name) => [name, visit.fields.text(name)])) as Record<
    FieldName,
    string
  >;

const optional = <Name extends string>(name: Name, value: string) =>
  value === "" ? {} : { [name]: value };

function settingsGiven(federation: Federation, given: Record<FieldName, string>): unknown {
  const isAggregated = federation !== "cie" && given.aggregatore !== "";
  return {
    entityId: given.entita,
    baseUrl: given.indirizzo.replace(/\/+$/, ""),
    organization: { name: given.nome, displayName: given.nomeBreve, url: given.sito },
    locality: given.localita,
    contact: { email: given.email, ...optional("phone", given.telefono) },
    ipaCode: given.ipa,
    ...optional("fiscalCode", given.cf),
    ...(federation === "cie"
      ? { seat: { belfioreCode: given.belfiore, ...optional("province", given.provincia) } }
      : {}),
    ...(isAggregated
      ? {
          aggregator: {
            company: given.aggregatore,
            vatNumber: given.aggregatoreIva,
            fiscalCode: given.aggregatoreCf,
            ...optional("ipaCode", given.aggregatoreIpa),
            contact: {
              email: given.aggregatoreEmail,
              ...optional("phone", given.aggregatoreTelefono),
            },
            ...optional("validationCertificate", given.aggregatoreCertificato),
          },
        }
      : {}),
    level: Number(given.livello),
  };
}

/** Stands for the certificate that may come later: the form is about everything else. */
const SOME_CERTIFICATE = ["-"];

export type GivenSettings =
  | { outcome: "right"; settings: FederationSettings }
  | { outcome: "wrong"; errors: FieldError[] };

/** Reads the form; what the federation would send back is said before it is stored. */
export function readGiven(federation: Federation, given: Record<FieldName, string>): GivenSettings {
  const read = readProviderSettings(federation, settingsGiven(federation, given));
  if (read.outcome === "wrong")
    return { outcome: "wrong", errors: read.faults.map(({ path }) => partError(path)) };
  const { settings } = read;
  const faults = findProviderFaults(serviceProviderOf(federation, settings, SOME_CERTIFICATE));
  return faults.length === 0
    ? { outcome: "right", settings }
    : { outcome: "wrong", errors: faults.map(faultError) };
}

export function providerForm(
  visit: Visit,
  federation: Federation,
  { values, errors, basedOn }: FormState & { basedOn: number },
): Html {
  const text = (
    name: FieldName,
    label: string,
    hint: string,
    of: { maxlength?: number; isOptional?: boolean; width?: "short" | "medium" } = {},
  ): Html =>
    textField({
      ...{ name, label, hint, value: values[name] ?? "" },
      maxlength: of.maxlength ?? 255,
      optional: of.isOptional ?? false,
      ...(of.width ? { width: of.width } : {}),
      autocomplete: "off",
      error: errorFor(errors, name),
    });
  const { name } = FEDERATION_WORDS[federation];
  return form({
    action: `${IDENTITY_PAGE}/${federation}`,
    csrf: visit.csrf,
    key: visit.newKey(),
    body: html`<input type="hidden" name="versione" value="${basedOn}" />
      ${text("indirizzo", "Indirizzo del servizio", "Dove le famiglie aprono queste pagine, come https://scuola.comune.esempio.it", { maxlength: 1000 })}
      ${text("entita", "entityID", `Il nome con cui ${name} conosce il Comune. Di solito è l'indirizzo del metadata`, { maxlength: 1000 })}
      ${text("nome", "Denominazione", "Per esteso, come nell'Indice PA")}
      ${text("nomeBreve", "Nome da mostrare", "Lo legge chi accede, presso il gestore")}
      ${text("sito", "Sito del Comune", "")} ${text("localita", "Comune della sede", "")}
      ${text("email", "E-mail di contatto", "Di un ufficio, non di una persona", { maxlength: 200 })}
      ${text("telefono", "Telefono di contatto", "Con il prefisso, senza spazi: +390371000000", { maxlength: 16, isOptional: true, width: "medium" })}
      ${text("ipa", "Codice IPA", "Dall'Indice PA (indicepa.gov.it)", { maxlength: 20, width: "short" })}
      ${text("cf", "Codice fiscale dell'ente", "", { maxlength: 11, isOptional: true, width: "medium" })}
      ${
        federation === "cie" &&
        html`${text("belfiore", "Codice catastale della sede", "Come H501", { maxlength: 4, width: "short" })}
        ${text("provincia", "Provincia della sede", "", { maxlength: 2, isOptional: true, width: "short" })}`
      }
      ${radios({
        name: "livello",
        label: "Livello richiesto",
        value: values["livello"] ?? null,
        error: errorFor(errors, "livello"),
        choices: [
          { value: "1", label: "1", hint: "solo la password" },
          {
            value: "2",
            label: "2",
            hint: "password e un secondo fattore: il più usato dai Comuni",
          },
          { value: "3", label: "3", hint: "carta o dispositivo sicuro" },
        ],
      })}
      ${federation !== "cie" && aggregatorFields(text, { values, errors })}`,
    submit: { label: "Salva come nuova versione" },
  });
}

function aggregatorFields(
  text: (
    name: FieldName,
    label: string,
    hint: string,
    of: { maxlength?: number; isOptional: boolean; width?: "short" | "medium" },
  ) => Html,
  { values, errors }: FormState,
): Content {
  const isOptional = true;
  return html`<details class="more" ${attributes({ open: Boolean(values["aggregatore"]) })}>
    <summary>Attraverso un soggetto aggregatore</summary>
    <p>
      Da compilare solo se il Comune usa i servizi di un aggregatore (Avviso SPID n. 19). Senza un
      nome il Comune si presenta da solo.
    </p>
    ${text("aggregatore", "Aggregatore", "Denominazione", { isOptional })}
    ${text("aggregatoreIva", "Partita IVA", "Come IT01234567890", { maxlength: 13, isOptional, width: "medium" })}
    ${text("aggregatoreCf", "Codice fiscale", "", { maxlength: 16, isOptional, width: "medium" })}
    ${text("aggregatoreIpa", "Codice IPA", "Se è un ente pubblico", { maxlength: 20, isOptional, width: "short" })}
    ${text("aggregatoreEmail", "E-mail", "", { maxlength: 200, isOptional })}
    ${text("aggregatoreTelefono", "Telefono", "", { maxlength: 16, isOptional, width: "medium" })}
    ${textArea({
      name: "aggregatoreCertificato",
      label: "Certificato dell'aggregatore",
      hint: "Solo se l'aggregatore è «light»: in formato PEM, da BEGIN a END",
      value: values["aggregatoreCertificato"] ?? "",
      rows: 4,
      maxlength: 8000,
      optional: true,
      error: errorFor(errors, "aggregatoreCertificato"),
    })}
  </details>`;
}
