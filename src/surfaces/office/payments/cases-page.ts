// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import { html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { inFours, openCases, openCaseSum, receiptsById } from "#payments";
import { dataTable, emptyState, linkButton, pagination } from "#ui/components.ts";
import { type Answer, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { CASE_WORDS } from "./case-words.ts";
import { moneyPage } from "./money-page.ts";

const f = formats("it");
const PAGE_ROWS = 100;
const HREF = "/ufficio/pagamenti/da-sistemare";

/** `/ufficio/pagamenti`: the first of its tabs. */
export const openPayments = (): Answer => seeOther("/ufficio/pagamenti/da-sistemare");

/** `/ufficio/pagamenti/da-sistemare`: money in suspense, the oldest first. */
export async function casesPage(visit: Visit): Promise<Answer> {
  const asked = Math.max(1, Math.trunc(Number(visit.query["pagina"])) || 1);
  const { sum, page, pages, cases, receipts } = await visit.town.read(async (tx) => {
    const sum = await openCaseSum(tx);
    const pages = Math.max(1, Math.ceil(sum.count / PAGE_ROWS));
    const page = Math.min(asked, pages);
    const cases = await openCases(tx, { limit: PAGE_ROWS, offset: (page - 1) * PAGE_ROWS });
    const ids = cases.map(({ receiptId }) => receiptId);
    return { sum, page, pages, cases, receipts: await receiptsById(tx, ids) };
  });
  const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  return moneyPage(visit, "cases", {
    h1: "Pagamenti da sistemare",
    lead:
      sum.count > 0
        ? `${plural(sum.count, "pagamento", "pagamenti")} in sospeso: ${formatEuro(sum.cents)}`
        : undefined,
    body:
      cases.length === 0
        ? emptyState({ icon: "it-check-circle", text: "Nessun pagamento da sistemare." })
        : html`${dataTable({
            caption: "Pagamenti da sistemare",
            captionHidden: true,
            columns: [
              { label: "Che cosa è successo", header: true },
              { label: "Avviso" },
              { label: "Pagato" },
              { label: "Da chi" },
              { label: "Importo", align: "end" },
              { label: "Aspetta da" },
            ],
            rows: cases.map((one) => {
              const receipt = byId.get(one.receiptId);
              const { title } = CASE_WORDS[one.kind];
              return [
                linkButton({
                  href: `${HREF}/${one.id}`,
                  label: title,
                  kind: "quiet",
                  ariaLabel: `${title}: ${formatEuro(one.amountCents)}`,
                }),
                receipt ? inFours(receipt.noticeNumber) : "",
                receipt ? f.day(dayOf(receipt.paidAt)) : "",
                receipt?.payerName || "non indicato",
                formatEuro(one.amountCents),
                ageText(dayOf(one.openedAt), visit),
              ];
            }),
          })}
          ${pagination({ page, pages, href: (number) => `${HREF}?pagina=${number}` })}`,
  });
}

/** `oggi`, `3 giorni` */
export function ageText(from: Temporal.PlainDate, { today }: Pick<Visit, "today">): string {
  const { days } = from.until(today, { largestUnit: "days" });
  return days <= 0 ? "oggi" : plural(days, "giorno", "giorni");
}
