// SPDX-License-Identifier: EUPL-1.2
/** What `Oggi` says about payments: what is due, what is on its way, what has just arrived. */
import { isMomentAfter } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { ShownNotice } from "#payments";
import { alert } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { type Due, familyBills } from "../payments/account-lines.ts";
import { familyFees, feeDues, paysFees } from "../payments/family-fees.ts";
import { familyNotices, noticePath, type Paying, payingIn } from "../payments/family-notices.ts";
import { otherAmountNote, shownCents } from "../payments/notice-state.ts";
import { payWords } from "../payments/pay-words.ts";
import { paymentItems } from "../payments/payment-items.ts";

/** A payment that arrived is told so long on the page that everybody opens. */
const TOLD_HOURS = 12;

export interface TodayMoney {
  paying: Paying;
  /** without those that are being paid */
  dues: Due[];
  pending: Html[];
  received: Html[];
}

export async function todayMoney(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
): Promise<TodayMoney> {
  const notices = await familyNotices(tx, scope, visit);
  const fees = paysFees(scope, visit.today) ? await familyFees(tx, scope, visit, notices) : [];
  // Top-ups that were not paid are choices, not debts: they ask for nothing here.
  const { open } = paymentItems(await familyBills(tx, scope), notices, fees);
  const dues = open
    .filter(({ standing, bill, notice }) => standing === "to-pay" && (bill || notice?.dueOn))
    .map(({ cents, dueOn }) => ({ cents, dueOn }));
  return {
    paying: await payingIn(tx, visit),
    dues: [...dues, ...feeDues(fees)],
    pending: notices.flatMap((notice) => pendingAlert(notice, visit) ?? []),
    received: notices.flatMap((notice) => receivedAlert(notice, visit) ?? []),
  };
}

const seeNotice = (notice: ShownNotice, { lang }: Visit): Html =>
  html`<a href="${noticePath(notice.noticeNumber)}">${payWords(lang).see}</a>`;

function pendingAlert(notice: ShownNotice, visit: Visit): Html | null {
  if (notice.standing !== "pending") return null;
  const { lang } = visit;
  const w = payWords(lang);
  const since = notice.lastAttemptAt ? formats(lang).time(notice.lastAttemptAt) : "";
  return alert({
    tone: "info",
    title: w.home(formatEuro(notice.amountCents), since),
    body: html`${w.homeBody} ${seeNotice(notice, visit)}`,
  });
}

function receivedAlert(notice: ShownNotice, visit: Visit): Html | null {
  const isNews = isMomentAfter(notice.stateAt.add({ hours: TOLD_HOURS }), visit.now);
  if (notice.standing !== "paid" || !isNews) return null;
  const title = payWords(visit.lang).homeReceived(formatEuro(shownCents(notice)));
  const other = otherAmountNote(notice, visit.lang);
  return alert({
    tone: other === null ? "success" : "warning",
    title,
    body: html`${other} ${seeNotice(notice, visit)}`,
  });
}
