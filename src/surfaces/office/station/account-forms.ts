// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { assertNever } from "#kernel/outcome.ts";
import { closeAccount, configureAccount } from "#payments";
import { type Creditor, creditors, putCreditor } from "#tenancy";
import { errorFor, type FieldError, form, radios, textField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { creditorField, errorsOf } from "./station-forms.ts";
import { BACK, STATION_PAGE } from "./station-words.ts";

const ACCOUNT_NAMES = ["ente", "iban", "tipo", "conto", "intestato", "autorizzazione"] as const;

/** `…/conti/nuovo`: where a creditor is paid; the account of the same kind in use gives way. */
export async function newAccountPage(visit: Visit): Promise<Answer> {
  const institutions = await visit.town.read((tx) => creditors(tx));
  const values = { tipo: "bank", ente: institutions[0]?.fiscalCode ?? "" };
  return accountForm(visit, institutions, { values, errors: [] });
}

export async function saveAccount(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const values = Object.fromEntries(ACCOUNT_NAMES.map((name) => [name, fields.text(name)]));
  const isPostal = fields.text("tipo") === "postal";
  const account = {
    creditorFiscalCode: fields.text("ente"),
    iban: fields.text("iban"),
    kind: isPostal ? ("postal" as const) : ("bank" as const),
    postalAccount: isPostal ? fields.text("conto") : "",
    postalHolder: isPostal ? fields.text("intestato") : "",
    postalAuthorisation: isPostal ? fields.text("autorizzazione") : "",
  };
  const saved = await visit.town.write((tx) => configureAccount(tx, { actor, account, now }));
  switch (saved.outcome) {
    case "saved":
      return seeOther(STATION_PAGE, "Conto in uso per i nuovi avvisi.");
    case "refused": {
      const institutions = await visit.town.read((tx) => creditors(tx));
      const errors = errorsOf(saved.faults);
      return withStatus(422, accountForm(visit, institutions, { values, errors }));
    }
    case "forbidden":
      return forbidden;
    default:
      return assertNever(saved);
  }
}

function accountForm(
  visit: Visit,
  institutions: readonly Creditor[],
  { values, errors }: FormState,
): Html {
  const text = (
    name: (typeof ACCOUNT_NAMES)[number],
    of: { label: string; hint?: string; maxlength: number; optional?: boolean },
  ): Html =>
    textField({
      ...{ ...of, name, value: values[name] ?? "", autocomplete: "off" },
      error: errorFor(errors, name),
    });
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Nuovo conto di incasso",
      back: BACK,
      wide: false,
      errors,
      body: form({
        action: `${STATION_PAGE}/conti/nuovo`,
        csrf: visit.csrf,
        key: visit.newKey(),
        body: html`${creditorField(institutions, values["ente"], errors)}
        ${text("iban", { label: "IBAN", hint: "Registrato nel Back-office pagoPA per lo stesso ente", maxlength: 40 })}
        ${radios({
          name: "tipo",
          label: "Tipo di conto",
          value: values["tipo"] ?? null,
          choices: [
            { value: "bank", label: "Bancario" },
            {
              value: "postal",
              label: "Postale",
              hint: "Sull'avviso si stampa anche il bollettino.",
            },
          ],
        })}
        ${text("conto", { label: "Numero del conto corrente postale", maxlength: 12, optional: true })}
        ${text("intestato", { label: "Intestato a", hint: "Come sul bollettino; solo per il conto postale", maxlength: 50, optional: true })}
        ${text("autorizzazione", { label: "Autorizzazione alla stampa", hint: "Per esempio AUT. DB/SISB/GEN 123456 DEL 01/09/2026", maxlength: 60, optional: true })}`,
        submit: { label: "Aggiungi il conto" },
        cancel: { href: STATION_PAGE },
      }),
    },
  );
}

export async function retireAccountNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return notFound;
  const accountId = visit.params["id"] ?? "";
  const closed = await visit.town.write((tx) => closeAccount(tx, { actor, accountId, now }));
  switch (closed.outcome) {
    case "closed":
      return seeOther(STATION_PAGE, "Il conto non si usa più per i nuovi avvisi.");
    case "not-in-use":
      return seeOther(STATION_PAGE, "Il conto non era in uso.");
    case "forbidden":
      return forbidden;
  }
}

const CREDITOR_NAMES = ["codice", "nome", "ipa"] as const;
const CREDITOR_FAULTS = {
  "fiscal-code": {
    field: "codice",
    message: "Il codice fiscale dell'ente non è giusto: 11 cifre.",
  },
  name: { field: "nome", message: "Scrivere il nome dell'ente, al massimo 140 caratteri." },
  "ipa-code": { field: "ipa", message: "Il codice IPA non è scritto bene." },
} as const;

/** `…/enti/nuovo`: the town's union or the company that runs a service, beside the town itself. */
export const newCreditorPage = (visit: Visit): Answer =>
  creditorForm(visit, { values: {}, errors: [] });

export async function saveCreditor(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const values = Object.fromEntries(CREDITOR_NAMES.map((name) => [name, fields.text(name)]));
  const [fiscalCode, name] = [fields.text("codice"), fields.text("nome")];
  const ipaCode = fields.text("ipa") || null;
  const saved = await visit.town.write((tx) =>
    putCreditor(tx, { actor, fiscalCode, name, ipaCode, now }),
  );
  switch (saved.outcome) {
    case "saved":
      return seeOther(STATION_PAGE, `Ente ${name} registrato.`);
    case "unchanged":
      return seeOther(STATION_PAGE, "Nessun cambiamento.");
    case "refused": {
      const errors: FieldError[] = saved.faults.map((fault) => CREDITOR_FAULTS[fault]);
      return withStatus(422, creditorForm(visit, { values, errors }));
    }
    case "forbidden":
      return forbidden;
    default:
      return assertNever(saved);
  }
}

function creditorForm(visit: Visit, { values, errors }: FormState): Html {
  const text = (
    name: (typeof CREDITOR_NAMES)[number],
    of: { label: string; hint?: string; maxlength: number; optional?: boolean },
  ): Html => textField({ ...of, name, value: values[name] ?? "", error: errorFor(errors, name) });
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Nuovo ente creditore",
      back: BACK,
      wide: false,
      errors,
      body: form({
        action: `${STATION_PAGE}/enti/nuovo`,
        csrf: visit.csrf,
        key: visit.newKey(),
        body: html`${text("codice", { label: "Codice fiscale", hint: "11 cifre; un ente già presente cambia nome", maxlength: 11 })}
        ${text("nome", { label: "Nome", hint: "Come lo leggono le famiglie sull'avviso", maxlength: 140 })}
        ${text("ipa", { label: "Codice IPA", maxlength: 20, optional: true })}`,
        submit: { label: "Registra l'ente" },
        cancel: { href: STATION_PAGE },
      }),
    },
  );
}
