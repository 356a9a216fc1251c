// SPDX-License-Identifier: EUPL-1.2
/** What a payer paid for one child in a calendar year, for the tax return (PE-07, X-12). */
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { paragraph, space, stack } from "./boxes.ts";
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
  putText,
  runningHead,
  STRONG,
  TEXT,
  TITLE,
} from "./sheet.ts";

export type YearAttestation = {
  readonly office: Letterhead;
  readonly year: number;
  readonly payer: { readonly name: string; readonly fiscalCode: string | null };
  readonly child: { readonly name: string; readonly fiscalCode: string | null };
  /** where the child was on the days that were paid for; empty: not known */
  readonly schools: readonly string[];
  /** what counts, by day of payment; at least one */
  readonly lines: readonly {
    readonly service: string;
    /** days of the service */
    readonly from: Day;
    readonly to: Day;
    readonly paidOn: Day;
    readonly method: string;
    readonly amountCents: Cents;
  }[];
  /** what does not count and why, a sentence each */
  readonly uncounted: readonly string[];
  readonly signature: { readonly role: string; readonly name: string };
};

const H2 = { face: "bold", size: 11, leading: 15 } as const;
const titleOf = (year: number): string => `Spese per i servizi scolastici pagate nel ${year}`;

const COLUMNS = [
  { title: "Servizio", share: 4.5 },
  { title: "Giorni del servizio", share: 5 },
  { title: "Pagato il", share: 3 },
  { title: "Con", share: 3 },
  { title: "Importo", share: 3, right: true },
] as const;

const spanText = (from: Day, to: Day): string =>
  from.equals(to) ? dateText(from) : `${dateText(from)} - ${dateText(to)}`;

/** Whose name it is in, and what counts: what a tax adviser asks. */
const RULES = [
  "Conta il giorno del pagamento, non quello del servizio. Sono compresi solo i pagamenti con mezzi tracciabili (articolo 1, comma 679, legge 160/2019).",
  "La spesa è della persona a cui è intestato il conto, anche quando il versamento è stato eseguito materialmente da altri. Quando pagano in due, ciascuno ha la propria attestazione.",
];

function draw(pen: Pen, of: YearAttestation, madeAt: Moment): void {
  const { office, payer, child, year } = of;
  const total = of.lines.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  // A code that is not known is never printed.
  const code = /[1-9]/.test(office.fiscalCode) ? `, codice fiscale ${office.fiscalCode},` : "";
  group(pen, "Part", () => {
    const head = letterhead(pen, office);
    const again = runningHead(pen, `${office.name} · ${titleOf(year)}`);
    const page = openFlow(pen, (repeated) => (repeated ? again : head), mm(8));
    page.put(paragraph(pen, "Attestazione di pagamento", BODY, TITLE, { tag: "H1" }), 4);
    page.put(paragraph(pen, titleOf(year), BODY, STRONG), mm(6));
    const statement = `${office.name}${code} attesta che nel ${year} ${payer.name} ha pagato con mezzi tracciabili ${formatEuro(total)} per i servizi scolastici di ${child.name}. I rimborsi sono già tolti.`;
    putText(pen, page, statement, mm(6));
    putFacts(pen, page, [
      ["Ha pagato", payer.name],
      ["Codice fiscale di chi ha pagato", payer.fiscalCode ?? "non indicato", CODE_FACT],
      ["Per", child.name],
      ["Codice fiscale dell’alunno", child.fiscalCode ?? "non indicato", CODE_FACT],
      ...of.schools.map((name): [string, string] => ["Scuola", name]),
    ]);
    page.put(space(4), 0);
    const rows = of.lines.map((line) => [
      line.service,
      spanText(line.from, line.to),
      dateText(line.paidOn),
      line.method,
      formatEuro(line.amountCents),
    ]);
    putTable(pen, page, COLUMNS, rows, ["Totale", "", "", "", formatEuro(total)]);
    page.put(space(mm(6)), 0);
    if (of.uncounted.length > 0) {
      page.place(paragraph(pen, "Che cosa non è compreso", BODY, H2, { tag: "H2" }), 3);
      for (const text of of.uncounted) putText(pen, page, text, 3);
      page.put(space(mm(3)), 0);
    }
    const made = `Situazione al ${dateText(dayOf(madeAt))}: una correzione successiva può cambiare gli importi, e l’attestazione si scarica di nuovo.`;
    for (const text of [...RULES, made]) page.place(paragraph(pen, text, BODY, NOTE), 3);
    page.put(space(mm(6)), 0);
    const { role, name } = of.signature;
    const signed = [role, name].filter(Boolean).map((text) => paragraph(pen, text, BODY, TEXT));
    if (signed.length > 0) page.place(stack(signed), 0);
  });
}

/** One sheet (or more) for one payer, child and year. RangeError when nothing counts: then there is nothing to attest. */
export async function yearAttestationPdf(
  of: YearAttestation,
  { madeAt }: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  if (of.lines.length === 0) throw new RangeError("nothing was paid that counts");
  const info = { title: `${titleOf(of.year)}, ${of.child.name}`, author: of.office.name, madeAt };
  return onePdf(info, (pen) => draw(pen, of, madeAt));
}
