// SPDX-License-Identifier: EUPL-1.2
/** Receipts for families: of a payment through pagoPA, and of what the office took in by hand. */
import { dayOf, type Day, type Moment, ZONE } from "#kernel/dates.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { field, type FieldStyles, paragraph, space } from "./boxes.ts";
import { collect } from "./collect.ts";
import { type Flow, openFlow } from "./flow.ts";
import { inFours } from "./notice-codes.ts";
import { dateText } from "./paper-notice.ts";
import { closePdf, group, mm, openPdf, type Pen, penOf } from "./pen.ts";
import {
  BODY,
  CODE_FACT,
  factRows,
  letterhead,
  type Letterhead,
  NOTE,
  putTable,
  putText,
  runningHead,
  signatureLines,
  TEXT,
  TITLE,
} from "./sheet.ts";

export type ReceiptLine = {
  readonly child: string;
  readonly service: string;
  readonly amountCents: Cents;
};

export type PaidReceipt = {
  readonly creditor: Letterhead;
  /** As pagoPA sent it, character by character. */
  readonly receiptId: string;
  readonly noticeNumber: string;
  readonly iuv: string;
  readonly paidAt: Moment;
  /** When the payment service provider booked it; null when the receipt does not say. */
  readonly appliedOn: Day | null;
  readonly pspName: string;
  readonly pspFiscalCode: string | null;
  readonly amountCents: Cents;
  /** What the payer gave the provider on top; null when not known. */
  readonly feeCents?: Cents | null | undefined;
  /** The causale. */
  readonly description: string;
  readonly debtor: { readonly name: string; readonly fiscalCode: string | null };
  readonly payer?: { readonly name: string; readonly fiscalCode: string } | undefined;
  /** Traceable means, as tax deductions ask; undefined leaves it out. */
  readonly traceable?: boolean | undefined;
  /** What it paid; none is allowed (a payment of another office). */
  readonly lines: readonly ReceiptLine[];
};

/** `20/11/2026, ore 8:05` in Rome. */
function momentText(at: Moment): string {
  const { hour, minute } = at.toZonedDateTimeISO(ZONE);
  return `${dateText(dayOf(at))}, ore ${hour}:${minute.toString().padStart(2, "0")}`;
}

type Fact = readonly [label: string, value: string, styles?: FieldStyles];

const personText = ({ name, fiscalCode }: { name: string; fiscalCode: string | null }): string =>
  fiscalCode === null || fiscalCode === "" ? name : `${name}, ${fiscalCode}`;

export function putFacts(pen: Pen, page: Flow, facts: readonly Fact[]): void {
  for (const row of factRows(pen, facts)) page.place(row, 9);
}

function putLines(pen: Pen, page: Flow, lines: readonly ReceiptLine[], total: Cents): void {
  if (lines.length === 0) return;
  page.put(space(4), 0);
  putTable(
    pen,
    page,
    [
      { title: "Nome", share: 4 },
      { title: "Servizio", share: 6 },
      { title: "Importo", share: 2, right: true },
    ],
    lines.map((line) => [line.child, line.service, formatEuro(line.amountCents)]),
    ["Totale", "", formatEuro(total)],
  );
}

const sumOf = (lines: readonly ReceiptLine[]): Cents =>
  lines.reduce((sum, line) => sum + line.amountCents, 0n);

function factsOf(receipt: PaidReceipt): Fact[] {
  const { payer, feeCents, traceable } = receipt;
  return [
    ["Data del pagamento", momentText(receipt.paidAt)],
    [
      "Data di applicazione",
      receipt.appliedOn === null ? "non indicata" : dateText(receipt.appliedOn),
    ],
    ["Ente Creditore", receipt.creditor.name],
    ["Codice fiscale dell’ente", receipt.creditor.fiscalCode, CODE_FACT],
    ["Prestatore di servizi di pagamento", receipt.pspName],
    ["Codice fiscale del prestatore", receipt.pspFiscalCode ?? "non indicato", CODE_FACT],
    ["Codice Avviso", inFours(receipt.noticeNumber), CODE_FACT],
    ["IUV", receipt.iuv, CODE_FACT],
    ["Avviso intestato a", personText(receipt.debtor)],
    ...(payer === undefined ? [] : [["Pagato da", personText(payer)] as const]),
    ...(feeCents === undefined || feeCents === null
      ? []
      : [["Commissione del prestatore, a parte", formatEuro(feeCents)] as const]),
    ...(traceable === undefined
      ? []
      : [["Mezzo di pagamento tracciabile", traceable ? "sì" : "no"] as const]),
  ];
}

