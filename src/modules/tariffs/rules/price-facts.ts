// SPDX-License-Identifier: EUPL-1.2
import { type Day, isWithin } from "#kernel/dates.ts";
import type { Level } from "./author-form.ts";
import { type Dimension, dimensionsOf, type Price } from "./price-table.ts";
import type { Base, Definition } from "./tariff-definition.ts";

export const ISEE_KINDS = ["ordinario", "minorenni", "corrente"] as const;
export type IseeKind = (typeof ISEE_KINDS)[number];

/** The child's ISEE that applies on the day. */
export interface IseeFact {
  readonly valueCents: bigint;
  readonly kind: IseeKind;
  readonly validFrom: Day;
  readonly validTo: Day;
  /** who in the office recorded a value other than the attestation's; null = as attested */
  readonly overriddenBy: string | null;
}

/** All a price may depend on. `null` = not known. */
export interface PriceFacts {
  readonly date: Day;
  readonly level: Level | null;
  readonly isee: IseeFact | null;
  readonly resident: boolean | null;
  /** 1 = first child by the tariff's own counting rule */
  readonly siblingRank: number;
  /** minors in the household */
  readonly minors: number | null;
  /** codes valid on the day */
  readonly exemptions: readonly string[];
  /** variant of the service chosen at enrolment, as "andata-ritorno" */
  readonly option?: string | null;
  /** children of the household in the service: fees per household */
  readonly children?: number;
}

export type UnpricedReason =
  | "no-tariff"
  | "not-a-meal-tariff"
  | "not-a-fee-tariff"
  | "isee-missing"
  | "level-unknown"
  | "level-not-in-tariff"
  | "residency-unknown"
  | "minors-unknown"
  | "option-unknown"
  | "option-not-in-tariff";

/** Which facts a definition looks at: nothing else is read from the database, nor tells prices apart. */
export interface Needs {
  readonly level: boolean;
  readonly isee: boolean;
  readonly residency: boolean;
  readonly rank: boolean;
  readonly minors: boolean;
  readonly exemptions: boolean;
  readonly option: boolean;
  readonly children: boolean;
}

function pricesOf(base: Base): Price[] {
  switch (base.kind) {
    case "fixed":
      return [base.priceCents];
    case "brackets":
      return base.brackets.map((bracket) => bracket.priceCents);
    case "linear":
      return [base.minCents, base.maxCents, base.belowCents, base.aboveCents].filter(
        (price) => price !== undefined,
      );
  }
}

export const baseOf = (definition: Definition): Base =>
  definition.kind === "fixed-fee" ? definition.base : definition;

export function needsOf(definition: Definition): Needs {
  const base = baseOf(definition);
  const dimensions = new Set<Dimension>();
  for (const price of pricesOf(base)) dimensionsOf(price, dimensions);
  for (const { setCents } of definition.modifiers) {
    if (setCents !== undefined) dimensionsOf(setCents, dimensions);
  }
  const anyWhen = (...keys: string[]): boolean =>
    definition.modifiers.some(({ when }) => keys.some((key) => key in when));
  return {
    level: dimensions.has("byLevel") || anyWhen("levels"),
    isee: base.kind !== "fixed" || anyWhen("iseeUpToCents", "iseeOverCents"),
    residency: dimensions.has("byResidency") || anyWhen("resident"),
    rank: dimensions.has("byRank") || anyWhen("rankFrom", "rankTo"),
    minors: dimensions.has("byMinors") || anyWhen("minorsFrom", "minorsTo"),
    exemptions: anyWhen("exemption"),
    option: dimensions.has("byOption") || anyWhen("options"),
    children: dimensions.has("byChildren") || anyWhen("childrenFrom", "childrenTo"),
  };
}

/** An ISEE counts on the days it is valid; both ends included. */
const validIsee = (isee: IseeFact | null, date: Day): IseeFact | null =>
  isee && isWithin(date, isee.validFrom, isee.validTo) ? isee : null;

export type Readied =
  | { outcome: "ready"; facts: PriceFacts }
  | { outcome: "lacking"; reason: UnpricedReason };

/** Applies the tariff's rules for what is not known; names the first fact that is lacking. */
export function readyFacts(definition: Definition, needs: Needs, facts: PriceFacts): Readied {
  const isee = validIsee(facts.isee, facts.date);
  const assumed = definition.unknownResidency;
  const resident = facts.resident ?? (assumed === "unpriced" ? null : assumed === "resident");
  const lacking: UnpricedReason | null =
    needs.level && facts.level === null
      ? "level-unknown"
      : needs.isee && isee === null && definition.missingIsee === "unpriced"
        ? "isee-missing"
        : needs.residency && resident === null
          ? "residency-unknown"
          : needs.minors && facts.minors === null
            ? "minors-unknown"
            : needs.option && !facts.option
              ? "option-unknown"
              : null;
  if (lacking) return { outcome: "lacking", reason: lacking };
  return { outcome: "ready", facts: { ...facts, isee, resident } };
}
