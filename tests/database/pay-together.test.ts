// SPDX-License-Identifier: EUPL-1.2
/** Presses that arrive at the same time, on a database with several connections. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newId } from "#kernel/ids.ts";
import { issueNotices } from "#payments";
import { type StubCheckout, stubCheckout } from "../support/checkout.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { noticesIn, payingHome } from "../support/paying-home.ts";
import { topUp, topUpLine } from "../support/collecting.ts";
import { textOf } from "../support/portal.ts";

let base: TestDatabase;
let checkout: StubCheckout;
before(async () => {
  base = await testDatabase();
  checkout = await stubCheckout();
});
after(async () => {
  await checkout.close();
  await base.close();
});

describe("the same button pressed twice at once", () => {
  it("X-06 makes one notice and one cart, and both presses lead to pagoPA", async () => {
    const { site, sara } = await payingHome(base, checkout);
    const body = (await site.get("/ricarica", sara)).body;
    const name = /name="(r-[0-9a-f]{12})"/.exec(body)?.[1] ?? "";
    const fields = { scelta: newId(), [name]: "4600", azione: "paga", key: newId() };
    const press = () => site.post("/carrello", fields, sara);
    const answers = await Promise.all([press(), press(), press(), press()]);
    for (const answer of answers) {
      assert.equal(answer.statusCode, 303, textOf(answer.body));
      assert.ok(String(answer.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!));
    }
    assert.equal((await noticesIn(site)).length, 1);
    assert.equal(new Set(checkout.carts.map(({ idCart }) => idCart)).size, 1);
    await site.close();
  });

  it("BO-02 the same key issued by many at once is one position", async () => {
    const { site } = await payingHome(base, checkout);
    const { place } = site;
    const drafts = [topUp(place, "same", [topUpLine(place, place.giulia, 500n)])];
    const now = site.app.clock.now();
    const issue = () => place.town.write((tx) => issueNotices(tx, { drafts, by: "test", now }));
    const issued = await Promise.all([issue(), issue(), issue(), issue(), issue()]);
    const numbers = issued.map((one) => {
      assert.equal(one.outcome, "issued");
      return one.outcome === "issued" ? one.positions[0]?.notices[0]?.noticeNumber : "";
    });
    assert.equal(new Set(numbers).size, 1);
    await site.close();
  });
});
