// SPDX-License-Identifier: EUPL-1.2
import { dayOf, isBefore } from "#kernel/dates.ts";
import type { Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import type { CaseOutcome, ShownNotice } from "#payments";
import { stateBadge, tag } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import { payWords } from "./pay-words.ts";

/** `Da pagare`, `In corso`, `Pagato`… as a mark beside a notice (BO-03). */
export function noticeState(
  { standing, dueOn }: Pick<ShownNotice, "standing" | "dueOn">,
  { lang, today }: Pick<Visit, "lang" | "today">,
): Html {
  const w = payWords(lang);
  const word = w.standings[standing];
  switch (standing) {
    case "paid":
    case "paid-elsewhere":
      return stateBadge("served", { word, size: "small", lang });
    case "pending":
      return stateBadge("pending", { word, size: "small", lang });
    case "to-pay":
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
  otherPaidCents,
}: Pick<ShownNotice, "amountCents" | "otherPaidCents">): Cents => otherPaidCents ?? amountCents;

/** What the office decided about a payment, as the end of a sentence. */
export const outcomeText = ({ word, decidedAt }: CaseOutcome, lang: Lang): string =>
  payWords(lang).outcomes[word](decidedAt ? formats(lang).day(dayOf(decidedAt)) : "");

/** `Pagati 11,00 € invece di 14,00 €: l'ufficio verifica…`; `null`: the sum is the one asked for. */
export const otherAmountNote = (
  {
    amountCents,
    otherPaidCents,
    otherOutcome,
  }: Pick<ShownNotice, "amountCents" | "otherPaidCents" | "otherOutcome">,
  lang: Lang,
): string | null =>
  otherPaidCents === null
    ? null
    : payWords(lang).otherAmount(
        formatEuro(otherPaidCents),
        formatEuro(amountCents),
        outcomeText(otherOutcome ?? { word: "checking", decidedAt: null }, lang),
      );
