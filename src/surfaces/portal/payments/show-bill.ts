// SPDX-License-Identifier: EUPL-1.2
import { type Bill, billByNumber, type BillLine, billLines, cancellationOf } from "#billing";
import { holder, holderNames } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { inFours } from "#payments";
import {
  actionForm,
  alert,
  dataTable,
  definitionList,
  linkButton,
  linkRow,
  printButton,
} from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { shortName } from "../meals/service-words.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { chargeReason } from "./charge-words.ts";
import { isToPay } from "./account-lines.ts";
import { familyNotices, noticePath, type Paying, payingIn } from "./family-notices.ts";
import { howToPay } from "./how-to-pay.ts";
import { billState } from "./list-payments.ts";
import { noticeState } from "./notice-state.ts";
import { payWords } from "./pay-words.ts";
import { cartPart, type PaymentItem, paymentItems } from "./payment-items.ts";
import { words } from "./words.ts";

/** GET /pagamenti/:anno/:numero: a line per day, the total, the state; printable. */
export function showBill(visit: Visit): Promise<Answer> {
  const number = `${visit.params["anno"] ?? ""}/${visit.params["numero"] ?? ""}`;
  return inMoney(visit, async (tx, scope) => {
    const bill = /^\d{4}\/\d{1,9}$/.test(number) ? await billByNumber(tx, number) : undefined;
    if (!bill || !scope.maySee(bill)) return notFound;
    const lines = await billLines(tx, bill.id);
    const items = paymentItems([bill], await familyNotices(tx, scope, visit));
    const item = [...items.open, ...items.closed].find((one) => one.bill?.id === bill.id);
    const paying = await payingIn(tx, visit);
    const payer = await payerOf(tx, bill.holderId);
    const cancellation = await cancellationOf(tx, bill.id);
    return billPage(visit, scope, { bill, lines, payer, item, paying, cancellation });
  });
}

interface Payer {
  name: string;
  /** read out or written down at the desk */
  code: string;
}

async function payerOf(tx: ReadTx, holderId: string): Promise<Payer> {
  const account = await holder(tx, holderId);
  const person = (await holderNames(tx, [holderId])).get(holderId);
  if (!account || !person) throw new Error(`a bill of an account that is not there: ${holderId}`);
  return { name: `${person.givenName} ${person.surname}`, code: account.paymentCode };
}

interface Shown {
  bill: Bill;
  lines: readonly BillLine[];
  payer: Payer;
  item: PaymentItem | undefined;
  paying: Paying;
  cancellation: Awaited<ReturnType<typeof cancellationOf>>;
}

