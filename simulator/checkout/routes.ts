// SPDX-License-Identifier: EUPL-1.2
/** Checkout: takes carts from creditor institutions, and shows people a page to pay them with a card. */
import type { FastifyInstance } from "fastify";
import type { Activation } from "../node/node.ts";
import { sendPage } from "../pages/frame.ts";
import { problem } from "../problem.ts";
import { CARD_BANK } from "../psps.ts";
import { wordsOf } from "../words.ts";
import type { World } from "../world.ts";
import { type Cart, type CartNotice, Carts, type PaidCart } from "./carts.ts";
import { alreadyPaidPage, cartPage, cartPath, noCartPage, notPaidPage } from "./pages.ts";

const keyOfNotice = (one: CartNotice) => ({
  creditorFiscalCode: one.fiscalCode,
  noticeNumber: one.noticeNumber,
});

interface ById {
  Params: { id: string };
}

/** `publicUrl`: where browsers reach these pages. */
export function checkoutRoutes(http: FastifyInstance, world: World, publicUrl: () => string): void {
  const carts = new Carts();

  http.post("/checkout/ec/v2/carts", async (request, reply) => {
    const { checkout } = world.commands;
    if (checkout === "down") return problem(reply, 503, "Service Unavailable", "on command");
    if (checkout === "refuses")
      return problem(reply, 422, "Invalid payment info", "refused on command");
    const placed = carts.place(request.body, (one) => world.node.isBlocked(keyOfNotice(one)));
    switch (placed.outcome) {
      case "malformed":
        return problem(reply, 400, "Bad Request", placed.detail);
      case "refused":
        return problem(reply, 422, "Invalid payment info", placed.detail);
      case "placed":
        return reply.redirect(`${publicUrl()}${cartPath(placed.cart)}`, 302);
    }
  });

  http.get<ById>("/checkout/c/:id", async (request, reply) => {
    const cart = carts.find(request.params.id);
    if (!cart) return sendPage(reply, noCartPage(), 404);
    return sendPage(reply, cart.paid ? alreadyPaidPage(cart) : cartPage(cart, CARD_BANK));
  });

  http.post<{ Params: { id: string; what: string } }>(
    "/checkout/c/:id/:what",
    async (request, reply) => {
      const cart = carts.find(request.params.id);
      if (!cart) return sendPage(reply, noCartPage(), 404);
      const { returnUrls } = cart.request;
      switch (request.params.what) {
        case "paga":
        case "attesa": {
          const paid = await payOnce(world, cart);
          if (paid.outcome === "refused") return sendPage(reply, notPaidPage(cart, paid.why), 409);
          const isLate = request.params.what === "attesa";
          return reply.redirect(isLate ? returnUrls.returnWaitingUrl : returnUrls.returnOkUrl, 303);
        }
        case "rifiuta":
          return reply.redirect(returnUrls.returnErrorUrl, 303);
        case "annulla":
          return reply.redirect(returnUrls.returnCancelUrl, 303);
        default:
          return sendPage(reply, noCartPage(), 404);
      }
    },
  );
}

/** A second press, or a second tab, gets what the first one got. */
async function payOnce(world: World, cart: Cart): Promise<PaidCart> {
  if (cart.paid) return cart.paid;
  cart.paying ??= pay(world, cart).finally(() => {
    cart.paying = null;
  });
  const paid = await cart.paying;
  if (paid.outcome === "paid") cart.paid = paid;
  return paid;
}

/** All of the notices or none: a card is charged once. */
async function pay(world: World, cart: Cart): Promise<PaidCart> {
  const begun: Activation[] = [];
  for (const notice of cart.request.paymentNotices) {
    const answer = await world.node.activate(keyOfNotice(notice), {
      amountCents: BigInt(notice.amount),
      note: cart.request.idCart ?? "",
    });
    if (answer.outcome !== "ok") {
      for (const one of begun) world.node.release(one);
      return { outcome: "refused", notice, why: wordsOf(answer) };
    }
    begun.push(answer.value);
  }
  const payments = await world.settle(begun, { psp: CARD_BANK, method: "creditCard" });
  return { outcome: "paid", payments };
}
