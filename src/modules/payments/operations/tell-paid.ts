// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { people } from "#families";
import { inEveryLanguage, planMessages } from "#messaging";
import { inFours } from "../rules/notice-number.ts";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import type { Notice, NoticeLine } from "../sql/notices.ts";
import type { Receipt } from "../sql/receipts.ts";

/** Tells the notice's holder, and whoever else's accounts it credited, that the money arrived; once. */
export async function tellPaid(
  tx: WriteTx,
  of: { notice: Notice; lines: readonly NoticeLine[]; receipt: ReceivedReceipt; now: Moment },
): Promise<void> {
  const { notice, receipt, now } = of;
  const holderIds = new Set([notice.holderId, ...of.lines.map(({ holderId }) => holderId)]);
  const paidOn = dayOf(receipt.paidAt ?? now);
  const amount = formatEuro(receipt.paymentAmountCents);
  const number = inFours(notice.noticeNumber);
  const childIds = [...new Set(of.lines.flatMap(({ childId }) => childId ?? []))];
  // Of several families in one notice none reads the others' names.
  const named = holderIds.size === 1 && childIds.length > 0;
  const children = named ? await people(tx, childIds) : [];
  const names = children.map(({ givenName }) => givenName).toSorted();
  const text = inEveryLanguage((lang) => {
    // Two children's notices paid together differ in nothing else.
    const what = [notice.subject, formats(lang).list(names)].filter(Boolean).join(", ");
    return lang === "it"
      ? {
          subject: "Pagamento ricevuto",
          body: `Ricevuti ${amount}, pagati ${formats(lang).day(paidOn)}: ${what}. Avviso ${number}.`,
        }
      : {
          subject: "Payment received",
          body: `Received ${amount}, paid on ${formats(lang).day(paidOn)}: ${what}. Notice ${number}.`,
        };
  });
  await planMessages(
    tx,
    [...holderIds].map((holderId) => ({
      holderId,
      kind: "payment",
      ...text,
      dedupeKey: `payment:${notice.id}:${receipt.receiptId}:${holderId}`,
    })),
    now,
  );
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
