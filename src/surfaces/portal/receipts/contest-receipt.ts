// SPDX-License-Identifier: EUPL-1.2
import { formatReceiptCode } from "#booking";
import { html } from "#kernel/html.ts";
import { definitionList } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officeRows } from "../payments/how-to-pay.ts";
import { inFamily, portalPage } from "../portal-page.ts";
import { refusalSentence } from "./receipt-words.ts";
import { loadReceipt } from "./load-receipt.ts";
import { words } from "./words.ts";

/**
 * GET /ricevute/:codice/contesta: what is disputed is the charge; once it is there its own form opens, before that the
 * page says when it will be and whom to tell now.
 */
export function contestReceipt(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const shown = await loadReceipt(tx, scope, visit, visit.params["codice"] ?? "");
    if (!shown) return notFound;
    const { receipt, charges } = shown;
    const charge = charges.find(({ kind, reversed }) => kind === "meal" && !reversed);
    if (charge) return seeOther(`/addebiti/${charge.id}/contesta`);
    const code = formatReceiptCode(receipt.number, receipt.checkCode);
    const w = words(visit.lang);
    return portalPage(
      visit,
      { current: "today", scope },
      {
        h1: w.contest,
        back: { href: `/ricevute/${code}`, label: w.receiptOf(code) },
        body: html`<p>${refusalSentence(receipt, visit.lang)} ${w.notChargedYet}</p>
          <p>${w.contestLater}</p>
          <p>${w.contestNow} <strong>${code}</strong>.</p>
          ${definitionList(officeRows(visit))}`,
      },
    );
  });
}
