// SPDX-License-Identifier: EUPL-1.2
import { type Bill, type Charge, chargesOf } from "#billing";
import { isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
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
import { howToPay } from "./how-to-pay.ts";
import { words } from "./words.ts";

/** GET /pagamenti: what is to pay and what was; prepaid credit where the town has it. */
export function listPayments(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return inFamily(visit, async (tx, scope) => {
    const bills = await familyBills(tx, scope);
    const fees = await feesOf(tx, scope, visit);
    const accounts = await accountLines(tx, scope, visit.today);
    const toPay = bills.filter(isToPay);
    const others = bills.filter((bill) => !isToPay(bill));
    const total = toPay.reduce((sum, { totalCents }) => sum + totalCents, 0n);
    const nothing = toPay.length === 0 && fees.length === 0 && !accounts.some(isNegative);
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

/** Fixed fees of this school year that stand: each with the date it is due. */
async function feesOf(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<Charge[]> {
  const year = scope.calendar.years.findLast(({ startsOn }) => !isBefore(visit.today, startsOn));
  if (!year) return [];
  const fees: Charge[] = [];
  const span = { from: year.startsOn.subtract({ days: 60 }), to: year.endsOn.add({ days: 60 }) };
  for (const holderId of scope.holderIds)
    fees.push(...(await chargesOf(tx, { holderId, ...span })));
  return fees
    .filter(scope.maySee)
    .filter(({ kind, reversed }) => kind === "fixed-fee" && !reversed);
}

function feePart(visit: Visit, scope: FamilyScope, fees: readonly Charge[]): Html | null {
  if (fees.length === 0) return null;
  const f = formats(visit.lang);
  const w = words(visit.lang);
  return html`<h2 class="section-title">${w.fees}</h2>
    ${linkList(
      fees.map((fee) => {
        const service = scope.calendar.services.find(({ id }) => id === fee.serviceId);
        const child = scope.children.find(({ id }) => id === fee.childId);
        const due = fee.dueOn ? w.dueDay(f.day(fee.dueOn)) : w.noDue;
        const name = service ? capital(shortName(service, visit.lang)) : w.fee;
        return {
          href: `/addebiti/${fee.id}`,
          label: `${name}${child ? `, ${child.name}` : ""}: ${formatEuro(fee.amountCents)}`,
          note: due,
        };
      }),
    )}`;
}
