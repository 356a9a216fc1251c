// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore, schoolYearOf } from "#kernel/dates.ts";
import { splitByShares } from "#kernel/money.ts";
import { type Explanation, pricerOf } from "./decide-price.ts";
import type { PriceFacts, UnpricedReason } from "./price-facts.ts";
import type { Definition, FeeDefinition } from "./tariff-definition.ts";

export interface Instalment {
  /** null = the tariff names no date */
  dueOn: Day | null;
  amountCents: bigint;
}

export type FeeOutcome =
  | { outcome: "priced"; amountCents: bigint; instalments: Instalment[]; explanation: Explanation }
  | { outcome: "unpriced"; reason: UnpricedReason };

/** One span that a fee pays for: a month, a term, a year. */
export interface FeePeriod {
  name: string;
  from: Day;
  to: Day;
}

/** `09-30` in the school year 2026 → 2026-09-30; `03-31` → 2027-03-31. */
function dayInYear(monthDay: string, schoolYear: number): Day {
  const month = Number(monthDay.slice(0, 2));
  const year = month >= 8 ? schoolYear : schoolYear + 1;
  return Temporal.PlainDate.from(
    { year, month, day: Number(monthDay.slice(3)) },
    { overflow: "constrain" },
  );
}

/** The periods of a school year (named by the year it starts in) that a fee is due for, in order. */
export function feePeriods(
  definition: FeeDefinition,
  schoolYear: number,
  from: Day,
  to: Day,
): FeePeriod[] {
  switch (definition.per) {
    case "year":
      return [{ name: `${schoolYear}/${String(schoolYear + 1).slice(2)}`, from, to }];
    case "term":
      return definition.terms.map(({ name, firstDay, lastDay }) => ({
        name,
        from: dayInYear(firstDay, schoolYear),
        to: dayInYear(lastDay, schoolYear),
      }));
    case "month": {
      const months: FeePeriod[] = [];
      for (
        let first = from.with({ day: 1 });
        !isBefore(to, first);
        first = first.add({ months: 1 })
      ) {
        const last = first.with({ day: first.daysInMonth });
        months.push({ name: first.toString().slice(0, 7), from: first, to: last });
      }
      return months;
    }
  }
}

function instalmentsOf(
  definition: FeeDefinition,
  period: FeePeriod,
  amountCents: bigint,
): Instalment[] {
  const year = schoolYearOf(period.from);
  if (definition.per === "month") {
    const { dueDay } = definition;
    const dueOn =
      dueDay === undefined ? null : period.from.add({ months: 1 }).with({ day: dueDay });
    return [{ dueOn, amountCents }];
  }
  if (definition.per === "term") {
    const term = definition.terms.find(({ name }) => name === period.name);
    return [{ dueOn: term ? dayInYear(term.due, year) : null, amountCents }];
  }
  const dates = definition.instalments;
  if (dates.length === 0) return [{ dueOn: null, amountCents }];
  const shares = dates.map(({ shareBasisPoints }) => shareBasisPoints);
  const parts = shares.every((share) => share === undefined)
    ? equalParts(amountCents, dates.length)
    : splitByShares(
        amountCents,
        shares.map((share) => share ?? 0),
      );
  return dates.map(({ due }, index) => ({
    dueOn: dayInYear(due, year),
    amountCents: parts[index] ?? 0n,
  }));
}

/** The odd cents go to the first instalments. */
function equalParts(amountCents: bigint, count: number): bigint[] {
  const each = amountCents / BigInt(count);
  const odd = Number(amountCents % BigInt(count));
  return Array.from({ length: count }, (_, index) => each + (index < odd ? 1n : 0n));
}

/**
 * A fixed fee of one child or household for one period, in instalments. `facts.date` is the day whose ISEE,
 * residency and rank count; for a household `facts.children` is how many of its children use the service.
 */
export function priceFee(definition: Definition, period: FeePeriod, facts: PriceFacts): FeeOutcome {
  if (definition.kind !== "fixed-fee") return { outcome: "unpriced", reason: "not-a-fee-tariff" };
  const priced = pricerOf(definition)(facts);
  if (priced.outcome === "unpriced") return priced;
  const instalments = instalmentsOf(definition, period, priced.amountCents);
  return { ...priced, instalments };
}
