// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { submitRollCall, unknownWalkIns } from "#attendance";
import { chargesOf, closeDay, disputeCharge } from "#billing";
import { systemActor } from "#kernel/actor.ts";
import { day, daysBetween, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { collecting } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { textOf } from "../support/portal.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-24T14:00:00Z");

async function open(
  t: { after(work: () => Promise<void>): void },
  tariff?: object | null,
): Promise<{ site: TestSite; office: SignedIn }> {
  const town = tariff === undefined ? {} : { town: { tariff } };
  const site = await testSite(base.db, { routes, now: NOW, ...town });
  t.after(() => site.close());
  return { site, office: await site.signInAs("office-manager", { name: "M. Conti" }) };
}

const close = (site: TestSite, date: string) =>
  closeDay(site.place.town, {
    serviceId: site.place.serviceId,
    siteId: site.place.siteId,
    date: day(date),
    by: "ufficio",
    now: NOW,
  });

describe("the month's bills", () => {
  it("BO-02 names the open days, draws once they are closed, twice changes nothing; each line says why", async (t) => {
    const { site, office } = await open(t);
    await collecting(site.place);
    const month = { servizio: site.place.serviceId, mese: "2026-10" };
    const early = await site.post("/ufficio/avvisi/prepara", month, office);
    assert.equal(early.statusCode, 409);
    assert.match(early.body, /giornate sono ancora aperte/);
    for (const date of daysBetween(day("2026-10-05"), day("2026-10-31")))
      await close(site, date.toString());
    const drawn = await site.post("/ufficio/avvisi/prepara", month, office);
    assert.equal(drawn.statusCode, 303);
    const list = await site.get(drawn.headers.location!, office);
    assert.match(list.body, /2026\/00001/);
    assert.match(list.body, /Ferrando Sara, per Giulia/);
    assert.match(list.body, /110,40 €/);
    const bill = await site.get("/ufficio/avvisi/2026/00001", office);
    assert.match(bill.body, /55,20 €/);
    assert.match(
      textOf(bill.body),
      /Prospetto n\. 2026\/00001.*Numero avviso \(per pagare\) 3\d{3} \d{4} \d{4} \d{4} \d\d Intestazione/,
    );
    assert.doesNotMatch(bill.body, /Avviso 2026\//);
    const charge = /\/ufficio\/addebiti\/[0-9a-f-]{36}/.exec(bill.body)![0];
    assert.match((await site.get(charge, office)).body, /Tariffa: 4,60 €/);
    assert.equal(
      (await site.get("/ufficio/cerca?q=2026/1", office)).headers.location,
      "/ufficio/avvisi/2026/00001",
    );
    await site.post("/ufficio/avvisi/prepara", month, office);
    assert.equal((await site.get("/ufficio/avvisi/2026/00003", office)).statusCode, 404);
    const running = await site.post(
      "/ufficio/avvisi/prepara",
      { ...month, mese: "2026-11" },
      office,
    );
    assert.match(running.body, /non è ancora finito/);
    for (const path of ["/avvisi/x/y", "/addebiti/x", `/addebiti/${newId()}`])
      assert.equal((await site.get(`/ufficio${path}`, office)).statusCode, 404, path);
    assert.equal((await site.get("/ufficio/avvisi?mese=x&pagina=-4", office)).statusCode, 200);
  });

  it("OS-01 posts fixed fees once", async (t) => {
    const site = await testSite(base.db, {
      routes,
      now: NOW,
      town: {
        tariff: {
          kind: "fixed-fee",
          per: "month",
          payer: "child",
          base: { kind: "fixed", priceCents: 4500 },
          dueDay: 15,
        },
        settings: {
          payment: { model: "fixed-fee", accountScope: "child-service", directDebit: false },
        },
      },
    });
    t.after(() => site.close());
    const office = await site.signInAs("office");
    assert.match((await site.get("/ufficio/avvisi", office)).body, /Registra le quote/);
    const fields = { servizio: site.place.serviceId };
    assert.equal((await site.post("/ufficio/avvisi/quote", fields, office)).statusCode, 303);
    const charges = () =>
      site.place.town.read((tx) =>
        chargesOf(tx, {
          holderId: site.place.holderId,
          from: day("2026-09-01"),
          to: day("2026-12-31"),
        }),
      );
    const first = (await charges()).length;
    assert.ok(first > 0);
    await site.post("/ufficio/avvisi/quote", fields, office);
    assert.equal((await charges()).length, first);
    const wrong = await site.post("/ufficio/avvisi/quote", { servizio: "x" }, office);
    assert.equal(wrong.statusCode, 404);
  });
});

describe("disputes", () => {
  it("X-09 answers in time; the family's words are shown as text", async (t) => {
    const { site, office } = await open(t);
    await close(site, "2026-11-23");
    const disputed = await site.place.town.write(async (tx) => {
      const [charge] = await chargesOf(tx, {
        holderId: site.place.holderId,
        from: day("2026-11-23"),
        to: day("2026-11-23"),
      });
      return disputeCharge(tx, {
        actor: site.place.sara,
        holderIds: [site.place.holderId],
        chargeId: charge!.id,
        text: "Giulia era a casa <b>davvero</b>",
        now: NOW,
      });
    });
    assert.ok(disputed.outcome === "opened");
    assert.match((await site.get("/ufficio", office)).body, /1 contestazione aperta/);
    const path = `/ufficio/contestazioni/${disputed.dispute.id}`;
    assert.match((await site.get(path, office)).body, /a casa &lt;b&gt;davvero/);
    assert.equal((await site.post(path, {}, office)).statusCode, 422);
    const undecided = await site.post(path, { risposta: "Corretto." }, office);
    assert.equal(undecided.statusCode, 422);
    assert.match(undecided.body, /Scegliere se la contestazione è accolta/);
    const early = await site.post(path, { esito: "accolta", risposta: "Corretto." }, office);
    assert.equal(early.statusCode, 422);
    assert.match(early.body, /non è ancora stornato.*Corretto\./s);
    const refused = await site.post(path, { esito: "respinta", risposta: "Corretto." }, office);
    assert.equal(refused.statusCode, 303);
    assert.match(
      (await site.get("/ufficio/contestazioni", office)).body,
      /Nessuna contestazione aperta/,
    );
    assert.match((await site.get(path, office)).body, /Non accolta.*Corretto\./s);
    assert.equal((await site.get("/ufficio/contestazioni/x", office)).statusCode, 404);
  });
});

describe("what is to be cleared up", () => {
  it("X-09 lists meals without a price with what is lacking", async (t) => {
    const { site, office } = await open(t, null);
    await close(site, "2026-11-23");
    const page = await site.get("/ufficio/compiti", office);
    assert.match(page.body, /Pasti e quote senza prezzo: 2/);
    assert.match(page.body, /Nessuna tariffa del servizio/);
    assert.match(page.body, /Codice fiscale mancante/);
  });

  it("X-03 matches a child served without a name, or closes without a charge", async (t) => {
    const { site, office } = await open(t);
    await site.place.town.write((tx) =>
      submitRollCall(tx, {
        actor: { ...systemActor, role: "office" },
        serviceId: site.place.serviceId,
        classId: site.place.classId,
        date: day("2026-11-24"),
        phase: "morning",
        absentIds: [site.place.giulia],
        walkInIds: [],
        unknownWalkIns: ["bambina con la giacca rossa", "un altro"],
        receivedAt: NOW,
        now: NOW,
        idempotencyKey: newId(),
      }),
    );
    await close(site, "2026-11-24");
    assert.match((await site.get("/ufficio", office)).body, /2 bambini serviti fuori lista/);
    const [girl, other] = await site.place.town.read((tx) =>
      unknownWalkIns(tx, { from: day("2026-11-24"), to: day("2026-11-24"), onlyOpen: true }),
    );
    const path = `/ufficio/compiti/fuori-lista/${girl!.id}`;
    assert.match((await site.get(`${path}?bambino=giulia`, office)).body, /È questo/);
    const matched = await site.post(path, { bambino: site.place.giulia }, office);
    assert.equal(matched.statusCode, 303);
    const charges = await site.place.town.read((tx) =>
      chargesOf(tx, {
        childIds: [site.place.giulia],
        from: day("2026-11-24"),
        to: day("2026-11-24"),
      }),
    );
    assert.deepEqual(
      charges
        .filter(({ reversed, kind }) => !reversed && kind === "meal")
        .map(({ amountCents }) => amountCents),
      [460n],
    );
    const rest = `/ufficio/compiti/fuori-lista/${other!.id}`;
    assert.equal((await site.post(rest, { bambino: "" }, office)).statusCode, 303);
    assert.doesNotMatch((await site.get("/ufficio/compiti", office)).body, /fuori lista/);
    assert.equal((await site.get(rest, office)).statusCode, 404);
  });
});
