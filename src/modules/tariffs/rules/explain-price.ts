// SPDX-License-Identifier: EUPL-1.2
import type { Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { assertNever } from "#kernel/outcome.ts";
import type { EffectData, Explanation, IseeSource, PriceStep } from "./decide-price.ts";
import { type ExplainWords, explainWords } from "./explain-words.ts";
import type { UnpricedReason } from "./price-facts.ts";
import type { Choice } from "./price-table.ts";
import { fromText, roundToStep } from "./rational.ts";

interface Speech {
  w: ExplainWords;
  locale: "it-IT" | "en-GB";
}

const euro = (cents: number): string => formatEuro(BigInt(cents));

/** `"460"` → `4,60 €`; fractions of a cent with four decimals: `circa 4,4613 €`. */
function exactEuro(text: string, { w }: Speech): string {
  const value = fromText(text);
  if (value.d === 1n) return formatEuro(value.n);
  const tenThousandths = roundToStep({ n: value.n * 100n, d: value.d }, "half-up", 1);
  const decimals = (tenThousandths % 10_000n).toString().padStart(4, "0");
  return w.about(`${tenThousandths / 10_000n},${decimals} €`);
}

/** 3000 → `30%`, 190 → `1,9%`. */
const percentText = (basisPoints: number, { w }: Speech): string =>
  w.percent((basisPoints / 100).toString());

const longDate = (iso: string, { locale }: Speech): string =>
  Temporal.PlainDate.from(iso).toLocaleString(locale, { dateStyle: "long" });

function iseeSentence(isee: IseeSource, speech: Speech): string {
  const { w } = speech;
  const kind = isee.kind === "ordinario" ? "ISEE" : `ISEE ${isee.kind}`;
  const [from, to] = [longDate(isee.validFrom, speech), longDate(isee.validTo, speech)];
  const office = isee.overriddenBy === null ? "" : w.iseeByOffice;
  return `${w.isee(kind, euro(isee.valueCents), from, to)}${office}.`;
}

function choiceText(choice: Choice, { w }: Speech): string {
  switch (choice.by) {
    case "level":
      return w.levels[choice.level];
    case "rank":
      return w.rank(choice.rank);
    case "minors":
      return w.minors(choice.minors);
    case "children":
      return w.enrolled(choice.children);
    case "residency":
      return choice.resident ? w.resident : w.notResident;
    case "option":
      return choice.option.replaceAll("-", " ");
    default:
      return assertNever(choice);
  }
}

const choicesText = (choices: Choice[], speech: Speech): string =>
  choices.length === 0 ? "" : ` (${choices.map((one) => choiceText(one, speech)).join(", ")})`;

function baseSentences(step: Extract<PriceStep, { step: "base" }>, speech: Speech): string[] {
  const { w } = speech;
  const price = exactEuro(step.exactCents, speech);
  const choices = choicesText(step.choices, speech);
  if (step.kind === "fixed") return [w.tariff(choices, price)];
  const source = step.isee ? iseeSentence(step.isee, speech) : w.noIsee;
  if (step.kind === "bracket") {
    const over = step.overCents === null ? null : euro(step.overCents + 1);
    const upTo = step.upToCents === null ? null : euro(step.upToCents);
    const band =
      over === null && upTo === null
        ? w.onlyBand
        : over === null
          ? w.bandUpTo(upTo!)
          : upTo === null
            ? w.bandFrom(over)
            : w.band(over, upTo);
    return [source, w.inBand(band, choices, price)];
  }
  const [minIsee, maxIsee] = [euro(step.iseeMinCents), euro(step.iseeMaxCents)];
  const line = w.line(euro(step.minCents), minIsee, euro(step.maxCents), maxIsee);
  switch (step.place) {
    case "inside":
      return [source, line, w.onLine(choices, price)];
    case "below":
      return [source, line, w.below(minIsee, choices, price)];
    case "above":
      return step.isee
        ? [source, line, w.above(maxIsee, choices, price)]
        : [source, line, w.withoutIsee(choices, price)];
    default:
      return assertNever(step.place);
  }
}

function effectText(effect: EffectData, speech: Speech): string {
  const { w } = speech;
  switch (effect.kind) {
    case "reduce":
      return w.reduce(percentText(effect.basisPoints, speech));
    case "increase":
      return w.increase(percentText(effect.basisPoints, speech));
    case "index": {
      const sign = effect.basisPoints < 0 ? "-" : "+";
      return w.index(`${sign}${percentText(Math.abs(effect.basisPoints), speech)}`);
    }
    case "set":
      return w.set;
    case "add":
      return effect.amountCents < 0
        ? w.less(euro(-effect.amountCents))
        : w.more(euro(effect.amountCents));
    case "floor":
      return w.floor(euro(effect.amountCents));
    case "cap":
      return w.cap(euro(effect.amountCents));
    case "free":
      return w.free;
    default:
      return assertNever(effect);
  }
}

function modifierSentences(
  step: Extract<PriceStep, { step: "modifier" }>,
  speech: Speech,
): string[] {
  const { w } = speech;
  const before = exactEuro(step.beforeCents, speech);
  const after = exactEuro(step.afterCents, speech);
  const name = `${step.name}${choicesText(step.choices, speech)}`;
  const sentence =
    step.effect.kind === "free"
      ? w.freeInstead(step.name, before)
      : w.modified(name, effectText(step.effect, speech), before, after);
  return step.isee ? [iseeSentence(step.isee, speech), sentence] : [sentence];
}

function roundingSentence(step: Extract<PriceStep, { step: "rounding" }>, speech: Speech): string {
  const { w } = speech;
  const to = step.stepCents === 1 ? w.toCent : w.toCents(step.stepCents);
  const before = exactEuro(step.beforeCents, speech);
  const after = exactEuro(step.afterCents, speech);
  return w.rounded(`${to}${w.modes[step.mode]}`, before, after);
}

/** "Perché 4,60 €?": the stored reasons as sentences, in order, impersonal. */
export function explainPrice(explanation: Explanation, lang: Lang = "it"): string[] {
  const speech: Speech = { w: explainWords(lang), locale: lang === "it" ? "it-IT" : "en-GB" };
  const sentences = explanation.steps.flatMap((step) => {
    switch (step.step) {
      case "base":
        return baseSentences(step, speech);
      case "modifier":
        return modifierSentences(step, speech);
      case "rounding":
        return [roundingSentence(step, speech)];
      default:
        return assertNever(step);
    }
  });
  // The ISEE is told once, where it first matters.
  return [...new Set(sentences)];
}

/** What is lacking, for the office's worklist and the family's page. */
export const explainUnpriced = (reason: UnpricedReason, lang: Lang = "it"): string =>
  explainWords(lang).unpriced[reason];
