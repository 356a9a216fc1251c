// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { priceChangeDays } from "#tariffs";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { mealMoney, type MealMoney, moneyKey } from "../meals/meal-money.ts";

/** What some days of a child cost together. */
export interface DaysCost {
  /** the sum; `null` when a price is not known, or nothing is paid per meal */
  cents: bigint | null;
  /** the price of each, when they all cost the same */
  eachCents: bigint | null;
  /** of the first day */
  money: MealMoney | undefined;
}

/** Prices days of several children by child: once for every stretch in which no price can change. */
export async function priceDays(
  tx: ReadTx,
  scope: FamilyScope,
  service: Service,
  wanted: readonly { child: ScopedChild; dates: readonly Day[] }[],
  lang: Lang,
): Promise<Map<string, DaysCost>> {
  const all = wanted.flatMap(({ dates }) => dates).sort(Temporal.PlainDate.compare);
  const [from] = all;
  const to = all.at(-1);
  if (!from || !to) return new Map();
  const childIds = wanted.map(({ child }) => child.id);
  const changes = await priceChangeDays(tx, { serviceId: service.id, childIds, from, to });
  const stretchOf = (date: Day): number =>
    changes.filter((change) => !isBefore(date, change)).length;
  const parts = wanted.map(({ child, dates }) => ({
    child,
    stretches: [...Map.groupBy(dates, stretchOf).values()],
  }));
  const looks = parts.flatMap(({ child, stretches }) =>
    stretches.flatMap((dates) => [dates[0]!, dates.at(-1)!].map((date) => ({ child, date }))),
  );
  const money = await mealMoney(tx, scope, service, looks, lang);
  const priceOn = (child: ScopedChild, date: Day | undefined): bigint | null => {
    const found = date && money.get(moneyKey(child.id, date));
    return !found || found.model === "fixed-fee" ? null : found.priceCents;
  };
  return new Map(
    parts.map(({ child, stretches }) => {
      const prices = stretches.map((dates) => {
        const price = priceOn(child, dates[0]);
        // Something that is not foreseen moved inside the stretch: no amount rather than a wrong one.
        return price === priceOn(child, dates.at(-1)) ? price : null;
      });
      const first = stretches[0]?.[0];
      return [
        child.id,
        {
          cents: sumOf(prices.map((price, at) => price && price * BigInt(stretches[at]!.length))),
          eachCents: new Set(prices).size === 1 ? (prices[0] ?? null) : null,
          money: first && money.get(moneyKey(child.id, first)),
        },
      ];
    }),
  );
}

const sumOf = (amounts: readonly (bigint | null)[]): bigint | null =>
  amounts.reduce<bigint | null>(
    (sum, amount) => (sum === null || amount === null ? null : sum + amount),
    0n,
  );
