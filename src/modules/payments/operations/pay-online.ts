// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { idFromContent, newId } from "#kernel/ids.ts";
import { isPending, isUnderWay, type NotPayable, payability } from "../rules/notice-state.ts";
import * as carts from "../sql/carts.ts";
import * as notices from "../sql/notices.ts";
import { accountsOf } from "./authorise.ts";

/** pagoPA's Checkout takes one to five notices at once. */
export const MAX_NOTICES_IN_CART = 5;

export type StartedCart =
  | {
      outcome: "started";
      cart: carts.Cart;
      notices: notices.Notice[];
      transfers: notices.TransferRow[];
    }
  /** the same button pressed again: on to the place where the first press went */
  | { outcome: "already-started"; cart: carts.Cart }
  | { outcome: "too-many" | "empty" | "forbidden" }
  | { outcome: "not-payable"; notice: notices.Notice; why: NotPayable }
  /** one of them is being paid this moment; paying again is possible, but only knowingly (`anyway`) */
  | { outcome: "payment-pending"; notice: notices.Notice };

/**
 * Begins a visit to pagoPA's pages with these notices (X-04: one cart, one payment, one commission). Nothing is paid
 * by it: only a receipt pays. The caller calls Checkout after the commit and notes its answer with `noteCartAnswer`.
 */
export async function startCart(
  tx: WriteTx,
  of: { actor: Actor; noticeIds: readonly string[]; key: string; anyway: boolean; now: Moment },
): Promise<StartedCart> {
  const { actor, now } = of;
  const noticeIds = [...new Set(of.noticeIds)];
  if (noticeIds.length === 0) return { outcome: "empty" };
  if (noticeIds.length > MAX_NOTICES_IN_CART) return { outcome: "too-many" };
  const chosen = await notices.noticesById(tx, noticeIds, "lock");
  const accounts = await accountsOf(tx, actor, dayOf(now));
  const isOwn = chosen.every(({ holderId }) => accounts.includes(holderId));
  if (chosen.length !== noticeIds.length || !isOwn) return { outcome: "forbidden" };
  const key = cartKey(of.key, noticeIds);
  const standing = await carts.cartByKey(tx, key);
  if (standing) return { outcome: "already-started", cart: standing };
  const siblings = await notices.noticesOfPositions(
    tx,
    chosen.map(({ positionId }) => positionId),
  );
  for (const notice of chosen) {
    const excluding = siblings.filter(
      ({ positionId, instalment }) =>
        positionId === notice.positionId && (instalment === null) !== (notice.instalment === null),
    );
    const answer = payability(
      notice,
      excluding.map(({ state }) => state),
      dayOf(now),
    );
    if (answer.outcome !== "payable")
      return { outcome: "not-payable", notice, why: answer.outcome };
    if (!of.anyway && isUnderWay(notice, now)) return { outcome: "payment-pending", notice };
  }
  const id = newId();
  const row = { id, startedAt: now, startedBy: actor.id, key, noticeIds };
  if (!(await carts.insertCart(tx, row))) {
    const other = await carts.cartByKey(tx, key);
    if (!other) throw new Error("a cart's key is taken by nobody");
    return { outcome: "already-started", cart: other };
  }
  const by = { name: actor.name, at: now };
  const events = noticeIds.map((noticeId) => ({
    id: newId(),
    noticeId,
    kind: "cart" as const,
    details: { cart: id },
  }));
  await notices.insertEvents(tx, events, by);
  const cart = await carts.cartById(tx, id);
  if (!cart) throw new Error("the cart just made is not there");
  const transfers = await notices.transfersOf(tx, noticeIds);
  return { outcome: "started", cart, notices: chosen, transfers };
}

/** Of form and choice: who goes back and chooses something else pays that, not what was chosen before. */
const cartKey = (formKey: string, noticeIds: readonly string[]): string =>
  idFromContent(["cart", formKey, ...noticeIds.toSorted()].join("\n"));

/** What Checkout is told of a cart; `null`: there is none. Whose it is was decided when it started. */
export async function cartForCheckout(
  tx: ReadTx,
  cartId: string,
): Promise<{
  cart: carts.Cart;
  notices: notices.Notice[];
  transfers: notices.TransferRow[];
} | null> {
  const cart = await carts.cartById(tx, cartId);
  if (!cart) return null;
  const [chosen, transfers] = await Promise.all([
    notices.noticesById(tx, cart.noticeIds),
    notices.transfersOf(tx, cart.noticeIds),
  ]);
  return { cart, notices: chosen, transfers };
}

/** What Checkout said: a page to go to, or a refusal. */
export function noteCartAnswer(
  tx: WriteTx,
  of: { cartId: string; location: string | null },
): Promise<number> {
  const { cartId: id, location } = of;
  return carts.answerCart(tx, {
    id,
    state: location === null ? "refused" : "sent",
    location: location ?? "",
  });
}

/** The browser came back. Says what the page may say; it never makes anything paid. */
export async function noteCartReturn(
  tx: WriteTx,
  of: { actor: Actor; cartId: string; as: carts.CartReturn; now: Moment },
): Promise<"noted" | "forbidden"> {
  const cart = await carts.cartById(tx, of.cartId);
  if (!cart) return "forbidden";
  const chosen = await notices.noticesById(tx, cart.noticeIds);
  const accounts = await accountsOf(tx, of.actor, dayOf(of.now));
  if (!chosen.every(({ holderId }) => accounts.includes(holderId))) return "forbidden";
  await carts.returnCart(tx, { id: cart.id, as: of.as, at: of.now });
  return "noted";
}

export type CartProgress = {
  cart: carts.Cart;
  notices: notices.Notice[];
  /** every notice has its receipt */
  received: boolean;
  /** a receipt may still come within the half hour */
  pending: boolean;
};

/** What the page after pagoPA shows, from receipts alone. */
export async function cartProgress(
  tx: ReadTx,
  of: { actor: Actor; cartId: string; now: Moment },
): Promise<CartProgress | null> {
  const cart = await carts.cartById(tx, of.cartId);
  if (!cart) return null;
  const chosen = await notices.noticesById(tx, cart.noticeIds);
  const accounts = await accountsOf(tx, of.actor, dayOf(of.now));
  if (!chosen.every(({ holderId }) => accounts.includes(holderId))) return null;
  const received = chosen.every(({ state }) => ["paid", "reported", "settled"].includes(state));
  const gaveUp = cart.returnedAs === "error" || cart.returnedAs === "cancel";
  const pending =
    !received && !gaveUp && cart.state !== "refused" && isPending(cart.startedAt, of.now);
  return { cart, notices: chosen, received, pending };
}
