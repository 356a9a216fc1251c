// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { formatEuro } from "#kernel/money.ts";
import { definitionOf, facts, isee } from "./fixtures/facts.ts";
import * as towns from "./fixtures/fee-tariffs.ts";
import type { PriceFacts } from "./price-facts.ts";
import { feePeriods, priceFee } from "./price-fee.ts";
import type { FeeDefinition } from "./tariff-definition.ts";

/** With a plain space, as the cases are written. */
const plainEuro = (cents: bigint): string => formatEuro(cents).replace("\u00a0", " ");

const feeOf = (tariff: unknown): FeeDefinition => {
  const definition = definitionOf(tariff);
  assert.equal(definition.kind, "fixed-fee");
  return definition as FeeDefinition;
};
const [FROM, TO] = [day("2026-09-14"), day("2027-06-08")];
const year = { name: "2026/27", from: FROM, to: TO };
const november = { name: "2026-11", from: day("2026-11-01"), to: day("2026-11-30") };

const shown = (tariff: unknown, changes: Partial<PriceFacts>, period = year): string => {
  const priced = priceFee(feeOf(tariff), period, facts(changes));
  return priced.outcome === "priced" ? plainEuro(priced.amountCents) : priced.reason;
};

const dates = (tariff: unknown, changes: Partial<PriceFacts>, period = year): string[] => {
  const priced = priceFee(feeOf(tariff), period, facts(changes));
  assert.equal(priced.outcome, "priced");
  return priced.instalments.map(({ dueOn, amountCents }) => `${dueOn} ${plainEuro(amountCents)}`);
};

