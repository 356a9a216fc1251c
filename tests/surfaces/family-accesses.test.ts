// SPDX-License-Identifier: EUPL-1.2
/** Who saw and changed a family's data: what the family itself can read of it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { auditOf } from "#kernel/audit.ts";
import { moment } from "#kernel/dates.ts";
import { site } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-23T08:10:00Z");
const PAGE = "/dati/accessi";

describe("who saw and changed the data", () => {
  let base: TestDatabase;
  let at: TestSite;
  before(async () => {
    base = await testDatabase();
    at = await testSite(base.db, { routes: site.routes, demo: true, now: NOW });
  });
  after(async () => {
    await at.close();
    await base.close();
  });

  const reads = async (): Promise<string[]> => {
    const rows = await at.place.town.read((tx) =>
      auditOf(tx, { holderIds: [at.place.holderId], limit: 100 }),
    );
    return rows.filter(({ action }) => action === "families.read").map((row) => row.actorName);
  };

  it("X-15 of one of the office, one family and one hour there is one line, however many pages and how fast", async () => {
    const { holderId } = at.place;
    const path = `/ufficio/famiglie/${holderId}`;
    at.setClock(NOW.add({ minutes: 40 }));
    const conti = await at.signInAs("office", { name: "M. Conti" });
    await Promise.all([1, 2, 3].map(() => at.get(path, conti)));
    await at.get(`${path}/estratto-conto`, conti);
    assert.deepEqual(await reads(), ["M. Conti"]);
    const neri = await at.signInAs("administrator", { name: "L. Neri" });
    await at.get(`${path}/pagamenti`, neri);
    at.setClock(NOW.add({ minutes: 60 }));
    await at.get(path, conti);
    assert.deepEqual(await reads(), ["M. Conti", "L. Neri", "M. Conti"]);
    const sara = await at.signInAs("guardian");
    const page = await at.get(PAGE, sara);
    assert.match(page.body, /Chi ha visto e cambiato i dati/);
    assert.match(page.body, /M\. Conti, ufficio/);
    assert.equal(page.body.match(/Scheda della famiglia consultata/g)?.length, 3);
    const diary = await at.get(path, conti);
    assert.doesNotMatch(diary.body, /Operazione dell&#39;ufficio|families\.read/);
    at.setClock(NOW);
  });

  it("X-15 what is not there was not read; the family reads its own pages without a line", async () => {
    const before = (await reads()).length;
    const conti = await at.signInAs("office", { name: "M. Conti" });
    await at.get("/ufficio/famiglie/0190a1b2-0000-7000-8000-000000000001", conti);
    const sara = await at.signInAs("guardian");
    for (const path of ["/oggi", "/dati", PAGE]) await at.get(path, sara);
    assert.equal((await reads()).length, before);
  });

  it("BO-23 a delegate's acts stand there with name and child, as a delegate's; a delegate reads no such page", async () => {
    const { holderId } = at.place;
    const rosa = await delegateOf(at, { holderId, scopes: ["view", "absences", "payments"] });
    await at.post(
      "/figli/giulia/pasti",
      { servizio: "mensa", giorno: "2026-11-26", atto: "cancel" },
      rosa,
    );
    await at.post(
      "/figli/giulia/assenze",
      { per: "tommaso", dal: "2026-12-10", al: "2026-12-11" },
      rosa,
    );
    assert.equal((await at.get(PAGE, rosa)).statusCode, 403);
    const sara = await at.signInAs("guardian");
    const { body } = await at.get(PAGE, sara);
    assert.match(body, /Rosa Delegata, persona delegata/);
    assert.match(body, /Pasto disdetto per la famiglia \(Giulia\)/);
    assert.match(body, /Assenza registrata per la famiglia \(Tommaso\)/);
    const english = await at.get(PAGE, sara, { "accept-language": "en" });
    assert.match(english.body, /Rosa Delegata, delegate/);
    assert.match(english.body, /Who saw and changed the data/);
  });

  it("X-15 the family's own acts are receipts, not lines; by month, thirteen of them", async () => {
    const sara = await at.signInAs("guardian");
    await at.post(
      "/figli/giulia/pasti",
      { servizio: "mensa", giorno: "2026-12-03", atto: "cancel" },
      sara,
    );
    const { body } = await at.get(PAGE, sara);
    assert.doesNotMatch(body, /Sara Ferrando, famiglia/);
    assert.equal(body.match(/<option/g)?.length, 13);
    assert.match((await at.get(`${PAGE}?mese=2026-10`, sara)).body, /Nessun accesso registrato/);
    assert.equal((await at.get(`${PAGE}?mese=2025-11`, sara)).statusCode, 200);
    for (const month of ["2025-10", "2026-12", "novembre"])
      assert.equal((await at.get(`${PAGE}?mese=${month}`, sara)).statusCode, 404, month);
  });

  it("X-15 what the office did at its desk stands there with its reason; the office reads the page at the desk too", async () => {
    const { holderId } = at.place;
    const clerk = await at.signInAs("office", {
      name: "G. Riva",
      desk: { holderId, reason: "telefonata" },
    });
    const done = await at.post(
      "/figli/tommaso/pasti",
      { servizio: "mensa", giorno: "2026-12-03", atto: "cancel" },
      clerk,
    );
    assert.equal(done.statusCode, 303, done.body);
    const sara = await at.signInAs("guardian");
    for (const who of [sara, clerk])
      assert.match((await at.get(PAGE, who)).body, /Motivo: telefonata[^]*G\. Riva, ufficio/);
  });
});
