// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import { html } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";
import { writeCsv } from "#kernel/tabular/index.ts";
import { type AccountedRow, accountingOf } from "#payments";
import {
  dataTable,
  dateField,
  emptyState,
  errorFor,
  type FieldError,
  form,
  linkButton,
  printFooter,
  radios,
} from "#ui/components.ts";
import { type Answer, seeOther, withStatus } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { f, PATH } from "./words.ts";

interface Period {
  readonly from: Day;
  readonly to: Day;
  readonly by: "paid" | "banked";
}

const MOST_DAYS = 800;

/** The month before this one, unless days are asked for; `errors`: days that are none. */
function periodOf(visit: Visit): { period: Period; errors: FieldError[] } {
  const { query, today } = visit;
  const by = query["data"] === "accredito" ? "banked" : "paid";
  const first = today.with({ day: 1 }).subtract({ months: 1 });
  const usual = { from: first, to: first.add({ months: 1 }).subtract({ days: 1 }), by } as const;
  if (query["dal"] === undefined && query["al"] === undefined) return { period: usual, errors: [] };
  const [from, to] = [parseDay(query["dal"] ?? ""), parseDay(query["al"] ?? "")];
  const errors: FieldError[] = [];
  if (!from) errors.push({ field: "dal", message: "Scrivere una data valida." });
  if (!to) errors.push({ field: "al", message: "Scrivere una data valida." });
  if (from && to && isBefore(to, from))
    errors.push({ field: "al", message: "L'ultimo giorno viene prima del primo." });
  if (from && to && from.until(to, { largestUnit: "days" }).days > MOST_DAYS)
    errors.push({ field: "al", message: "Al massimo due anni per volta." });
  return { period: from && to && errors.length === 0 ? { from, to, by } : usual, errors };
}

const queryOf = ({ from, to, by }: Period): string =>
  `dal=${from.toString()}&al=${to.toString()}&data=${by === "banked" ? "accredito" : "pagamento"}`;

/** `/ufficio/riconciliazione/contabilita?dal=&al=&data=`: what the accounts office needs, to read and to download. */
export async function accountingPage(visit: Visit): Promise<Answer> {
  const { period, errors } = periodOf(visit);
  const rows = await visit.town.read((tx) => accountingOf(tx, period));
  const total = rows.reduce((sum, { grossCents }) => sum + grossCents, 0n);
  const page = officePage(
    visit,
    { current: "payments" },
    {
      h1: "Esporta per la contabilità",
      lead: "Importi lordi pagati con pagoPA, per servizio e codici di bilancio.",
      back: { href: PATH, label: "Riconciliazione" },
      errors,
      body: html`${form({
        action: `${PATH}/contabilita`,
        method: "get",
        body: html`${dateField({ name: "dal", label: "Dal", value: period.from, error: errorFor(errors, "dal") })}
        ${dateField({ name: "al", label: "Al", value: period.to, error: errorFor(errors, "al") })}
        ${radios({
          name: "data",
          label: "Quale data conta?",
          value: period.by === "banked" ? "accredito" : "pagamento",
          choices: [
            { value: "pagamento", label: "La data del pagamento" },
            { value: "accredito", label: "La data dell'accredito in tesoreria" },
          ],
        })}`,
        submit: { label: "Mostra" },
      })}
      ${
        rows.length === 0
          ? emptyState({ text: "Nessun pagamento in questo periodo." })
          : html`${dataTable({
              caption: "Importi per servizio",
              columns: [
                { label: "Servizio", header: true },
                { label: "Capitolo" },
                { label: "Accertamento" },
                { label: "SIOPE" },
                { label: "Codice tassonomico" },
                { label: "Pagamenti", align: "end" },
                { label: "Importo lordo", align: "end" },
              ],
              rows: rows.map((row) => [
                row.serviceName || "Da attribuire",
                row.budgetChapter,
                row.assessment,
                row.siope,
                row.category,
                f.number(row.payments),
                formatEuro(row.grossCents),
              ]),
              foot: ["Totale", "", "", "", "", "", formatEuro(total)],
            })}
            ${linkButton({ href: `${PATH}/contabilita.csv?${queryOf(period)}`, label: "Scarica (CSV)", icon: "it-download" })}`
      }
      ${printFooter(visit.now)}`,
    },
  );
  return errors.length > 0 ? withStatus(422, page) : page;
}

const HEADINGS = [
  "Servizio",
  "Capitolo",
  "Accertamento",
  "SIOPE",
  "Codice tassonomico",
  "Ente beneficiario",
  "Metadati",
  "Dal",
  "Al",
  "Numero pagamenti",
  "Importo lordo",
];

/** `1234,50`: no thousands separator, no sign of the currency, so that a spreadsheet reads a number. */
const plainEuro = (cents: bigint): string => {
  const text = (cents < 0n ? -cents : cents).toString().padStart(3, "0");
  return `${cents < 0n ? "-" : ""}${text.slice(0, -2)},${text.slice(-2)}`;
};

const csvRow = (row: AccountedRow): (string | number)[] => [
  row.serviceName || "Da attribuire",
  row.budgetChapter,
  row.assessment,
  row.siope,
  row.category,
  row.beneficiary,
  row.metadata,
  row.from.toString(),
  row.to.toString(),
  row.payments,
  plainEuro(row.grossCents),
];

/** The same rows as a file; cells a spreadsheet would run as formulas are made harmless (`writeCsv`). */
export async function accountingFile(visit: Visit): Promise<Answer> {
  const { period, errors } = periodOf(visit);
  if (errors.length > 0) return seeOther(`${PATH}/contabilita`, errors[0]!.message);
  const rows = await visit.town.read((tx) => accountingOf(tx, period));
  return {
    kind: "text",
    contentType: "text/csv; charset=utf-8",
    fileName: `contabilita-${period.from.toString()}-${period.to.toString()}.csv`,
    text: writeCsv([HEADINGS, ...rows.map(csvRow)]),
  };
}
