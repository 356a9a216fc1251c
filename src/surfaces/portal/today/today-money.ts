// SPDX-License-Identifier: EUPL-1.2
/** What `Oggi` says about payments: what is due, what is on its way, what has just arrived. */
import { isMomentAfter } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import type { ShownNotice } from "#payments";
import { alert } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { type Due, familyBills } from "../payments/account-lines.ts";
import { familyFees, feeDues, paysFees } from "../payments/family-fees.ts";
import { familyNotices, type Paying, payingIn } from "../payments/family-notices.ts";
import { otherAmountNote } from "../payments/notice-state.ts";
import {
  pendingAlerts,
  seeTogether,
  sumOf,
  type Together,
  together,
} from "../payments/paid-together.ts";
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
    ...(await news(tx, notices, scope, visit)),
  };
}

async function news(
  tx: ReadTx,
  notices: readonly ShownNotice[],
  scope: FamilyScope,
  visit: Visit,
): Promise<Pick<TodayMoney, "pending" | "received">> {
  const received = notices.filter(
    ({ standing, stateAt }) =>
      standing === "paid" && isMomentAfter(stateAt.add({ hours: TOLD_HOURS }), visit.now),
  );
  return {
    pending: await pendingAlerts(tx, notices, scope, visit),
    received: (await together(tx, received)).map((one) => receivedAlert(one, visit)),
  };
}

function receivedAlert(one: Together, visit: Visit): Html {
  const other = otherAmountNote(one.notices[0]!, visit.lang);
  return alert({
    tone: other === null ? "success" : "warning",
    title: payWords(visit.lang).homeReceived(sumOf(one)),
    body: html`${other} ${seeTogether(one, visit)}`,
  });
}