function drawPaidReceipt(pen: Pen, receipt: PaidReceipt, madeAt: Moment): void {
  const title = "Ricevuta di pagamento";
  group(pen, "Part", () => {
    const head = letterhead(pen, receipt.creditor, { pagopa: true });
    const again = runningHead(pen, `${title} ${receipt.receiptId}`);
    const page = openFlow(pen, (repeated) => (repeated ? again : head), mm(8));
    page.put(paragraph(pen, title, BODY, TITLE, { tag: "H1" }), 6);
    const amount = { face: "bold", size: 22, leading: 26 } as const;
    page.put(paragraph(pen, `${formatEuro(receipt.amountCents)}`, BODY, amount), 4);
    putText(pen, page, receipt.description, mm(6));
    putFacts(pen, page, factsOf(receipt));
    // The identifier may be long: it has the whole width, and is never cut.
    page.place(field(pen, "Identificativo della ricevuta", receipt.receiptId, BODY, CODE_FACT), 9);
    putLines(pen, page, receipt.lines, receipt.amountCents);
    page.put(space(mm(6)), 0);
    const note = `Ricevuta della piattaforma pagoPA, stampata il ${momentText(madeAt)}.`;
    page.place(paragraph(pen, note, BODY, NOTE), 0);
  });
}

/** One document of what is drawn, as bytes. */
export async function onePdf(
  info: { title: string; author: string; madeAt: Moment },
  draw: (pen: Pen) => void,
): Promise<Uint8Array> {
  const pdf = openPdf(info);
  const bytes = collect(pdf);
  const pen = penOf(pdf);
  draw(pen);
  closePdf(pen);
  return bytes;
}

/** The receipt of a payment (GUIDE, section 7). RangeError when there are lines and they do not sum to its amount. */
export async function receiptPdf(
  receipt: PaidReceipt,
  { madeAt }: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  if (receipt.lines.length > 0 && sumOf(receipt.lines) !== receipt.amountCents) {
    throw new RangeError("the lines do not sum to the receipt");
  }
  const title = `Ricevuta di pagamento ${receipt.receiptId}`;
  return onePdf({ title, author: receipt.creditor.name, madeAt }, (pen) =>
    drawPaidReceipt(pen, receipt, madeAt),
  );
}

export type OfficeReceipt = {
  readonly office: Letterhead;
  readonly title: string;
  /** The office's own number. */
  readonly number: string;
  readonly on: Day;
  /** What happened, in a sentence. */
  readonly statement: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly lines: readonly ReceiptLine[];
  /** Who signs: a line each. */
  readonly signatures: readonly string[];
};

/** A receipt of the desk: money taken, vouchers handed back. */
export async function officeReceiptPdf(
  receipt: OfficeReceipt,
  { madeAt }: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  const { title, number, office } = receipt;
  return onePdf({ title: `${title} ${number}`, author: office.name, madeAt }, (pen) =>
    group(pen, "Part", () => {
      const head = letterhead(pen, office);
      const again = runningHead(pen, `${office.name} · ${title} ${number}`);
      const page = openFlow(pen, (repeated) => (repeated ? again : head), mm(8));
      page.put(paragraph(pen, title, BODY, TITLE, { tag: "H1" }), 4);
      const numbered = `Numero ${number} del ${dateText(receipt.on)}`;
      page.put(paragraph(pen, numbered, BODY, TEXT), mm(6));
      putText(pen, page, receipt.statement, mm(6));
      putFacts(
        pen,
        page,
        receipt.facts.map(({ label, value }) => [label, value] as const),
      );
      putLines(pen, page, receipt.lines, sumOf(receipt.lines));
      page.put(space(mm(10)), 0);
      if (receipt.signatures.length > 0) page.place(signatureLines(pen, receipt.signatures), 0);
    }),
  );
}

export type HandedBackVouchers = {
  readonly office: Letterhead;
  readonly number: string;
  readonly on: Day;
  readonly child: { readonly name: string; readonly fiscalCode: string | null };
  /** Who brought them. */
  readonly bearer: string;
  readonly service: string;
  readonly count: number;
  readonly valueCents: Cents;
};

/** MC-05: paper vouchers handed back, what they are worth, two signatures; the credit is on the account. */
export function voucherReceiptPdf(
  vouchers: HandedBackVouchers,
  options: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  const { child, count, office, service } = vouchers;
  const what = count === 1 ? "1 buono pasto cartaceo" : `${count} buoni pasto cartacei`;
  const total = vouchers.valueCents * BigInt(count);
  return officeReceiptPdf(
    {
      office,
      title: "Ricevuta di restituzione dei buoni pasto",
      number: vouchers.number,
      on: vouchers.on,
      statement:
        `Sono stati restituiti ${what} del valore di ${formatEuro(vouchers.valueCents)} ciascuno. ` +
        `Il credito di ${formatEuro(total)} è registrato sul conto elettronico.`,
      facts: [
        { label: "Nome", value: child.name },
        { label: "Codice fiscale", value: child.fiscalCode ?? "non indicato" },
        { label: "Servizio", value: service },
        { label: "Consegnati da", value: vouchers.bearer },
        { label: "Buoni restituiti", value: `${count}` },
        { label: "Credito registrato", value: formatEuro(total) },
      ],
      lines: [],
      signatures: ["Firma di chi consegna", "Firma per ricevuta dell’ufficio"],
    },
    options,
  );
}
