// SPDX-License-Identifier: EUPL-1.2
import { parseEuro } from "#kernel/money.ts";

/**
 * A tariff as the office writes it (`price: "4,60"`, `reduce: "30%"`, `due: 30/09`) becomes the stored form
 * (`priceCents: 460`, `reduceBasisPoints: 3000`, `due: "09-30"`). What cannot be read is left as it was
 * under its stored name, for the schema to refuse. The stored form itself passes through unchanged.
 */
export const LEVELS = ["nido", "infanzia", "primaria", "secondaria1", "secondaria2"] as const;
export type Level = (typeof LEVELS)[number];

const PRICE_KEYS = new Set(["price", "min", "max", "below", "above", "set"]);
const AMOUNT_KEYS = new Set([
  ...["from", "upTo", "iseeMin", "iseeMax", "add", "floor", "cap", "iseeUpTo", "iseeOver", "step"],
]);
const PERCENT_KEYS = new Set(["reduce", "increase", "index", "share"]);
const DAY_KEYS = new Set(["due", "firstDay", "lastDay"]);

type Path = readonly (string | number)[];
type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `"4,60"`, `"4.60"`, `"1.234,50 €"` or the number 4.6 → cents; anything else comes back unread. */
export function readAmount(value: unknown): unknown {
  if (typeof value === "number") {
    const cents = Math.round(value * 100);
    return Math.abs(value * 100 - cents) < 1e-6 ? cents : value;
  }
  if (typeof value !== "string") return value;
  const text = value.trim();
  const decimal = /^([+-]?\d{1,9})\.(\d{1,2})$/.exec(text);
  const cents = parseEuro(decimal ? `${decimal[1]},${decimal[2]}` : text);
  return cents === null ? value : Number(cents);
}

/** `"30%"`, `"1,9 %"`, `"12.5"` or the number 30 → basis points (3000, 190, 1250, 3000). */
export function readPercent(value: unknown): unknown {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return value;
  const found = /^([+-]?)(\d{1,4})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim());
  if (!found) return value;
  const points = Number(found[2]) * 100 + Number((found[3] ?? "").padEnd(2, "0"));
  return found[1] === "-" ? -points : points;
}

/** `30/09` or `09-30` → `09-30`. */
function readMonthDay(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const found = /^(\d{1,2})\/(\d{1,2})$/.exec(value.trim());
  return found ? `${found[2]?.padStart(2, "0")}-${found[1]?.padStart(2, "0")}` : value;
}

/** The leaves of a price table; `{ infanzia: …, primaria: … }` is short for `{ byLevel: { … } }`. */
function readPrice(value: unknown, under = ""): unknown {
  if (Array.isArray(value)) return value.map((part) => readPrice(part));
  if (!isNode(value)) return readAmount(value);
  const parts = Object.entries(value).map(([key, part]) => [key, readPrice(part, key)]);
  const read: Node = Object.fromEntries(parts);
  const names = Object.keys(read);
  const allLevels = names.length > 0 && names.every((name) => LEVELS.includes(name as Level));
  return allLevels && under !== "byLevel" ? { byLevel: read } : read;
}

function canonicalNode(node: Node): Node {
  const out: Node = {};
  for (const [key, value] of Object.entries(node)) {
    if (PRICE_KEYS.has(key)) out[`${key}Cents`] = readPrice(value);
    else if (AMOUNT_KEYS.has(key)) out[`${key}Cents`] = readAmount(value);
    else if (PERCENT_KEYS.has(key)) out[`${key}BasisPoints`] = readPercent(value);
    else if (DAY_KEYS.has(key)) out[key] = readMonthDay(value);
    else out[key] = key.endsWith("Cents") ? value : toStoredForm(value);
  }
  return out;
}

export function toStoredForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toStoredForm);
  return isNode(value) ? canonicalNode(value) : value;
}

/** Names a place of the stored form as the author wrote it, so that a message points at the right line. */
export function authorPath(input: unknown, path: Path): (string | number)[] {
  const out: (string | number)[] = [];
  let here: unknown = input;
  for (const part of path) {
    const known = isNode(here) || Array.isArray(here) ? (here as Node) : {};
    const short = String(part).replace(/(Cents|BasisPoints)$/, "");
    if (part in known) out.push(part);
    else if (short in known) out.push(short);
    else if (part === "byLevel") continue;
    else return [...out, short];
    here = known[String(out.at(-1))];
  }
  return out;
}
