// SPDX-License-Identifier: EUPL-1.2
/** One way in for money that came without a payment of ours, and what the person at the desk has to know to choose. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { textOf } from "../support/portal.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

describe("BI-09 MC-05 one door for money that came without pagoPA of ours", () => {
  it("asks what the family brings along and says when each way is right", async (t) => {
    const site = await testSite(base.db, {
      routes,
      now: moment("2026-11-20T09:16:00Z"),
      townSettings: { collection: { vouchersAccepted: true } },
    });
    t.after(() => site.close());
    const manager = await site.signInAs("office-manager");
    const family = `/ufficio/famiglie/${site.place.holderId}`;
    const textAt = async (page: string) =>
      textOf((await site.get(`${family}${page}`, manager)).body);
    const home = await textAt("");
    assert.match(home, /Soldi .*Registra un pagamento/);
    assert.doesNotMatch(home, /Registra un credito/);
    const ways = /Con avviso o ricevuta Buoni cartacei Senza ricevuta/;
    for (const [page, when] of [
      ["/pagamento", /C'è un avviso da pagare, oppure una ricevuta o il numero del bonifico/],
      ["/buoni", /La famiglia restituisce buoni: diventano credito/],
      ["/credito", /Non c'è né un avviso né una ricevuta: .* non paga nessun avviso/],
    ] as const) {
      const text = await textAt(page);
      assert.match(text, /Registra un pagamento/, page);
      assert.match(text, ways, page);
      assert.match(text, when, page);
    }
    const credit = (await site.get(`${family}/credito`, manager)).body;
    assert.doesNotMatch(credit, /value="vouchers"/, "vouchers have their own form here");
    const account = /value="(family:[^"]+)"/.exec(credit)?.[1] ?? "";
    const refused = await site.post(
      `${family}/credito`,
      { conto: account, modo: "vouchers", importo: "10,00", data: "2026-11-20", causale: "buoni" },
      manager,
    );
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /Scegliere come è arrivato il denaro/);
  });
});
