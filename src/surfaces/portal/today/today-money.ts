// SPDX-License-Identifier: EUPL-1.2
/** What `Oggi` says about payments: what is due, what is on its way, what has just arrived. */
import { isMomentAfter } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { cartsOfNotices, type ShownNotice } from "#payments";
import { alert } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { type Due, familyBills } from "../payments/account-lines.ts";
import { familyFees, feeDues, paysFees } from "../payments/family-fees.ts";
import { familyNotices, noticePath, type Paying, payingIn } from "../payments/family-notices.ts";
import { otherAmountNote, shownCents } from "../payments/notice-state.ts";
import { payWords } from "../payments/pay-words.ts";
import { paymentItems } from "../payments/payment-items.ts";
import { outcomePath } from "../payments/to-checkout.ts";

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
    ...(await news(tx, notices, visit)),
  };
}

/** Notices that were paid together: one payment for the family, hence one entry. */
interface Together {
  readonly notices: readonly ShownNotice[];
  /** where all of them are shown */
  readonly href: string;
}

async function news(
  tx: ReadTx,
  notices: readonly ShownNotice[],
  visit: Visit,
): Promise<Pick<TodayMoney, "pending" | "received">> {
  const pending = notices.filter(({ standing }) => standing === "pending");
  const received = notices.filter(
    ({ standing, stateAt }) =>
      standing === "paid" && isMomentAfter(stateAt.add({ hours: TOLD_HOURS }), visit.now),
  );
  const ids = [...pending, ...received].map(({ id }) => id);
  const carts = new Map(
    ids.length > 1
      ? (await cartsOfNotices(tx, ids)).map(({ noticeId, cartId }) => [noticeId, cartId])
      : [],
  );
  const together = (of: readonly ShownNotice[]): Together[] =>
    [
      // What arrived in another sum than asked for has something of its own to say.
      ...Map.groupBy(of, (notice) =>
        notice.other === null ? (carts.get(notice.id) ?? notice.id) : notice.id,
      ),
    ].map(([key, same]) => ({
      notices: same,
      href: same.length > 1 ? outcomePath(key) : noticePath(same[0]!.noticeNumber),
    }));
  return {
    pending: together(pending).map((one) => pendingAlert(one, visit)),
    received: together(received).map((one) => receivedAlert(one, visit)),
  };
}

const sumOf = ({ notices }: Together): string =>
  formatEuro(notices.reduce((sum, notice) => sum + shownCents(notice), 0n));

const see = ({ href }: Together, { lang }: Visit): Html =>
  html`<a href="${href}">${payWords(lang).see}</a>`;

function pendingAlert(together: Together, visit: Visit): Html {
  const { lang } = visit;
  const w = payWords(lang);
  const [first] = together.notices
    .flatMap(({ lastAttemptAt }) => lastAttemptAt ?? [])
    .sort(Temporal.Instant.compare);
  return alert({
    tone: "info",
    title: w.home(sumOf(together), first ? formats(lang).time(first) : ""),
    body: html`${w.homeBody} ${see(together, visit)}`,
  });
}

function receivedAlert(together: Together, visit: Visit): Html {
  const other = otherAmountNote(together.notices[0]!, visit.lang);
  return alert({
    tone: other === null ? "success" : "warning",
    title: payWords(visit.lang).homeReceived(sumOf(together)),
    body: html`${other} ${see(together, visit)}`,
  });
}
