// SPDX-License-Identifier: EUPL-1.2
import { readProviderSettings, type StaffOidcSettings } from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { checkbox, errorFor, type FieldError, form, radios, textField } from "#ui/components.ts";
import { isCallable, type Outside } from "../../../integrations/oidc/index.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { STAFF_PROVIDER } from "./staff-words.ts";

const NAMES = [
  ...["issuer", "client", "segreto", "indirizzo", "etichetta"],
  ...["claim", "email", "fattore", "acr", "solo"],
] as const;
export type ProviderValues = Readonly<Record<string, string>>;

export const typedProvider = ({ fields }: Visit): ProviderValues =>
  Object.fromEntries(NAMES.map((name) => [name, fields.text(name).slice(0, 1000)]));

/** What the form shows of settings; the secret is never shown. */
export const shownProvider = (settings: StaffOidcSettings): ProviderValues => ({
  issuer: settings.issuer,
  client: settings.clientId,
  indirizzo: settings.baseUrl,
  etichetta: settings.label,
  claim: settings.emailClaim,
  email: settings.addressesAssigned ? "assegnata" : "verificata",
  fattore: settings.trustsSecondFactor ? "1" : "",
  acr: settings.acrValue ?? "",
  solo: settings.officeOnly ? "1" : "",
});

/** Where a part of the settings stands in the form, and what is asked of it. */
const PARTS: Readonly<Record<string, FieldError>> = {
  issuer: {
    field: "issuer",
    message: "Scrivere l'issuer come lo dichiara il provider: un indirizzo https.",
  },
  clientId: { field: "client", message: "Scrivere il client ID." },
  baseUrl: { field: "indirizzo", message: "Scrivere l'indirizzo https di questo servizio." },
  label: { field: "etichetta", message: "Scrivere come si chiama l'account." },
  emailClaim: { field: "claim", message: "Il nome di un claim, come email o upn." },
  acrValue: { field: "acr", message: "Il valore di acr non può avere spazi." },
};

/** The settings that were typed; errors by field. */
export function readProvider(
  values: ProviderValues,
  of: { outside: Outside; hasSecret: boolean },
): { settings: StaffOidcSettings; secret: string | null } | { errors: FieldError[] } {
  const text = (name: string): string => values[name] ?? "";
  const read = readProviderSettings("staff-oidc", {
    issuer: text("issuer"),
    clientId: text("client"),
    baseUrl: text("indirizzo"),
    label: text("etichetta"),
    emailClaim: text("claim") || "email",
    addressesAssigned: text("email") === "assegnata",
    trustsSecondFactor: text("fattore") !== "",
    ...(text("acr") === "" ? {} : { acrValue: text("acr") }),
    officeOnly: text("solo") !== "",
  });
  const errors =
    read.outcome === "wrong"
      ? read.faults.flatMap(({ path }) => PARTS[path] ?? [])
      : [
          ...(isCallable(read.settings.issuer, of.outside) ? [] : [PARTS["issuer"]!]),
          ...(isOwnAddress(read.settings.baseUrl, of.outside) ? [] : [PARTS["baseUrl"]!]),
        ];
  if (text("segreto") === "" && !of.hasSecret)
    errors.push({ field: "segreto", message: "Scrivere il segreto del client." });
  if (read.outcome === "wrong" || errors.length > 0) return { errors };
  return { settings: read.settings, secret: text("segreto") || null };
}

/** https; in demo mode a name of this machine, too. */
function isOwnAddress(address: string, { allowLoopbackHttp = false }: Outside): boolean {
  const { protocol, hostname } = new URL(address);
  const isHere = hostname === "localhost" || hostname.endsWith(".localhost");
  return protocol === "https:" || (allowLoopbackHttp && isHere);
}

/** `basedOn`: the version the form was filled from, 0 for none. */
export function providerForm(
  visit: Visit,
  { values, errors }: FormState,
  { basedOn, hasSecret }: { basedOn: number; hasSecret: boolean },
): Html {
  const text = (
    name: string,
    label: string,
    hint: string,
    more: { optional?: boolean; type?: "password" } = {},
  ): Html =>
    textField({
      ...{ name, label, hint, ...more },
      value: name === "segreto" ? "" : (values[name] ?? ""),
      autocomplete: more.type === "password" ? "new-password" : "off",
      maxlength: 1000,
      error: errorFor(errors, name),
    });
  return form({
    action: STAFF_PROVIDER,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: { versione: basedOn },
    body: html`${text("issuer", "Issuer", "Come il provider chiama sé stesso, lettera per lettera: un indirizzo https")}
    ${text("client", "Client ID", "Quello che il provider ha dato a Campanella")}
    ${text(
      "segreto",
      "Segreto del client",
      hasSecret
        ? "Si conserva cifrato e non si mostra. Vuoto: resta quello di prima."
        : "Si conserva cifrato e non si mostra più.",
      { type: "password", optional: hasSecret },
    )}
    ${text("indirizzo", "Indirizzo del servizio", "Dove il personale apre queste pagine, come https://scuola.comune.esempio.it")}
    ${text("etichetta", "Nome sul pulsante", "Il pulsante dice «Entra con …»: per esempio l'account del Comune")}
    ${text("claim", "Claim dell'e-mail", "Dove il provider scrive l'indirizzo; di solito email")}
    ${radios({
      name: "email",
      label: "Quando l'indirizzo vale, la prima volta",
      value: values["email"] || "verificata",
      choices: [
        {
          value: "verificata",
          label: "Se il provider lo dichiara verificato",
          hint: "email_verified",
        },
        {
          value: "assegnata",
          label: "Gli indirizzi li assegna il Comune",
          hint: "valgono anche se il provider non dice se sono verificati; mai se dice di no",
        },
      ],
    })}
    ${checkbox({
      name: "fattore",
      label: "Secondo fattore del provider",
      hint: "Il provider lo chiede già: si accetta quando lo dichiara all'accesso (amr o acr); altrimenti Campanella chiede il suo.",
      checked: (values["fattore"] ?? "") !== "",
    })}
    ${text("acr", "Valore di acr che vale due fattori", "Solo se il provider lo usa: viene anche richiesto", { optional: true })}
    ${checkbox({
      name: "solo",
      label: "L'ufficio entra solo così",
      hint: "Operatori e responsabili non entrano più con codice utente e password. Chi amministra sì: serve quando il provider non risponde.",
      checked: (values["solo"] ?? "") !== "",
    })}`,
    submit: { label: "Salva" },
    cancel: { href: STAFF_PROVIDER },
  });
}
