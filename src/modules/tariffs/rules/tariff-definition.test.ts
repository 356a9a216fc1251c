// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fees from "./fixtures/fee-tariffs.ts";
import * as meals from "./fixtures/meal-tariffs.ts";
import { readTariff, storedDefinition, tariffDefinition } from "./tariff-definition.ts";

/** `path: message` of each problem. */
const problems = (tariff: unknown): string[] => {
  const read = readTariff(tariff);
  return read.outcome === "valid"
    ? []
    : read.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
};
const brackets = (...rows: object[]): unknown => ({ kind: "brackets", brackets: rows });

describe("tariff definition", () => {
  it("every real table is valid, and its stored form reads back as itself", () => {
    for (const { town, tariff } of [...Object.values(meals), ...Object.values(fees)]) {
      const read = readTariff(tariff);
      assert.equal(read.outcome, "valid", `${town} ${JSON.stringify(read)}`);
      assert.deepEqual(
        storedDefinition.parse(JSON.parse(JSON.stringify(read.definition))),
        read.definition,
      );
      assert.deepEqual(tariffDefinition.parse(read.definition), read.definition, town);
    }
  });

  it("amounts as people write them become cents; what is not said gets its default", () => {
    const read = readTariff({
      kind: "brackets",
      brackets: [
        { upTo: "6.000,00", price: "2.5" },
        { upTo: 9360.5, price: 3 },
        { price: "4,60 €" },
      ],
      modifiers: [{ name: "Fratello", when: { rankFrom: 2 }, reduce: "12,5%" }],
    });
    assert.deepEqual(read, {
      outcome: "valid",
      definition: {
        kind: "brackets",
        brackets: [
          { upToCents: 600000, priceCents: 250 },
          { upToCents: 936050, priceCents: 300 },
          { upToCents: null, priceCents: 460 },
        ],
        rounding: { mode: "half-up", stepCents: 1 },
        missingIsee: "top-price",
        unknownResidency: "unpriced",
        siblings: { count: "same-service", order: "oldest-first", asOf: "day" },
        modifiers: [{ name: "Fratello", when: { rankFrom: 2 }, reduceBasisPoints: 1250 }],
      },
    });
  });

  it("refuses overlaps, gaps and a missing open end, naming the place", () => {
    assert.deepEqual(
      problems(brackets({ upTo: 6000, price: 2 }, { upTo: 5000, price: 3 }, { price: 4 })),
      ["brackets.1.upTo: il limite deve superare quello della fascia precedente"],
    );
    assert.deepEqual(problems(brackets({ upTo: 6000, price: 2 }, { upTo: 9000, price: 3 })), [
      "brackets.1.upTo: l'ultima fascia non ha limite superiore",
    ]);
    assert.deepEqual(problems(brackets({ price: 2 }, { price: 3 })), [
      "brackets.0.upTo: solo l'ultima fascia è senza limite superiore",
    ]);
    const from = (text: string): unknown =>
      brackets({ from: 0, upTo: 6000, price: 2 }, { from: text, price: 3 });
    assert.deepEqual(problems(from("6000,01")), []);
    assert.deepEqual(problems(from("6001")), [
      "brackets.1.from: c'è un vuoto con la fascia precedente",
    ]);
    assert.deepEqual(problems(from("6000")), [
      "brackets.1.from: c'è una sovrapposizione con la fascia precedente",
    ]);
    assert.match(problems(brackets()).join(), /^brackets: serve almeno una fascia/);
  });

  it("refuses negative and unreadable amounts, unknown levels and words, naming the place", () => {
    assert.deepEqual(problems({ kind: "fixed", price: "-1" }), [
      "price: un prezzo non può essere negativo",
    ]);
    assert.deepEqual(problems({ kind: "fixed", price: "quattro" }), [
      "price: importo non valido: scriverlo come 4,60",
    ]);
    assert.deepEqual(problems({ kind: "fixed", price: 4.605 }), [
      "price: importo non valido: scriverlo come 4,60",
    ]);
    assert.deepEqual(problems({ kind: "fixed" }), ["price: manca il prezzo"]);
    assert.match(
      problems(brackets({ upTo: 10, price: 1 }, { price: { byLevel: { elementari: 2 } } })).join(),
      /^brackets\.1\.price\.byLevel\.elementari: ordine di scuola sconosciuto: elementari/,
    );
    assert.deepEqual(problems({ kind: "fixed", price: { infanzia: "4", primaria: "x" } }), [
      "price.primaria: importo non valido: scriverlo come 4,60",
    ]);
    assert.match(problems({ kind: "fixed", price: 1, rondung: {} }).join(), /rondung/);
    assert.match(problems({ kind: "gratis" }).join(), /^kind: /);
    assert.match(problems(null).join(), /^: /);
    assert.match(
      problems(brackets({ upTo: "tanto", price: 1 }, { price: 2 })).join(),
      /^brackets\.0\.upTo: /,
    );
  });

  it("a linear tariff rises, and a modifier has one effect", () => {
    const linear = { kind: "linear", iseeMin: 5000, iseeMax: 5000, min: 3, max: 2 };
    assert.deepEqual(problems(linear), [
      "iseeMax: deve superare iseeMin",
      "max: deve essere almeno pari a min",
    ]);
    const modifiers = (...list: object[]): unknown => ({
      kind: "fixed",
      price: 1,
      modifiers: list,
    });
    assert.match(
      problems(modifiers({ name: "a" })).join(),
      /^modifiers\.0: una riduzione ha un solo/,
    );
    assert.match(problems(modifiers({ name: "a", free: true, set: 1 })).join(), /^modifiers\.0: /);
    assert.match(
      problems(modifiers({ name: "a", reduce: "130%" })).join(),
      /^modifiers\.0\.reduce: /,
    );
    assert.match(
      problems(modifiers({ name: "a", when: { levels: ["liceo"] }, free: true })).join(),
      /^modifiers\.0\.when\.levels\.0: /,
    );
  });

  it("fees: shares sum to the whole, dates exist, periods fit the kind", () => {
    const fee = (more: object): unknown => ({
      kind: "fixed-fee",
      per: "year",
      base: { kind: "fixed", price: 9 },
      ...more,
    });
    assert.deepEqual(problems(fee({})), []);
    assert.deepEqual(
      problems(fee({ instalments: [{ due: "30/09", share: "50%" }, { due: "31/03" }] })),
      ["instalments: le quote delle rate devono sommare al 100%"],
    );
    assert.deepEqual(problems(fee({ instalments: [{ due: "31/09" }] })), [
      "instalments.0.due: giorno inesistente",
    ]);
    assert.match(
      problems(fee({ instalments: [{ due: "settembre" }] })).join(),
      /^instalments\.0\.due: giorno/,
    );
    assert.match(problems(fee({ per: "term" })).join(), /^terms: /);
    assert.match(problems(fee({ dueDay: 3 })).join(), /^dueDay: /);
  });
});
