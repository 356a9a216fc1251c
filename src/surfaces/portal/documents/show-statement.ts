// SPDX-License-Identifier: EUPL-1.2
import { accountStatementPdf } from "#documents";
import { debtors } from "#families";
import { type Day, isBefore, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { movementsOf, type PeriodStatement, periodStatement } from "#ledger";
import {
  chips,
  dataTable,
  dateField,
  definitionList,
  emptyState,
  form,
  linkButton,
} from "#ui/components.ts";
import { townLogo } from "#tenancy";
import { letterheadOf } from "../../web/desk-receipt.ts";
import { type Answer, notFound } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { chargesOfRows, movementText } from "../payments/movement-text.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { DOCUMENTS, STATEMENT } from "./show-documents.ts";
import { words } from "./words.ts";

type Debtor = NonNullable<ReturnType<Awaited<ReturnType<typeof debtors>>["get"]>>;

interface Span {
  readonly from: Day;
  readonly to: Day;
}

interface Book extends Span {
  readonly holderId: string;
  readonly holder: Debtor;
  /** every account the visitor may have the statement of */
  readonly accounts: readonly Debtor[];
  readonly period: PeriodStatement;
  /** in the visitor's language; with the charge that explains it */
  readonly lines: readonly (PeriodStatement["lines"][number] & {
    readonly text: string;
    readonly chargeId: string | null;
  })[];
}

/** The school year of that number, in days. */
const yearSpan = (year: number): Span => ({
  from: Temporal.PlainDate.from({ year, month: 9, day: 1 }),
  to: Temporal.PlainDate.from({ year: year + 1, month: 8, day: 31 }),
});

/** Wrong or missing days: the school year that has begun, up to today. The other way round they are swapped. */
function spanOf({ query, today }: Visit): Span {
  const year = schoolYearOf(today);
  const isBegun = !isBefore(today, yearSpan(year).from);
  const from = parseDay(query["dal"]) ?? yearSpan(isBegun ? year : year - 1).from;
  const to = parseDay(query["al"]) ?? today;
  return isBefore(to, from) ? { from: to, to: from } : { from, to };
}

/**
 * An account is shown whole or not at all: in part it would not say what is owed (X-12). `null`: there is none to show;
 * `not-own`: another one's was asked for.
 */
async function readBook(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
): Promise<Book | null | "not-own"> {
  const whole = scope.holderIds.filter((holderId) => scope.maySee({ holderId, childId: null }));
  const asked = visit.query["conto"];
  if (asked !== undefined && !whole.includes(asked)) return "not-own";
  const payers = await debtors(tx, whole);
  const accounts = whole.flatMap((id) => payers.get(id) ?? []);
  const holder = accounts.find((one) => one.holderId === asked) ?? accounts[0];
  if (!holder) return null;
  const { holderId } = holder;
  const span = spanOf(visit);
  const period = periodStatement(await movementsOf(tx, { holderId }), span);
  const charges = await chargesOfRows(tx, period.lines);
  const lines = period.lines.map((line) => {
    const charge = charges.get(line.key);
    const text = movementText(line, { scope, visit, charge });
    return { ...line, text, chargeId: charge?.id ?? null };
  });
  return { ...span, holderId, holder, accounts, period, lines };
}

/** GET /documenti/estratto-conto?conto=&dal=&al= */
export function showStatement(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return inMoney(visit, async (tx, scope) => {
    const book = await readBook(tx, scope, visit);
    if (book === "not-own") return notFound;
    const page = {
      h1: w.statement,
      back: { href: DOCUMENTS, label: w.documents },
      body: book ? bookPart(visit, scope, book) : emptyState({ text: w.noStatement }),
    };
    return portalPage(visit, { current: "more", scope }, page);
  });
}

function addressOf({ holderId, accounts }: Book, span: Span, path = STATEMENT): string {
  const account = accounts.length > 1 ? { conto: holderId } : {};
  const query = { ...account, dal: span.from.toString(), al: span.to.toString() };
  return `${path}?${new URLSearchParams(query).toString()}`;
}

function bookPart(visit: Visit, scope: FamilyScope, book: Book): Html {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const { from, to, period, accounts } = book;
  const span = { from, to };
  const { closingCents } = period;
  return html`${
      accounts.length > 1 &&
      chips(
        w.accounts,
        accounts.map(({ holderId, fullName }) => ({
          label: fullName,
          href: addressOf({ ...book, holderId }, span),
          current: holderId === book.holderId,
        })),
      )
    }
    ${yearChips(visit, scope, book)}
    <details class="more">
      <summary>${w.otherSpan}</summary>
      ${spanForm(visit, book)}
    </details>
    <h2 class="section-title">${w.fromTo(f.dayWithYear(from), f.dayWithYear(to))}</h2>
    ${definitionList([
      { label: w.opening, value: formatEuro(period.openingCents) },
      { label: w.charged, value: formatEuro(period.chargedCents) },
      { label: w.paidIn, value: formatEuro(period.paidCents) },
      {
        label: w.closing,
        value: html`<strong>${formatEuro(closingCents)}</strong>
          ${closingCents < 0n ? w.owed : closingCents > 0n ? w.credit : w.even}`,
      },
    ])}
    ${closingCents < 0n && html`<p class="quiet">${w.notBilled}</p>`}
    <div class="button-row">
      ${linkButton({ href: addressOf(book, span, `${STATEMENT}.pdf`), label: w.download, ariaLabel: w.downloadStatement, kind: "primary" })}
    </div>
    ${movementTable(visit, book)}`;
}

/** School years in which something moved or may have. */
function yearChips(visit: Visit, scope: FamilyScope, book: Book): Html | null {
  const years = scope.calendar.years
    .map(({ year }) => year)
    .filter((year) => !isBefore(visit.today, yearSpan(year).from))
    .toSorted((a, b) => b - a);
  if (years.length < 2) return null;
  return chips(
    words(visit.lang).schoolYears,
    years.map((year) => ({
      label: `${year}/${(year + 1) % 100}`,
      href: addressOf(book, yearSpan(year)),
      current: book.from.equals(yearSpan(year).from) && !isBefore(yearSpan(year).to, book.to),
    })),
  );
}

function spanForm(visit: Visit, { holderId, accounts, from, to }: Book): Html {
  const w = words(visit.lang);
  return form({
    action: STATEMENT,
    method: "get",
    lang: visit.lang,
    fields: accounts.length > 1 ? { conto: holderId } : {},
    body: html`${dateField({ name: "dal", label: w.from, lang: visit.lang, value: from })}
    ${dateField({ name: "al", label: w.to, lang: visit.lang, value: to })}`,
    submit: { label: w.show, kind: "secondary" },
  });
}

function movementTable(visit: Visit, { lines }: Book): Html {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  if (lines.length === 0) return emptyState({ text: w.noMovements });
  return html`<h2 class="section-title">${w.movements}</h2>
    ${dataTable({
      caption: w.movements,
      captionHidden: true,
      phone: "lines",
      columns: [
        { label: w.day, header: true },
        { label: w.movement },
        { label: w.amount, align: "end" },
        { label: w.balance, align: "end" },
      ],
      rows: lines.map(({ happenedOn, text, chargeId, amountCents, balanceCents }) => [
        f.shortDay(happenedOn),
        chargeId ? html`<a href="/addebiti/${chargeId}">${text}</a>` : text,
        formatEuro(amountCents),
        formatEuro(balanceCents),
      ]),
    })}`;
}

/** GET /documenti/estratto-conto.pdf: in Italian, as the office reads it. Drawn outside the transaction. */
export async function statementDocument(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope?.hasMoney) return null;
    const book = await readBook(tx, scope, { ...visit, lang: "it" });
    if (!book || book === "not-own") return null;
    // A codice fiscale is its owner's to read.
    const isOwn = book.holder.personId === scope.personId;
    return { book, isOwn, logo: await townLogo(tx) };
  });
  if (!read) return notFound;
  const { from, to, holder, period, lines } = read.book;
  const bytes = await accountStatementPdf(
    {
      office: letterheadOf(visit, read.logo),
      holder: { name: holder.fullName, fiscalCode: read.isOwn ? holder.codiceFiscale : null },
      ...{ ...period, from, to },
      lines: lines.map(({ happenedOn: on, text, amountCents, balanceCents }) => ({
        ...{ on, text, amountCents, balanceCents },
      })),
    },
    { madeAt: visit.now },
  );
  const fileName = `estratto-conto-${from.toString()}-${to.toString()}.pdf`;
  return { kind: "file", contentType: "application/pdf", bytes, fileName };
}
