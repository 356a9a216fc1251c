// SPDX-License-Identifier: EUPL-1.2
/** Flows and lost receipts over the real protocols: paid at a counter, the receipt never sent, the town finds out. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dayOf, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf, checkLedger } from "#ledger";
import { checkReconciliation, reconcile, reconciliation } from "#payments";
import { readBankFile } from "../../src/integrations/opi/read-bank-file.ts";
import { settleTown } from "../../src/worker/settlement.ts";
import { collecting, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { bankSays, stateOf } from "../support/settling.ts";
import { type Simulated, simulatedPagoPa } from "../support/simulated-pagopa.ts";
import { smallTown } from "../support/small-town.ts";
import { until } from "../support/until.ts";

let now = moment("2026-11-20T09:16:00Z");
let base: TestDatabase;
let pagoPa: Simulated;

before(async () => {
  base = await testDatabase();
  pagoPa = await simulatedPagoPa(base.db, { now: () => now });
});
after(async () => {
  await pagoPa.close();
  await base.close();
});

const CREDITOR = "77000000010";

describe("a simulated pagoPA", () => {
  it("X-05 a lost receipt is recovered from the settlement flow and settled by the bank", async () => {
    const place = await smallTown(base.db);
    await collecting(place, { creditor: CREDITOR });
    const notice = await issueOne(
      place,
      topUp(place, newId(), [topUpLine(place, place.giulia, 6410n)]),
    );
    await pagoPa.command("/_comandi", { receipt: "never" });
    const paid = await fetch(`${pagoPa.simulator.url}/tabaccaio/paga`, {
      method: "POST",
      body: new URLSearchParams({
        noticeNumber: notice.noticeNumber,
        fiscalCode: CREDITOR,
        amountCents: "6410",
      }),
      redirect: "manual",
    });
    assert.ok(paid.status < 400, String(paid.status));
    now = moment("2026-11-23T19:00:00Z");
    await pagoPa.command("/_comandi/rendiconta", {});
    assert.equal(await stateOf(place, notice), "issued");
    const errors: unknown[] = [];
    let arrived = 0;
    const app = {
      db: base.db,
      clock: { now: () => now },
      demo: true,
      sealKey: "k",
      pagoPa: { apiUrl: pagoPa.simulator.url, checkoutOrigin: null, caller: null },
      receiptsArrived: () => {
        arrived += 1;
      },
    };
    const settle = () =>
      settleTown(app, place.town, {
        now,
        fetches: true,
        pauseMs: 0,
        onError: (what, error) => errors.push([what, error]),
      });
    await settle();
    assert.deepEqual(errors, []);
    assert.equal(arrived, 1);
    // The receipt worker that runs beside applies what was recovered.
    await until(async () => (await stateOf(place, notice)) !== "issued");
    await settle();
    assert.equal(await stateOf(place, notice), "reported");
    // What the simulated bank writes is read as the office would upload it.
    const journal = await fetch(`${pagoPa.simulator.url}/_comandi/giornale/${CREDITOR}`);
    const read = readBankFile(Buffer.from(await journal.arrayBuffer()));
    assert.ok(read.outcome === "read" && read.file.kind === "cash-journal");
    assert.equal(await bankSays(place, read.file.journal, now), 1);
    assert.equal(await stateOf(place, notice), "settled");
    await place.town.write((tx) => reconcile(tx, now));
    await place.town.read(async (tx) => {
      const { books, paymentsOpen, movementsOpen } = await reconciliation(tx, dayOf(now));
      assert.equal(books.clearingCents, 0n);
      assert.deepEqual(await checkReconciliation(tx), []);
      assert.deepEqual([paymentsOpen.count, movementsOpen.count], [0, 0]);
      const account = { kind: "family" as const, holderId: place.holderId, childId: place.giulia };
      assert.equal(await balanceOf(tx, account), 6410n);
      assert.deepEqual(await checkLedger(tx), []);
    });
  });
});
