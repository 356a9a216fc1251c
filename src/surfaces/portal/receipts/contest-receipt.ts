// SPDX-License-Identifier: EUPL-1.2
import { CLOSES_AT } from "#attendance";
import { formatReceiptCode } from "#booking";
import { isMomentAfter, momentAt } from "#kernel/dates.ts";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { definitionList } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officeRows } from "../payments/how-to-pay.ts";
import { inFamily, portalPage } from "../portal-page.ts";
import { refusalSentence } from "./receipt-words.ts";
import { loadReceipt, type ShownReceipt } from "./load-receipt.ts";
import { words } from "./words.ts";

/**
 * GET /ricevute/:codice/contesta: what is disputed is the charge; once it is there its own form opens, before that the
 * page says when it will be and whom to tell now.
 */
export function contestReceipt(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const shown = await loadReceipt(tx, scope, visit, visit.params["codice"] ?? "");
    if (!shown) return notFound;
    if (!shown.isOwn) return forbidden;
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
        body: html`${reasons(shown, visit).map((line) => html`<p>${line}</p>`)}
          <p>${w.contestNow} <strong>${code}</strong>.</p>
          ${definitionList(officeRows(visit))}`,
      },
    );
  });
}

function reasons(shown: ShownReceipt, visit: Visit): string[] {
  const { receipt } = shown;
  const w = words(visit.lang);
  const why = refusalSentence(receipt, visit.lang) ?? "";
  if (receipt.effect.charge === "unchanged") return [`${why} ${w.contestFee}`];
  const when = contestWhen(shown, visit);
  return when
    ? [`${why} ${w.notChargedYet} ${when}`, w.contestLater]
    : [`${why} ${w.notChargedYet}`];
}

/**
 * From when a refused receipt can be disputed: a dispute is about a charge, which closing the day brings. `null`: it is
 * there already, or there will be none.
 */
export function contestWhen({ receipt, charges, on }: ShownReceipt, visit: Visit): string | null {
  const isPending = receipt.outcome !== "done" && receipt.effect.charge === "kept";
  if (!isPending || on.day.kind !== "service" || charges.length > 0) return null;
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const name = f.dayFrom(receipt.from, visit.today);
  const closes = momentAt(receipt.from, CLOSES_AT);
  return isMomentAfter(closes, visit.now)
    ? w.contestFrom(f.time(closes), name)
    : w.contestOnceClosed(name);
}
