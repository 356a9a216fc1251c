// SPDX-License-Identifier: EUPL-1.2
import { person } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { type StartedCart, startCart } from "#payments";
import { type Answer, forbidden, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { familyScope } from "../family-scope.ts";
import { noticePath } from "../payments/family-notices.ts";
import { toCheckout } from "../payments/to-checkout.ts";
import {
  type Cart,
  childrenIn,
  holdersIn,
  isEmpty,
  makeNotices,
  makesNotices,
  readCart,
} from "./cart.ts";
import { missingData, saveMissing } from "./missing-data.ts";
import { cartPage, nothingPage } from "./show-cart.ts";
import { words } from "./words.ts";

/** What the transaction ended with: an answer, or a cart to be taken to pagoPA once it is committed. */
type Sent =
  | { outcome: "answered"; answer: Answer }
  | { outcome: "to-pay"; started: StartedCart; payerEmail: string; noticeNumbers: string[] };

const answered = (answer: Answer): Sent => ({ outcome: "answered", answer });

/**
 * POST /carrello: makes the notices, and either shows them or goes on to pagoPA's pages (PE-11, BO-06, BI-07). Double
 * taps, back and reload make nothing twice. Checkout is called after the commit: whatever happens there, notices stay.
 */
export async function sendCart(visit: Visit): Promise<Answer> {
  const { actor } = visit;
  if (!actor) return forbidden;
  const sent = await visit.town.write((tx) => settle(tx, visit, actor));
  if (sent.outcome === "answered") return sent.answer;
  const { started, noticeNumbers } = sent;
  switch (started.outcome) {
    case "started":
    case "already-started":
      return toCheckout(visit, { cartId: started.cart.id, payerEmail: sent.payerEmail });
    // The summary says what is in progress, and lets the payer go on knowingly.
    case "payment-pending":
      return seeOther(cartAddress(noticeNumbers));
    case "not-payable":
      return seeOther(noticePath(started.notice.noticeNumber));
    case "too-many":
    case "empty":
      return seeOther("/pagamenti");
    case "forbidden":
      return forbidden;
  }
}

const cartAddress = (noticeNumbers: readonly string[]): string =>
  `/carrello?${noticeNumbers.map((number) => `avviso=${number}`).join("&")}`;

async function settle(tx: WriteTx, visit: Visit, actor: Actor): Promise<Sent> {
  const scope = await familyScope(tx, visit);
  if (!scope) return answered(forbidden);
  const w = words(visit.lang);
  const { cart, errors } = await readCart(tx, scope, visit, visit.fields);
  const gaps = await missingData(tx, scope, childrenIn(scope, cart));
  const again = async (more: typeof errors): Promise<Sent> =>
    answered(withStatus(422, await cartPage(tx, scope, visit, { cart, gaps, errors: more })));
  if (isEmpty(cart)) return answered(nothingPage(visit, scope));
  if (errors.length > 0) return again(errors);
  const missing = await saveMissing(tx, visit, gaps);
  if (missing.length > 0) return again(missing);
  const made = await makeNotices(tx, cart, visit);
  if (made.outcome === "not-configured")
    return again([{ field: "main", message: `${w.cannotMake} ${w.notReady}` }]);
  if (made.outcome === "refused")
    return again([{ field: "main", message: `${w.cannotMake} ${w.tooManyServices}` }]);
  const action = visit.fields.text("azione");
  await noteForOthers(tx, visit, {
    holderIds: holdersIn(cart),
    action: action === "avviso" ? "payments.make-notices" : "payments.start-payment",
    noticeNumbers: made.noticeNumbers,
  });
  if (action === "avviso") return answered(noticesMade(visit, cart, made));
  const started = await startCart(tx, {
    actor,
    noticeIds: made.noticeIds,
    key: visit.fields.text("key") || visit.newKey(),
    anyway: action === "comunque",
    now: visit.now,
  });
  const payer = await person(tx, scope.personId);
  return {
    outcome: "to-pay",
    started,
    payerEmail: payer?.email ?? "",
    noticeNumbers: made.noticeNumbers,
  };
}

/** What the office at its desk, or a delegate, does for a family, the family can read (X-15, BO-23). */
async function noteForOthers(
  tx: WriteTx,
  visit: Visit,
  of: { holderIds: readonly string[]; action: string; noticeNumbers: readonly string[] },
): Promise<void> {
  const { actor, now: at } = visit;
  if (!actor) return;
  const { action, noticeNumbers } = of;
  const delegated = (actor.delegations ?? []).map(({ holderId }) => holderId);
  const others = of.holderIds.filter((id) => actor.desk !== null || delegated.includes(id));
  const entries = others.map((holderId) => ({ actor, at, action, holderId }));
  if (entries.length > 0)
    await recordAudit(tx, ...entries.map((entry) => ({ ...entry, details: { noticeNumbers } })));
}

function noticesMade(
  visit: Visit,
  cart: Cart,
  { noticeNumbers: numbers, allOpen }: { noticeNumbers: readonly string[]; allOpen: boolean },
): Answer {
  const w = words(visit.lang);
  const [only] = numbers;
  if (numbers.length === 1 && only)
    return seeOther(noticePath(only), makesNotices(cart) && allOpen ? w.noticeMade : undefined);
  return seeOther("/pagamenti", w.noticesMade);
}
