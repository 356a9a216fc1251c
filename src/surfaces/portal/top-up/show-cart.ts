// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { ShownNotice } from "#payments";
import { alert, dataTable, emptyState, type FieldError, form, linkButton } from "#ui/components.ts";
import { type Answer, withStatus } from "../../web/route.ts";
import { Fields, type Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { shortName } from "../meals/service-words.ts";
import { askedName, billName, feeName, payingIn } from "../payments/family-notices.ts";
import { howToPay } from "../payments/how-to-pay.ts";
import { words as paymentWords } from "../payments/words.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import {
  type Cart,
  cartFields,
  childrenIn,
  isEmpty,
  makesNotices,
  readCart,
  type TopUp,
  totalOf,
} from "./cart.ts";
import { chooserPage } from "./choose-top-up.ts";
import { type Gap, missingData, missingFields } from "./missing-data.ts";
import { words } from "./words.ts";

/** GET /carrello?…: one total, one payment; what is missing is asked for here (X-04, BO-04, BO-06). */
export function showCart(visit: Visit): Promise<Answer> {
  const given = new Fields(visit.request.query);
  return inMoney(visit, async (tx, scope) => {
    const { cart, accounts, errors } = await readCart(tx, scope, visit, given);
    if (errors.length > 0 && accounts.length > 0)
      return withStatus(422, await chooserPage(tx, scope, visit, { accounts, given, errors }));
    if (isEmpty(cart)) return nothingPage(visit, scope);
    const gaps = await missingData(tx, scope, childrenIn(scope, cart));
    return cartPage(tx, scope, visit, { cart, gaps, errors });
  });
}

export function nothingPage(visit: Visit, scope: FamilyScope): Html {
  const w = words(visit.lang);
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.summary,
      back: { href: "/pagamenti", label: w.payments },
      body: emptyState({
        text: w.nothingToPay,
        icon: "it-check-circle",
        action: linkButton({ href: "/pagamenti", label: w.toPayments }),
      }),
    },
  );
}

export async function cartPage(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  of: { cart: Cart; gaps: readonly Gap[]; errors: readonly FieldError[] },
): Promise<Html> {
  const { lang } = visit;
  const w = words(lang);
  const { cart, gaps, errors } = of;
  const paying = await payingIn(tx, visit);
  const total = formatEuro(totalOf(cart));
  const pending = cart.notices.filter(({ standing }) => standing === "pending");
  const isNew = makesNotices(cart);
  const makeNotice = { label: w.makeNotice, kind: "secondary", name: "azione", value: "avviso" };
  const payNow = {
    label: pending.length > 0 ? w.payAnyway(total) : w.pay(total),
    name: "azione",
    value: pending.length > 0 ? "comunque" : "paga",
  };
  const buttons = paying.online
    ? { submit: payNow, ...(isNew ? { also: makeNotice } : {}) }
    : { submit: makeNotice };
  const back = cart.topUps.length > 0 ? "/ricarica" : "/pagamenti";
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.summary,
      back: { href: back, label: cart.topUps.length > 0 ? w.title : w.payments },
      errors,
      body: html`${pending.map((notice) => pendingAlert(notice, lang))}${cartTable(cart, scope, visit)}${
        paying.online && html`<p>${w.onePayment}</p>`
      }${
        paying.notices
          ? form({
              action: "/carrello",
              csrf: visit.csrf,
              key: visit.newKey(),
              ...(buttons as Pick<Parameters<typeof form>[0], "submit" | "also">),
              cancel: { href: back },
              lang,
              body: [hidden(cart), missingFields(gaps, visit, errors)],
            })
          : html`${alert({ tone: "info", title: w.notReady })}${howToPay(visit, scope, paying)}`
      }`,
    },
  );
}

/** Repeated names: several notices are one choice. */
const hidden = (cart: Cart): Html[] =>
  cartFields(cart).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );

function cartTable(cart: Cart, scope: FamilyScope, { lang, today }: Visit): Html {
  const w = words(lang);
  const rows: [Html | string, string][] = [
    ...cart.topUps.map((one): [string, string] => [topUpName(one, lang), formatEuro(one.cents)]),
    ...cart.notices.map((notice): [Html | string, string] => [
      askedName(notice, cart.noticed, scope, lang),
      formatEuro(notice.amountCents),
    ]),
    ...cart.bills.map((bill): [string, string] => [
      billName(bill, scope, lang),
      formatEuro(bill.totalCents - bill.paidCents),
    ]),
    ...cart.fees.map((one): [Html, string] => [
      // A year's instalments are of one name and often of one sum: only their days tell them apart.
      html`${feeName(one, scope, lang)}${
        one.fee.dueOn &&
        html`<br /><span class="quiet"
            >${paymentWords(lang).dueDay(formats(lang).dayBy(one.fee.dueOn, today))}</span
          >`
      }`,
      formatEuro(one.openCents),
    ]),
  ];
  return dataTable({
    caption: w.summary,
    captionHidden: true,
    phone: "scroll",
    columns: [
      { label: w.what, header: true },
      { label: w.amount, align: "end" },
    ],
    rows,
    foot: [w.total, formatEuro(totalOf(cart))],
  });
}

function topUpName({ account: { line } }: TopUp, lang: Lang): string {
  const service = line.service ? shortName(line.service, lang) : null;
  return words(lang).topUpOf(line.child?.name ?? null, service);
}

/** `Pagamento di 92,00 € in corso dalle 8:50` (X-05). */
export function pendingAlert(
  notice: Pick<ShownNotice, "amountCents" | "openAttemptAt">,
  lang: Lang,
): Html {
  const w = words(lang);
  const since = notice.openAttemptAt ? formats(lang).time(notice.openAttemptAt) : "";
  return alert({
    tone: "info",
    title: w.pending(formatEuro(notice.amountCents), since),
    body: w.pendingBody,
  });
}
