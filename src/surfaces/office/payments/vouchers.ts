// SPDX-License-Identifier: EUPL-1.2
import type { Family } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { isUuid } from "#kernel/ids.ts";
import { parseEuro } from "#kernel/money.ts";
import { registerDeskPayment } from "#payments";
import { datedSettings } from "#tenancy";
import {
  alert,
  dateField,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  selectField,
  euroField,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type AccountChoice, accountChoices } from "../family/account-choices.ts";
import { familyOfAddress, familyPath, fullName } from "../family/family-guard.ts";
import { familyFrame } from "../family/family-frame.ts";
import { type FormState } from "../office-page.ts";
import { DESK_FAULTS } from "./desk-words.ts";
import { answerOf } from "./register-payment.ts";
import { REGISTER_TITLE, waysToRegister } from "./ways-to-register.ts";

interface Loaded {
  readonly family: Family;
  readonly accounts: readonly AccountChoice[];
  readonly accepted: boolean;
}

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const family = await familyOfAddress(tx, visit);
  if (!family) return null;
  const { vouchersAccepted } = (await datedSettings(tx)).town("collection", visit.today);
  const accounts = await accountChoices(tx, family, visit.today);
  return { family, accounts, accepted: vouchersAccepted };
}

/** `/ufficio/famiglie/{id}/buoni`: paper vouchers handed back become credit, with a receipt to sign (MC-05). */
export async function vouchersPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  if (!loaded) return notFound;
  const values = { data: visit.today.toString(), "pagato-da": fullName(loaded.family.person) };
  return view(visit, loaded, { values, errors: [] });
}

export async function saveVouchers(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  const loaded = await visit.town.read((tx) => load(tx, visit));
  const key = fields.text(KEY_FIELD);
  if (!loaded || !actor || !isUuid(key)) return notFound;
  const { family, accounts, accepted } = loaded;
  if (!accepted) return notFound;
  const wrong = (...errors: FieldError[]): Answer => {
    const names = ["bambino", "conto", "buoni", "valore", "data", "pagato-da"];
    const values = Object.fromEntries(names.map((name) => [name, fields.text(name)]));
    return withStatus(422, view(visit, loaded, { values, errors }));
  };
  const child = family.children.find(({ id }) => id === fields.text("bambino"));
  const choice = accounts.find((one) => one.key === fields.text("conto"));
  const paidOn = fields.day("data");
  const count = /^\d{1,4}$/.test(fields.text("buoni")) ? Number(fields.text("buoni")) : 0;
  const cents = parseEuro(fields.text("valore"));
  const errors: FieldError[] = [];
  if (!child) errors.push({ field: "bambino", message: "Scegliere il bambino." });
  if (!choice) errors.push({ field: "conto", message: "Scegliere il conto." });
  if (!paidOn) errors.push({ field: "data", message: "Scrivere una data valida." });
  if (count < 1) errors.push(DESK_FAULTS.vouchers);
  if (cents === null || cents <= 0n)
    errors.push({ field: "valore", message: "Scrivere quanto vale un buono, per esempio 4,60." });
  if (!child || !choice || !paidOn || cents === null || errors.length > 0) return wrong(...errors);
  const done = await visit.town.write((tx) =>
    registerDeskPayment(tx, {
      actor,
      draft: {
        method: "vouchers",
        amountCents: cents * BigInt(count),
        paidOn,
        payerName: fields.text("pagato-da"),
        payerFiscalCode: "",
        receiptRef: "",
        place: "",
        note: "",
        vouchers: { count, cents },
      },
      target: {
        kind: "account",
        account: choice.account,
        childId: child.id,
        serviceId: choice.payFor,
      },
      file: null,
      key,
      now,
    }),
  );
  return answerOf(done, wrong);
}

function view(visit: Visit, { family, accounts, accepted }: Loaded, state: FormState): Html {
  const { values, errors } = state;
  const [onlyChild] = family.children.length === 1 ? family.children : [];
  const [onlyAccount] = accounts.length === 1 ? accounts : [];
  const body = form({
    action: `${familyPath(family.holder.id)}/buoni`,
    csrf: visit.csrf,
    key: visit.newKey(),
    body: html`${selectField({
      name: "bambino",
      label: "Bambino",
      empty: "Scegliere il bambino",
      value: values["bambino"] ?? onlyChild?.id ?? "",
      choices: family.children.map((child) => ({ value: child.id, label: fullName(child) })),
      error: errorFor(errors, "bambino"),
    })}
    ${selectField({
      name: "conto",
      label: "Su quale conto?",
      empty: "Scegliere il conto",
      value: values["conto"] ?? onlyAccount?.key ?? "",
      choices: accounts.map(({ key, label }) => ({ value: key, label })),
      error: errorFor(errors, "conto"),
    })}
    ${textField({
      name: "buoni",
      label: "Buoni restituiti",
      width: "short",
      inputmode: "numeric",
      maxlength: 4,
      value: values["buoni"],
      error: errorFor(errors, "buoni"),
    })}
    ${euroField({
      name: "valore",
      label: "Valore di un buono",
      value: values["valore"],
      error: errorFor(errors, "valore"),
    })}
    ${dateField({
      name: "data",
      label: "Data della consegna",
      value: values["data"],
      max: visit.today,
      error: errorFor(errors, "data"),
    })}
    ${textField({
      name: "pagato-da",
      label: "Consegnati da",
      maxlength: 120,
      value: values["pagato-da"],
      error: errorFor(errors, "pagato-da"),
    })}`,
    submit: { label: "Registra i buoni" },
    cancel: { href: familyPath(family.holder.id) },
  });
  return familyFrame(visit, family, {
    h1: REGISTER_TITLE,
    wide: false,
    errors,
    body: html`${waysToRegister({
      holderId: family.holder.id,
      current: "vouchers",
      vouchersAccepted: accepted,
    })}
    ${
      accepted
        ? body
        : alert({
            tone: "info",
            title: "Il Comune non ritira buoni cartacei.",
            body: html`<p>Si cambia nel profilo del Comune, alla voce della riscossione.</p>`,
          })
    }`,
  });
}
