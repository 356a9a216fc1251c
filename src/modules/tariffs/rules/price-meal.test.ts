// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { formatEuro } from "#kernel/money.ts";
import { explainPrice, explainUnpriced } from "./explain-price.ts";
import { definitionOf, facts, isee } from "./fixtures/facts.ts";
import * as towns from "./fixtures/meal-tariffs.ts";
import type { PriceFacts } from "./price-facts.ts";
import { priceMeal } from "./price-meal.ts";

type Case = [changes: Partial<PriceFacts>, expected: string];

/** Amounts with a plain space, as the cases are written. */
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

/** `unpriced: reason` or the price as a person reads it. */
function priceText(tariff: unknown, changes: Partial<PriceFacts>): string {
  const priced = priceMeal(definitionOf(tariff), facts(changes));
  return priced.outcome === "priced" ? plain(formatEuro(priced.amountCents)) : priced.reason;
}

function check(tariff: unknown, cases: Case[]): void {
  for (const [changes, expected] of cases) {
    const shown = JSON.stringify(changes, (_key, value) =>
      typeof value === "bigint" ? `${value}` : value,
    );
    assert.equal(priceText(tariff, changes), expected, shown);
  }
}

const away = { resident: false };

describe("worked prices of real towns (issue 2, section 6)", () => {
  it("Gasperina: bracket by child by residency", () => {
    check(towns.gasperina.tariff, [
      [{ isee: isee(0) }, "1,40 €"],
      [{ isee: isee(3000), siblingRank: 2 }, "0,90 €"],
      [{ isee: isee("3000.01"), siblingRank: 2 }, "1,00 €"],
      [{ isee: isee(5000), siblingRank: 3 }, "0,00 €"],
      [{ isee: isee("5000.01"), siblingRank: 3 }, "0,90 €"],
      [{ isee: isee("5000.01"), siblingRank: 5 }, "0,90 €"],
      [{ siblingRank: 2 }, "1,10 €"],
      [{ ...away, isee: isee(3000), siblingRank: 3 }, "1,60 €"],
      [{ ...away, isee: isee("3000.01"), siblingRank: 3 }, "2,00 €"],
      [{ ...away, isee: isee(5000), siblingRank: 2 }, "2,20 €"],
      [{ ...away, isee: isee("5000.01"), siblingRank: 2 }, "2,40 €"],
      [{ ...away }, "2,60 €"],
      [{ resident: null }, "residency-unknown"],
    ]);
  });

  it("BI-05 Manfredonia: both edges of each ISEE bracket; no ISEE and non-residents pay the top", () => {
    check(towns.manfredonia.tariff, [
      [{ isee: isee(0) }, "2,00 €"],
      [{ isee: isee(6000) }, "2,00 €"],
      [{ isee: isee("6000.01") }, "3,50 €"],
      [{ isee: isee(9360) }, "3,50 €"],
      [{ isee: isee("9360.01") }, "4,00 €"],
      [{ isee: isee(15000) }, "4,00 €"],
      [{ isee: isee("15000.01") }, "4,50 €"],
      [{}, "4,50 €"],
      [{ ...away, isee: isee(0) }, "4,50 €"],
    ]);
  });

  it("Casalmaggiore: full price by level, reduced by ISEE and number of minors", () => {
    check(towns.casalmaggiore.tariff, [
      [{ level: "infanzia" }, "4,20 €"],
      [{ level: "primaria" }, "4,60 €"],
      [{ level: "secondaria1" }, "5,00 €"],
      [{ level: "nido" }, "level-not-in-tariff"],
      [{ isee: isee(4000) }, "0,00 €"],
      [{ isee: isee("4000.01") }, "3,22 €"],
      [{ isee: isee(7000) }, "3,22 €"],
      [{ isee: isee("7000.01") }, "4,60 €"],
      [{ isee: isee(7000), minors: 2 }, "2,76 €"],
      [{ isee: isee("7000.01"), minors: 2 }, "4,60 €"],
      [{ isee: isee(7000), minors: 3 }, "2,30 €"],
      [{ isee: isee(7001), minors: 3 }, "3,22 €"],
      [{ isee: isee(10000), minors: 3 }, "3,22 €"],
      [{ isee: isee("10000.01"), minors: 3 }, "4,60 €"],
      [{ isee: isee(7000), minors: 4 }, "1,84 €"],
      [{ isee: isee(10000), minors: 6 }, "2,76 €"],
      [{ isee: isee("10000.01"), minors: 6 }, "4,60 €"],
      [{ isee: isee(5000), minors: null }, "minors-unknown"],
    ]);
  });

  it("San Giorgio su Legnano: linear for residents, siblings by ISEE where it is lower", () => {
    check(towns.sanGiorgio.tariff, [
      [{ isee: isee(0) }, "2,95 €"],
      [{ isee: isee(6531) }, "4,39 €"],
      [{ isee: isee(10000) }, "5,15 €"],
      [{ isee: isee(13062) }, "5,83 €"],
      [{ isee: isee("13062.01") }, "5,83 €"],
      [{}, "5,83 €"],
      [{ siblingRank: 2 }, "5,67 €"],
      [{ siblingRank: 2, isee: isee(20000) }, "5,67 €"],
      [{ siblingRank: 2, isee: isee(6531) }, "4,39 €"],
      [{ ...away, isee: isee(0) }, "6,06 €"],
      [{ ...away, siblingRank: 2 }, "6,06 €"],
    ]);
  });

  it("Massarosa: brackets", () => {
    check(towns.massarosaMeals.tariff, [
      [{ isee: isee(4500) }, "0,50 €"],
      [{ isee: isee("4500.01") }, "2,50 €"],
      [{ isee: isee(9000) }, "2,50 €"],
      [{ isee: isee("9000.01") }, "4,00 €"],
      [{ isee: isee(16500) }, "4,00 €"],
      [{ isee: isee("16500.01") }, "5,50 €"],
      [{}, "5,50 €"],
    ]);
  });

  it("Lucca, Ravenna and the Lombard town are expressible (amounts partly assumed)", () => {
    check(towns.lucca.tariff, [
      [{ isee: isee(5500) }, "0,00 €"],
      [{ isee: isee("5500.01") }, "2,00 €"],
      [{ isee: isee(30000) }, "5,00 €"],
      [{}, "5,00 €"],
    ]);
    check(towns.ravenna.tariff, [
      [{ level: "infanzia", isee: isee(4500) }, "0,00 €"],
      [{ level: "infanzia", isee: isee("4500.01") }, "1,50 €"],
      [{ level: "primaria", isee: isee(3000) }, "0,00 €"],
      [{ level: "secondaria1", isee: isee("3000.01") }, "1,50 €"],
      [{ level: "primaria" }, "5,90 €"],
    ]);
    check(towns.ilGiorno.tariff, [
      [{ isee: isee(16000) }, "4,80 €"],
      [{ isee: isee(16000), siblingRank: 2 }, "2,40 €"],
      [{ isee: isee(16000), siblingRank: 3 }, "4,80 €"],
    ]);
  });
});

