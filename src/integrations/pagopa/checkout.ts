// SPDX-License-Identifier: EUPL-1.2
/**
 * pagoPA's Checkout for creditors (`POST …/checkout/ec/v2/carts`): notices in, the address of the payment pages out.
 * The browser goes there; this program never does. Nothing here says that anything is paid.
 */
import { z } from "zod";
import type { Cents } from "#kernel/money.ts";
import { detailOf, firstBytes, isThisMachine, parseJson, serviceUrl } from "./call-service.ts";
import { clip } from "./soap/write-xml.ts";

const PATH = "checkout/ec/v2/carts";
/** The gateway itself gives up after this long. */
const TIMEOUT_MS = 10_000;
/** Of a refusal no more is read. */
const MAX_PROBLEM_BYTES = 16_384;
const MAX_LOCATION = 2_000;

export interface CheckoutService {
  /** as `https://api.platform.pagopa.it`; plain http only on this machine (the simulator) */
  readonly apiUrl: string;
  readonly subscriptionKey: string;
  /** the only origin a browser may be sent to; `null`: any that is https */
  readonly checkoutOrigin?: string | null;
  readonly timeoutMs?: number;
}

export interface CheckoutCart {
  /** one to five, each once */
  readonly notices: readonly {
    readonly noticeNumber: string;
    readonly fiscalCode: string;
    readonly amountCents: Cents;
    readonly companyName: string;
    readonly description: string;
  }[];
  /** where the browser comes back to */
  readonly returnUrls: {
    readonly ok: string;
    readonly cancel: string;
    readonly error: string;
    readonly waiting: string;
  };
  /** our id of the cart: comes back as `paymentNote` */
  readonly idCart?: string;
  /** where the receipt goes; left out when Checkout would not take it */
  readonly emailNotice?: string;
  /** every transfer could go to a postal account */
  readonly allPostal?: boolean;
}

export type CartAnswer =
  | { readonly outcome: "redirect"; readonly location: string }
  /** Checkout answered, and not with a place to go to; `detail` is theirs, for the log, not for families */
  | { readonly outcome: "refused"; readonly status: number; readonly detail: string }
  | { readonly outcome: "unreachable"; readonly reason: "timeout" | "network" };

const address = z.url({ protocol: /^https?$/, hostname: /./ });

const notice = z.strictObject({
  noticeNumber: z.string().regex(/^\d{18}$/),
  fiscalCode: z.string().regex(/^\d{11}$/),
  amount: z.int().min(1).max(99_999_999_999),
  companyName: z.string().min(1),
  description: z.string().min(1),
});

/** What leaves: as `CartRequestV2` of the interface, and a little stricter. */
const cartRequest = z.strictObject({
  emailNotice: z.email().max(254).optional(),
  paymentNotices: z
    .array(notice)
    .min(1)
    .max(5)
    .refine(
      (notices) => new Set(notices.map((one) => one.noticeNumber)).size === notices.length,
      "the same notice twice",
    ),
  returnUrls: z.strictObject({
    returnOkUrl: address,
    returnCancelUrl: address,
    returnErrorUrl: address,
    returnWaitingUrl: address,
  }),
  idCart: z.string().min(1).max(210).optional(),
  allCCP: z.boolean(),
});

export type CartRequest = z.infer<typeof cartRequest>;

/** The body of the call. @throws ZodError when the cart is none: a bug of the caller */
export function toCartRequest(cart: CheckoutCart): CartRequest {
  const { returnUrls } = cart;
  const email = cartRequest.shape.emailNotice.safeParse(cart.emailNotice);
  return cartRequest.parse({
    emailNotice: email.data,
    paymentNotices: cart.notices.map((one) => ({
      noticeNumber: one.noticeNumber,
      fiscalCode: one.fiscalCode,
      amount: Number(one.amountCents),
      companyName: clip(one.companyName, 140),
      description: clip(one.description, 140),
    })),
    returnUrls: {
      returnOkUrl: returnUrls.ok,
      returnCancelUrl: returnUrls.cancel,
      returnErrorUrl: returnUrls.error,
      returnWaitingUrl: returnUrls.waiting,
    },
    idCart: cart.idCart,
    allCCP: cart.allPostal === true,
  });
}

/**
 * Asks Checkout for payment pages. A network that fails is an answer, not an exception; the cart may then exist there or
 * not, and asking again is harmless. Call it outside a transaction.
 * @throws ZodError for a cart that is none, RangeError for an `apiUrl` that would send the key in the clear
 */
export async function postCart(service: CheckoutService, cart: CheckoutCart): Promise<CartAnswer> {
  const url = serviceUrl(service.apiUrl, PATH);
  const body = JSON.stringify(toCartRequest(cart));
  const answer = await postOnce(service, url, body);
  // A connection kept from an earlier call may be closed by now: once more, on a new one.
  const isCut = answer.outcome === "unreachable" && answer.reason === "network";
  return isCut ? postOnce(service, url, body) : answer;
}

async function postOnce(service: CheckoutService, url: URL, body: string): Promise<CartAnswer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "ocp-apim-subscription-key": service.subscriptionKey,
      },
      body,
      signal: AbortSignal.timeout(service.timeoutMs ?? TIMEOUT_MS),
    });
    return await answerOf(response, service, url);
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    return { outcome: "unreachable", reason: isLate ? "timeout" : "network" };
  }
}

async function answerOf(
  response: Response,
  service: CheckoutService,
  called: URL,
): Promise<CartAnswer> {
  const { status } = response;
  if (status !== 302) return { outcome: "refused", status, detail: await problemOf(response) };
  const said = response.headers.get("location") ?? "";
  await response.body?.cancel();
  const location = said.length <= MAX_LOCATION ? URL.parse(said) : null;
  if (!location || !maySend(location, service, called))
    return { outcome: "refused", status, detail: "the location is not one to send anybody to" };
  return { outcome: "redirect", location: location.href };
}

/** Families give their card there: an address we would not type ourselves is none. */
function maySend(location: URL, service: CheckoutService, called: URL): boolean {
  if (location.username !== "" || location.password !== "") return false;
  const { checkoutOrigin } = service;
  if (checkoutOrigin && location.origin !== new URL(checkoutOrigin).origin) return false;
  return location.protocol === "https:" || (isThisMachine(called) && isThisMachine(location));
}

/** What a refusal says of itself, in one line; nothing when it is no JSON. */
async function problemOf(response: Response): Promise<string> {
  return detailOf(parseJson(await firstBytes(response, MAX_PROBLEM_BYTES)));
}
