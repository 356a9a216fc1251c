// SPDX-License-Identifier: EUPL-1.2
/** Whatever the desk, the families and the bank do, in whatever order: no cent is lost, given twice or made up. */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import fc from "fast-check";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf, checkLedger } from "#ledger";
import {
  checkPayments,
  answerMoney,
  askMoney,
  confirmRefunds,
  decideWriteOff,
  giveBack,
  markBatchSent,
  moneyRequests,
  orderRefunds,
  proposeWriteOff,
  refundBatches,
  registerDeskPayment,
  returnRefund,
  withdrawRequest,
  writeOffs,
} from "#payments";
import { BANK_IBAN } from "../support/collecting.ts";
import { testDatabase, type TestDatabase, testEngine } from "../support/db.ts";
import { type Desk, move, openDesk } from "../support/money-desk.ts";

const RUNS = testEngine() === "postgres" ? 20 : 12;
const NOW = moment("2026-11-20T09:16:00Z");
const TODAY = day("2026-11-20");

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const ACTS = [
  "register",
  "eat",
  "ask-refund",
  "ask-transfer",
  "approve",
  "refuse",
  "withdraw",
  "order",
  "send",
  "confirm",
  "return",
  "give-back",
  "propose",
  "decide",
] as const;
const step = fc.record({
  act: fc.constantFrom(...ACTS),
  cents: fc.bigInt(1n, 4000n),
  pick: fc.nat({ max: 5 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** One act of somebody; refusals are answers like others. */
async function act(desk: Desk, { act: what, cents, pick }: Step): Promise<void> {
  const { place, manager, other } = desk;
  const { holderId, town } = place;
  const at = { actor: manager, now: NOW };
  const requests = await town.read((tx) => moneyRequests(tx, {}));
  const id = requests[pick % Math.max(1, requests.length)]?.id ?? newId();
  const ask = (kind: "refund" | "transfer") =>
    town.write((tx) =>
      askMoney(tx, {
        actor: place.sara,
        holderId,
        draft: {
          kind,
          amountCents: cents,
          reason: "prova",
          beneficiary: "Sara Ferrando",
          iban: BANK_IBAN,
          from: { childId: place.giulia, serviceId: null },
          to: { childId: place.tommaso, serviceId: null },
        },
        key: newId(),
        now: NOW,
      }),
    );
  switch (what) {
    case "register":
      await town.write((tx) =>
        registerDeskPayment(tx, {
          ...at,
          draft: {
            method: "bank-transfer",
            amountCents: cents,
            paidOn: TODAY,
            payerName: "Sara Ferrando",
            payerFiscalCode: "",
            receiptRef: `TRN-${pick}`,
            place: "",
            note: "",
            vouchers: null,
          },
          target: {
            kind: "account",
            account: desk.account,
            childId: place.giulia,
            serviceId: place.serviceId,
          },
          file: null,
          key: newId(),
        }),
      );
      return;
    case "eat":
      return move(desk, -cents, "2026-11-19");
    case "ask-refund":
      return void (await ask("refund"));
    case "ask-transfer":
      return void (await ask("transfer"));
    case "approve":
    case "refuse": {
      const decision = what === "approve" ? "approve" : "refuse";
      await town.write((tx) => answerMoney(tx, { ...at, id, decision, answer: "prova" }));
      return;
    }
    case "withdraw":
      await town.write((tx) => withdrawRequest(tx, { actor: place.sara, id, now: NOW }));
      return;
    case "order":
      await town.write((tx) =>
        orderRefunds(tx, { ...at, ids: requests.map((one) => one.id), executionOn: TODAY }),
      );
      return;
    case "send": {
      const batches = await town.read((tx) => refundBatches(tx));
      const batch = batches[pick % Math.max(1, batches.length)];
      if (batch) await town.write((tx) => markBatchSent(tx, { ...at, id: batch.id }));
      return;
    }
    case "confirm":
      await town.write((tx) => confirmRefunds(tx, { ...at, ids: [id, id], paidOn: TODAY }));
      return;
    case "return":
      await town.write((tx) => returnRefund(tx, { ...at, id, reason: "conto chiuso" }));
      return;
    case "give-back":
      await town.write((tx) => giveBack(tx, { ...at, id, reason: "resta" }));
      return;
    case "propose":
      await town.write((tx) =>
        proposeWriteOff(tx, {
          ...at,
          account: desk.account,
          amountCents: cents,
          reason: "prova",
          key: newId(),
        }),
      );
      return;
    case "decide": {
      const open = await town.read((tx) => writeOffs(tx, { onlyOpen: true }));
      const found = open[pick % Math.max(1, open.length)];
      if (found)
        await town.write((tx) =>
          decideWriteOff(tx, {
            ...at,
            actor: other,
            id: found.id,
            decision: "approved",
            reason: "",
          }),
        );
    }
  }
}

/** What the requests say must lie on each account is what lies there. */
async function assertBooks(desk: Desk): Promise<void> {
  const { town } = desk.place;
  await town.read(async (tx) => {
    assert.deepEqual(await checkLedger(tx), []);
    assert.deepEqual(await checkPayments(tx), []);
    const requests = await moneyRequests(tx, {});
    const sum = (states: readonly string[]): bigint =>
      requests
        .filter(({ kind, state }) => kind === "refund" && states.includes(state))
        .reduce((all, { amountCents }) => all + amountCents, 0n);
    const payable = await balanceOf(tx, { kind: "refunds-payable" });
    assert.equal(payable, sum(["approved", "ordered", "returned"]));
    const moved = requests
      .filter(({ state }) => state === "executed")
      .reduce((all, { amountCents }) => all + amountCents, 0n);
    assert.equal(await balanceOf(tx, desk.sibling), moved);
  });
}

it("X-10 any order of requests, files, returns, meals and write-offs leaves the books right", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const desk = await openDesk(base.db);
      await move(desk, 3000n, "2026-10-01");
      // house-allow query-in-loop: each step is one person's act, in its own transaction
      for (const one of steps) await act(desk, one);
      await assertBooks(desk);
    }),
    { numRuns: RUNS },
  );
});

it("X-10 the same, everybody at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      const desk = await openDesk(base.db);
      await move(desk, 3000n, "2026-10-01");
      const first: Step[] = [
        { act: "ask-refund", cents: 1000n, pick: 0 },
        { act: "ask-transfer", cents: 500n, pick: 0 },
      ];
      for (const one of first) await act(desk, one);
      await Promise.all(steps.map((one) => act(desk, one)));
      await assertBooks(desk);
    }),
    { numRuns: RUNS },
  );
});
