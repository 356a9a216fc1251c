// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { deskFile, type DeskPayment, inFours } from "#payments";
import { alert, definitionList, linkButton } from "#ui/components.ts";
import {
  DESK_METHOD_WORDS,
  deskReceipt,
  isReceipt,
  type DeskSheet,
  deskSheet,
  payerText,
} from "../../web/desk-receipt.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { moneyPage } from "./money-page.ts";
import { noticePath } from "./notice-words.ts";
import { type AccountNames, accountNames } from "./request-words.ts";

const f = formats("it");

async function load(
  tx: ReadTx,
  visit: Visit,
): Promise<(DeskSheet & { names: AccountNames }) | null> {
  const sheet = await deskSheet(tx, visit);
  if (!sheet) return null;
  const { holderId, accountChildId } = sheet.payment;
  const names = await accountNames(tx, { holderIds: [holderId], childIds: [accountChildId] });
  return { ...sheet, names };
}

const pathOf = ({ id }: DeskPayment): string => `/ufficio/pagamenti/registrati/${id}`;

/** `/ufficio/pagamenti/registrati/{id}`: what was registered, its receipt for the family, the file handed in. */
export async function registeredPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  if (!loaded) return notFound;
  const { payment, names } = loaded;
  const { holderId, accountChildId: childId, accountServiceId: serviceId } = payment;
  return moneyPage(visit, "cases", {
    h1: `Pagamento n. ${payment.number}`,
    lead: `${DESK_METHOD_WORDS[payment.method]}, ${formatEuro(payment.amountCents)}`,
    back: { href: `/ufficio/famiglie/${holderId}`, label: `Famiglia ${names.holder(holderId)}` },
    wide: false,
    headActions:
      payment.replacedByNotice === null &&
      linkButton({
        href: `${pathOf(payment)}/ricevuta.pdf`,
        label: "Ricevuta per la famiglia (PDF)",
      }),
    body: html`${
      payment.replacedByNotice !== null &&
      alert({
        tone: "info",
        title: "Sostituito dalla ricevuta di pagoPA",
        body: html`<p>
          La ricevuta è arrivata dopo, per l'avviso
          <a href="${noticePath(payment.replacedByNotice)}">${inFours(payment.replacedByNotice)}</a
          >: il credito registrato qui è stato tolto e vale quello.
        </p>`,
      })
    }${definitionList([
      { label: "Importo", value: html`<strong>${formatEuro(payment.amountCents)}</strong>` },
      { label: "Data", value: f.dayWithYear(payment.paidOn) },
      {
        label: payment.method === "vouchers" ? "Consegnati da" : "Chi ha pagato",
        value: payerText(payment),
      },
      { label: "Conto", value: names.account({ childId, serviceId }) },
      ...(payment.voucherCount && payment.voucherCents
        ? [
            {
              label: "Buoni",
              value: `${payment.voucherCount} da ${formatEuro(payment.voucherCents)}`,
            },
          ]
        : []),
      { label: "Tracciabile", value: payment.traceable ? "sì" : "no" },
      ...(payment.receiptRef ? [{ label: "Identificativo", value: payment.receiptRef }] : []),
      ...(payment.place ? [{ label: "Dove e per che cosa", value: payment.place }] : []),
      ...(payment.note ? [{ label: "Nota", value: payment.note }] : []),
      ...(payment.fileName
        ? [
            {
              label: "Ricevuta consegnata",
              value: html`<a href="${pathOf(payment)}/allegato">${payment.fileName}</a>`,
            },
          ]
        : []),
      { label: "Registrato", value: `${f.dayAndTime(payment.recordedAt)}, ${payment.recordedBy}` },
    ])}`,
  });
}

/** The family's receipt. */
export async function registeredReceipt(visit: Visit): Promise<Answer> {
  const sheet = await visit.town.read((tx) => deskSheet(tx, visit));
  return sheet && isReceipt(sheet) ? deskReceipt(visit, sheet) : notFound;
}

/** The receipt as it was handed in: never shown inside our pages. */
export async function registeredFile(visit: Visit): Promise<Answer> {
  const id = visit.params["id"] ?? "";
  const file = isUuid(id) ? await visit.town.read((tx) => deskFile(tx, id)) : null;
  if (!file) return notFound;
  const endings = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/xml": "xml",
  };
  // Its own name may hold anything: the kept one is plain.
  const fileName = `ricevuta-consegnata.${endings[file.type]}`;
  // An XML page of somebody else never runs under our address.
  const contentType = file.type === "application/xml" ? "text/plain; charset=utf-8" : file.type;
  return { kind: "file", contentType, bytes: file.bytes, fileName };
}
