// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { inEveryLanguage, planMessages } from "#messaging";
import { type MoneyEvent, moneyWords } from "../rules/money-desk-words.ts";

/** One message per account and event. */
export async function tellMoney(
  tx: WriteTx,
  of: { holderIds: readonly string[]; event: MoneyEvent; key: string; now: Moment },
): Promise<void> {
  const text = inEveryLanguage((lang) => moneyWords(of.event, lang));
  await planMessages(
    tx,
    [...new Set(of.holderIds)].map((holderId) => ({
      holderId,
      kind: "payment",
      ...text,
      dedupeKey: `${of.key}:${holderId}`,
    })),
    of.now,
  );
}
