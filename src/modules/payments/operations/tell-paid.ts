// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { inEveryLanguage, planMessages } from "#messaging";
import { inFours } from "../rules/notice-number.ts";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import type { Notice, NoticeLine } from "../sql/notices.ts";

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
  const text = inEveryLanguage((lang) =>
    lang === "it"
      ? {
          subject: "Pagamento ricevuto",
          body: `Ricevuti ${amount}, pagati ${formats(lang).day(paidOn)}: ${notice.subject}. Avviso ${number}.`,
        }
      : {
          subject: "Payment received",
          body: `Received ${amount}, paid on ${formats(lang).day(paidOn)}: ${notice.subject}. Notice ${number}.`,
        },
  );
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
