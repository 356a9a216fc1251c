// SPDX-License-Identifier: EUPL-1.2
/** The office asks for money: first notices, reminders, and what became of the e-mails. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, momentAt } from "#kernel/dates.ts";
import { emailCounts, messagesOf } from "#messaging";
import { noticesOf } from "#payments";
import { routes } from "../../src/surfaces/office/routes.ts";
import { sendEmails } from "../../src/worker/mail.ts";
import { collecting } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type MailServer, mailServer } from "../support/mail-server.ts";
import { closeOctober, drawOctober, setAddress } from "../support/october.ts";
import { readPage } from "../support/portal.ts";
import { testSite, type TestSite } from "../support/site.ts";

let base: TestDatabase;
let post: MailServer;
before(async () => {
  base = await testDatabase();
  post = await mailServer();
});
after(async () => {
  await post.close();
  await base.close();
});

const NOW = momentAt(day("2026-11-23"), "10:00");
const PREPAID = {
  payment: {
    model: "prepaid",
    accountScope: "family",
    directDebit: false,
    firstNoticeMeals: 30,
  },
} as const;

const field = (body: string, name: string): string =>
  new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(body)?.[1] ??
  new RegExp(`value="([^"]*)"\\s+name="${name}"`).exec(body)?.[1] ??
  "";

describe("BI-08 first notices at the office", () => {
  it("are shown before they are made: who, how many, total, who lacks what", async (t) => {
    const site = await testSite(base.db, { routes, now: NOW, town: { settings: PREPAID } });
    t.after(() => site.close());
    const office = await site.signInAs("office");
    const path = "/ufficio/primi-avvisi";
    const page = await site.get(path, office);
    const body = await readPage(site, path, office);
    assert.match(body, /30 pasti per ogni figlio/);
    assert.match(body, /276,00 €/);
    assert.match(body, /Giulia \(4,60 € a pasto\), Tommaso \(4,60 € a pasto\)/);
    assert.match(body, /e-mail, codice fiscale/);
    assert.match(body, /nessun server di posta è configurato/);
    const fields = {
      servizio: site.place.serviceId,
      giorno: field(page.body, "giorno"),
      avvisi: field(page.body, "avvisi"),
      centesimi: field(page.body, "centesimi"),
    };
    assert.deepEqual(
      [fields.giorno, fields.avvisi, fields.centesimi],
      ["2026-11-23", "1", "27600"],
    );
    const early = await site.post(path, fields, office);
    assert.equal(early.statusCode, 409);
    assert.match(early.body, /manca la stazione pagoPA/);
    await collecting(site.place);
    const stale = await site.post(path, { ...fields, centesimi: "1" }, office);
    assert.equal(stale.statusCode, 409);
    const done = await site.post(path, fields, office);
    assert.equal(done.statusCode, 303);
    assert.equal((await site.post(path, fields, office)).statusCode, 409);
    const { holderId, town } = site.place;
    const notices = await town.read((tx) => noticesOf(tx, { holderIds: [holderId], now: NOW }));
    assert.deepEqual(
      notices.map(({ kind, amountCents }) => [kind, amountCents]),
      [["first-notice", 27_600n]],
    );
    assert.match(await readPage(site, path, office), /Nessun primo avviso da preparare/);
  });

  it("children without a price stand in the worklist and on the board", async (t) => {
    const site = await testSite(base.db, {
      routes,
      now: NOW,
      town: { settings: PREPAID, tariff: null },
    });
    t.after(() => site.close());
    await collecting(site.place);
    const office = await site.signInAs("office");
    const fields = { servizio: site.place.serviceId, giorno: "2026-11-23" };
    const done = await site.post(
      "/ufficio/primi-avvisi",
      { ...fields, avvisi: "0", centesimi: "0" },
      office,
    );
    assert.equal(done.statusCode, 303);
    assert.match(await readPage(site, "/ufficio/compiti", office), /Primi avvisi senza prezzo: 2/);
    assert.match(
      await readPage(site, "/ufficio", office),
      /2 bambini senza prezzo per il primo avviso/,
    );
  });

  it("a town without any says so; a school may not look", async (t) => {
    const site = await testSite(base.db, { routes, now: NOW });
    t.after(() => site.close());
    const office = await site.signInAs("office");
    assert.match(
      await readPage(site, "/ufficio/primi-avvisi", office),
      /Nessun servizio prepagato di questo Comune prevede un primo avviso/,
    );
    const school = await site.signInAs("school");
    for (const path of ["/ufficio/primi-avvisi", "/ufficio/solleciti", "/ufficio/e-mail"])
      assert.notEqual((await site.get(path, school)).statusCode, 200);
  });
});

async function owing(address: string): Promise<TestSite> {
  const site = await testSite(base.db, { routes, now: NOW });
  const { place } = site;
  await collecting(place);
  await setAddress(place, address);
  await closeOctober(place);
  await drawOctober(place);
  return site;
}

describe("OS-10 MC-11 X-05 reminders at the office", () => {
  it("who, how much and since when is shown; one press reminds each family once", async (t) => {
    const site = await owing("sara@example.it");
    t.after(() => site.close());
    const office = await site.signInAs("office");
    const path = "/ufficio/solleciti";
    const page = await site.get(path, office);
    const body = await readPage(site, path, office);
    assert.match(body, /Sollecita 1 famiglia/);
    assert.match(body, /Sara Ferrando.*Mensa di ottobre 2026.*18\/11\/2026.*mai.*55,20 €/s);
    assert.match(await readPage(site, `${path}?giorni=30`, office), /Nessuno da sollecitare/);
    const fields = {
      giorni: "1",
      pagamenti: field(page.body, "pagamenti"),
      centesimi: field(page.body, "centesimi"),
    };
    assert.deepEqual([fields.pagamenti, fields.centesimi], ["2", "11040"]);
    const changed = await site.post(path, { ...fields, pagamenti: "3" }, office);
    assert.equal(changed.statusCode, 409);
    assert.match(changed.body, /Nessun sollecito è partito/);
    const { holderId, town } = site.place;
    const told = async () =>
      (await town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 9 }))).filter(
        ({ kind }) => kind === "reminder",
      ).length;
    assert.equal(await told(), 0);
    const key = "0192f3a0-0000-7000-8000-00000000abcd";
    assert.equal((await site.post(path, { ...fields, key }, office)).statusCode, 303);
    assert.equal((await site.post(path, { ...fields, key }, office)).statusCode, 303);
    assert.equal(await told(), 1);
    const after = await readPage(site, path, office);
    assert.match(after, /Non sollecitati: 2/);
    assert.match(after, /sollecitato negli ultimi sette giorni/);
    assert.match(after, /Solleciti già partiti/);
  });
});

describe("e-mails that do not arrive", () => {
  it("are a task; corrected, the e-mail leaves to the new address", async (t) => {
    const site = await owing("nobody@example.it");
    t.after(() => site.close());
    const office = await site.signInAs("office");
    const round = () => sendEmails(site.app, { town: site.tenant, mailer: post.mailer });
    post.refuse.set("nobody@example.it", 550);
    await round();
    assert.match(await readPage(site, "/ufficio", office), /1 e-mail non consegnata/);
    const page = await readPage(site, "/ufficio/e-mail", office);
    assert.match(page, /Sara Ferrando.*Avviso del mese.*nobody@example\.it.*550/s);
    await setAddress(site.place, "sara@example.it");
    const raw = await site.get("/ufficio/e-mail", office);
    const action = /action="(\/ufficio\/e-mail\/[^"]+\/rimanda)"/.exec(raw.body)![1]!;
    assert.equal((await site.post(action, {}, office)).statusCode, 303);
    post.taken.length = 0;
    assert.equal(await round(), 1);
    assert.deepEqual(post.taken[0]?.to, ["sara@example.it"]);
    assert.doesNotMatch(await readPage(site, "/ufficio", office), /non consegnata/);
    const counts = await site.place.town.read((tx) =>
      emailCounts(tx, momentAt(day("2026-11-01"), "00:00")),
    );
    assert.deepEqual(
      counts.map(({ state, count }) => [state, count]),
      [["sent", 1]],
    );
  });
});
