// SPDX-License-Identifier: EUPL-1.2
import { formatEuro } from "#kernel/money.ts";
import type { Definition, Level } from "#tariffs";
import { LEVEL_WORDS } from "../words.ts";

type Price = Extract<Definition, { kind: "fixed" }>["priceCents"];
type Base = Extract<Definition, { kind: "fixed-fee" }>["base"];
type Modifier = Definition["modifiers"][number];

const euro = (cents: number): string => formatEuro(BigInt(cents));
const percent = (basisPoints: number): string =>
  `${(basisPoints / 100).toString().replace(".", ",")} %`;

/** One price, or a table of prices in one sentence: `4,60 €` or `1º figlio 4,60 €, 2º e oltre 3,20 €`. */
export function priceWords(price: Price): string {
  if (typeof price === "number") return euro(price);
  if ("byLevel" in price)
    return Object.entries(price.byLevel)
      .map(([level, inner]) => `${LEVEL_WORDS[level as Level]} ${priceWords(inner)}`)
      .join("; ");
  if ("byRank" in price) return listWords(price.byRank, (n) => `${n}º figlio`);
  if ("byMinors" in price)
    return listWords(price.byMinors, (n) => (n === 1 ? "1 minore" : `${n} minori`));
  if ("byChildren" in price)
    return listWords(price.byChildren, (n) =>
      n === 1 ? "1 figlio iscritto" : `${n} figli iscritti`,
    );
  if ("byResidency" in price) {
    const { resident, nonResident } = price.byResidency;
    return `residenti ${priceWords(resident)}; non residenti ${priceWords(nonResident)}`;
  }
  return Object.entries(price.byOption)
    .map(([option, inner]) => `${option.replaceAll("-", " ")} ${priceWords(inner)}`)
    .join("; ");
}

/** The last entry holds for all higher numbers. */
const listWords = (prices: readonly Price[], label: (n: number) => string): string =>
  prices
    .map((price, i) => {
      const more = i === prices.length - 1 && prices.length > 1 ? " e oltre" : "";
      return `${label(i + 1)}${more} ${priceWords(price)}`;
    })
    .join("; ");

/** The base price, one line per bracket. */
export function baseLines(base: Base | Exclude<Definition, { kind: "fixed-fee" }>): string[] {
  switch (base.kind) {
    case "fixed":
      return [priceWords(base.priceCents)];
    case "brackets": {
      let from = 0;
      return base.brackets.map(({ upToCents, priceCents }) => {
        const span =
          upToCents === null
            ? from === 0
              ? "qualsiasi ISEE"
              : `ISEE da ${euro(from)} in su`
            : `ISEE da ${euro(from)} a ${euro(upToCents)}`;
        from = (upToCents ?? 0) + 1;
        return `${span}: ${priceWords(priceCents)}`;
      });
    }
    case "linear":
      return [
        `In proporzione all'ISEE: da ${priceWords(base.minCents)} con ISEE ${euro(base.iseeMinCents)} a ${priceWords(base.maxCents)} con ISEE ${euro(base.iseeMaxCents)}`,
        ...(base.belowCents === undefined
          ? []
          : [`Sotto ${euro(base.iseeMinCents)}: ${priceWords(base.belowCents)}`]),
        ...(base.aboveCents === undefined
          ? []
          : [`Oltre ${euro(base.iseeMaxCents)}: ${priceWords(base.aboveCents)}`]),
      ];
  }
}

function conditionWords(when: Modifier["when"]): string {
  const parts = [
    when.levels && when.levels.map((level) => LEVEL_WORDS[level]).join(" o "),
    when.resident !== undefined && (when.resident ? "residenti" : "non residenti"),
    rangeWords("figlio n.", when.rankFrom, when.rankTo),
    rangeWords("minori nel nucleo", when.minorsFrom, when.minorsTo),
    rangeWords("figli iscritti", when.childrenFrom, when.childrenTo),
    when.iseeUpToCents !== undefined && `ISEE fino a ${euro(when.iseeUpToCents)}`,
    when.iseeOverCents !== undefined && `ISEE oltre ${euro(when.iseeOverCents)}`,
    when.exemption !== undefined && `esenzione «${when.exemption}»`,
    when.options && when.options.map((option) => option.replaceAll("-", " ")).join(" o "),
  ].filter(Boolean);
  return parts.length === 0 ? "per tutti" : parts.join(", ");
}

function rangeWords(
  what: string,
  from: number | undefined,
  to: number | undefined,
): string | false {
  if (from === undefined && to === undefined) return false;
  if (from === to) return `${what} ${from}`;
  if (to === undefined) return `${what} da ${from} in su`;
  return from === undefined ? `${what} fino a ${to}` : `${what} da ${from} a ${to}`;
}

function effectWords(modifier: Modifier): string {
  if (modifier.reduceBasisPoints !== undefined) return `-${percent(modifier.reduceBasisPoints)}`;
  if (modifier.increaseBasisPoints !== undefined)
    return `+${percent(modifier.increaseBasisPoints)}`;
  if (modifier.indexBasisPoints !== undefined)
    return `adeguamento ISTAT ${percent(modifier.indexBasisPoints)}`;
  if (modifier.setCents !== undefined) return `prezzo ${priceWords(modifier.setCents)}`;
  if (modifier.addCents !== undefined)
    return `${modifier.addCents < 0 ? "" : "+"}${euro(modifier.addCents)}`;
  if (modifier.free) return "gratuito";
  if (modifier.floorCents !== undefined) return `non meno di ${euro(modifier.floorCents)}`;
  return `non più di ${euro(modifier.capCents ?? 0)}`;
}

/** Reductions in the town's order: `Fratelli (figlio n. da 2 in su): -30 %`. */
export const modifierLines = (definition: Definition): string[] =>
  definition.modifiers.map((modifier) => {
    const when = conditionWords(modifier.when);
    const named =
      modifier.name.toLowerCase() === when ? modifier.name : `${modifier.name} (${when})`;
    return `${named}: ${effectWords(modifier)}`;
  });

const PER = { month: "al mese", term: "a periodo", year: "all'anno" } as const;

/** What a price is for: `a pasto`, `al mese, per bambino`. */
export const perWords = (definition: Definition): string =>
  definition.kind === "fixed-fee"
    ? `${PER[definition.per]}, ${definition.payer === "household" ? "per famiglia" : "per bambino"}`
    : "a pasto";

/** Rules for what is not known, and rounding: only where they can matter. */
export function otherRules(definition: Definition): string[] {
  const base = definition.kind === "fixed-fee" ? definition.base : definition;
  const rules: string[] = [];
  if (base.kind !== "fixed")
    rules.push(
      definition.missingIsee === "top-price"
        ? "Senza ISEE: tariffa più alta."
        : "Senza ISEE: nessun prezzo, il pasto va fra le cose da sistemare.",
    );
  const { mode, stepCents } = definition.rounding;
  if (mode !== "half-up" || stepCents !== 1)
    rules.push(
      `Arrotondamento ${stepCents === 1 ? "al centesimo" : `ai ${stepCents} centesimi`}${{ "half-up": "", down: " per difetto", up: " per eccesso" }[mode]}.`,
    );
  return rules;
}
