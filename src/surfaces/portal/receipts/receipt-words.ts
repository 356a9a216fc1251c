// SPDX-License-Identifier: EUPL-1.2
import { movedTo, type Receipt } from "#booking";
import type { ActedByDelegation } from "#families";
import { day, type Day, dayOf, type Moment, sameDay } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { assertNever } from "#kernel/outcome.ts";
import { words } from "./words.ts";

/** Did the act itself cancel? A late report did not; one in time is a cancellation (D5). */
export const isCancellation = ({ act, outcome, effect }: Receipt): boolean =>
  outcome === "done" &&
  (act === "cancel" || act === "unbook" || (act === "report-absence" && effect.charge !== "kept"));

/** `Pasto disdetto`, `Disdetta non accolta` */
export function receiptTitle(receipt: Receipt, lang: Lang): string {
  const { done, refused, countsFor } = words(lang);
  const moved = movedTo(receipt);
  if (moved) return countsFor(formats(lang).day(moved));
  if (receipt.outcome !== "done") return refused[receipt.act];
  return receipt.act === "report-absence" && isCancellation(receipt)
    ? done.cancel
    : done[receipt.act];
}

/** Why it was refused; times to the second, because a second decides. */
export function refusalSentence(receipt: Receipt, lang: Lang): string | null {
  const f = formats(lang);
  const w = words(lang);
  switch (receipt.outcome) {
    case "done":
      return null;
    case "cutoff-passed": {
      const { receivedAt, cutoffAt } = receipt;
      if (!cutoffAt) return w.limitPassed;
      const limit = sameDay(dayOf(receivedAt), dayOf(cutoffAt))
        ? f.timeWithSeconds(cutoffAt)
        : w.dayAt(f.dayAndMonth(dayOf(cutoffAt)), f.timeWithSeconds(cutoffAt));
      return w.arrivedLate(f.timeWithSeconds(receivedAt), limit);
    }
    case "channel-closed":
      return w.channelClosed;
    case "not-a-service-day":
      return w.notServiceDay;
    case "closed-day":
      return w.closedDay;
    case "day-closed":
      return w.dayOver;
    case "school-reports":
      return w.schoolReports;
    case "plain-not-allowed":
      return w.plainNotAllowed;
    case "plain-limit":
      return w.plainLimit;
    case "not-possible":
      return w.notPossible;
    default:
      return assertNever(receipt.outcome);
  }
}

/**
 * Late for its day, the cancellation counts for another: `Per oggi è tardi: il pasto resta addebitato. La disdetta
 * vale per lunedì 23 novembre.` `null`: it does not.
 */
export function countedSentence(receipt: Receipt, today: Day, lang: Lang): string | null {
  const { countsFor, wasOff, charge } = receipt.effect;
  if (!countsFor) return null;
  const f = formats(lang);
  const w = words(lang);
  const asked = sameDay(receipt.from, today) ? w.today : f.day(receipt.from);
  const other = f.day(day(countsFor));
  const late = charge === "unchanged" ? w.lateFee(asked) : w.lateCharged(asked);
  return `${late} ${wasOff ? w.otherWasOff(other) : w.otherCounts(other)}`;
}

/** `portale, Sara Ferrando`; `portale, Rosa Ferrando, persona delegata` (BO-23) */
export function fromWords(receipt: Receipt, isDelegated: ActedByDelegation, lang: Lang): string {
  const { channels, byDelegation } = words(lang);
  const { actorId, actorName, receivedAt: at } = receipt;
  const who = isDelegated({ actorId, at }) ? byDelegation(actorName) : actorName;
  return `${channels[receipt.channel]}, ${who}`;
}

/** `oggi alle 8:41:07`, `martedì 24 novembre alle 8:41:07` */
export function momentWords(at: Moment, today: Day, lang: Lang): string {
  const f = formats(lang);
  const date = dayOf(at);
  const w = words(lang);
  return w.dayAt(sameDay(date, today) ? w.today : f.day(date), f.timeWithSeconds(at));
}

/** `Già disdetto alle 8:41:07.` */
export function alreadySentence(receipt: Receipt, today: Day, lang: Lang): string {
  const f = formats(lang);
  const date = dayOf(receipt.receivedAt);
  const w = words(lang);
  const time = f.timeWithSeconds(receipt.receivedAt);
  const when = sameDay(date, today) ? w.atTime(time) : w.dayAt(f.day(date), time);
  if (isCancellation(receipt) || receipt.act === "absence") return w.alreadyCancelled(when);
  return w.alreadyDone(when, receiptTitle(receipt, lang).toLowerCase());
}

/** `martedì 24 novembre`, `da … a …`, `da … (fine non ancora nota)` */
export function spanWords(receipt: Receipt, lang: Lang): string {
  const f = formats(lang);
  const w = words(lang);
  const from = f.day(receipt.from);
  if (receipt.act === "resume") return w.from(from);
  if (receipt.act !== "absence") return from;
  if (receipt.to === null) return w.openSpan(from);
  return sameDay(receipt.from, receipt.to) ? from : w.span(from, f.day(receipt.to));
}
