// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";
import type { ShownNotice } from "#payments";
import {
  checkboxes,
  emptyState,
  errorFor,
  type FieldError,
  form,
  linkButton,
  radios,
  euroField,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import { Fields, type Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { walletName } from "../payments/account-lines.ts";
import { familyNotices, noticeName, payingIn } from "../payments/family-notices.ts";
import { howToPay } from "../payments/how-to-pay.ts";
import { pendingAlerts } from "../payments/paid-together.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { NONE, OTHER, sumField, typedField } from "./cart.ts";
import { type TopUpAccount, topUpAccounts } from "./top-up-accounts.ts";
import { words } from "./words.ts";

/** GET /ricarica: each account with its credit and sums that mean something (OS-14, PE-11, MC-08). */
export function chooseTopUp(visit: Visit): Promise<Answer> {
  return inMoney(visit, async (tx, scope) =>
    chooserPage(tx, scope, visit, {
      accounts: await topUpAccounts(tx, scope, visit),
      given: new Fields({}),
      errors: [],
    }),
  );
}

export async function chooserPage(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  of: { accounts: readonly TopUpAccount[]; given: Fields; errors: readonly FieldError[] },
): Promise<Html> {
  const w = words(visit.lang);
  const paying = await payingIn(tx, visit);
  const notices = await familyNotices(tx, scope, visit);
  // A top-up that was not paid is no debt: who tops up now chooses anew.
  const open = notices.filter(
    ({ kind, standing, instalment }) =>
      standing === "to-pay" && instalment === null && kind !== "top-up",
  );
  const nothing = !paying.notices ? w.notReady : of.accounts.length === 0 ? w.noAccounts : null;
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.title,
      lead: nothing === null ? w.lead : undefined,
      back: { href: "/pagamenti", label: w.payments },
      errors: of.errors,
      body:
        nothing === null
          ? html`${await pendingAlerts(tx, notices, scope, visit)}${chooserForm(scope, visit, { ...of, open })}`
          : html`${emptyState({
              text: nothing,
              action: linkButton({ href: "/pagamenti", label: w.toPayments }),
            })}${!paying.notices && howToPay(visit, scope, paying)}`,
    },
  );
}

function chooserForm(
  scope: FamilyScope,
  visit: Visit,
  of: {
    accounts: readonly TopUpAccount[];
    given: Fields;
    errors: readonly FieldError[];
    open: readonly ShownNotice[];
  },
): Html {
  const { lang } = visit;
  const w = words(lang);
  const { given, open } = of;
  return form({
    action: "/carrello",
    method: "get",
    fields: { scelta: given.text("scelta") || visit.newKey() },
    submit: { label: w.goOn },
    cancel: { href: "/pagamenti" },
    lang,
    body: [
      ...of.accounts.map((account) => accountFields(account, scope, visit, of)),
      open.length > 0 &&
        checkboxes({
          name: "avviso",
          label: w.alsoToPay,
          lang,
          optional: true,
          values: given.all("avviso"),
          choices: open.map((notice) => ({
            value: notice.noticeNumber,
            label: html`${noticeName(notice, scope, lang)}: ${formatEuro(notice.amountCents)}`,
          })),
        }),
    ],
  });
}

function accountFields(
  account: TopUpAccount,
  scope: FamilyScope,
  visit: Visit,
  of: { accounts: readonly TopUpAccount[]; given: Fields; errors: readonly FieldError[] },
): Html {
  const { lang } = visit;
  const w = words(lang);
  const { key, line, suggestions, minCents, maxCents } = account;
  const [sum, typed] = [sumField(key), typedField(key)];
  const isOnlyOne = of.accounts.length === 1;
  const name = walletName(scope, line, visit);
  const chosen = of.given.text(sum);
  const euro = (cents: bigint | null): string | null => (cents === null ? null : formatEuro(cents));
  const limits = w.limits(euro(minCents), euro(maxCents));
  return html`<div class="panel">
    ${radios({
      name: sum,
      label: name,
      lang,
      hint: w.balance(formatEuro(line.balanceCents)),
      error: errorFor(of.errors, sum),
      value: chosen || (isOnlyOne ? null : NONE),
      choices: [
        ...suggestions.map(({ label, cents }) => ({ value: cents.toString(), label })),
        { value: OTHER, label: w.other },
        ...(isOnlyOne ? [] : [{ value: NONE, label: w.nothingNow }]),
      ],
    })}${euroField({
      name: typed,
      label: html`${w.typed}<span class="visually-hidden">: ${name}</span>`,
      lang,
      optional: true,
      hint: limits || w.anyAmount,
      error: errorFor(of.errors, typed),
      value: of.given.text(typed),
      maxlength: 14,
    })}
  </div>`;
}
