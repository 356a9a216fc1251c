// SPDX-License-Identifier: EUPL-1.2
/** Top-ups that nobody paid: no debts, taken up again or deleted, and gone by themselves (BO-06). */
import { html, type Html } from "#kernel/html.ts";
import { catalogue, formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { ShownNotice } from "#payments";
import { card, linkButton } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { noticeName, noticePath, type Paying } from "./family-notices.ts";
import { noticeState } from "./notice-state.ts";
import { payWords } from "./pay-words.ts";

const it = {
  title: "Ricariche non completate",
  how: "Non sono debiti: si riprendono, si eliminano o finiscono da sole.",
  endsOn: (day: string) => `Si può pagare entro ${day}, poi finisce da sola.`,
  resume: "Riprendi",
  toNotice: "Apri l'avviso",
  remove: "Elimina",
  over: "Questa ricarica non è stata pagata in tempo e l'avviso non vale più. Se è stato pagato lo stesso, l'importo diventa credito.",
};

const en: typeof it = {
  title: "Top-ups not completed",
  how: "They are no debts: they can be resumed or deleted, or end by themselves.",
  endsOn: (day) => `It can be paid by ${day}, then it ends by itself.`,
  resume: "Resume",
  toNotice: "Open the notice",
  remove: "Delete",
  over: "This top-up was not paid in time and its notice is no longer valid. If it was paid all the same, the amount becomes credit.",
};

export const topUpWords = catalogue<typeof it>({ it, en });

export function unfinishedTopUps(
  topUps: readonly ShownNotice[],
  scope: FamilyScope,
  visit: Visit,
  paying: Paying,
): Html | null {
  if (topUps.length === 0) return null;
  const w = topUpWords(visit.lang);
  return html`<h2 class="section-title" id="ricariche">${w.title}</h2>
    <p>${w.how}</p>
    ${topUps.map((notice) => one(notice, scope, visit, paying))}`;
}

function one(notice: ShownNotice, scope: FamilyScope, visit: Visit, paying: Paying): Html {
  const { lang } = visit;
  const w = topUpWords(lang);
  const path = noticePath(notice.noticeNumber);
  const sum = formatEuro(notice.amountCents);
  const isReady = notice.standing === "to-pay";
  const resume = paying.online
    ? {
        href: `/carrello?avviso=${notice.noticeNumber}`,
        label: notice.isGivenUp ? payWords(lang).tryAgain : w.resume,
      }
    : { href: path, label: w.toNotice };
  return card({
    level: 3,
    title: html`${noticeName(notice, scope, lang)}: ${sum}`,
    href: path,
    badge: isReady && !notice.isGivenUp ? null : noticeState(notice, visit),
    body: notice.dueOn && html`<p>${w.endsOn(formats(lang).dayBy(notice.dueOn, visit.today))}</p>`,
    actions:
      isReady &&
      html`${linkButton({ ...resume, ariaLabel: `${resume.label}: ${sum}` })}${linkButton({
        href: `${path}/elimina`,
        label: w.remove,
        ariaLabel: `${w.remove}: ${sum}`,
        kind: "quiet",
      })}`,
  });
}
