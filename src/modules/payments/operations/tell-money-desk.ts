// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { inEveryLanguage, planMessages } from "#messaging";
import { type MoneyEvent, moneyWords } from "../rules/money-desk-words.ts";

interface Told {
  readonly holderIds: readonly string[];
  readonly event: MoneyEvent;
  /** one message per account and key */
  readonly key: string;
}

/** Families are told what the office did with their money. */
export async function tellMoney(
  tx: WriteTx,
  of: { told: readonly Told[]; now: Moment },
): Promise<void> {
  const messages = of.told.flatMap(({ holderIds, event, key }) => {
    const text = inEveryLanguage((lang) => moneyWords(event, lang));
    return [...new Set(holderIds)].map((holderId) => ({
      holderId,
      kind: "payment",
      ...text,
      dedupeKey: `${key}:${holderId}`,
    }));
  });
  await planMessages(tx, messages, of.now);
}