describe("OS-01 worked fixed fees of real towns (issue 2, section 6)", () => {
  it("Massarosa: monthly bus fee by bracket", () => {
    const { tariff } = towns.massarosaBus;
    assert.equal(shown(tariff, { isee: isee(4500) }, november), "5,00 €");
    assert.equal(shown(tariff, { isee: isee("4500.01") }, november), "28,00 €");
    assert.equal(shown(tariff, { isee: isee(9000) }, november), "28,00 €");
    assert.equal(shown(tariff, { isee: isee("9000.01") }, november), "40,00 €");
    assert.equal(shown(tariff, { isee: isee(16500) }, november), "40,00 €");
    assert.equal(shown(tariff, { isee: isee("16500.01") }, november), "50,00 €");
    assert.equal(shown(tariff, {}, november), "50,00 €");
  });

  it("province of Macerata: year by bracket and child", () => {
    const { tariff } = towns.macerata;
    const row = (euro: number | string): string[] =>
      [1, 2, 3].map((siblingRank) => shown(tariff, { isee: isee(euro), siblingRank }));
    assert.deepEqual(row(6000), ["0,00 €", "0,00 €", "0,00 €"]);
    assert.deepEqual(row("6000.01"), ["70,00 €", "56,00 €", "0,00 €"]);
    assert.deepEqual(row(10000), ["70,00 €", "56,00 €", "0,00 €"]);
    assert.deepEqual(row("10000.01"), ["100,00 €", "80,00 €", "0,00 €"]);
    assert.deepEqual(row(16000), ["100,00 €", "80,00 €", "0,00 €"]);
    assert.deepEqual(row("16000.01"), ["150,00 €", "120,00 €", "0,00 €"]);
    assert.deepEqual(row(22000), ["150,00 €", "120,00 €", "0,00 €"]);
    assert.deepEqual(row("22000.01"), ["180,00 €", "144,00 €", "0,00 €"]);
  });

  it("Benevento: monthly, reduced from the second and third child, due on the 10th of the next month", () => {
    const { tariff } = towns.benevento;
    const prices = [5000, "5000.01", 8000, "8000.01", 12000, "12000.01", 21000, "21000.01"].map(
      (euro) => shown(tariff, { isee: isee(euro) }, november),
    );
    assert.deepEqual(prices, [
      ...["25,00 €", "30,00 €", "30,00 €", "35,00 €"],
      ...["35,00 €", "40,00 €", "40,00 €", "45,00 €"],
    ]);
    assert.equal(shown(tariff, { siblingRank: 2 }, november), "31,50 €");
    assert.equal(shown(tariff, { siblingRank: 3 }, november), "22,50 €");
    assert.deepEqual(dates(tariff, {}, november), ["2026-12-10 45,00 €"]);
    const months = feePeriods(feeOf(tariff), 2026, FROM, TO).map(({ name }) => name);
    assert.equal(months.length, 10);
    assert.deepEqual([months[0], months[9]], ["2026-09", "2027-06"]);
  });

  it("Poggibonsi: year by level, three instalments that sum to the fee", () => {
    const { tariff } = towns.poggibonsi;
    const edges = [8000, "8000.01", 18000, "18000.01", 28000, "28000.01"];
    assert.deepEqual(
      edges.map((euro) => shown(tariff, { isee: isee(euro), level: "infanzia" })),
      [...["132,00 €", "150,00 €", "150,00 €", "180,00 €", "180,00 €", "220,00 €"]],
    );
    assert.deepEqual(
      edges.map((euro) => shown(tariff, { isee: isee(euro), level: "secondaria1" })),
      [...["120,00 €", "130,00 €", "130,00 €", "160,00 €", "160,00 €", "200,00 €"]],
    );
    assert.deepEqual(dates(tariff, {}), [
      ...["2026-12-31 66,67 €", "2027-03-31 66,67 €", "2027-06-30 66,66 €"],
    ]);
  });

  it("Mozzagrogna: by option, third child, exemption of residents, two instalments", () => {
    const { tariff } = towns.mozzagrogna;
    const both = { option: "andata-ritorno" };
    assert.equal(shown(tariff, both), "160,00 €");
    assert.equal(shown(tariff, { option: "sola-andata-o-ritorno" }), "100,00 €");
    assert.equal(shown(tariff, { ...both, siblingRank: 3 }), "80,00 €");
    assert.equal(shown(tariff, { ...both, exemptions: ["legge-104"] }), "0,00 €");
    assert.equal(
      shown(tariff, { ...both, exemptions: ["legge-104"], resident: false }),
      "160,00 €",
    );
    assert.equal(shown(tariff, {}), "option-unknown");
    assert.equal(shown(tariff, { option: "elicottero" }), "option-not-in-tariff");
    assert.equal(shown(tariff, { option: "constructor" }), "option-not-in-tariff");
    assert.deepEqual(dates(tariff, both), ["2026-09-30 80,00 €", "2027-03-31 80,00 €"]);
  });

  it("Casteggio: year per household by its number of children", () => {
    const { tariff } = towns.casteggio;
    const row = (euro: number | string): string[] =>
      [1, 2, 3, 5].map((children) => shown(tariff, { isee: isee(euro), children }));
    assert.deepEqual(row(6000), ["150,00 €", "180,00 €", "200,00 €", "200,00 €"]);
    assert.deepEqual(row("6000.01"), ["250,00 €", "300,00 €", "350,00 €", "350,00 €"]);
  });
});

describe("fees", () => {
  it("terms have their days and their due date", () => {
    const tariff = {
      kind: "fixed-fee",
      per: "term",
      base: { kind: "fixed", price: "60" },
      terms: [
        { name: "settembre-dicembre", firstDay: "01/09", lastDay: "31/12", due: "31/10" },
        { name: "gennaio-marzo", firstDay: "01/01", lastDay: "31/03", due: "31/01" },
      ],
    };
    const periods = feePeriods(feeOf(tariff), 2026, FROM, TO);
    assert.deepEqual(
      periods.map(({ name, from, to }) => `${name} ${from} ${to}`),
      ["settembre-dicembre 2026-09-01 2026-12-31", "gennaio-marzo 2027-01-01 2027-03-31"],
    );
    const second = periods[1];
    assert.ok(second);
    assert.deepEqual(dates(tariff, {}, second), ["2027-01-31 60,00 €"]);
  });

  it("instalments by share; a meal tariff is no fee", () => {
    const tariff = {
      kind: "fixed-fee",
      per: "year",
      base: { kind: "fixed", price: "100,01" },
      instalments: [
        { due: "30/09", share: "60%" },
        { due: "29/02", share: "40%" },
      ],
    };
    assert.deepEqual(dates(tariff, {}), ["2026-09-30 60,01 €", "2027-02-28 40,00 €"]);
    const meal = definitionOf({ kind: "fixed", price: "4" });
    assert.deepEqual(priceFee(meal, year, facts()), {
      outcome: "unpriced",
      reason: "not-a-fee-tariff",
    });
  });
});
