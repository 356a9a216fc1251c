// SPDX-License-Identifier: EUPL-1.2
import type { Bill } from "#billing";
import { isBefore } from "#kernel/dates.ts";
import type { Html } from "#kernel/html.ts";
import { html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { inFours, MAX_NOTICES_IN_CART, type ShownNotice } from "#payments";
import {
  checkboxes,
  emptyState,
  form,
  linkButton,
  linkList,
  pagination,
  stateBadge,
  tag,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import {
  accountLines,
  accountName,
  type AccountLine,
  familyBills,
  isToPay,
  negativeSentence,
} from "./account-lines.ts";
import { type FamilyFee, familyFees, feeDues, isToBePaid } from "./family-fees.ts";
import {
  billName,
  familyNotices,
  noticeName,
  noticePath,
  type Paying,
  payingIn,
} from "./family-notices.ts";
import { howToPay } from "./how-to-pay.ts";
import { caseAlerts, noticeState } from "./notice-state.ts";
import { pendingAlerts } from "./paid-together.ts";
import { payWords } from "./pay-words.ts";
import { cartPart, type PaymentItem, paymentItems } from "./payment-items.ts";
import { unfinishedTopUps } from "./unfinished-top-ups.ts";
import { words } from "./words.ts";

const PAGE_ROWS = 20;

/** GET /pagamenti: every bill and notice with its state, open ones first (BO-03); prepaid credit where the town has it. */
export function listPayments(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return inMoney(visit, async (tx, scope) => {
    const bills = await familyBills(tx, scope);
    const notices = await familyNotices(tx, scope, visit);
    const fees = await familyFees(tx, scope, visit, notices);
    const { open, topUps, closed } = paymentItems(bills, notices, fees);
    const accounts = await accountLines(tx, scope, visit.today);
    const paying = await payingIn(tx, visit);
    const owesFees = fees.some(({ openCents }) => openCents > 0n);
    const nothing = open.length === 0 && !owesFees && !accounts.some(isNegative);
    return portalPage(
      visit,
      { current: "payments", scope },
      {
        h1: w.payments,
        body: html`${await pendingAlerts(tx, notices, scope, visit)}${caseAlerts(notices, scope, visit)}${nothing && emptyState({ text: w.nothing, icon: "it-check-circle" })}${openPart(open, scope, visit, paying)}${unfinishedTopUps(topUps, scope, visit, paying)}${accountPart(visit, scope, accounts, paying)}${feePart(visit, scope, fees, paying)}${closedPart(closed, scope, visit)}${
            !nothing && howToPay(visit, scope, paying)
          }
          <div class="button-row">
            ${linkButton({ href: "/borsellino", label: w.allMovements })}
          </div>`,
      },
    );
  });
}

const isNegative = ({ balanceCents }: AccountLine): boolean => balanceCents < 0n;

export const billPath = (bill: Pick<Bill, "number">): string => `/pagamenti/${bill.number}`;

export function billState(bill: Bill, visit: Visit): Html {
  const w = words(visit.lang);
  if (isToPay(bill) && isBefore(bill.dueOn, visit.today)) return tag(w.overdue, "warning");
  if (bill.state === "paid") return stateBadge("served", { word: w.paid, size: "small" });
  return tag(w.states[bill.state], isToPay(bill) ? "info" : "plain");
}

function openPart(
  open: readonly PaymentItem[],
  scope: FamilyScope,
  visit: Visit,
  paying: Paying,
): Html | null {
  if (open.length === 0) return null;
  const toPay = open.filter(({ standing }) => standing === "to-pay");
  const total = formatEuro(toPay.reduce((sum, { cents }) => sum + cents, 0n));
  const w = words(visit.lang);
  return html`${toPay.length > 0 && html`<h2 class="section-title">${w.toPay(total)}</h2>`}
  ${linkList(open.map((item) => itemLink(item, scope, visit)))}${
    paying.online && payTogether(toPay, total, scope, visit)
  }`;
}

/** All at once where pagoPA takes as many; several to be chosen from. */
function payTogether(
  toPay: readonly PaymentItem[],
  total: string,
  scope: FamilyScope,
  visit: Visit,
): Html | null {
  const { lang } = visit;
  const w = payWords(lang);
  if (toPay.length === 0) return null;
  const all = toPay.map((item) => cartPart(item).join("=")).join("&");
  const isTooMany = toPay.length > MAX_NOTICES_IN_CART;
  return html`${
    !isTooMany &&
    html`<div class="button-row">
      ${linkButton({ href: `/carrello?${all}`, label: toPay.length === 1 ? w.payNow : w.payAll(total), kind: "primary" })}
    </div>`
  }${
    toPay.length > 1 &&
    html`<details>
      <summary>${w.choose}</summary>
      ${form({
        action: "/carrello",
        method: "get",
        submit: { label: w.paySelected, kind: "secondary" },
        lang,
        body: (["avviso", "conto"] as const).map((name) => choices(name, toPay, scope, visit)),
      })}
    </details>`
  }`;
}

function choices(
  name: "avviso" | "conto",
  toPay: readonly PaymentItem[],
  scope: FamilyScope,
  visit: Visit,
): Html | null {
  const { lang } = visit;
  const own = toPay.filter((item) => cartPart(item)[0] === name);
  if (own.length === 0) return null;
  return checkboxes({
    name,
    label: payWords(lang).payTogether,
    lang,
    choices: own.map((item) => ({
      value: cartPart(item)[1],
      label: html`${itemName(item, scope, lang)}: ${formatEuro(item.cents)}`,
    })),
  });
}

function itemName({ bill, notice }: PaymentItem, scope: FamilyScope, lang: Lang): Html | string {
  return bill ? billName(bill, scope, lang) : noticeName(notice!, scope, lang);
}

function itemLink(item: PaymentItem, scope: FamilyScope, visit: Visit) {
  const { lang } = visit;
  const { bill, notice } = item;
  const f = formats(lang);
  const w = payWords(lang);
  const isOpen = item.standing !== "closed";
  const state =
    notice && (!bill || item.standing === "pending" || notice.standing === "paid")
      ? noticeState(notice, visit)
      : bill && billState(bill, visit);
  const due =
    isOpen && item.dueOn
      ? w.dueBy(f.dayBy(item.dueOn, visit.today))
      : notice?.standing === "paid" && w.paidOn(f.dayAndMonth(item.on));
  return {
    href: bill ? billPath(bill) : noticePath(notice!.noticeNumber),
    label: html`${itemName(item, scope, lang)}: ${formatEuro(item.cents)} ${state}`,
    note: [
      notice?.instalment && w.instalment(notice.instalment),
      // The number to pay with; a bill's own only where there is no other.
      notice ? w.numberShort(inFours(notice.noticeNumber)) : words(lang).billNumber(bill!.number),
      bill && w.meals(bill.meals),
      bill && isOpen && bill.paidCents > 0n && words(lang).restOf(formatEuro(bill.totalCents)),
      due,
    ]
      .filter(Boolean)
      .join(" · "),
  };
}

function closedPart(closed: readonly PaymentItem[], scope: FamilyScope, visit: Visit): Html | null {
  if (closed.length === 0) return null;
  const { lang } = visit;
  const pages = Math.ceil(closed.length / PAGE_ROWS);
  const asked = /^[1-9]\d{0,4}$/.exec(visit.query["pagina"] ?? "")?.[0];
  const page = Math.min(asked ? Number(asked) : 1, pages);
  const shown = closed.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
  return html`<h2 class="section-title" id="chiusi">${words(lang).closed}</h2>
    ${linkList(shown.map((item) => itemLink(item, scope, visit)))}${pagination({
      page,
      pages,
      href: (to) => `/pagamenti?pagina=${to}#chiusi`,
      lang,
    })}`;
}

function accountPart(
  visit: Visit,
  scope: FamilyScope,
  accounts: readonly AccountLine[],
  paying: Paying,
): Html | null {
  if (accounts.length === 0) return null;
  const { lang, today } = visit;
  const wallet = mealWords(lang).wallet(scope.settings.town("words", today).wallet);
  return html`<h2 class="section-title">${capital(wallet)}</h2>
    ${linkList(
      accounts.map((line) => ({
        href: "/borsellino",
        label: `${accountName(line, lang)}: ${formatEuro(line.balanceCents)}`,
        note: negativeSentence(scope, line, today, lang) ?? undefined,
      })),
    )}${paying.notices && topUpButton(lang)}`;
}

/** `Ricarica`, wherever credit is shown. */
export const topUpButton = (lang: Lang): Html =>
  html`<div class="button-row">
    ${linkButton({ href: "/ricarica", label: payWords(lang).topUp, kind: "primary" })}
  </div>`;

function feePart(
  visit: Visit,
  scope: FamilyScope,
  fees: readonly FamilyFee[],
  paying: Paying,
): Html | null {
  if (fees.length === 0) return null;
  const w = words(visit.lang);
  const open = feeDues(fees).reduce((sum, { cents }) => sum + cents, 0n);
  const owed = fees.filter(isToBePaid);
  // The ones that fall due first, as many as one payment takes.
  const first = owed.slice(0, MAX_NOTICES_IN_CART);
  const address = first.map(({ fee }) => `quota=${fee.id}`).join("&");
  const sum = formatEuro(first.reduce((total, { openCents }) => total + openCents, 0n));
  return html`<h2 class="section-title">${open > 0n ? w.feesToPay(formatEuro(open)) : w.fees}</h2>
    ${linkList(fees.map((one) => feeItem(one, scope, visit)))}${
      first.length > 0 &&
      paying.notices &&
      html`<div class="button-row">
        ${linkButton({ href: `/carrello?${address}`, label: payWords(visit.lang).payFees(sum), kind: "primary" })}
      </div>`
    }`;
}

function feeItem({ fee, state, openCents, notice }: FamilyFee, scope: FamilyScope, visit: Visit) {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const service = scope.calendar.services.find(({ id }) => id === fee.serviceId);
  const child = scope.children.find(({ id }) => id === fee.childId);
  const name = service ? capital(shortName(service, visit.lang)) : w.fee;
  const part = openCents > 0n && openCents < fee.amountCents;
  const due = fee.dueOn ? w.dueDay(f.dayBy(fee.dueOn, visit.today)) : w.noDue;
  return {
    // Who has made its notice looks for number, code and PDF; `Perché?` stays beside the movement.
    href: notice ? noticePath(notice.noticeNumber) : `/addebiti/${fee.id}`,
    label: html`${name}${child && `, ${child.name}`}: ${formatEuro(fee.amountCents)}
    ${isInHand(notice) ? noticeState(notice, visit) : feeState(state, visit.lang)}`,
    note: [
      notice && payWords(visit.lang).numberShort(inFours(notice.noticeNumber)),
      due,
      part && w.toPay(formatEuro(openCents)),
      state === "in-notice" && w.inNotice,
      state === "in-plan" && w.inPlan,
    ]
      .filter(Boolean)
      .join(" · "),
  };
}

/** Somebody is paying it, or the office has what was paid: the notice says more than the fee. */
const isInHand = (notice: ShownNotice | null): notice is ShownNotice =>
  notice?.standing === "pending" || notice?.other?.outcome.word === "checking";

function feeState(state: FamilyFee["state"], lang: Lang): Html | null {
  const w = words(lang);
  switch (state) {
    case "overdue":
      return tag(w.overdue, "warning");
    case "to-pay":
      return tag(w.states.issued, "info");
    case "paid":
      return stateBadge("served", { word: w.paid, size: "small", lang });
    case "in-notice":
    case "in-plan":
      return null;
  }
}
