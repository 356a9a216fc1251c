// SPDX-License-Identifier: EUPL-1.2
import { formatEuro } from "#kernel/money.ts";
import { assertNever } from "#kernel/outcome.ts";
import type { Level } from "./author-form.ts";
import type { EffectData, Explanation, IseeSource, PriceStep } from "./decide-price.ts";
import type { UnpricedReason } from "./price-facts.ts";
import type { Choice } from "./price-table.ts";
import { fromText, roundToStep } from "./rational.ts";

const LEVEL_NAMES: Record<Level, string> = {
  nido: "nido",
  infanzia: "scuola dell'infanzia",
  primaria: "scuola primaria",
  secondaria1: "scuola secondaria di primo grado",
  secondaria2: "scuola secondaria di secondo grado",
};

const euro = (cents: number): string => formatEuro(BigInt(cents));

/** `"460"` → `4,60 €`; fractions of a cent with four decimals: `circa 4,4613 €`. */
function exactEuro(text: string): string {
  const value = fromText(text);
  if (value.d === 1n) return formatEuro(value.n);
  const tenThousandths = roundToStep({ n: value.n * 100n, d: value.d }, "half-up", 1);
  const decimals = (tenThousandths % 10_000n).toString().padStart(4, "0");
  return `circa ${tenThousandths / 10_000n},${decimals} €`;
}

/** 3000 → `30%`, 190 → `1,9%`. */
const percentText = (basisPoints: number): string =>
  `${(basisPoints / 100).toString().replace(".", ",")}%`;

const longDate = (iso: string): string =>
  Temporal.PlainDate.from(iso).toLocaleString("it-IT", { dateStyle: "long" });

function iseeSentence(isee: IseeSource): string {
  const kind = isee.kind === "ordinario" ? "ISEE" : `ISEE ${isee.kind}`;
  const from = `valido dal ${longDate(isee.validFrom)} al ${longDate(isee.validTo)}`;
  const office = isee.overriddenBy === null ? "" : ", valore registrato dall'ufficio";
  return `${kind} di ${euro(isee.valueCents)}, ${from}${office}.`;
}

function choiceText(choice: Choice): string {
  switch (choice.by) {
    case "level":
      return LEVEL_NAMES[choice.level];
    case "rank":
      return `${choice.rank}º figlio`;
    case "minors":
      return choice.minors === 1 ? "1 minore nel nucleo" : `${choice.minors} minori nel nucleo`;
    case "children":
      return choice.children === 1 ? "1 figlio iscritto" : `${choice.children} figli iscritti`;
    case "residency":
      return choice.resident ? "residenti" : "non residenti";
    case "option":
      return choice.option.replaceAll("-", " ");
    default:
      return assertNever(choice);
  }
}

const choicesText = (choices: Choice[]): string =>
  choices.length === 0 ? "" : ` (${choices.map(choiceText).join(", ")})`;

function baseSentences(step: Extract<PriceStep, { step: "base" }>): string[] {
  const price = exactEuro(step.exactCents);
  const choices = choicesText(step.choices);
  if (step.kind === "fixed") return [`Tariffa${choices}: ${price}.`];
  const source = step.isee
    ? iseeSentence(step.isee)
    : "Nessun ISEE valido in questo giorno: vale la tariffa più alta.";
  if (step.kind === "bracket") {
    const over = step.overCents === null ? null : euro(step.overCents + 1);
    const upTo = step.upToCents === null ? null : euro(step.upToCents);
    const band =
      over === null && upTo === null
        ? "unica"
        : over === null
          ? `fino a ${upTo}`
          : upTo === null
            ? `da ${over} in su`
            : `da ${over} a ${upTo}`;
    return [source, `Fascia ISEE ${band}${choices}: ${price}.`];
  }
  const line =
    `Tariffa in proporzione all'ISEE: da ${euro(step.minCents)} con ISEE ${euro(step.iseeMinCents)}` +
    ` a ${euro(step.maxCents)} con ISEE ${euro(step.iseeMaxCents)}.`;
  switch (step.place) {
    case "inside":
      return [source, line, `Prezzo per questo ISEE${choices}: ${price}.`];
    case "below":
      return [source, line, `Sotto ${euro(step.iseeMinCents)}${choices}: ${price}.`];
    case "above":
      return step.isee
        ? [source, line, `Oltre ${euro(step.iseeMaxCents)}${choices}: ${price}.`]
        : [source, line, `Senza ISEE${choices}: ${price}.`];
    default:
      return assertNever(step.place);
  }
}

