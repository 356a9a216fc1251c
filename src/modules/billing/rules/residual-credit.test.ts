// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { residualCredits, type ResidualService } from "./residual-credit.ts";

const account = { holderId: "h", childId: "giulia", serviceId: null, balanceCents: 1200n };

function due(rule: ResidualService["rule"], later: readonly string[], changes = {}): unknown[] {
  return residualCredits({
    balances: [{ ...account, ...changes }],
    services: [{ id: "mensa", rule }],
    childrenOf: () => ["giulia", "tommaso"],
    laterServicesOf: (child) => new Set(child === "giulia" ? later : ["mensa"]),
  }).map(({ why }) => why);
}

describe("credit that is left after a school year", () => {
  it("MC-12 is kept when the service is used again, refunded when it is not", () => {
    assert.deepEqual(due("refunded-at-year-end-if-unused", ["mensa"]), []);
    assert.deepEqual(due("refunded-at-year-end-if-unused", ["scuolabus"]), ["not-used-again"]);
    assert.deepEqual(due("refunded-at-year-end-if-unused", []), ["career-over"]);
  });

  it("BI-06 lasts the whole career: refunded only when no service is used any more", () => {
    assert.deepEqual(due("refunded-at-career-end", ["scuolabus"]), []);
    assert.deepEqual(due("refunded-at-career-end", []), ["career-over"]);
  });

  it("MC-12 nothing is given back where the town carries it over, nor what is no credit", () => {
    assert.deepEqual(due("carried-over", []), []);
    assert.deepEqual(due("refunded-at-career-end", [], { balanceCents: 0n }), []);
    assert.deepEqual(due("refunded-at-career-end", [], { balanceCents: -1n }), []);
    assert.deepEqual(due("refunded-at-career-end", [], { serviceId: "altro" }), []);
  });

  it("BI-06 an account of the whole family waits for its last child", () => {
    assert.deepEqual(due("refunded-at-career-end", [], { childId: null }), []);
  });
});
