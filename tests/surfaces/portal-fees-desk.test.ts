// SPDX-License-Identifier: EUPL-1.2
/** Fees that were paid by their notice otherwise than by pagoPA: what the portal still asks for. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { registerDeskPayment } from "#payments";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { ask, begin, FEE_TOWN, feesOf, NOW } from "../support/fee-town.ts";
import { readPage } from "../support/portal.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

describe("a fee that was paid on another portal, by its notice", () => {
  it("BI-09 OS-01 is the one that is paid: the portal asks for the one that is not, by its notice", async (t) => {
    const site = await testSite(base.db, { routes: wholeSite.routes, now: NOW, town: FEE_TOWN });
    t.after(() => site.close());
    const { place } = site;
    await begin(place);
    const fees = await feesOf(place);
    const [, , third] = await ask(place, fees);
    const done = await place.town.write((tx) =>
      registerDeskPayment(tx, {
        actor: staff(place, "office"),
        draft: {
          method: "other-portal",
          amountCents: 7000n,
          paidOn: day("2026-11-18"),
          payerName: "Sara Ferrando",
          payerFiscalCode: "",
          receiptRef: "IUR-77",
          place: "",
          note: "",
          vouchers: null,
        },
        target: { kind: "notice", noticeId: third!.id },
        file: null,
        key: newId(),
        now: NOW,
      }),
    );
    assert.equal(done.outcome, "registered");
    const sara = await site.signInAs("guardian");
    const list = await readPage(site, "/pagamenti", sara);
    assert.match(list, /Giulia: 70,00 € Scaduto Avviso [\d ]+ · Scadenza sabato 31 ottobre/);
    assert.match(
      list,
      /Giulia: 70,00 € Da pagare Avviso [\d ]+ · Scadenza domenica 31 gennaio 2027/,
    );
    assert.match(list, /Giulia: 70,00 € Pagato Scadenza mercoledì 31 marzo 2027/);
    const cart = await readPage(site, `/carrello?quota=${fees[2]!.id}`, sara);
    assert.match(cart, /Niente da pagare/);
  });
});