function effectText(effect: EffectData): string {
  switch (effect.kind) {
    case "reduce":
      return `riduzione del ${percentText(effect.basisPoints)}`;
    case "increase":
      return `aumento del ${percentText(effect.basisPoints)}`;
    case "index": {
      const sign = effect.basisPoints < 0 ? "-" : "+";
      return `adeguamento ISTAT del ${sign}${percentText(Math.abs(effect.basisPoints))}`;
    }
    case "set":
      return "prezzo stabilito";
    case "add":
      return effect.amountCents < 0
        ? `riduzione di ${euro(-effect.amountCents)}`
        : `aggiunta di ${euro(effect.amountCents)}`;
    case "floor":
      return `prezzo minimo ${euro(effect.amountCents)}`;
    case "cap":
      return `prezzo massimo ${euro(effect.amountCents)}`;
    case "free":
      return "gratuito";
    default:
      return assertNever(effect);
  }
}

function modifierSentences(step: Extract<PriceStep, { step: "modifier" }>): string[] {
  const [before, after] = [exactEuro(step.beforeCents), exactEuro(step.afterCents)];
  const sentence =
    step.effect.kind === "free"
      ? `${step.name}: gratuito, invece di ${before}.`
      : `${step.name}${choicesText(step.choices)}: ${effectText(step.effect)}, da ${before} a ${after}.`;
  return step.isee ? [iseeSentence(step.isee), sentence] : [sentence];
}

function roundingSentence(step: Extract<PriceStep, { step: "rounding" }>): string {
  const to = step.stepCents === 1 ? "al centesimo" : `ai ${step.stepCents} centesimi`;
  const how = { "half-up": "", down: " per difetto", up: " per eccesso" }[step.mode];
  const [before, after] = [exactEuro(step.beforeCents), exactEuro(step.afterCents)];
  return `Arrotondamento ${to}${how}: da ${before} a ${after}.`;
}

/** "Perché 4,60 €?": the stored reasons as Italian sentences, in order, impersonal. */
export function explainPrice(explanation: Explanation): string[] {
  const sentences = explanation.steps.flatMap((step) => {
    switch (step.step) {
      case "base":
        return baseSentences(step);
      case "modifier":
        return modifierSentences(step);
      case "rounding":
        return [roundingSentence(step)];
      default:
        return assertNever(step);
    }
  });
  // The ISEE is told once, where it first matters.
  return [...new Set(sentences)];
}

const REASONS: Record<UnpricedReason, string> = {
  "no-tariff": "Nessuna tariffa del servizio vale in questo giorno.",
  "not-a-meal-tariff": "La tariffa del servizio è una quota fissa: non prevede un prezzo a pasto.",
  "not-a-fee-tariff": "La tariffa del servizio non prevede una quota fissa.",
  "isee-missing": "Manca un ISEE valido e il regolamento non prevede un prezzo senza ISEE.",
  "level-unknown": "Non si conosce l'ordine di scuola.",
  "level-not-in-tariff": "La tariffa non prevede un prezzo per questo ordine di scuola.",
  "residency-unknown": "Non si sa se chi usa il servizio risiede nel comune.",
  "minors-unknown": "Non si conosce il numero di minori del nucleo.",
  "option-unknown": "Non si conosce la formula scelta all'iscrizione.",
  "option-not-in-tariff": "La tariffa non prevede la formula scelta all'iscrizione.",
};

/** For the office's worklist: what is lacking, in Italian. */
export const explainUnpriced = (reason: UnpricedReason): string => REASONS[reason];
