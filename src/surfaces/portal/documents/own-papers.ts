// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { ShownNotice } from "#payments";
import { dataTable, emptyState, linkButton } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { familyBills } from "../payments/account-lines.ts";
import { askedName, familyNotices, noticePath } from "../payments/family-notices.ts";
import { words } from "./words.ts";

const MOST = 12;

/** Letters of what is to pay, receipts of what pagoPA's receipt says is paid: those that can be downloaded. */
export async function papersPart(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<Html> {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const notices = (await familyNotices(tx, scope, visit)).filter(paperOf).slice(0, MOST);
  const bills = await familyBills(tx, scope);
  const rows = notices.map((notice) => {
    const paper = paperOf(notice);
    const href = `${noticePath(notice.noticeNumber)}/${paper === "receipt" ? "ricevuta" : "lettera"}.pdf`;
    return [
      f.shortDay(dayOf(notice.issuedAt)),
      askedName(notice, bills, scope, visit.lang),
      formatEuro(notice.amountCents),
      html`<a href="${href}">${paper === "receipt" ? w.receipt : w.letter}</a>`,
    ];
  });
  return html`<h2 class="section-title">${w.papers}</h2>
    ${
      rows.length === 0
        ? emptyState({ text: w.noPapers })
        : html`<p>${w.papersLead}</p>
            ${dataTable({
              caption: w.papers,
              captionHidden: true,
              columns: [
                { label: w.day, header: true },
                { label: w.what },
                { label: w.amount, align: "end" },
                { label: w.paper },
              ],
              rows,
            })}`
    }
    <div class="button-row">
      ${linkButton({ href: "/pagamenti", label: w.allPayments, kind: "quiet" })}
      ${linkButton({ href: "/ricevute", label: w.mealReceipts, kind: "quiet" })}
    </div>`;
}

/** `null`: nothing that is of use any more, or another sum came and nobody has decided yet. */
function paperOf({ standing, other }: ShownNotice): "letter" | "receipt" | null {
  if (standing === "paid") return other ? null : "receipt";
  return standing === "to-pay" || standing === "expired" ? "letter" : null;
}
