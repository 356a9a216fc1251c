// SPDX-License-Identifier: EUPL-1.2
import { type Bill, type Charge, chargesOf } from "#billing";
import { isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { emptyState, linkButton, linkList, stateBadge, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { capital, shortName } from "../meals/service-words.ts";
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

/** GET /pagamenti: what is to pay and what was; prepaid credit where the town has it. */
export function listPayments(visit: Visit): Promise<Answer> {
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
        h1: "Pagamenti",
        body: html`${nothing && emptyState({ text: "Niente da pagare.", icon: "it-check-circle" })}${accountPart(visit, scope, accounts)}${
            toPay.length > 0 &&
            html`<h2 class="section-title">Da pagare: ${formatEuro(total)}</h2>
              ${linkList(toPay.map((bill) => billItem(bill, scope, visit)))}`
          }${feePart(visit, scope, fees)}${
            others.length > 0 &&
            html`<h2 class="section-title">Pagati e chiusi</h2>
              ${linkList(others.map((bill) => billItem(bill, scope, visit)))}`
          }${!nothing && howToPay(visit, scope)}
          <div class="button-row">
            ${linkButton({ href: "/borsellino", label: "Tutti i movimenti" })}
          </div>`,
      },
    );
  });
}

const isNegative = ({ balanceCents }: AccountLine): boolean => balanceCents < 0n;

export const billPath = (bill: Bill): string => `/pagamenti/${bill.number}`;

const STATE_WORDS: Record<Bill["state"], string> = {
  drawn: "Da pagare",
  issued: "Da pagare",
  paid: "Pagato",
  cancelled: "Annullato",
};

export function billState(bill: Bill, visit: Visit): Html {
  if (isToPay(bill) && isBefore(bill.dueOn, visit.today)) return tag("Scaduto", "warning");
  if (bill.state === "paid") return stateBadge("served", { word: "Pagato", size: "small" });
  return tag(STATE_WORDS[bill.state], isToPay(bill) ? "info" : "plain");
}

function billItem(bill: Bill, scope: FamilyScope, visit: Visit) {
  const f = formats(visit.lang);
  const child = scope.children.find(({ id }) => id === bill.childId);
  const service = scope.calendar.services.find(({ id }) => id === bill.serviceId);
  const due = isToPay(bill) ? ` · entro ${f.day(bill.dueOn)}` : "";
  const what = service ? capital(shortName(service)) : "Servizio";
  return {
    href: billPath(bill),
    label: html`${what} di ${f.month(bill.month)}${child && `, ${child.name}`}:
    ${formatEuro(bill.totalCents)} ${billState(bill, visit)}`,
    note: `Avviso ${bill.number} · ${plural(bill.meals, "pasto", "pasti")}${due}`,
  };
}

function accountPart(
  visit: Visit,
  scope: FamilyScope,
  accounts: readonly AccountLine[],
): Html | null {
  if (accounts.length === 0) return null;
  const { wallet } = scope.settings.town("words", visit.today);
  return html`<h2 class="section-title">${capital(wallet)}</h2>
    ${linkList(
      accounts.map((line) => ({
        href: "/borsellino",
        label: `${accountName(line)}: ${formatEuro(line.balanceCents)}`,
        note: negativeSentence(scope, line, visit.today, visit.lang) ?? undefined,
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
  return fees.filter(({ kind, reversed }) => kind === "fixed-fee" && !reversed);
}

function feePart(visit: Visit, scope: FamilyScope, fees: readonly Charge[]): Html | null {
  if (fees.length === 0) return null;
  const f = formats(visit.lang);
  return html`<h2 class="section-title">Quote</h2>
    ${linkList(
      fees.map((fee) => {
        const service = scope.calendar.services.find(({ id }) => id === fee.serviceId);
        const child = scope.children.find(({ id }) => id === fee.childId);
        const due = fee.dueOn ? `Scadenza ${f.day(fee.dueOn)}` : "Senza scadenza";
        const name = service ? capital(shortName(service)) : "Quota";
        return {
          href: `/addebiti/${fee.id}`,
          label: `${name}${child ? `, ${child.name}` : ""}: ${formatEuro(fee.amountCents)}`,
          note: due,
        };
      }),
    )}`;
}
