// SPDX-License-Identifier: EUPL-1.2
import { schoolYearBegan, townCalendar } from "#calendar";
import type { Family } from "#families";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import {
  CREDIT_METHODS,
  type CreditFault,
  type CreditMethod,
  LedgerKeyConflict,
  registerCredit,
} from "#ledger";
import { datedSettings } from "#tenancy";
import {
  dateField,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  radios,
  selectField,
  euroField,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { CREDIT_METHOD_WORDS } from "../money-words.ts";
import { type FormState } from "../office-page.ts";
import { REGISTER_TITLE, waysToRegister } from "../payments/ways-to-register.ts";
import { type AccountChoice, accountChoices } from "./account-choices.ts";
import { familyOfAddress, familyPath } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

const FAULTS: Record<Exclude<CreditFault, DateFault>, FieldError> = {
  "amount-not-positive": { field: "importo", message: "L'importo deve superare zero." },
  "amount-too-high": { field: "importo", message: "L'importo è troppo alto: controllare." },
  "reason-missing": { field: "causale", message: "Scrivere la causale." },
};

type DateFault = "in-the-future" | "before-the-year";

/** Both wrong dates get the days that are right: `La data va dal 1 settembre 2026 a oggi…`. */
function faultOf(fault: CreditFault, visit: Visit, earliest: Day): FieldError {
  if (fault !== "in-the-future" && fault !== "before-the-year") return FAULTS[fault];
  const from = `${f.dayAndMonth(earliest)} ${earliest.year}`;
  const today = `${f.dayAndMonth(visit.today)} ${visit.today.year}`;
  return {
    field: "data",
    message: `La data va dal ${from}, inizio dell'anno scolastico, a oggi ${today}.`,
  };
}

const f = formats("it");

/**
 * Cash and cards are for old debts, where the town names them: `Con avviso o ricevuta` asks for both (BO-08). Vouchers
 * have a form of their own where the town takes them back (MC-05).
 */
const methodsOf = ({ vouchersAccepted }: Loaded): CreditMethod[] =>
  CREDIT_METHODS.filter(
    (method) => method !== "cash-desk" && !(method === "vouchers" && vouchersAccepted),
  );

interface Loaded {
  readonly family: Family;
  readonly choices: readonly AccountChoice[];
  /** first day a credit may be of */
  readonly earliest: Day;
  readonly vouchersAccepted: boolean;
}

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const family = await familyOfAddress(tx, visit);
  if (!family) return null;
  const { years } = await townCalendar(tx);
  const choices = await accountChoices(tx, family, visit.today);
  const { vouchersAccepted } = (await datedSettings(tx)).town("collection", visit.today);
  return { family, choices, earliest: schoolYearBegan(visit.today, years), vouchersAccepted };
}

/** `/ufficio/famiglie/{id}/credito`: money that came without a payment on line (MC-05, BI-09). */
export async function creditPage(visit: Visit): Promise<Answer> {
  const found = await visit.town.read((tx) => load(tx, visit));
  if (!found) return notFound;
  return view(visit, found, { values: { data: visit.today.toString() }, errors: [] });
}

export async function saveCredit(visit: Visit): Promise<Answer> {
  const { fields, actor } = visit;
  if (!actor) return notFound;
  const amountCents = parseEuro(fields.text("importo"));
  const happenedOn = fields.day("data");
  const key = fields.text(KEY_FIELD);
  const errors: FieldError[] = [];
  if (amountCents === null)
    errors.push({ field: "importo", message: "Scrivere un importo, per esempio 46,00." });
  if (!happenedOn) errors.push({ field: "data", message: "Scrivere una data valida." });
  const done = await unlessConflict(
    visit.town.write(async (tx) => {
      const found = await load(tx, visit);
      if (!found || !isUuid(key)) return null;
      const method = methodsOf(found).find((one) => one === fields.text("modo"));
      if (!method)
        errors.unshift({ field: "modo", message: "Scegliere come è arrivato il denaro." });
      const choice = found.choices.find((one) => one.key === fields.text("conto"));
      if (!choice) errors.unshift({ field: "conto", message: "Scegliere il conto." });
      if (!method || amountCents === null || !happenedOn || !choice) return { found, errors };
      const result = await registerCredit(tx, {
        actor,
        account: choice.account,
        method,
        amountCents,
        happenedOn,
        reason: fields.text("causale").slice(0, 200),
        key,
        recordedAt: visit.now,
        earliest: found.earliest,
      });
      switch (result.outcome) {
        case "registered":
        case "already-registered":
          return {
            found,
            saved: `Credito di ${formatEuro(amountCents)} registrato: ${choice.label}.`,
          };
        case "refused":
          return {
            found,
            errors: result.faults.map((fault) => faultOf(fault, visit, found.earliest)),
          };
        case "forbidden":
          return null;
      }
    }),
  );
  if (!done) return notFound;
  if (done === "conflict") {
    const found = await visit.town.read((tx) => load(tx, visit));
    if (!found) return notFound;
    const message =
      "Questo modulo è già stato inviato con un altro importo: controllare i movimenti.";
    return withStatus(
      409,
      view(visit, found, { values: {}, errors: [{ field: "importo", message }] }),
    );
  }
  if ("saved" in done) return seeOther(familyPath(done.found.family.holder.id), done.saved);
  const values = Object.fromEntries(
    ["conto", "modo", "importo", "data", "causale"].map((name) => [name, fields.text(name)]),
  );
  return withStatus(422, view(visit, done.found, { values, errors: done.errors }));
}

/** The same form with another amount ends the transaction: nothing is posted. */
async function unlessConflict<Result>(work: Promise<Result>): Promise<Result | "conflict"> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LedgerKeyConflict) return "conflict";
    throw error;
  }
}

function view(visit: Visit, found: Loaded, { values, errors }: FormState): Html {
  const { family, choices, earliest, vouchersAccepted } = found;
  const [only] = choices;
  return familyFrame(visit, family, {
    h1: REGISTER_TITLE,
    wide: false,
    errors,
    body: html`${waysToRegister({ holderId: family.holder.id, current: "credit", vouchersAccepted })}
    ${form({
      action: `${familyPath(family.holder.id)}/credito`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${selectField({
        name: "conto",
        label: "Su quale conto?",
        empty: "Scegliere il conto",
        value: values["conto"] ?? (choices.length === 1 ? only?.key : ""),
        choices: choices.map((choice) => ({ value: choice.key, label: choice.label })),
        error: errorFor(errors, "conto"),
      })}
      ${radios({
        name: "modo",
        label: "Come è arrivato il denaro?",
        value: values["modo"] ?? "",
        choices: methodsOf(found).map((value: CreditMethod) => ({
          value,
          label: CREDIT_METHOD_WORDS[value],
        })),
        error: errorFor(errors, "modo"),
      })}
      ${euroField({
        name: "importo",
        label: "Importo",
        value: values["importo"],
        error: errorFor(errors, "importo"),
      })}
      ${dateField({
        name: "data",
        label: "Data del versamento",
        value: values["data"],
        min: earliest,
        max: visit.today,
        error: errorFor(errors, "data"),
      })}
      ${textField({
        name: "causale",
        label: "Causale",
        hint: "La famiglia la vede nei movimenti. Per esempio: bonifico del 3 novembre, senza numero",
        maxlength: 200,
        value: values["causale"],
        error: errorFor(errors, "causale"),
      })}`,
      submit: { label: "Registra il credito" },
      cancel: { href: familyPath(family.holder.id) },
    })}`,
  });
}
