// SPDX-License-Identifier: EUPL-1.2
import { assertNever } from "#kernel/outcome.ts";
import {
  baseOf,
  type IseeFact,
  type IseeKind,
  needsOf,
  type PriceFacts,
  readyFacts,
  type UnpricedReason,
} from "./price-facts.ts";
import { type Choice, type Picked, pickPrice, type Price } from "./price-table.ts";
import {
  add,
  atLeast,
  atMost,
  multiply,
  type Rational,
  ratio,
  type RoundingMode,
  roundToStep,
  toText,
  whole,
} from "./rational.ts";
import type { Base, Condition, Definition, Modifier } from "./tariff-definition.ts";

/** Where an ISEE came from, as stored with the price. Days are ISO dates, cents whole numbers. */
export interface IseeSource {
  valueCents: number;
  kind: IseeKind;
  validFrom: string;
  validTo: string;
  overriddenBy: string | null;
}

export type EffectData =
  | { kind: "reduce" | "increase" | "index"; basisPoints: number }
  | { kind: "set" | "add" | "floor" | "cap"; amountCents: number }
  | { kind: "free" };

/** The reasons of a price, in order. Exact cents travel as text, `"460"` or `"13830/31"`. */
export type PriceStep =
  | { step: "base"; kind: "fixed"; choices: Choice[]; exactCents: string }
  | {
      step: "base";
      kind: "bracket";
      /** exclusive; null = from zero */
      overCents: number | null;
      /** inclusive; null = no limit */
      upToCents: number | null;
      isee: IseeSource | null;
      choices: Choice[];
      exactCents: string;
    }
  | {
      step: "base";
      kind: "linear";
      place: "below" | "inside" | "above";
      iseeMinCents: number;
      iseeMaxCents: number;
      minCents: number;
      maxCents: number;
      isee: IseeSource | null;
      choices: Choice[];
      exactCents: string;
    }
  | {
      step: "modifier";
      /** 1 = first in the town's order */
      position: number;
      name: string;
      when: Condition;
      effect: EffectData;
      choices: Choice[];
      /** the ISEE, where the condition looks at one and the base did not */
      isee: IseeSource | null;
      beforeCents: string;
      afterCents: string;
    }
  | {
      step: "rounding";
      mode: RoundingMode;
      stepCents: number;
      beforeCents: string;
      afterCents: string;
    };

export interface Explanation {
  version: 1;
  steps: PriceStep[];
}

export type PriceOutcome =
  | { outcome: "priced"; amountCents: bigint; explanation: Explanation }
  | { outcome: "unpriced"; reason: UnpricedReason };

type NotInTable = Extract<Picked, { outcome: "not-in-table" }>;
type Stage<Step> = { outcome: "reached"; value: Rational; step: Step } | NotInTable;

const BASIS = 10_000;

export function iseeSource(isee: IseeFact | null): IseeSource | null {
  return isee === null
    ? null
    : {
        valueCents: Number(isee.valueCents),
        kind: isee.kind,
        validFrom: isee.validFrom.toString(),
        validTo: isee.validTo.toString(),
        overriddenBy: isee.overriddenBy,
      };
}

function bracketPrice(
  base: Extract<Base, { kind: "brackets" }>,
  facts: PriceFacts,
): Stage<PriceStep> {
  const { isee } = facts;
  const found =
    isee === null
      ? -1
      : base.brackets.findIndex(
          ({ upToCents }) => upToCents === null || isee.valueCents <= BigInt(upToCents),
        );
  const index = found === -1 ? base.brackets.length - 1 : found;
  const bracket = base.brackets[index];
  if (!bracket) throw new Error("a bracket tariff without brackets");
  const picked = pickPrice(bracket.priceCents, facts);
  if (picked.outcome === "not-in-table") return picked;
  const step: PriceStep = {
    step: "base",
    kind: "bracket",
    overCents: base.brackets[index - 1]?.upToCents ?? null,
    upToCents: bracket.upToCents,
    isee: iseeSource(isee),
    choices: picked.choices,
    exactCents: String(picked.cents),
  };
  return { outcome: "reached", value: whole(picked.cents), step };
}

