// SPDX-License-Identifier: EUPL-1.2
import { cartForCheckout, noteCartAnswer, serviceKey } from "#payments";
import {
  type CheckoutCart,
  type CheckoutService,
  postCart,
} from "../../../integrations/pagopa/checkout.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";

export const outcomePath = (cartId: string): string => `/pagamenti/carrello/${cartId}`;

type Sending = NonNullable<Awaited<ReturnType<typeof cartForCheckout>>>;

/**
 * Takes a started cart to pagoPA's pages, outside any transaction. A second press lands where the first one went; a
 * press whose answer was lost asks again, which is harmless. When pagoPA does not answer, a plain page says that
 * nothing is lost: the notices stay.
 */
export async function toCheckout(
  visit: Visit,
  of: { cartId: string; payerEmail: string },
): Promise<Answer> {
  const { cartId } = of;
  const { pagoPa, sealKey } = visit.app;
  const loaded = await visit.town.read(async (tx) => ({
    sending: await cartForCheckout(tx, cartId),
    subscriptionKey: await serviceKey(tx, { service: "checkout", sealKey }),
  }));
  const { sending } = loaded;
  if (!sending) return notFound;
  const { cart } = sending;
  const isOver = cart.state === "refused" || (cart.returnedAs ?? "waiting") !== "waiting";
  if (isOver) return seeOther(outcomePath(cartId));
  if (cart.location !== "") return { kind: "to-checkout", location: cart.location };
  const { apiUrl, checkoutOrigin } = pagoPa;
  if (apiUrl === null || checkoutOrigin === null) return notFound;
  const subscriptionKey = loaded.subscriptionKey ?? "";
  const service: CheckoutService = { apiUrl, checkoutOrigin, subscriptionKey };
  const answer = await postCart(service, checkoutCart(visit, sending, of.payerEmail));
  const location = answer.outcome === "redirect" ? answer.location : null;
  await visit.town.write((tx) => noteCartAnswer(tx, { cartId, location }));
  if (answer.outcome !== "redirect") {
    const why = answer.outcome === "refused" ? `${answer.status} ${answer.detail}` : answer.reason;
    process.stderr.write(`${visit.now.toString()} checkout ${answer.outcome}: ${why}\n`);
  }
  return location === null ? seeOther(outcomePath(cartId)) : { kind: "to-checkout", location };
}

function checkoutCart(visit: Visit, sending: Sending, payerEmail: string): CheckoutCart {
  const { protocol, host } = visit.request;
  const back = `${protocol}://${host}${outcomePath(sending.cart.id)}`;
  return {
    notices: sending.notices.map((notice) => ({
      noticeNumber: notice.noticeNumber,
      fiscalCode: notice.creditorFiscalCode,
      amountCents: notice.amountCents,
      companyName: companyOf(sending, notice) ?? visit.townSettings.town.name,
      description: notice.subject,
    })),
    returnUrls: {
      ok: `${back}?esito=ok`,
      waiting: `${back}?esito=attesa`,
      error: `${back}?esito=errore`,
      cancel: `${back}?esito=annullato`,
    },
    idCart: sending.cart.id,
    allPostal: sending.transfers.every(({ postalIban }) => postalIban !== null),
    ...(payerEmail === "" ? {} : { emailNotice: payerEmail }),
  };
}

const companyOf = (
  { transfers }: Sending,
  notice: Sending["notices"][number],
): string | undefined => {
  const own = transfers.filter(({ noticeId }) => noticeId === notice.id);
  return (own.find(({ fiscalCode }) => fiscalCode === notice.creditorFiscalCode) ?? own[0])?.name;
};