function billPage(
  visit: Visit,
  scope: FamilyScope,
  { bill, lines, payer, item, paying, cancellation }: Shown,
): Html {
  const { lang } = visit;
  const f = formats(lang);
  const w = words(lang);
  const service = scope.calendar.services.find(({ id }) => id === bill.serviceId);
  const child = scope.children.find(({ id }) => id === bill.childId);
  const isOpen = item?.standing !== "closed";
  const what = service ? shortName(service, lang) : w.service;
  // The child is named on every line only where the bill is for several.
  // On the phone the usual reason stays out of sight too: a day is one line, with its date, `Perché?` and amount.
  const lineReason = (line: BillLine): Html => {
    const of = scope.children.find(({ id }) => id === line.childId);
    const reason = chargeReason(line, service, lang);
    if (!child && of) return html`${of.name}: ${reason}`;
    return line.kind === "meal" ? html`<span class="usual">${reason}</span>` : html`${reason}`;
  };
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.noticeOf(w.serviceOf(what, f.month(bill.month))),
      title: w.billNumber(bill.number),
      back: { href: "/pagamenti", label: w.payments },
      headActions: printButton(visit.lang),
      body: html`${cancellation && cancelledPart(cancellation, lang)}${definitionList([
          {
            label: w.state,
            value:
              item?.notice && item.standing !== "to-pay"
                ? noticeState(item.notice, visit)
                : billState(bill, visit),
          },
          { label: w.amount, value: html`<strong>${formatEuro(bill.totalCents)}</strong>` },
          ...(isOpen && bill.paidCents > 0n
            ? [{ label: w.stillOpen, value: formatEuro(bill.totalCents - bill.paidCents) }]
            : []),
          { label: isOpen ? w.payBy : w.dueOn, value: f.dayWithYear(bill.dueOn) },
        ])}${item && payPart(item, paying, visit)}${definitionList([
          ...(item?.notice
            ? [
                {
                  label: isOpen ? payWords(lang).number : payWords(lang).numberOver,
                  value: html`<span class="notice-number"
                    >${inFours(item.notice.noticeNumber)}</span
                  >`,
                },
              ]
            : []),
          { label: w.payer, value: payer.name },
          // Beside the number to pay with no other one that a counter might be told.
          ...(item?.notice ? [] : [{ label: w.paymentCode, value: payer.code }]),
          ...(child ? [{ label: w.forChild, value: child.name }] : []),
          { label: w.contains, value: w.meals(bill.meals) },
        ])}
        <h2 class="section-title">${w.dayByDay}</h2>
        ${dataTable({
          caption: w.chargesOf(bill.number),
          captionHidden: true,
          phone: "scroll",
          columns: [
            { label: w.day, header: true },
            { label: w.reason },
            { label: w.amount, align: "end" },
          ],
          rows: lines.map((line) => [
            f.shortDay(line.date),
            html`${lineReason(line)}
              <a class="screen-only" href="/addebiti/${line.chargeId}">${w.why}</a>`,
            formatEuro(line.amountCents),
          ]),
          foot: [w.total, "", formatEuro(bill.totalCents)],
        })}
        <p class="quiet">${w.billNumber(bill.number)}</p>
        ${isToPay(bill) && html`<div class="after-total">${howToPay(visit, scope, paying)}</div>`}`,
    },
  );
}

/** Why it is not to be paid, and what is. */
function cancelledPart(
  { reason, replacedBy }: NonNullable<Shown["cancellation"]>,
  lang: Visit["lang"],
): Html {
  const w = words(lang);
  const next =
    replacedBy === null
      ? w.inTheNext
      : html`${w.inItsPlace} <a href="/pagamenti/${replacedBy}">${w.billNumber(replacedBy)}</a>.`;
  return alert({
    tone: "info",
    title: w.cancelled,
    body: html`<p>${reason}</p>
      <p>${next}</p>`,
  });
}

/** Pay here, or the notice to pay elsewhere; one in progress is shown as such, without a second button (X-05). */
function payPart(item: PaymentItem, paying: Paying, visit: Visit): Html | null {
  const { lang } = visit;
  const w = payWords(lang);
  const { notice, standing } = item;
  if (standing === "closed" || !paying.notices)
    return notice ? linkRow([toNotice(notice.noticeNumber, w.notice)]) : null;
  if (notice && standing === "pending") {
    const since = notice.openAttemptAt ? formats(lang).time(notice.openAttemptAt) : "";
    return alert({
      tone: "info",
      title: w.home(formatEuro(notice.amountCents), since),
      body: html`${w.homeBody} ${toNotice(notice.noticeNumber, w.see)}`,
    });
  }
  const [name, value] = cartPart(item);
  const act = { action: "/carrello", csrf: visit.csrf };
  return html`<div class="button-row">
    ${
      paying.online &&
      actionForm({
        ...act,
        key: visit.newKey(),
        label: w.payNow,
        fields: { [name]: value, azione: "paga" },
      })
    }${
      notice
        ? linkButton({ href: noticePath(notice.noticeNumber), label: w.payElsewhere })
        : actionForm({
            ...act,
            key: visit.newKey(),
            label: w.payElsewhere,
            kind: "secondary",
            fields: { [name]: value, azione: "avviso" },
          })
    }
  </div>`;
}

const toNotice = (noticeNumber: string, label: string): Html =>
  html`<a href="${noticePath(noticeNumber)}">${label}</a>`;
