// SPDX-License-Identifier: EUPL-1.2
/** The receipt of a payment that the office registered: the same sheet for the office and for the family. */
import { townCalendar } from "#calendar";
import { type Letterhead, logoFrom, officeReceiptPdf, voucherReceiptPdf } from "#documents";
import { people } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { type DeskMethod, type DeskPayment, deskPayments } from "#payments";
import { townLogo } from "#tenancy";
import type { Answer } from "./route.ts";
import type { Visit } from "./visit.ts";

export const DESK_METHOD_WORDS: Record<DeskMethod, string> = {
  "other-portal": "pagoPA da un altro portale",
  "bank-transfer": "Bonifico",
  cash: "Contanti",
  pos: "Carta (POS)",
  vouchers: "Buoni cartacei",
};

export interface DeskSheet {
  readonly payment: DeskPayment;
  readonly child: { readonly name: string; readonly fiscalCode: string | null };
  readonly service: string;
  readonly logoPng: Uint8Array | null;
}

/** The payment named in the address; `null`: there is none. */
export async function deskSheet(tx: ReadTx, visit: Visit): Promise<DeskSheet | null> {
  const id = visit.params["id"] ?? "";
  const [payment] = isUuid(id) ? await deskPayments(tx, { id }) : [];
  if (!payment) return null;
  const { childId, serviceId } = payment;
  const [child] = childId ? await people(tx, [childId]) : [];
  const { services } = await townCalendar(tx);
  return {
    payment,
    child: {
      name: child ? `${child.givenName} ${child.surname}` : "",
      fiscalCode: child?.codiceFiscale ?? null,
    },
    service: services.find((service) => service.id === serviceId)?.name ?? "Servizi scolastici",
    logoPng: await townLogo(tx),
  };
}

/** One that pagoPA's receipt replaced proves nothing any more: the payment is proven once. */
export const isReceipt = ({ payment }: DeskSheet): boolean => payment.replacedByNotice === null;

export const payerText = ({ payerName, payerFiscalCode }: DeskPayment): string =>
  [payerName, payerFiscalCode].filter(Boolean).join(", ");

/** Drawn outside the transaction; of vouchers the one with places for two signatures (MC-05). */
export async function deskReceipt(visit: Visit, sheet: DeskSheet): Promise<Answer> {
  return {
    kind: "file",
    contentType: "application/pdf",
    fileName: `ricevuta-${sheet.payment.number}.pdf`,
    bytes: await draw(visit, sheet),
  };
}

/** The head of the town's own sheets. */
export function letterheadOf(visit: Visit, logoPng: Uint8Array | null): Letterhead {
  const { town, office } = visit.townSettings;
  return {
    name: town.name,
    officeName: office.name,
    fiscalCode: town.fiscalCode,
    address: office.address || town.address,
    contacts: [office.phones[0], office.emails[0]].filter(Boolean).join(", "),
    logo: logoFrom(logoPng),
  };
}

function draw(visit: Visit, { payment, child, service, logoPng }: DeskSheet): Promise<Uint8Array> {
  const letterhead = letterheadOf(visit, logoPng);
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
        { label: "Pagato da", value: payerText(payment) },
        { label: "Mezzo tracciabile", value: payment.traceable ? "sì" : "no" },
        { label: "Identificativo", value: payment.receiptRef || "nessuno" },
      ],
      lines: [{ child: child.name, service, amountCents: payment.amountCents }],
      signatures: ["Firma per ricevuta dell’ufficio"],
    },
    options,
  );
}
