// SPDX-License-Identifier: EUPL-1.2
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Payment } from "../node/types.ts";

const address = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol));

/** `CartRequestV2`: one to five notices, amounts in cents, four ways back. */
const cartShape = z.object({
  emailNotice: z.email().optional(),
  paymentNotices: z
    .array(
      z.object({
        noticeNumber: z.string().length(18),
        fiscalCode: z.string().length(11),
        amount: z.int().min(1),
        companyName: z.string().max(140),
        description: z.string().max(140),
      }),
    )
    .min(1)
    .max(5),
  returnUrls: z.object({
    returnOkUrl: address,
    returnCancelUrl: address,
    returnErrorUrl: address,
    returnWaitingUrl: address,
  }),
  idCart: z.string().optional(),
  allCCP: z.boolean().optional(),
});

type CartRequest = z.infer<typeof cartShape>;
export type CartNotice = CartRequest["paymentNotices"][number];

export interface Cart {
  readonly id: string;
  readonly request: CartRequest;
  /** the press of the button that is at work, so that a second one waits for the first */
  paying: Promise<PaidCart> | null;
  paid: PaidCart | null;
}

export type PaidCart =
  | { readonly outcome: "paid"; readonly payments: readonly Payment[] }
  | { readonly outcome: "refused"; readonly notice: CartNotice; readonly why: string };

export type CartPlaced =
  | { readonly outcome: "placed"; readonly cart: Cart }
  | { readonly outcome: "malformed"; readonly detail: string }
  | { readonly outcome: "refused"; readonly detail: string };

export class Carts {
  readonly #carts = new Map<string, Cart>();

  /** `blocked`: may this notice not be paid this moment? */
  place(body: unknown, blocked: (notice: CartNotice) => boolean): CartPlaced {
    const read = cartShape.safeParse(body);
    if (!read.success) {
      const [issue] = read.error.issues;
      return {
        outcome: "malformed",
        detail: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
      };
    }
    const { paymentNotices } = read.data;
    const keys = paymentNotices.map((one) => `${one.fiscalCode}/${one.noticeNumber}`);
    if (new Set(keys).size !== keys.length)
      return { outcome: "refused", detail: "the same notice twice" };
    if (paymentNotices.some(blocked))
      return { outcome: "refused", detail: "a notice is paid or being paid" };
    const cart: Cart = { id: randomUUID(), request: read.data, paying: null, paid: null };
    this.#carts.set(cart.id, cart);
    return { outcome: "placed", cart };
  }

  find(id: string): Cart | undefined {
    return this.#carts.get(id);
  }
}
