// SPDX-License-Identifier: EUPL-1.2
import type { Bill } from "#billing";
import { isBefore } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { emptyState, linkButton, linkList, stateBadge, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { inFamily, portalPage } from "../portal-page.ts";
import {
  accountLines,
  accountName,
  type AccountLine,
  familyBills,
  isToPay,
  negativeSentence,
} from "./account-lines.ts";
import { type FamilyFee, familyFees, feeDues } from "./family-fees.ts";
import { howToPay } from "./how-to-pay.ts";
import { words } from "./words.ts";

/** GET /pagamenti: what is to pay and what was; prepaid credit where the town has it. */
export function listPayments(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return inFamily(visit, async (tx, scope) => {
    const bills = await familyBills(tx, scope);
    const fees = await familyFees(tx, scope, visit);
    const accounts = await accountLines(tx, scope, visit.today);
    const toPay = bills.filter(isToPay);
    const others = bills.filter((bill) => !isToPay(bill));
    const total = toPay.reduce(
      (sum, { totalCents, paidCents }) => sum + totalCents - paidCents,
      0n,
    );
    const owesFees = fees.some(({ openCents }) => openCents > 0n);
    const nothing = toPay.length === 0 && !owesFees && !accounts.some(isNegative);
    return portalPage(
      visit,
      { current: "payments", scope },
      {
        h1: w.payments,
        body: html`${nothing && emptyState({ text: w.nothing, icon: "it-check-circle" })}${accountPart(visit, scope, accounts)}${
            toPay.length > 0 &&
            html`<h2 class="section-title">${w.toPay(formatEuro(total))}</h2>
              ${linkList(toPay.map((bill) => billItem(bill, scope, visit)))}`
          }${feePart(visit, scope, fees)}${
            others.length > 0 &&
            html`<h2 class="section-title">${w.closed}</h2>
              ${linkList(others.map((bill) => billItem(bill, scope, visit)))}`
          }${!nothing && howToPay(visit, scope)}
          <div class="button-row">
            ${linkButton({ href: "/borsellino", label: w.allMovements })}
          </div>`,
      },
    );
  });
}

const isNegative = ({ balanceCents }: AccountLine): boolean => balanceCents < 0n;

export const billPath = (bill: Bill): string => `/pagamenti/${bill.number}`;

export function billState(bill: Bill, visit: Visit): Html {
  const w = words(visit.lang);
  if (isToPay(bill) && isBefore(bill.dueOn, visit.today)) return tag(w.overdue, "warning");
  if (bill.state === "paid") return stateBadge("served", { word: w.paid, size: "small" });
  return tag(w.states[bill.state], isToPay(bill) ? "info" : "plain");
}

function billItem(bill: Bill, scope: FamilyScope, visit: Visit) {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const child = scope.children.find(({ id }) => id === bill.childId);
  const service = scope.calendar.services.find(({ id }) => id === bill.serviceId);
  const due = isToPay(bill) ? w.by(f.day(bill.dueOn)) : "";
  const what = capital(service ? shortName(service, visit.lang) : w.service);
  return {
    href: billPath(bill),
    label: html`${w.serviceOf(what, f.month(bill.month))}${child && `, ${child.name}`}:
    ${formatEuro(bill.totalCents)} ${billState(bill, visit)}`,
    note: `${w.notice(bill.number)} · ${w.meals(bill.meals)}${due}`,
  };
}

function accountPart(
  visit: Visit,
  scope: FamilyScope,
  accounts: readonly AccountLine[],
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
    )}`;
}

function feePart(visit: Visit, scope: FamilyScope, fees: readonly FamilyFee[]): Html | null {
  if (fees.length === 0) return null;
  const w = words(visit.lang);
  const open = feeDues(fees).reduce((sum, { cents }) => sum + cents, 0n);
  return html`<h2 class="section-title">${open > 0n ? w.feesToPay(formatEuro(open)) : w.fees}</h2>
    ${linkList(fees.map((one) => feeItem(one, scope, visit)))}`;
}

function feeItem({ fee, state, openCents }: FamilyFee, scope: FamilyScope, visit: Visit) {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const service = scope.calendar.services.find(({ id }) => id === fee.serviceId);
  const child = scope.children.find(({ id }) => id === fee.childId);
  const name = service ? capital(shortName(service, visit.lang)) : w.fee;
  const part = openCents > 0n && openCents < fee.amountCents;
  const due = fee.dueOn ? w.dueDay(f.day(fee.dueOn)) : w.noDue;
  return {
    href: `/addebiti/${fee.id}`,
    label: html`${name}${child && `, ${child.name}`}: ${formatEuro(fee.amountCents)}
    ${feeState(state, visit.lang)}`,
    note: [due, part && w.toPay(formatEuro(openCents)), state === "in-notice" && w.inNotice]
      .filter(Boolean)
      .join(" · "),
  };
}

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
      return null;
  }
}
