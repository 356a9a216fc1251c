// SPDX-License-Identifier: EUPL-1.2
/**
 * The payment letter: the notice behind a page with the municipality's letterhead and the officer who signs (OS-15,
 * OS-16). Anyone who holds it can pay (MC-07).
 */
import type { Day, Moment } from "#kernel/dates.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { type Box, beside, paragraph, type Place, space, stack } from "./boxes.ts";
import { collect } from "./collect.ts";
import { openFlow } from "./flow.ts";
import { drawNotice } from "./notice-pdf.ts";
import { dateText, type PaperNotice } from "./paper-notice.ts";
import { closePdf, group, mm, openPdf, type Pen, penOf } from "./pen.ts";
import { BODY, letterhead, NOTE, putTable, putText, runningHead, STRONG, TEXT } from "./sheet.ts";

export type LetterLine = {
  readonly child: string;
  readonly service: string;
  /** "ottobre 2026, 18 pasti" */
  readonly detail: string;
  readonly amountCents: Cents;
};

export type PaymentLetter = {
  readonly notice: PaperNotice;
  readonly place: string;
  readonly writtenOn: Day;
  /** "Prot. n. 1234/2026" */
  readonly protocol?: string | undefined;
  readonly addressee: { readonly name: string; readonly lines: readonly string[] };
  readonly subject: string;
  /** Before and after the table of lines. */
  readonly opening: readonly string[];
  readonly closing: readonly string[];
  /** What the notice asks for: their sum is its amount. */
  readonly lines: readonly LetterLine[];
  readonly signature: {
    readonly role: string;
    readonly name: string;
    /** By what right a printed name stands for a signature, as the office words it. */
    readonly note?: string | undefined;
  };
};

/**
 * What shows in the window of a DL envelope (220 × 110 mm; the window at the right, 35 mm high from 55 mm on), however
 * the sheet folded in three slides in it by a centimetre: from 110 mm and 56 mm on.
 */
const WINDOW: Place = { x: mm(110), width: mm(80) };
const WINDOW_TOP = mm(56);

function addressBlock(pen: Pen, letter: PaymentLetter): Box {
  const left: Place = { x: BODY.x, width: WINDOW.x - BODY.x - 12 };
  return beside([
    stack([
      paragraph(pen, `${letter.place}, ${dateText(letter.writtenOn)}`, left, TEXT),
      paragraph(pen, letter.protocol ?? "", left, TEXT),
    ]),
    stack([
      paragraph(pen, letter.addressee.name, WINDOW, STRONG),
      ...letter.addressee.lines.map((line) => paragraph(pen, line, WINDOW, TEXT)),
    ]),
    space(mm(28)),
  ]);
}

function signatureBlock(pen: Pen, { role, name, note }: PaymentLetter["signature"]): Box {
  return stack([
    paragraph(pen, role, WINDOW, TEXT),
    paragraph(pen, name, WINDOW, STRONG),
    paragraph(pen, note ?? "", WINDOW, NOTE),
  ]);
}

/** What the notice asks for as a whole. */
function wholeOf({ single, instalments = [] }: PaperNotice): Cents {
  return single?.amountCents ?? instalments.reduce((sum, part) => sum + part.amountCents, 0n);
}

/** Adds the letter and its notice to a document. RangeError when the lines do not sum to the notice's amount. */
export function drawLetter(pen: Pen, letter: PaymentLetter): void {
  const { creditor } = letter.notice;
  const total = letter.lines.reduce((sum, line) => sum + line.amountCents, 0n);
  if (total !== wholeOf(letter.notice)) throw new RangeError("the lines do not sum to the notice");
  group(pen, "Part", () => {
    const head = letterhead(pen, creditor);
    const again = runningHead(pen, `${creditor.name} · ${letter.subject}`);
    const page = openFlow(pen, (repeated) => (repeated ? again : head), 0);
    page.put(space(Math.max(mm(4), WINDOW_TOP - mm(10) - head.height)), 0);
    page.put(addressBlock(pen, letter), mm(6));
    page.put(paragraph(pen, `Oggetto: ${letter.subject}`, BODY, STRONG, { tag: "H1" }), mm(5));
    for (const text of letter.opening) putText(pen, page, text, 7);
    page.put(space(4), 0);
    putTable(
      pen,
      page,
      [
        { title: "Nome", share: 3 },
        { title: "Servizio", share: 3 },
        { title: "Dettaglio", share: 4 },
        { title: "Importo", share: 2, right: true },
      ],
      letter.lines.map((line) => [
        line.child,
        line.service,
        line.detail,
        formatEuro(line.amountCents),
      ]),
      ["Totale", "", "", formatEuro(total)],
    );
    page.put(space(mm(4)), 0);
    for (const text of letter.closing) putText(pen, page, text, 7);
    page.put(space(mm(4)), 0);
    page.place(signatureBlock(pen, letter.signature), 0);
  });
  drawNotice(pen, letter.notice);
}

/** A letter with its notice as one tagged PDF. */
export async function letterPdf(
  letter: PaymentLetter,
  { madeAt }: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  const title = `Lettera di pagamento: ${letter.subject}`;
  const pdf = openPdf({ title, author: letter.notice.creditor.name, madeAt });
  const bytes = collect(pdf);
  const pen = penOf(pdf);
  drawLetter(pen, letter);
  closePdf(pen);
  return bytes;
}
