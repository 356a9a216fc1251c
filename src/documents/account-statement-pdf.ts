// SPDX-License-Identifier: EUPL-1.2
/** A family's account between two days: what stood before, every movement, what stands at the end. */
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { paragraph, space } from "./boxes.ts";
import { openFlow } from "./flow.ts";
import { dateText } from "./paper-notice.ts";
import { group, mm, type Pen } from "./pen.ts";
import { onePdf, putFacts } from "./receipt-pdf.ts";
import {
  BODY,
  CODE_FACT,
  type Letterhead,
  letterhead,
  NOTE,
  putTable,
  runningHead,
  STRONG,
  TITLE,
} from "./sheet.ts";

export type AccountStatement = {
  readonly office: Letterhead;
  readonly holder: { readonly name: string; readonly fiscalCode: string | null };
  /** both included */
  readonly from: Day;
  readonly to: Day;
  /** positive = credit, negative = owed */
  readonly openingCents: Cents;
  readonly chargedCents: Cents;
  readonly paidCents: Cents;
  readonly closingCents: Cents;
  readonly lines: readonly {
    readonly on: Day;
    readonly text: string;
    readonly amountCents: Cents;
    readonly balanceCents: Cents;
  }[];
};

const COLUMNS = [
  { title: "Giorno", share: 3 },
  { title: "Movimento", share: 8 },
  { title: "Importo", share: 3, right: true },
  { title: "Saldo", share: 3, right: true },
] as const;

function draw(pen: Pen, of: AccountStatement, madeAt: Moment): void {
  const { office, holder } = of;
  const span = `Dal ${dateText(of.from)} al ${dateText(of.to)}`;
  group(pen, "Part", () => {
    const head = letterhead(pen, office);
    const again = runningHead(pen, `${office.name} · Estratto conto di ${holder.name}`);
    const page = openFlow(pen, (repeated) => (repeated ? again : head), mm(8));
    page.put(paragraph(pen, "Estratto conto", BODY, TITLE, { tag: "H1" }), 4);
    page.put(paragraph(pen, span, BODY, STRONG), mm(6));
    putFacts(pen, page, [
      ["Intestato a", holder.name],
      ["Codice fiscale", holder.fiscalCode ?? "non indicato", CODE_FACT],
      ["Saldo all’inizio", formatEuro(of.openingCents)],
      ["Saldo alla fine", formatEuro(of.closingCents)],
      ["Addebiti", formatEuro(of.chargedCents)],
      ["Pagamenti e storni", formatEuro(of.paidCents)],
    ]);
    page.put(space(4), 0);
    const rows = [
      ["", "Saldo all’inizio", "", formatEuro(of.openingCents)],
      ...of.lines.map(({ on, text, amountCents, balanceCents }) => [
        dateText(on),
        text,
        formatEuro(amountCents),
        formatEuro(balanceCents),
      ]),
    ];
    putTable(pen, page, COLUMNS, rows, ["", "Saldo alla fine", "", formatEuro(of.closingCents)]);
    page.put(space(mm(6)), 0);
    const note = `Un saldo con il segno meno è a debito, senza segno è a credito; quanto si paga ora lo dicono gli avvisi. Situazione al ${dateText(dayOf(madeAt))}: le correzioni di pasti già addebitati arrivano come storni.`;
    page.place(paragraph(pen, note, BODY, NOTE), 0);
  });
}

export function accountStatementPdf(
  of: AccountStatement,
  { madeAt }: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  const span = `${dateText(of.from)} - ${dateText(of.to)}`;
  const title = `Estratto conto di ${of.holder.name}, ${span}`;
  return onePdf({ title, author: of.office.name, madeAt }, (pen) => draw(pen, of, madeAt));
}
