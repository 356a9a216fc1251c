// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import {
  isSettlementCausale,
  type MatchableMovement,
  matchMovements,
} from "./match-bank-movements.ts";

const CREDITOR = { creditorFiscalCode: "77777777777" };
const FLOW = {
  ...CREDITOR,
  id: "f1",
  flowCode: "2026-11-23ABC_01-S000000001",
  totalCents: 12_410n,
};
const LONGER = { ...CREDITOR, id: "f10", flowCode: `${FLOW.flowCode}0`, totalCents: 500n };

let nth = 0;
const movement = (causale: string, cents: bigint, at = "2026-11-23"): MatchableMovement => {
  const id = `m${nth++}`;
  const movedOn = day(at);
  return {
    ...CREDITOR,
    id,
    key: id,
    movedOn,
    amountCents: cents,
    causale,
    chosenFlowId: null,
  };
};

/** What becomes of one movement beside these flows. */
const alone = (causale: string, cents = FLOW.totalCents, flows = [FLOW, LONGER]) => {
  const one = movement(causale, cents);
  const { flowId, standing } = matchMovements(flows, [one]).movements.get(one.id)!;
  return flowId ? `${standing} ${flowId}` : standing;
};

describe("X-05 the causale of a bank transfer", () => {
  const CODE = FLOW.flowCode;
  const found: [string, string][] = [
    ["as the standard has it", `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${CODE}`],
    ["without /TXT/", `/PUR/LGPE-RIVERSAMENTO/URI/${CODE}`],
    ["with words around it", `BONIFICO 123 /PUR/LGPE-RIVERSAMENTO/TXT/9/URI/${CODE} ORD. BANCA`],
    [
      "broken by spaces and lines",
      `/PUR/LGPE-RIVER SAMENTO/TXT/0/U RI/2026-11-\n23ABC_01-S0000 00001`,
    ],
    ["in small letters", `/pur/lgpe-riversamento/txt/0/uri/${CODE}`],
    ["with its end cut", `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${CODE.slice(0, 12)}`],
    ["broken and cut", `/PUR/LGPE-RIVERSAMENTO/URI/2026-11 -23ABC_0`],
  ];
  for (const [what, causale] of found)
    it(`${what} finds its flow`, () => {
      assert.equal(alone(causale), "matched f1");
      assert.ok(isSettlementCausale(causale));
    });

  it("with another amount is shown beside its flow, and is no match", () => {
    const whole = `/PUR/LGPE-RIVERSAMENTO/URI/${CODE}`;
    assert.equal(alone(whole, 1n), "amount-differs f1");
    assert.equal(alone(whole.slice(0, -3), 1n), "unexplained");
  });

  it("finds the flow of its own creditor, where a PSP gave two of them one code", () => {
    const other = { ...FLOW, id: "f2", creditorFiscalCode: "11111111111" };
    const causale = `/PUR/LGPE-RIVERSAMENTO/URI/${CODE}`;
    assert.equal(alone(causale, FLOW.totalCents, [other, FLOW]), "matched f1");
    assert.equal(alone(causale, FLOW.totalCents, [other]), "unexplained");
    const theirs = { ...movement(causale, FLOW.totalCents), creditorFiscalCode: "11111111111" };
    const found = matchMovements([FLOW, other], [theirs]);
    assert.deepEqual([...found.banked.keys()], ["f2"]);
  });

  it("names the longest code it holds", () => {
    const causale = `/PUR/LGPE-RIVERSAMENTO/URI/${LONGER.flowCode}`;
    assert.equal(alone(causale, 500n), "matched f10");
    assert.equal(alone(causale, FLOW.totalCents), "amount-differs f10");
  });

  it("that could be two flows, or no flow, waits for a person", () => {
    const twin = { ...FLOW, id: "f2", flowCode: "2026-11-23ABC_01-S000000002" };
    const cut = "/PUR/LGPE-RIVERSAMENTO/URI/2026-11-23ABC_01";
    assert.equal(alone(cut, FLOW.totalCents, [FLOW, twin]), "unexplained");
    assert.equal(alone("/PUR/LGPE-RIVERSAMENTO/URI/2026"), "unexplained", "too short a beginning");
    for (const other of ["STIPENDI", "", "MUTUO 123 PURE LGPE"])
      assert.equal(isSettlementCausale(other), false, other);
  });

  it("of parts, storni and repetitions settles a flow only when the sum is its total", () => {
    const causale = `/PUR/LGPE-RIVERSAMENTO/URI/${CODE}`;
    const banked = (...amounts: bigint[]): string | undefined =>
      matchMovements(
        [FLOW],
        amounts.map((cents, index) => movement(causale, cents, `2026-11-2${index + 1}`)),
      )
        .banked.get("f1")
        ?.toString();
    assert.equal(banked(12_000n, 410n), "2026-11-22", "two parts, the day of the last");
    assert.equal(banked(12_410n, -12_410n), undefined, "taken back");
    assert.equal(banked(12_410n, -12_410n, 12_410n), "2026-11-23", "and sent again");
    assert.equal(banked(12_410n, 12_410n), "2026-11-21", "the second is a question");
    assert.equal(banked(12_000n), undefined);
  });

  it("matches the same whatever the order of flows and movements", () => {
    const codes = ["A-S0000001", "A-S0000002", "A-S00000010", "B-S0000001"];
    const flows = codes.map((flowCode, index) => ({
      ...CREDITOR,
      id: flowCode,
      flowCode,
      totalCents: BigInt(100 * (index % 2) + 100),
    }));
    const causale = fc.constantFrom(...codes, "A-S000000", "A-S00000", "").map((c) => `/URI/${c}`);
    const cents = fc.constantFrom(100n, 200n, -100n, 300n);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(causale, cents), { maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        (what, chance) => {
          const movements = what.map(([text, amount]) => movement(text, amount));
          const shuffled = <One>(list: readonly One[], from: number): One[] =>
            list
              .map((one, index) => ({ one, place: chance[(index + from) % 12]! }))
              .sort((a, b) => a.place - b.place)
              .map(({ one }) => one);
          const natural = matchMovements(flows, movements);
          const other = matchMovements(shuffled(flows, 0), shuffled(movements, 4));
          assert.deepEqual([...other.movements].toSorted(), [...natural.movements].toSorted());
          for (const [flowId] of natural.banked) {
            const sum = movements
              .filter(({ id }) => {
                const match = natural.movements.get(id);
                return match?.standing === "matched" && match.flowId === flowId;
              })
              .reduce((all, { amountCents }) => all + amountCents, 0n);
            assert.equal(sum, flows.find(({ id }) => id === flowId)!.totalCents);
          }
        },
      ),
    );
  });
});
