// SPDX-License-Identifier: EUPL-1.2
import { officeReceiptPdf, voucherReceiptPdf } from "#documents";
import { people } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { deskFile, type DeskPayment, deskPayments } from "#payments";
import { townCalendar } from "#calendar";
import { definitionList, linkButton } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { serviceName } from "../words.ts";
import { DESK_METHOD_WORDS } from "./desk-words.ts";
import { moneyPage } from "./money-page.ts";
import { type AccountNames, accountNames } from "./request-words.ts";

const f = formats("it");

interface Loaded {
  readonly payment: DeskPayment;
  readonly names: AccountNames;
  readonly child: { name: string; fiscalCode: string | null };
  readonly service: string;
}

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const id = visit.params["id"] ?? "";
  const [payment] = isUuid(id) ? await deskPayments(tx, { id }) : [];
  if (!payment) return null;
  const { holderId, childId, accountChildId, serviceId } = payment;
  const [child] = childId ? await people(tx, [childId]) : [];
  return {
    payment,
    names: await accountNames(tx, { holderIds: [holderId], childIds: [accountChildId] }),
    child: {
      name: child ? `${child.givenName} ${child.surname}` : "",
      fiscalCode: child?.codiceFiscale ?? null,
    },
    service: serviceName(await townCalendar(tx), serviceId),
  };
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
    headActions: linkButton({
      href: `${pathOf(payment)}/ricevuta.pdf`,
      label: "Ricevuta per la famiglia (PDF)",
    }),
    body: definitionList([
      { label: "Importo", value: html`<strong>${formatEuro(payment.amountCents)}</strong>` },
      { label: "Data", value: f.dayWithYear(payment.paidOn) },
      {
        label: payment.method === "vouchers" ? "Consegnati da" : "Chi ha pagato",
        value: payer(payment),
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
    ]),
  });
}

const payer = ({ payerName, payerFiscalCode }: DeskPayment): string =>
  [payerName, payerFiscalCode].filter(Boolean).join(", ");

/** The family's receipt; of vouchers the one with places for two signatures (MC-05). */
export async function registeredReceipt(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  if (!loaded) return notFound;
  const { payment } = loaded;
  const bytes = await drawReceipt(visit, loaded);
  return {
    kind: "file",
    contentType: "application/pdf",
    fileName: `ricevuta-${payment.number}.pdf`,
    bytes,
  };
}

function drawReceipt(visit: Visit, { payment, child, service }: Loaded): Promise<Uint8Array> {
  const { town, office } = visit.townSettings;
  const letterhead = {
    name: town.name,
    officeName: office.name,
    fiscalCode: town.fiscalCode,
    address: office.address || town.address,
    contacts: [office.phones[0], office.emails[0]].filter(Boolean).join(", "),
  };
  const options = { madeAt: visit.now };
  const number = `${payment.number}`;
  if (payment.voucherCount && payment.voucherCents)
    return voucherReceiptPdf(
      {
        office: letterhead,
        number,
        on: payment.paidOn,
        child,
        bearer: payment.payerName,
        service,
        count: payment.voucherCount,
        valueCents: payment.voucherCents,
      },
      options,
    );
  return officeReceiptPdf(
    {
      office: letterhead,
      title: "Ricevuta di pagamento registrato",
      number,
      on: payment.paidOn,
      statement: `L'ufficio ha registrato un pagamento di ${formatEuro(payment.amountCents)}.`,
      facts: [
        { label: "Modo", value: DESK_METHOD_WORDS[payment.method] },
        { label: "Pagato da", value: payer(payment) },
        { label: "Mezzo tracciabile", value: payment.traceable ? "sì" : "no" },
        { label: "Identificativo", value: payment.receiptRef || "nessuno" },
      ],
      lines: [{ child: child.name, service, amountCents: payment.amountCents }],
      signatures: ["Firma per ricevuta dell’ufficio"],
    },
    options,
  );
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
