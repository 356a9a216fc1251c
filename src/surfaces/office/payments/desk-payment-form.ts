// SPDX-License-Identifier: EUPL-1.2
import type { Family } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";
import { type DeskMethod, inFours, noticesOf, type ShownNotice } from "#payments";
import { datedSettings, type TownSettings } from "#tenancy";
import {
  dateField,
  errorFor,
  fileField,
  form,
  radios,
  selectField,
  euroField,
  textField,
} from "#ui/components.ts";
import { DESK_METHOD_WORDS } from "../../web/desk-receipt.ts";
import type { Visit } from "../../web/visit.ts";
import { type AccountChoice, accountChoices } from "../family/account-choices.ts";
import { familyOfAddress, familyPath } from "../family/family-guard.ts";
import { familyFrame } from "../family/family-frame.ts";
import { type FormState } from "../office-page.ts";
import { REGISTER_TITLE, waysToRegister } from "./ways-to-register.ts";

export interface LoadedDesk {
  readonly family: Family;
  readonly accounts: readonly AccountChoice[];
  /** notices that may be paid elsewhere */
  readonly notices: readonly ShownNotice[];
  readonly collection: TownSettings["collection"];
}

export async function loadDesk(tx: ReadTx, visit: Visit): Promise<LoadedDesk | null> {
  const family = await familyOfAddress(tx, visit);
  if (!family) return null;
  const { now, today } = visit;
  const notices = await noticesOf(tx, { holderIds: [family.holder.id], now });
  return {
    family,
    accounts: await accountChoices(tx, family, today),
    notices: notices.filter(({ standing }) => standing === "to-pay" || standing === "expired"),
    collection: (await datedSettings(tx)).town("collection", today),
  };
}

/** Cash and card only where the town has named place and purpose (BO-08). */
export const methodsOf = ({ collection }: LoadedDesk): DeskMethod[] => [
  "other-portal",
  "bank-transfer",
  ...(collection.cash.length > 0 ? (["cash", "pos"] as const) : []),
];

export const placeText = ({ place, onlyFor }: TownSettings["collection"]["cash"][number]): string =>
  `${place}: ${onlyFor}`;

export const noticeKey = ({ id }: Pick<ShownNotice, "id">): string => `avviso:${id}`;

export function deskView(visit: Visit, loaded: LoadedDesk, state: FormState): Html {
  const { family } = loaded;
  return familyFrame(visit, family, {
    h1: REGISTER_TITLE,
    wide: false,
    errors: state.errors,
    body: html`${waysToRegister({
      holderId: family.holder.id,
      current: "receipt",
      vouchersAccepted: loaded.collection.vouchersAccepted,
    })}
    ${form({
      action: `${familyPath(family.holder.id)}/pagamento`,
      csrf: visit.csrf,
      key: state.values["key"] ?? visit.newKey(),
      multipart: true,
      body: [whatPart(loaded, state), howPart(visit, loaded, state)],
      submit: { label: "Registra il pagamento" },
      cancel: { href: familyPath(family.holder.id) },
    })}`,
  });
}

function whatPart({ accounts, notices }: LoadedDesk, { values, errors }: FormState): Html {
  return selectField({
    name: "destinazione",
    label: "Che cosa è stato pagato?",
    empty: "Scegliere l'avviso o il conto",
    value: values["destinazione"] ?? "",
    choices: [
      ...notices.map((notice) => ({
        value: noticeKey(notice),
        label: `Avviso ${inFours(notice.noticeNumber)}, ${formatEuro(notice.amountCents)}: ${notice.subject}${notice.instalment === null ? "" : `, rata ${notice.instalment}`}`,
      })),
      ...accounts.map(({ key, label }) => ({ value: key, label: `Credito, ${label}` })),
    ],
    error: errorFor(errors, "destinazione"),
  });
}

function howPart(visit: Visit, loaded: LoadedDesk, { values, errors }: FormState): Html {
  const { collection } = loaded;
  return html`${radios({
    name: "modo",
    label: "Come è stato pagato?",
    value: values["modo"] ?? "",
    choices: methodsOf(loaded).map((value) => ({
      value,
      label: DESK_METHOD_WORDS[value],
      hint: METHOD_HINTS[value],
    })),
    error: errorFor(errors, "modo"),
  })}
  ${
    collection.cash.length > 0 &&
    selectField({
      name: "luogo",
      label: "Contanti o carta: dove e per che cosa?",
      empty: "Non in contanti né con carta",
      optional: true,
      value: values["luogo"] ?? "",
      choices: collection.cash.map((one) => ({ value: placeText(one), label: placeText(one) })),
      error: errorFor(errors, "luogo"),
    })
  }
  ${fileField({
    name: "ricevuta",
    label: "Ricevuta",
    hint: "PDF, JPG, PNG o XML di pagoPA, al massimo 5 MB. Da un XML di pagoPA si leggono importo, data, identificativo e chi ha pagato: quei campi si possono lasciare vuoti.",
    optional: true,
    accept: ".pdf,.jpg,.jpeg,.png,.xml",
    error: errorFor(errors, "ricevuta"),
  })}
  ${euroField({
    name: "importo",
    label: "Importo",
    value: values["importo"],
    error: errorFor(errors, "importo"),
  })}
  ${dateField({
    name: "data",
    label: "Data del pagamento",
    value: values["data"],
    max: visit.today,
    error: errorFor(errors, "data"),
  })}
  ${textField({
    name: "pagato-da",
    label: "Chi ha pagato",
    maxlength: 120,
    value: values["pagato-da"],
    error: errorFor(errors, "pagato-da"),
  })}
  ${textField({
    name: "codice-fiscale",
    label: "Codice fiscale di chi ha pagato",
    hint: "Serve per la detrazione.",
    optional: true,
    width: "medium",
    maxlength: 16,
    value: values["codice-fiscale"],
    error: errorFor(errors, "codice-fiscale"),
  })}
  ${textField({
    name: "identificativo",
    label: "Identificativo",
    hint:
      collection.cash.length > 0
        ? "Della ricevuta o del bonifico (CRO o TRN). Per contanti e carta si può lasciare vuoto."
        : "Della ricevuta o del bonifico (CRO o TRN).",
    maxlength: 140,
    value: values["identificativo"],
    error: errorFor(errors, "identificativo"),
  })}
  ${textField({
    name: "nota",
    label: "Nota",
    hint: "La famiglia la vede nei movimenti.",
    optional: true,
    maxlength: 300,
    value: values["nota"],
    error: errorFor(errors, "nota"),
  })}`;
}

const METHOD_HINTS: Record<DeskMethod, string> = {
  "other-portal": "Tracciabile: vale per la detrazione.",
  "bank-transfer": "Tracciabile: vale per la detrazione.",
  cash: "Solo per debiti di anni precedenti. Non vale per la detrazione.",
  pos: "Solo per debiti di anni precedenti. Tracciabile.",
  vouchers: "",
};