describe("rules", () => {
  const brackets = { kind: "brackets", brackets: [{ upTo: 6000, price: "2" }, { price: "4,60" }] };

  it("an ISEE outside its validity counts as missing", () => {
    const valid = isee(1000);
    check(brackets, [
      [{ isee: valid, date: day("2026-12-31") }, "2,00 €"],
      [{ isee: valid, date: day("2027-01-01") }, "4,60 €"],
      [{ isee: valid, date: day("2026-01-14") }, "4,60 €"],
    ]);
    check({ ...brackets, missingIsee: "unpriced" }, [[{}, "isee-missing"]]);
  });

  it("residency unknown: the town says what then", () => {
    const tariff = { kind: "fixed", price: { byResidency: { resident: "4", nonResident: "6" } } };
    check(tariff, [[{ resident: null }, "residency-unknown"]]);
    check({ ...tariff, unknownResidency: "resident" }, [[{ resident: null }, "4,00 €"]]);
    check({ ...tariff, unknownResidency: "non-resident" }, [[{ resident: null }, "6,00 €"]]);
  });

  it("modifiers apply in the town's order, and the order matters", () => {
    const less = { name: "Meno 50 centesimi", add: "-0,50" };
    const third = { name: "Meno un terzo", reduce: "33,33%" };
    check({ kind: "fixed", price: "4,60", modifiers: [less, third] }, [[{}, "2,73 €"]]);
    check({ kind: "fixed", price: "4,60", modifiers: [third, less] }, [[{}, "2,57 €"]]);
  });

  it("rounds once, at the end, by the tariff's rule", () => {
    const twice = [1, 2].map((n) => ({ name: `Riduzione ${n}`, reduce: "33,33%" }));
    const rounded = (mode: string, step: string): unknown => ({
      kind: "fixed",
      price: "4,61",
      modifiers: twice,
      rounding: { mode, step },
    });
    // 4,61 × 0,6667² = 2,0490…; rounding after each reduction would give 2,05 from 3,07.
    check(rounded("half-up", "0,01"), [[{}, "2,05 €"]]);
    check(rounded("down", "0,01"), [[{}, "2,04 €"]]);
    check(rounded("down", "0,05"), [[{}, "2,00 €"]]);
    check(rounded("up", "0,10"), [[{}, "2,10 €"]]);
    const half = { kind: "fixed", price: "4,61", modifiers: [{ name: "Metà", reduce: "50%" }] };
    check(half, [[{}, "2,31 €"]]);
  });

  it("floor, cap, ISTAT, exemption, never below zero", () => {
    const one = (modifier: object): unknown => ({
      kind: "fixed",
      price: "4,60",
      modifiers: [{ name: "x", ...modifier }],
    });
    check(one({ floor: "5" }), [[{}, "5,00 €"]]);
    check(one({ cap: "4" }), [[{}, "4,00 €"]]);
    check(one({ index: "1,9%" }), [[{}, "4,69 €"]]);
    check(one({ index: "-1,0%" }), [[{}, "4,55 €"]]);
    check(one({ increase: "10%" }), [[{}, "5,06 €"]]);
    check(one({ add: "-9" }), [[{}, "0,00 €"]]);
    check(one({ free: true, when: { exemption: "L104" } }), [
      [{}, "4,60 €"],
      [{ exemptions: ["L104"] }, "0,00 €"],
    ]);
  });

  it("a fixed fee has no meal price", () => {
    const fee = { kind: "fixed-fee", per: "month", base: { kind: "fixed", price: "20" } };
    check(fee, [[{}, "not-a-meal-tariff"]]);
    assert.match(explainUnpriced("not-a-meal-tariff"), /quota fissa/);
  });
});

