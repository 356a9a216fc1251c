// SPDX-License-Identifier: EUPL-1.2
import { type TownCalendar, townCalendar } from "#calendar";
import type { Family } from "#families";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { writeCsv } from "#kernel/tabular/index.ts";
import {
  type Allocation,
  allocatePayments,
  movementsOf,
  type Statement,
  statement,
  type StatementRow,
} from "#ledger";
import {
  dataTable,
  dateField,
  emptyState,
  form,
  linkButton,
  printButton,
  printFooter,
} from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { paidInText } from "../money-words.ts";
import { serviceName } from "../words.ts";
import { familyOfAddress, familyPath, fullName } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

const MOST_ROWS = 500;
const f = formats("it");

/** `/ufficio/famiglie/{id}/estratto-conto?dal=&al=`: every movement with its reason; printable, and as CSV. */
export async function statementPage(visit: Visit): Promise<Answer> {
  const span = spanOf(visit);
  const read = await visit.town.read(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    if (!family) return null;
    const of = { holderId: family.holder.id, ...span, limit: MOST_ROWS };
    return {
      family,
      calendar: await townCalendar(tx),
      book: await statement(tx, of),
      allocation: await allocationOf(tx, family.holder.id),
    };
  });
  if (!read) return notFound;
  const { family, calendar, book, allocation } = read;
  const names = new Map(family.children.map((child) => [child.id, child.givenName]));
  const rows = book.rows.map((row) => ({
    ...readRow(row, calendar, names),
    paid: paidText(row, allocation),
  }));
  if (visit.query["formato"] === "csv") return csv(rows, book, span);
  return page(visit, family, rows, book, span);
}

/** Wrong or missing days fall back to the last three months; the other way round they are swapped. */
function spanOf(visit: Visit): { from: Day; to: Day } {
  const from = parseDay(visit.query["dal"]) ?? visit.today.subtract({ months: 3 });
  const to = parseDay(visit.query["al"]) ?? visit.today;
  return isBefore(to, from) ? { from: to, to: from } : { from, to };
}

interface Line {
  readonly date: Day;
  readonly what: string;
  readonly who: string;
  readonly amountCents: Cents;
  readonly balanceCents: Cents;
  /** which payments cover a charge, what is left of a payment */
  readonly paid: string;
}

interface AccountsAllocation extends Allocation {
  readonly dayOf: ReadonlyMap<string, Day>;
}

/** Each account's payments cover its own charges, the oldest first; read whole, whatever period is shown. */
async function allocationOf(tx: ReadTx, holderId: string): Promise<AccountsAllocation> {
  const rows = await movementsOf(tx, { holderId });
  const accounts = Map.groupBy(rows, (row) => `${row.childId ?? ""}/${row.serviceId ?? ""}`);
  const parts = [...accounts.values()].map(allocatePayments);
  return {
    coveredBy: new Map(parts.flatMap(({ coveredBy }) => [...coveredBy])),
    openCents: new Map(parts.flatMap(({ openCents }) => [...openCents])),
    leftCents: new Map(parts.flatMap(({ leftCents }) => [...leftCents])),
    dayOf: new Map(rows.map(({ transferId, happenedOn }) => [transferId, happenedOn])),
  };
}

/** `pagato 5/10/2026`, `da pagare 4,60 €`, `credito 12,00 €` */
function paidText(row: StatementRow, allocation: AccountsAllocation): string {
  const { transferId, amountCents } = row;
  if (amountCents > 0n) {
    const left = allocation.leftCents.get(transferId) ?? 0n;
    return left > 0n ? `credito ${formatEuro(left)}` : "";
  }
  // Money that went back out is no charge that somebody paid.
  if (row.kind === "refund" || row.kind === "transfer") return "";
  const days = (allocation.coveredBy.get(transferId) ?? []).flatMap(
    ({ paymentId }) => allocation.dayOf.get(paymentId) ?? [],
  );
  const open = allocation.openCents.get(transferId) ?? 0n;
  const texts = [...new Set(days.map((date) => f.shortDay(date)))];
  return [
    texts.length > 0 && `pagato ${texts.join(", ")}`,
    open > 0n && `da pagare ${formatEuro(open)}`,
  ]
    .filter(Boolean)
    .join("; ");
}

