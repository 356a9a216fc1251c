// SPDX-License-Identifier: EUPL-1.2
import { z } from "zod";
import { authorPath, LEVELS, toStoredForm } from "./author-form.ts";
import { AMOUNT_MESSAGE, priceSchema } from "./price-table.ts";

/**
 * A tariff as stored (jsonb): every amount in whole cents, every percentage in basis points.
 * A profile writes the same with amounts as people do; `readTariff` turns one into the other.
 */
const cents = z.int(AMOUNT_MESSAGE).min(0, "un importo non può essere negativo");
const percent = z.int("percentuale non valida: scriverla come 30%");
const points = percent.min(0, "una percentuale non può essere negativa");
const part = points.max(10_000, "oltre il 100%");
const monthDay = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "giorno non valido: scriverlo come 30/09")
  .refine(
    (text) => text !== "02-30" && text !== "02-31" && !/^(04|06|09|11)-31$/.test(text),
    "giorno inesistente",
  );
const count = z.int().min(1);

const fixed = z.strictObject({ kind: z.literal("fixed"), priceCents: priceSchema });

/** `upTo` belongs to the bracket; the last one has none. `from`, where written, must be the next cent. */
const bracket = z.strictObject({
  fromCents: cents.optional(),
  upToCents: cents.nullable().default(null),
  priceCents: priceSchema,
});
const brackets = z.strictObject({
  kind: z.literal("brackets"),
  brackets: z
    .array(bracket)
    .min(1, "serve almeno una fascia")
    .check((context) => {
      let previous: number | null = -1;
      for (const [index, { fromCents, upToCents }] of context.value.entries()) {
        const wrong = (key: string, message: string): void => {
          context.issues.push({
            code: "custom",
            path: [index, key],
            message,
            input: context.value,
          });
        };
        const last = index === context.value.length - 1;
        if (previous !== null && fromCents !== undefined && fromCents !== previous + 1) {
          const what = fromCents > previous + 1 ? "c'è un vuoto" : "c'è una sovrapposizione";
          wrong("fromCents", `${what} con la fascia precedente`);
        }
        if (last && upToCents !== null)
          wrong("upToCents", "l'ultima fascia non ha limite superiore");
        if (!last && upToCents === null)
          wrong("upToCents", "solo l'ultima fascia è senza limite superiore");
        if (upToCents !== null && previous !== null && upToCents <= previous) {
          wrong("upToCents", "il limite deve superare quello della fascia precedente");
        }
        previous = upToCents;
      }
    }),
});

/**
 * From `min` at `iseeMin` to `max` at `iseeMax` in a straight line. Outside it the price stays at that end
 * (clamped), unless the town names another: `below`, `above`.
 */
const linear = z
  .strictObject({
    kind: z.literal("linear"),
    iseeMinCents: cents,
    iseeMaxCents: cents,
    minCents: priceSchema,
    maxCents: priceSchema,
    belowCents: priceSchema.optional(),
    aboveCents: priceSchema.optional(),
  })
  .check(({ value, issues }) => {
    const wrong = (key: string, message: string): void => {
      issues.push({ code: "custom", path: [key], message, input: value });
    };
    if (value.iseeMaxCents <= value.iseeMinCents) wrong("iseeMaxCents", "deve superare iseeMin");
    const { minCents, maxCents } = value;
    if (typeof minCents === "number" && typeof maxCents === "number" && maxCents < minCents) {
      wrong("maxCents", "deve essere almeno pari a min");
    }
  });

/** All conditions must hold. A missing ISEE counts as higher than any limit. */
const when = z
  .strictObject({
    levels: z.array(z.enum(LEVELS)).min(1),
    resident: z.boolean(),
    rankFrom: count,
    rankTo: count,
    minorsFrom: count,
    minorsTo: count,
    childrenFrom: count,
    childrenTo: count,
    /** inclusive */
    iseeUpToCents: cents,
    /** exclusive */
    iseeOverCents: cents,
    exemption: z.string().min(1),
    options: z.array(z.string().min(1)).min(1),
  })
  .partial();

export const EFFECTS = [
  "reduceBasisPoints",
  "increaseBasisPoints",
  "indexBasisPoints",
  "setCents",
  "addCents",
  "free",
  "floorCents",
  "capCents",
] as const;

