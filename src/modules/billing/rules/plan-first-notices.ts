// SPDX-License-Identifier: EUPL-1.2
import type { Payer } from "#enrolment";
import { type Cents, splitByShares } from "#kernel/money.ts";
import type { Priced, UnpricedReason } from "#tariffs";

export interface FirstNoticeLine {
  childId: string;
  /** of one meal; of the child, not of the payer's part */
  mealCents: Cents;
  amountCents: Cents;
}

export interface FirstNoticeOfPayer {
  holderId: string;
  lines: FirstNoticeLine[];
  totalCents: Cents;
}

export interface PlannedFirstNotices {
  payers: FirstNoticeOfPayer[];
  /** whose meals cost nothing: there is nothing to ask for */
  free: string[];
  unpriced: { childId: string; reason: UnpricedReason | "no-holder" }[];
}

/**
 * BI-08: so many meals per child at the child's own price, one notice per payer with a line per child. Payer shares
 * split it to the cent.
 */
export function planFirstNotices(of: {
  meals: number;
  childIds: readonly string[];
  prices: ReadonlyMap<string, Priced>;
  payers: ReadonlyMap<string, readonly Payer[]>;
}): PlannedFirstNotices {
  const byHolder = new Map<string, FirstNoticeLine[]>();
  const planned: PlannedFirstNotices = { payers: [], free: [], unpriced: [] };
  for (const childId of of.childIds) {
    const price = of.prices.get(childId);
    const payers = of.payers.get(childId) ?? [];
    if (!price || price.outcome === "unpriced") {
      planned.unpriced.push({ childId, reason: price?.reason ?? "no-tariff" });
      continue;
    }
    const mealCents = price.amountCents;
    if (mealCents <= 0n) planned.free.push(childId);
    else if (payers.length === 0) planned.unpriced.push({ childId, reason: "no-holder" });
    else {
      const parts = splitByShares(
        mealCents * BigInt(of.meals),
        payers.map(({ basisPoints }) => basisPoints),
      );
      for (const [index, { holderId }] of payers.entries()) {
        const amountCents = parts[index]!;
        if (amountCents <= 0n) continue;
        const lines = byHolder.get(holderId) ?? [];
        byHolder.set(holderId, lines);
        lines.push({ childId, mealCents, amountCents });
      }
    }
  }
  for (const [holderId, lines] of byHolder) {
    const totalCents = lines.reduce((sum, { amountCents }) => sum + amountCents, 0n);
    planned.payers.push({ holderId, lines, totalCents });
  }
  return planned;
}