function readRow(
  row: StatementRow,
  calendar: TownCalendar,
  names: Map<string, string>,
): Omit<Line, "paid"> {
  const service = serviceName(calendar, row.serviceId ?? textOf(row, "serviceId"));
  const childId = row.childId ?? textOf(row, "childId");
  return {
    date: row.happenedOn,
    what: wordsOf(row, service),
    who: childId ? (names.get(childId) ?? "altro bambino") : "famiglia",
    amountCents: row.amountCents,
    balanceCents: row.balanceCents,
  };
}

const textOf = (row: StatementRow, key: string): string | null => {
  const value = row.reference[key];
  return typeof value === "string" ? value : null;
};

function wordsOf(row: StatementRow, service: string): string {
  const reason = textOf(row, "reason");
  if (row.reversesId) return `Storno${service && `, ${service.toLowerCase()}`}`;
  const paidIn = paidInText(row.kind, textOf(row, "method"), row.amountCents > 0n);
  if (paidIn) return [paidIn, reason].filter(Boolean).join(": ");
  return row.kind === "fixed-fee" || row.kind === "fee"
    ? `Quota ${service.toLowerCase()}`
    : service || "Addebito";
}

function csv(rows: readonly Line[], book: Statement, span: { from: Day; to: Day }): Answer {
  const plain = (cents: Cents): string => formatEuro(cents).replace(/\s€$/, "").replaceAll(".", "");
  return {
    kind: "text",
    contentType: "text/csv; charset=utf-8",
    fileName: `estratto-conto-${span.from.toString()}-${span.to.toString()}.csv`,
    text: writeCsv([
      ["Data", "Per", "Movimento", "Importo", "Saldo", "Pagamento"],
      [span.from.toString(), "", "Saldo iniziale", "", plain(book.openingCents)],
      ...rows.map((row) => [
        row.date.toString(),
        row.who,
        row.what,
        plain(row.amountCents),
        plain(row.balanceCents),
        row.paid,
      ]),
      [span.to.toString(), "", "Saldo finale", "", plain(book.closingCents)],
    ]),
  };
}

function page(
  visit: Visit,
  family: Family,
  rows: readonly Line[],
  book: Statement,
  span: { from: Day; to: Day },
): Html {
  const path = `${familyPath(family.holder.id)}/estratto-conto`;
  const query = `dal=${span.from.toString()}&al=${span.to.toString()}`;
  return familyFrame(visit, family, {
    h1: "Estratto conto",
    lead: `${fullName(family.person)}, dal ${f.shortDay(span.from)} al ${f.shortDay(span.to)}`,
    headActions: html`${linkButton({ href: `${path}?${query}&formato=csv`, label: "Scarica (CSV)" })}
    ${printButton()}`,
    body: html`${form({
      action: path,
      method: "get",
      body: html`<div class="panels">
        ${dateField({ name: "dal", label: "Dal", value: span.from })}
        ${dateField({ name: "al", label: "Al", value: span.to })}
      </div>`,
      submit: { label: "Mostra", kind: "secondary" },
    })}
    ${
      rows.length === 0
        ? html`${emptyState({ text: "Nessun movimento in questo periodo." })}
            <p>Saldo: <strong>${formatEuro(book.closingCents)}</strong></p>`
        : table(rows, book, span)
    }
    ${book.next && html`<p>Il periodo ha più di ${MOST_ROWS} movimenti: restringere le date per vedere gli altri.</p>`}
    ${printFooter(visit.now)}`,
  });
}

const table = (rows: readonly Line[], book: Statement, span: { from: Day; to: Day }): Html =>
  dataTable({
    caption: "Movimenti",
    captionHidden: true,
    columns: [
      { label: "Data", header: true },
      { label: "Per" },
      { label: "Movimento" },
      { label: "Importo", align: "end" },
      { label: "Saldo", align: "end" },
      { label: "Pagamento" },
    ],
    rows: [
      [f.shortDay(span.from), "", "Saldo iniziale", "", formatEuro(book.openingCents), ""],
      ...rows.map((row) => [
        f.shortDay(row.date),
        row.who,
        row.what,
        formatEuro(row.amountCents),
        formatEuro(row.balanceCents),
        row.paid,
      ]),
    ],
    foot: [f.shortDay(span.to), "", "Saldo finale", "", formatEuro(book.closingCents), ""],
  });