describe("X-09 a price explains itself", () => {
  const said = (tariff: unknown, changes: Partial<PriceFacts>): string[] => {
    const priced = priceMeal(definitionOf(tariff), facts(changes));
    assert.equal(priced.outcome, "priced");
    // as the database gives it back
    return explainPrice(JSON.parse(JSON.stringify(priced.explanation))).map(plain);
  };

  it("bracket, ISEE and its validity, residency", () => {
    assert.deepEqual(said(towns.manfredonia.tariff, { isee: isee("7200.50") }), [
      "ISEE minorenni di 7.200,50 €, valido dal 15 gennaio 2026 al 31 dicembre 2026.",
      "Fascia ISEE da 6.000,01 € a 9.360,00 €: 3,50 €.",
    ]);
    assert.deepEqual(
      said(towns.manfredonia.tariff, {
        resident: false,
        isee: isee(100, { overriddenBy: "R. Bo" }),
      }),
      [
        "ISEE minorenni di 100,00 €, valido dal 15 gennaio 2026 al 31 dicembre 2026, valore registrato dall'ufficio.",
        "Fascia ISEE fino a 6.000,00 €: 2,00 €.",
        "Non residenti: prezzo stabilito, da 2,00 € a 4,50 €.",
      ],
    );
    assert.deepEqual(said(towns.manfredonia.tariff, {}), [
      "Nessun ISEE valido in questo giorno: vale la tariffa più alta.",
      "Fascia ISEE da 15.000,01 € in su: 4,50 €.",
    ]);
  });

  it("linear price with its rounding, reductions in order, choices of a table", () => {
    assert.deepEqual(said(towns.sanGiorgio.tariff, { isee: isee(10000, { kind: "ordinario" }) }), [
      "ISEE di 10.000,00 €, valido dal 15 gennaio 2026 al 31 dicembre 2026.",
      "Tariffa in proporzione all'ISEE: da 2,95 € con ISEE 0,00 € a 5,83 € con ISEE 13.062,00 €.",
      "Prezzo per questo ISEE: circa 5,1549 €.",
      "Arrotondamento al centesimo: da circa 5,1549 € a 5,15 €.",
    ]);
    assert.deepEqual(said(towns.casalmaggiore.tariff, { isee: isee(5000), minors: 2 }), [
      "Tariffa (scuola primaria): 4,60 €.",
      "ISEE minorenni di 5.000,00 €, valido dal 15 gennaio 2026 al 31 dicembre 2026.",
      "Riduzione per ISEE e numero di minori: riduzione del 40%, da 4,60 € a 2,76 €.",
    ]);
    assert.deepEqual(
      said(towns.gasperina.tariff, { isee: isee(1000), siblingRank: 2 }).at(-1),
      "Fascia ISEE fino a 3.000,00 € (residenti, 2º figlio): 0,90 €.",
    );
  });
});
