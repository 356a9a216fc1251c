// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";
import { type CancelledNotice, cancelNotice, inFours } from "#payments";
import { form } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { familyScope } from "../family-scope.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { noticePath } from "./family-notices.ts";
import { loadNotice } from "./load-notice.ts";
import { payWords } from "./pay-words.ts";

/** GET /pagamenti/avvisi/:numero/elimina: asked once, because a number never comes back (BO-06). */
export function askDelete(visit: Visit): Promise<Answer> {
  return inMoney(visit, async (tx, scope) => {
    const loaded = await loadNotice(tx, scope, visit);
    if (!loaded) return notFound;
    const { notice, isOpen } = loaded;
    const w = payWords(visit.lang);
    const path = noticePath(notice.noticeNumber);
    if (!isOpen) return seeOther(path);
    return portalPage(
      visit,
      { current: "payments", scope },
      {
        h1: w.removeTitle,
        back: { href: path, label: w.notice },
        body: html`<p>
            ${w.removeWhat(inFours(notice.noticeNumber), formatEuro(notice.amountCents))}
          </p>
          ${form({
            action: `${path}/elimina`,
            csrf: visit.csrf,
            key: visit.newKey(),
            body: null,
            submit: { label: w.remove, kind: "danger" },
            cancel: { href: path },
            lang: visit.lang,
          })}`,
      },
    );
  });
}

/** POST /pagamenti/avvisi/:numero/elimina: twice is once; never while somebody is paying it. */
export function deleteNotice(visit: Visit): Promise<Answer> {
  return visit.town.write(async (tx) => {
    const { actor, now } = visit;
    const scope = await familyScope(tx, visit);
    if (!scope || !actor) return forbidden;
    const loaded = await loadNotice(tx, scope, visit);
    if (!loaded) return notFound;
    const { notice } = loaded;
    const result = await cancelNotice(tx, { actor, noticeId: notice.id, reason: "", now });
    if (result.outcome === "forbidden") return forbidden;
    return seeOther(noticePath(notice.noticeNumber), flashOf(result, visit));
  });
}

function flashOf(
  result: Exclude<CancelledNotice, { outcome: "forbidden" }>,
  { lang }: Visit,
): string {
  const w = payWords(lang);
  switch (result.outcome) {
    case "cancelled":
      return w.removed;
    case "already-cancelled":
      return w.removedAlready;
    case "too-late":
      return w.notRemovable;
    case "payment-pending":
      return w.notRemovablePending;
    case "not-by-the-family":
      return w.notRemovableBill;
  }
}