/** Exact: min + (isee − iseeMin) × (max − min) / (iseeMax − iseeMin). */
function linearPrice(base: Extract<Base, { kind: "linear" }>, facts: PriceFacts): Stage<PriceStep> {
  const { isee } = facts;
  const low = BigInt(base.iseeMinCents);
  const high = BigInt(base.iseeMaxCents);
  const place =
    isee === null || isee.valueCents > high ? "above" : isee.valueCents < low ? "below" : "inside";
  const min = pickPrice(base.minCents, facts);
  const max = pickPrice(base.maxCents, facts);
  if (min.outcome === "not-in-table") return min;
  if (max.outcome === "not-in-table") return max;
  const outside: Price | undefined =
    place === "below" ? (base.belowCents ?? base.minCents) : (base.aboveCents ?? base.maxCents);
  const end = place === "inside" ? max : pickPrice(outside, facts);
  if (end.outcome === "not-in-table") return end;
  const value =
    place === "inside" && isee !== null
      ? add(
          whole(min.cents),
          ratio((isee.valueCents - low) * BigInt(max.cents - min.cents), high - low),
        )
      : whole(end.cents);
  const step: PriceStep = {
    step: "base",
    kind: "linear",
    place,
    iseeMinCents: base.iseeMinCents,
    iseeMaxCents: base.iseeMaxCents,
    minCents: min.cents,
    maxCents: max.cents,
    isee: iseeSource(isee),
    choices: end.choices,
    exactCents: toText(value),
  };
  return { outcome: "reached", value, step };
}

function basePrice(base: Base, facts: PriceFacts): Stage<PriceStep> {
  switch (base.kind) {
    case "fixed": {
      const picked = pickPrice(base.priceCents, facts);
      if (picked.outcome === "not-in-table") return picked;
      const exactCents = String(picked.cents);
      const step: PriceStep = { step: "base", kind: "fixed", choices: picked.choices, exactCents };
      return { outcome: "reached", value: whole(picked.cents), step };
    }
    case "brackets":
      return bracketPrice(base, facts);
    case "linear":
      return linearPrice(base, facts);
    default:
      return assertNever(base);
  }
}

const inRange = (value: number, from: number | undefined, to: number | undefined): boolean =>
  (from === undefined || value >= from) && (to === undefined || value <= to);

/** A missing ISEE counts as higher than any limit. */
function iseeHolds(when: Condition, isee: IseeFact | null): boolean {
  const { iseeUpToCents: upTo, iseeOverCents: over } = when;
  if (isee === null) return upTo === undefined;
  return (
    (upTo === undefined || isee.valueCents <= BigInt(upTo)) &&
    (over === undefined || isee.valueCents > BigInt(over))
  );
}

/** Do all the conditions of a modifier hold? */
export function holds(when: Condition, facts: PriceFacts): boolean {
  return (
    (when.levels === undefined || (facts.level !== null && when.levels.includes(facts.level))) &&
    (when.resident === undefined || facts.resident === when.resident) &&
    inRange(facts.siblingRank, when.rankFrom, when.rankTo) &&
    inRange(facts.minors ?? 1, when.minorsFrom, when.minorsTo) &&
    inRange(facts.children ?? 1, when.childrenFrom, when.childrenTo) &&
    iseeHolds(when, facts.isee) &&
    (when.exemption === undefined || facts.exemptions.includes(when.exemption)) &&
    (when.options === undefined || when.options.includes(facts.option ?? ""))
  );
}

type Changed = { value: Rational; effect: EffectData; choices: Choice[] };

const scaled = (
  kind: "reduce" | "increase" | "index",
  before: Rational,
  basisPoints: number,
): Changed => {
  const factor = kind === "reduce" ? BASIS - basisPoints : BASIS + basisPoints;
  const value = multiply(before, ratio(BigInt(factor), BigInt(BASIS)));
  return { value, effect: { kind, basisPoints }, choices: [] };
};

