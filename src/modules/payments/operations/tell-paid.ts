// SPDX-License-Identifier: EUPL-1.2
import { people } from "#families";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { inEveryLanguage, type MessageText, planMessages, rewriteMessages } from "#messaging";
import { creditsFamily } from "../rules/match-receipt.ts";
import { inFours } from "../rules/notice-number.ts";
import { mayBePaidBy } from "../rules/notice-state.ts";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import { type Cart, paidCart } from "../sql/carts.ts";
import { linesOf, type Notice, type NoticeLine, noticesById } from "../sql/notices.ts";
import { type Receipt, receiptsOfNotices } from "../sql/receipts.ts";

interface Paid {
  readonly notice: Notice;
  readonly lines: readonly NoticeLine[];
  readonly amountCents: Cents;
  readonly paidAt: Moment;
}

const holdersOf = ({ notice, lines }: Pick<Paid, "notice" | "lines">): Set<string> =>
  new Set([notice.holderId, ...lines.map(({ holderId }) => holderId)]);

/**
 * Tells the notice's holder, and whoever else's accounts it credited, that the money arrived; once. What one cart paid is
 * one message, with a line for each notice and the total: it grows while their receipts come.
 */
export async function tellPaid(
  tx: WriteTx,
  of: { notice: Notice; lines: readonly NoticeLine[]; receipt: ReceivedReceipt; now: Moment },
): Promise<void> {
  const { notice, lines, receipt, now } = of;
  const paidAt = receipt.paidAt ?? now;
  const own = { notice, lines, paidAt, amountCents: receipt.paymentAmountCents };
  const cart = await paidCart(tx, { noticeId: notice.id, paidAt });
  const isShared = cart !== undefined && cart.noticeIds.length > 1;
  const paid = isShared ? await paidWith(tx, cart) : [own];
  const childIds = paid.flatMap((one) => one.lines.flatMap(({ childId }) => childId ?? []));
  const children = await people(tx, [...new Set(childIds)]);
  const nameOf = new Map(children.map(({ id, givenName }) => [id, givenName]));
  const key = isShared ? `payment-cart:${cart.id}` : `payment:${notice.id}:${receipt.receiptId}`;
  const messages = [...holdersOf(own)].map((holderId) => ({
    holderId,
    kind: "payment",
    ...inEveryLanguage((lang) =>
      paidWords(
        paid.filter((one) => holdersOf(one).has(holderId)),
        nameOf,
        lang,
      ),
    ),
    dedupeKey: `${key}:${holderId}`,
  }));
  await (isShared ? rewriteMessages : planMessages)(tx, messages, now);
}

/** What of a cart has been paid and credited so far. */
async function paidWith(tx: ReadTx, { noticeIds, startedAt }: Cart): Promise<Paid[]> {
  const chosen = await noticesById(tx, noticeIds);
  const lines = Map.groupBy(await linesOf(tx, noticeIds), ({ noticeId }) => noticeId);
  const receipts = await receiptsOfNotices(tx, noticeIds);
  return chosen
    .flatMap((notice) => {
      const receipt = receipts.find(
        ({ noticeId, verdict, paidAt }) =>
          noticeId === notice.id && creditsFamily(verdict) && mayBePaidBy({ startedAt }, paidAt),
      );
      if (!receipt) return [];
      const { amountCents, paidAt } = receipt;
      return [{ notice, lines: lines.get(notice.id) ?? [], amountCents, paidAt }];
    })
    .toSorted((a, b) => (a.notice.noticeNumber < b.notice.noticeNumber ? -1 : 1));
}

function paidWords(
  paid: readonly Paid[],
  nameOf: ReadonlyMap<string, string>,
  lang: Lang,
): MessageText {
  const f = formats(lang);
  const whatOf = (one: Paid): string => {
    // Of several families in one notice none reads the others' names.
    const named = holdersOf(one).size === 1 ? one.lines : [];
    const names = new Set(named.flatMap(({ childId }) => (childId && nameOf.get(childId)) ?? []));
    // Two children's notices paid together differ in nothing else.
    const what = [one.notice.subject, f.list([...names].toSorted())].filter(Boolean).join(", ");
    const number = inFours(one.notice.noticeNumber);
    return lang === "it" ? `${what}. Avviso ${number}.` : `${what}. Notice ${number}.`;
  };
  const total = formatEuro(paid.reduce((sum, { amountCents }) => sum + amountCents, 0n));
  const paidOn = f.day(dayOf(paid[0]!.paidAt));
  const [subject, received] =
    lang === "it"
      ? ["Pagamento ricevuto", `Ricevuti ${total}, pagati ${paidOn}`]
      : ["Payment received", `Received ${total}, paid on ${paidOn}`];
  if (paid.length === 1) return { subject, body: `${received}: ${whatOf(paid[0]!)}` };
  const together = lang === "it" ? "con un solo pagamento" : "in one payment";
  const rows = paid.map((one) => `${formatEuro(one.amountCents)}: ${whatOf(one)}`);
  return { subject, body: [`${received}, ${together}:`, ...rows].join("\n") };
}

/** Tells whoever was credited that the bank took the money back; once per receipt and transfer. */
export async function tellRevoked(
  tx: WriteTx,
  of: {
    receipt: Pick<Receipt, "id" | "noticeNumber" | "paidAt">;
    transfer: number;
    amountCents: Cents;
    holderIds: readonly string[];
    now: Moment;
  },
): Promise<void> {
  const { receipt, holderIds, now } = of;
  if (holderIds.length === 0) return;
  const amount = formatEuro(of.amountCents);
  const number = inFours(receipt.noticeNumber);
  const paidOn = dayOf(receipt.paidAt);
  const text = inEveryLanguage((lang) =>
    lang === "it"
      ? {
          subject: "Pagamento revocato",
          body: `Il pagamento di ${amount}, fatto ${formats(lang).day(paidOn)} per l'avviso ${number}, è stato revocato da chi lo ha eseguito (banca o altro prestatore): il Comune non ha il denaro. L'importo è stato tolto dal conto; per pagarlo serve un nuovo avviso.`,
        }
      : {
          subject: "Payment revoked",
          body: `The payment of ${amount}, made on ${formats(lang).day(paidOn)} for notice ${number}, was revoked by the bank or other provider that had taken it: the municipality does not have the money. The amount was taken off the account; to pay it, a new notice is needed.`,
        },
  );
  await planMessages(
    tx,
    holderIds.map((holderId) => ({
      holderId,
      kind: "payment",
      ...text,
      dedupeKey: `revoked:${receipt.id}:${of.transfer}:${holderId}`,
    })),
    now,
  );
}