const modifier = z
  .strictObject({
    /** what the act calls it; shown to the parent */
    name: z.string().min(1).max(120),
    when: when.default({}),
    reduceBasisPoints: part.optional(),
    increaseBasisPoints: points.optional(),
    /** ISTAT: may be negative */
    indexBasisPoints: percent.min(-10_000).optional(),
    setCents: priceSchema.optional(),
    /** may be negative; the price never falls below zero */
    addCents: z.int(AMOUNT_MESSAGE).optional(),
    free: z.literal(true).optional(),
    floorCents: cents.optional(),
    capCents: cents.optional(),
  })
  .check(({ value, issues }) => {
    if (EFFECTS.filter((effect) => value[effect] !== undefined).length !== 1) {
      const message =
        "una riduzione ha un solo effetto tra reduce, increase, index, set, add, free, floor, cap";
      issues.push({ code: "custom", path: [], message, input: value });
    }
  });

const common = {
  rounding: z
    .strictObject({
      mode: z.enum(["half-up", "down", "up"]).default("half-up"),
      stepCents: z.union([z.literal(1), z.literal(5), z.literal(10)]).default(1),
    })
    .default({ mode: "half-up", stepCents: 1 }),
  missingIsee: z.enum(["top-price", "unpriced"]).default("top-price"),
  unknownResidency: z.enum(["resident", "non-resident", "unpriced"]).default("unpriced"),
  /** who counts as a sibling, in which order, as of when */
  siblings: z
    .strictObject({
      count: z.enum(["same-service", "any-service", "household"]).default("same-service"),
      order: z.enum(["oldest-first", "youngest-first"]).default("oldest-first"),
      asOf: z.enum(["day", "year-start"]).default("day"),
    })
    .default({ count: "same-service", order: "oldest-first", asOf: "day" }),
  /** applied in this order */
  modifiers: z.array(modifier).default([]),
};

const base = z.discriminatedUnion("kind", [fixed, brackets, linear]);

const instalment = z.strictObject({ due: monthDay, shareBasisPoints: part.optional() });
const term = z.strictObject({
  name: z.string().min(1),
  firstDay: monthDay,
  lastDay: monthDay,
  due: monthDay,
});

const fixedFee = z
  .strictObject({
    kind: z.literal("fixed-fee"),
    per: z.enum(["month", "term", "year"]),
    payer: z.enum(["child", "household"]).default("child"),
    base,
    /** year: the dates of payment; equal parts unless each has a share */
    instalments: z.array(instalment).default([]),
    /** term: which they are */
    terms: z.array(term).default([]),
    /** month: due on this day of the next month */
    dueDay: z.int().min(1).max(28).optional(),
    ...common,
  })
  .check(({ value, issues }) => {
    const wrong = (path: (string | number)[], message: string): void => {
      issues.push({ code: "custom", path, message, input: value });
    };
    const shares = value.instalments.map((one) => one.shareBasisPoints);
    if (shares.some((share) => share !== undefined)) {
      const total = shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
      if (total !== 10_000) wrong(["instalments"], "le quote delle rate devono sommare al 100%");
    }
    if (value.instalments.length > 0 && value.per !== "year")
      wrong(["instalments"], "le rate valgono per una quota annuale");
    if (value.terms.length > 0 !== (value.per === "term"))
      wrong(["terms"], "i periodi servono solo, e sempre, per una quota a periodo");
    if (value.dueDay !== undefined && value.per !== "month")
      wrong(["dueDay"], "vale per una quota mensile");
  });

export const storedDefinition = z.discriminatedUnion("kind", [
  fixed.extend(common),
  brackets.extend(common),
  linear.safeExtend(common),
  fixedFee,
]);

/** Reads either form; its output is the stored one. */
export const tariffDefinition = z.preprocess(toStoredForm, storedDefinition);

export type Definition = z.output<typeof storedDefinition>;
export type FeeDefinition = Extract<Definition, { kind: "fixed-fee" }>;
export type MealDefinition = Exclude<Definition, FeeDefinition>;
export type Base = z.output<typeof base>;
export type Modifier = z.output<typeof modifier>;
export type Condition = z.output<typeof when>;

export interface TariffProblem {
  /** as the author wrote it: `["brackets", 1, "upTo"]` */
  path: (string | number)[];
  /** Italian, says what to do */
  message: string;
}

/** Validates a tariff from a profile or the office. Problems name the path of the wrong value. */
export function readTariff(
  input: unknown,
):
  | { outcome: "valid"; definition: Definition }
  | { outcome: "invalid"; problems: TariffProblem[] } {
  const result = tariffDefinition.safeParse(input, { error: z.locales.it().localeError });
  if (result.success) return { outcome: "valid", definition: result.data };
  const problems = result.error.issues.map(({ path, message }) => ({
    path: authorPath(input, path as (string | number)[]),
    message,
  }));
  return { outcome: "invalid", problems };
}