function change(modifier: Modifier, before: Rational, facts: PriceFacts): Changed | NotInTable {
  if (modifier.reduceBasisPoints !== undefined)
    return scaled("reduce", before, modifier.reduceBasisPoints);
  if (modifier.increaseBasisPoints !== undefined) {
    return scaled("increase", before, modifier.increaseBasisPoints);
  }
  if (modifier.indexBasisPoints !== undefined)
    return scaled("index", before, modifier.indexBasisPoints);
  if (modifier.free) return { value: whole(0), effect: { kind: "free" }, choices: [] };
  if (modifier.setCents !== undefined) {
    const picked = pickPrice(modifier.setCents, facts);
    if (picked.outcome === "not-in-table") return picked;
    const effect: EffectData = { kind: "set", amountCents: picked.cents };
    return { value: whole(picked.cents), effect, choices: picked.choices };
  }
  if (modifier.addCents !== undefined) {
    const value = atLeast(add(before, whole(modifier.addCents)), whole(0));
    return { value, effect: { kind: "add", amountCents: modifier.addCents }, choices: [] };
  }
  if (modifier.floorCents !== undefined) {
    const value = atLeast(before, whole(modifier.floorCents));
    return { value, effect: { kind: "floor", amountCents: modifier.floorCents }, choices: [] };
  }
  if (modifier.capCents !== undefined) {
    const value = atMost(before, whole(modifier.capCents));
    return { value, effect: { kind: "cap", amountCents: modifier.capCents }, choices: [] };
  }
  throw new Error(`the modifier "${modifier.name}" has no effect`);
}

/** A floor, cap or reduction that leaves the price as it was is no reason: it is left out. */
function modifierStep(
  position: number,
  modifier: Modifier,
  before: Rational,
  changed: Changed,
  facts: PriceFacts,
): PriceStep | null {
  const [beforeCents, afterCents] = [toText(before), toText(changed.value)];
  if (beforeCents === afterCents) return null;
  const { when, name } = modifier;
  const looksAtIsee = when.iseeUpToCents !== undefined || when.iseeOverCents !== undefined;
  const isee = looksAtIsee ? iseeSource(facts.isee) : null;
  const { effect, choices } = changed;
  return { step: "modifier", position, name, when, effect, choices, isee, beforeCents, afterCents };
}

/**
 * A tariff as a function of the facts: base price, modifiers in the town's order, one rounding.
 * Pure and exact; the same facts always give the same price and the same explanation.
 */
export function pricerOf(definition: Definition): (facts: PriceFacts) => PriceOutcome {
  const needs = needsOf(definition);
  const base = baseOf(definition);
  const { mode, stepCents } = definition.rounding;
  return (given) => {
    const ready = readyFacts(definition, needs, given);
    if (ready.outcome === "lacking") return { outcome: "unpriced", reason: ready.reason };
    const { facts } = ready;
    const start = basePrice(base, facts);
    if (start.outcome === "not-in-table") return { outcome: "unpriced", reason: start.reason };
    const steps = [start.step];
    let { value } = start;
    for (const [index, modifier] of definition.modifiers.entries()) {
      if (!holds(modifier.when, facts)) continue;
      const changed = change(modifier, value, facts);
      if ("outcome" in changed) return { outcome: "unpriced", reason: changed.reason };
      const step = modifierStep(index + 1, modifier, value, changed, facts);
      if (step) steps.push(step);
      value = changed.value;
    }
    const amountCents = roundToStep(value, mode, stepCents);
    const [beforeCents, afterCents] = [toText(value), amountCents.toString()];
    if (beforeCents !== afterCents) {
      steps.push({ step: "rounding", mode, stepCents, beforeCents, afterCents });
    }
    return { outcome: "priced", amountCents, explanation: { version: 1, steps } };
  };
}
