// SPDX-License-Identifier: EUPL-1.2
import type { Charge } from "#billing";
import { isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { statement, type StatementRow } from "#ledger";
import { chips, dataTable, definitionList, emptyState, linkButton } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { isKnownMonth, type Month, parseMonth } from "../calendar/month.ts";
import type { FamilyScope } from "../family-scope.ts";
import { mealMoney, moneyKey } from "../meals/meal-money.ts";
import { capital } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import {
  type AccountLine,
  accountLines,
  accountName,
  canTransfer,
  negativeSentence,
} from "./account-lines.ts";
import { familyNotices, payingIn } from "./family-notices.ts";
import { howToPay } from "./how-to-pay.ts";
import { chargesOfRows, childOf, movementText } from "./movement-text.ts";
import { topUpButton } from "./list-payments.ts";
import { caseAlerts } from "./notice-state.ts";
import { REQUESTS } from "../requests/list-requests.ts";
import { words as requestWords } from "../requests/words.ts";
import { words } from "./words.ts";

const PAGE_ROWS = 200;

/** GET /borsellino?mese=2026-11&figlio=giulia: credit, and every movement with its reason. */
export function showWallet(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return inMoney(visit, async (tx, scope) => {
    const asked = visit.query["mese"];
    const month = asked === undefined ? visit.today.toPlainYearMonth() : parseMonth(asked);
    const slug = visit.query["figlio"];
    const child = scope.childBySlug(slug);
    if (!month || (slug !== undefined && !child)) return notFound;
    if (asked !== undefined && !isKnownMonth(scope, month)) return notFound;
    const accounts = await accountLines(tx, scope, visit.today);
    const perChild = accounts.some((line) => line.child);
    const all: (StatementRow & { holderId: string })[] = [];
    // One account holder as a rule: a parent with an own account sees only that one.
    for (const holderId of scope.holderIds) {
      const found = await statement(tx, {
        holderId,
        childId: perChild ? child?.id : undefined,
        from: month.toPlainDate({ day: 1 }),
        to: month.toPlainDate({ day: month.daysInMonth }),
        limit: PAGE_ROWS,
        newestFirst: true,
      });
      all.push(...found.rows.map((row) => ({ ...row, holderId })));
    }
    const charges = await chargesOfRows(tx, all);
    const rows = all.filter(({ holderId, ...row }) =>
      scope.maySee({ holderId, childId: childOf(row, charges.get(row.key)) }),
    );
    const own = scope.settings.town("words", visit.today).wallet;
    const paying = await payingIn(tx, visit);
    const notices = await familyNotices(tx, scope, visit);
    const table = movements(scope, visit, rows, charges);
    return portalPage(
      visit,
      { current: "payments", scope },
      {
        h1: accounts.length > 0 ? capital(mealWords(visit.lang).wallet(own)) : w.movements,
        back: { href: "/pagamenti", label: w.payments },
        body: html`${caseAlerts(notices, scope, visit)}${await balancePart(tx, scope, visit, accounts)}${accounts.length > 0 && paying.notices && topUpButton(visit.lang)}${monthNavigation(scope, visit, month, slug)}${
          perChild && scope.children.length > 1 && childFilter(scope, visit, month, slug)
        }${table ?? emptyState({ text: w.noMovements })}${accounts.length > 0 && requestLinks(visit, accounts)}${accounts.length > 0 && howToPay(visit, scope, paying)}`,
      },
    );
  });
}

/** Of what the office registered by hand and no receipt of pagoPA took the place of. */
function receiptLink(
  { reference, amountCents, reversedById }: StatementRow,
  { lang }: Visit,
): Html | null {
  const { deskPayment } = reference;
  if (typeof deskPayment !== "string" || amountCents < 0n || reversedById !== null) return null;
  return html` <a href="/pagamenti/registrati/${deskPayment}/ricevuta.pdf"
    >${words(lang).receiptPdf}</a
  >`;
}

/** X-10: what the family may ask for about its credit. */
function requestLinks({ lang }: Visit, accounts: readonly AccountLine[]): Html {
  const w = requestWords(lang);
  return html`<div class="button-row">
    ${canTransfer(accounts) && linkButton({ href: `${REQUESTS}/trasferimento`, label: w.askTransfer })}
    ${linkButton({ href: `${REQUESTS}/rimborso`, label: w.askRefund })}
    ${linkButton({ href: REQUESTS, label: w.requests, kind: "quiet" })}
  </div>`;
}

/** Each account with about how many meals it is worth. */
async function balancePart(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  accounts: readonly AccountLine[],
): Promise<Html | null> {
  if (accounts.length === 0) return null;
  const w = words(visit.lang);
  const rows = [];
  for (const line of accounts) {
    const child = line.child ?? scope.children.find(({ id }) => scope.schedule(id, line.payFor.id));
    const wanted = child ? [{ child, date: visit.today }] : [];
    const money = await mealMoney(tx, scope, line.payFor, wanted, visit.lang);
    const price = child && money.get(moneyKey(child.id, visit.today))?.priceCents;
    const meals =
      price && line.balanceCents > 0n ? w.aboutMeals(w.meals(line.balanceCents / price)) : "";
    const rule = negativeSentence(scope, line, visit.today, visit.lang);
    rows.push({
      label: accountName(line, visit.lang),
      value: html`<strong>${formatEuro(line.balanceCents)}</strong
        >${meals}${rule && html`<br />${rule}`}`,
    });
  }
  return definitionList(rows);
}

const address = (month: Month, slug: string | undefined): string =>
  `/borsellino?mese=${month.toString()}${slug ? `&figlio=${slug}` : ""}`;

function monthNavigation(
  scope: FamilyScope,
  visit: Visit,
  month: Month,
  slug: string | undefined,
): Html {
  const f = formats(visit.lang);
  // Nothing can have moved in a month that has not begun.
  const isBegun = (target: Month): boolean =>
    !isBefore(visit.today, target.toPlainDate({ day: 1 }));
  const steps = [-1, 1]
    .map((months) => month.add({ months }))
    .filter((target) => isKnownMonth(scope, target) && isBegun(target))
    .map((target) =>
      linkButton({ href: address(target, slug), label: capital(f.month(target)), kind: "quiet" }),
    );
  return html`<h2 class="section-title">${words(visit.lang).movementsOf(f.month(month))}</h2>
    <div class="button-row">${steps}</div>`;
}

function childFilter(
  scope: FamilyScope,
  visit: Visit,
  month: Month,
  slug: string | undefined,
): Html {
  const w = words(visit.lang);
  return chips(w.children, [
    { label: w.all, href: address(month, undefined), current: slug === undefined },
    ...scope.children.map((child) => ({
      label: child.name,
      href: address(month, child.slug),
      current: child.slug === slug,
    })),
  ]);
}

function movements(
  scope: FamilyScope,
  visit: Visit,
  rows: readonly StatementRow[],
  charges: ReadonlyMap<string, Charge>,
): Html | null {
  if (rows.length === 0) return null;
  const f = formats(visit.lang);
  const w = words(visit.lang);
  return dataTable({
    caption: w.movements,
    captionHidden: true,
    phone: "scroll",
    columns: [
      { label: w.day, header: true },
      { label: w.reason },
      { label: w.amount, align: "end" },
    ],
    rows: rows.map((row) => {
      const charge = charges.get(row.key);
      const text = movementText(row, { scope, visit, charge });
      return [
        f.shortDay(row.happenedOn),
        html`${text}${charge && html` <a href="/addebiti/${charge.id}">${w.why}</a>`}${receiptLink(row, visit)}`,
        formatEuro(row.amountCents),
      ];
    }),
  });
}
