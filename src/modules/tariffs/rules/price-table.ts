// SPDX-License-Identifier: EUPL-1.2
import { z } from "zod";
import { LEVELS, type Level } from "./author-form.ts";
import type { PriceFacts } from "./price-facts.ts";

/**
 * One price, or a table of prices by what matters in that town; tables nest in any order.
 * Lists are by 1, 2, 3 … and their last entry holds for all higher numbers.
 */
export type Price =
  | number
  | { byLevel: Partial<Record<Level, Price>> }
  | { byRank: Price[] }
  | { byMinors: Price[] }
  | { byChildren: Price[] }
  | { byResidency: { resident: Price; nonResident: Price } }
  | { byOption: Record<string, Price> };

/** Which row or column of a price table was taken, and why. Stored with the price. */
export type Choice =
  | { by: "level"; level: Level }
  | { by: "rank"; rank: number }
  | { by: "minors"; minors: number }
  | { by: "children"; children: number }
  | { by: "residency"; resident: boolean }
  | { by: "option"; option: string };

const DIMENSIONS = [
  "byLevel",
  "byRank",
  "byMinors",
  "byChildren",
  "byResidency",
  "byOption",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;

export const AMOUNT_MESSAGE = "importo non valido: scriverlo come 4,60";

function checkPrice(value: unknown, path: Path, report: Report): void {
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    if (value < 0) report(path, "un prezzo non può essere negativo");
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(path, AMOUNT_MESSAGE);
    return;
  }
  const [dimension, ...others] = Object.keys(value);
  if (others.length > 0 || !DIMENSIONS.includes(dimension as Dimension)) {
    const wrong = others.length > 0 ? path : [...path, dimension ?? ""];
    report(
      wrong,
      `una tabella di prezzi ha una sola voce tra ${DIMENSIONS.join(", ")} o gli ordini di scuola`,
    );
    return;
  }
  checkTable(
    dimension as Dimension,
    (value as Record<string, unknown>)[dimension as Dimension],
    [...path, dimension as Dimension],
    report,
  );
}

function checkTable(dimension: Dimension, table: unknown, path: Path, report: Report): void {
  const isList = dimension === "byRank" || dimension === "byMinors" || dimension === "byChildren";
  if (isList !== Array.isArray(table) || typeof table !== "object" || table === null) {
    report(
      path,
      isList
        ? "serve un elenco di prezzi: primo, secondo, terzo…"
        : "servono voci con un prezzo ciascuna",
    );
    return;
  }
  const entries = Object.entries(table);
  if (entries.length === 0) report(path, "la tabella di prezzi è vuota");
  const keys = new Set(entries.map(([key]) => key));
  if (dimension === "byResidency") {
    for (const key of ["resident", "nonResident"]) {
      if (!keys.has(key)) report([...path, key], "manca il prezzo");
    }
  }
  for (const [key, price] of entries) {
    const here = [...path, isList ? Number(key) : key];
    if (dimension === "byLevel" && !LEVELS.includes(key as Level)) {
      report(here, `ordine di scuola sconosciuto: ${key}; valgono ${LEVELS.join(", ")}`);
    } else if (dimension === "byResidency" && key !== "resident" && key !== "nonResident") {
      report(here, "valgono solo resident e nonResident");
    } else checkPrice(price, here, report);
  }
}

/** Checked by hand, so that each message names the exact leaf. */
export const priceSchema = z
  .custom<Price>((value) => value !== undefined, "manca il prezzo")
  .check((context) => {
    checkPrice(context.value, [], (path, message) =>
      context.issues.push({ code: "custom", path, message, input: context.value }),
    );
  });

/** Every dimension a price table looks at. */
export function dimensionsOf(price: Price, found = new Set<Dimension>()): Set<Dimension> {
  if (typeof price === "number") return found;
  for (const [dimension, table] of Object.entries(price)) {
    found.add(dimension as Dimension);
    for (const part of Object.values(table as Record<string, Price>)) dimensionsOf(part, found);
  }
  return found;
}

export type Picked =
  | { outcome: "picked"; cents: number; choices: Choice[] }
  | { outcome: "not-in-table"; reason: "level-not-in-tariff" | "option-not-in-tariff" };

const nth = (prices: readonly Price[], count: number): Price =>
  prices[Math.min(Math.max(count, 1), prices.length) - 1] ?? 0;

function step(
  price: Exclude<Price, number>,
  facts: PriceFacts,
): { price: Price | undefined; choice: Choice } {
  if ("byLevel" in price) {
    const level = facts.level ?? "primaria";
    return {
      price: facts.level ? price.byLevel[level] : undefined,
      choice: { by: "level", level },
    };
  }
  if ("byRank" in price) {
    return {
      price: nth(price.byRank, facts.siblingRank),
      choice: { by: "rank", rank: facts.siblingRank },
    };
  }
  if ("byMinors" in price) {
    const minors = facts.minors ?? 1;
    return { price: nth(price.byMinors, minors), choice: { by: "minors", minors } };
  }
  if ("byChildren" in price) {
    const children = facts.children ?? 1;
    return { price: nth(price.byChildren, children), choice: { by: "children", children } };
  }
  if ("byResidency" in price) {
    const resident = facts.resident === true;
    const { resident: inside, nonResident } = price.byResidency;
    return { price: resident ? inside : nonResident, choice: { by: "residency", resident } };
  }
  const option = facts.option ?? "";
  const known = Object.hasOwn(price.byOption, option);
  return { price: known ? price.byOption[option] : undefined, choice: { by: "option", option } };
}

/** Walks the table to one price. Facts that the table needs are present: `price-facts.ts` saw to it. */
export function pickPrice(price: Price, facts: PriceFacts): Picked {
  const choices: Choice[] = [];
  let here = price;
  while (typeof here !== "number") {
    const next = step(here, facts);
    if (next.price === undefined) {
      const reason = next.choice.by === "level" ? "level-not-in-tariff" : "option-not-in-tariff";
      return { outcome: "not-in-table", reason };
    }
    choices.push(next.choice);
    here = next.price;
  }
  return { outcome: "picked", cents: here, choices };
}
