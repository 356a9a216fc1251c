// SPDX-License-Identifier: EUPL-1.2
import { dayOf, isBefore } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import type { CaseOutcome, PaymentInCase, ShownNotice } from "#payments";
import { alert, stateBadge, tag } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { noticeName, noticePath } from "./family-notices.ts";
import { payWords } from "./pay-words.ts";

/** `Da pagare`, `In corso`, `Pagato`… as a mark beside a notice (BO-03). */
export function noticeState(
  {
    standing,
    dueOn,
    other,
    kind,
    isGivenUp,
  }: Pick<ShownNotice, "standing" | "dueOn" | "other" | "kind" | "isGivenUp">,
  { lang, today }: Pick<Visit, "lang" | "today">,
): Html {
  const w = payWords(lang);
  const word = w.standings[standing];
  switch (standing) {
    case "paid":
      // Money came, but not what was asked for: nobody has it before the office says so.
      if (other && other.outcome.word !== "credited")
        return tag(w.caseStates[other.outcome.word], "warning");
      return stateBadge("served", { word, size: "small", lang });
    case "paid-elsewhere":
      return stateBadge("served", { word, size: "small", lang });
    case "pending":
      return stateBadge("pending", { word, size: "small", lang });
    case "to-pay":
      if (kind === "top-up" && isGivenUp) return tag(w.notCompleted, "warning");
      return dueOn && isBefore(dueOn, today) ? tag(w.overdue, "warning") : tag(word, "info");
    case "expired":
    case "revoked":
      return tag(word, "warning");
    case "preparing":
    case "cancelled":
    case "replaced":
      return tag(word);
  }
}

/** What arrived, where it is not what was asked for. */
export const shownCents = ({
  amountCents,
  other,
}: Pick<ShownNotice, "amountCents" | "other">): Cents => other?.amountCents ?? amountCents;

/** What the office decided about a payment, or by when it will, as the end of a sentence. */
export function outcomeText({ word, decidedAt, promisedOn }: CaseOutcome, lang: Lang): string {
  const f = formats(lang);
  const decided = decidedAt ? f.day(dayOf(decidedAt)) : "";
  return payWords(lang).outcomes[word](decided, promisedOn ? f.dayWithYear(promisedOn) : "");
}

/** `Pagati 11,00 € invece di 14,00 €: l'ufficio decide…`; `null`: the sum is the one asked for. */
export const otherAmountNote = (
  { amountCents, other }: Pick<ShownNotice, "amountCents" | "other">,
  lang: Lang,
): string | null =>
  other &&
  payWords(lang).otherAmount(
    formatEuro(other.amountCents),
    formatEuro(amountCents),
    outcomeText(other.outcome, lang),
  );

/** A decision is news for so long; then the notice's own page tells it. */
const NEWS_DAYS = 30;

/** Payments that the office has in hand or has lately decided: what came, what was asked for, who decides, by when. */
export function caseAlerts(
  notices: readonly ShownNotice[],
  scope: FamilyScope,
  { lang, today }: Pick<Visit, "lang" | "today">,
): Html[] {
  const w = payWords(lang);
  const isNews = ({ outcome: { decidedAt } }: PaymentInCase): boolean =>
    decidedAt === null || !isBefore(dayOf(decidedAt).add({ days: NEWS_DAYS }), today);
  return notices.flatMap((notice) =>
    notice.cases.filter(isNews).map(({ verdict, amountCents, outcome }) => {
      const paid = formatEuro(amountCents);
      const isOpen = outcome.decidedAt === null;
      return alert({
        tone: isOpen ? "warning" : "info",
        title:
          verdict === "other-amount"
            ? w.caseOpen["other-amount"](paid, formatEuro(notice.amountCents))
            : verdict === "duplicate"
              ? w.caseOpen.again(paid)
              : w.caseOpen.over(paid),
        body: html`${noticeName(notice, scope, lang)}:
          ${outcomeText(outcome, lang)}.${isOpen && ` ${w.nothingToDo}`}
          <a href="${noticePath(notice.noticeNumber)}">${w.see}</a>`,
      });
    }),
  );
}
