// SPDX-License-Identifier: EUPL-1.2
/** News by the municipality and by its catering company: written, read by everybody, taken back (PE-08, BO-21). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { auditOfThing } from "#kernel/audit.ts";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { allNews, publishNews, withdrawNews } from "#messaging";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-24T07:40:00Z");
const WORDS = { titolo: "Menù invernale", testo: "Da lunedì il menù invernale.", fino: "" };

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function start(): Promise<{ site: TestSite; office: SignedIn; caterer: SignedIn }> {
  const site = await testSite(base.db, { routes: wholeSite.routes, now: NOW });
  const office = await site.signInAs("office", { name: "M. Conti" });
  const caterer = await site.signInAs("caterer", { name: "S. Fontana" });
  return { site, office, caterer };
}

async function write(
  site: TestSite,
  as: SignedIn,
  of: { at: string; words?: Partial<typeof WORDS> },
): Promise<string> {
  const key = newId();
  const answer = await site.post(`${of.at}/nuova`, { ...WORDS, ...of.words, key }, as);
  assert.equal(answer.statusCode, 303, answer.body);
  return key;
}

const main = (body: string): string => body.slice(body.indexOf("<main"), body.indexOf("</main>"));

describe("what everybody reads", () => {
  it("PE-08 BO-21 municipality and caterer labelled, newest first, without signing in, in both languages", async () => {
    const { site, office, caterer } = await start();
    const empty = await site.get("/novita");
    assert.match(empty.body, /Nessuna novità\./);
    assert.deepEqual(htmlProblems(empty.body), []);
    await write(site, office, { at: "/ufficio/novita", words: { titolo: "Iscrizioni aperte" } });
    site.setClock(NOW.add({ minutes: 5 }));
    await write(site, caterer, { at: "/ristorazione/novita" });
    const page = await site.get("/novita");
    assert.match(
      page.body,
      /Menù invernale[^]*Gestore della ristorazione · martedì 24 novembre 2026[^]*Iscrizioni aperte[^]*Comune di Borgo di prova · martedì 24 novembre 2026/,
    );
    assert.doesNotMatch(page.body, /M\. Conti|S\. Fontana/);
    assert.deepEqual(htmlProblems(page.body), []);
    const english = await site.get("/novita", null, { cookie: "campanella_lang=en" });
    assert.match(
      english.body,
      /<html lang="en"[^]*<span lang="it">Menù invernale<\/span>[^]*Catering company/,
    );
    const sara = await site.signInAs("guardian");
    assert.match((await site.get("/altro", sara)).body, /href="\/novita"/);
    assert.match((await site.get("/servizi")).body, /href="\/novita"/);
    assert.match(main((await site.get("/novita", sara)).body), /href="\/oggi"/);
    await site.close();
  });

  it("PE-08 the text is plain: escaped, its line breaks kept, no address of it a link", async () => {
    const { site, office } = await start();
    const testo =
      '<script>alert(1)</script>\r\nScrivere a https://falso.example/pago\r\n\r\n<a href="x">qui</a>\uD83D';
    await write(site, office, { at: "/ufficio/novita", words: { testo } });
    const page = main((await site.get("/novita")).body);
    assert.match(
      page,
      /&lt;script&gt;alert\(1\)&lt;\/script&gt;<br \/>Scrivere a https:\/\/falso\.example\/pago<\/p>\s*<p>&lt;a href=/,
    );
    assert.doesNotMatch(page, /<a |<script/);
    await site.close();
  });

  it("PE-08 is shown through its last day; taken back it is gone", async () => {
    const { site, office } = await start();
    await write(site, office, { at: "/ufficio/novita", words: { fino: "2026-11-25" } });
    site.setClock(moment("2026-11-25T22:59:00Z"));
    assert.match((await site.get("/novita")).body, /Menù invernale/);
    site.setClock(moment("2026-11-25T23:00:00Z"));
    assert.match((await site.get("/novita")).body, /Nessuna novità\./);
    const later = await site.signInAs("office", { name: "M. Conti" });
    assert.match((await site.get("/ufficio/novita", later)).body, /Finita il 25\/11\/2026/);
    const id = await write(site, later, { at: "/ufficio/novita" });
    const withdrawn = await site.post(`/ufficio/novita/${id}/ritira`, {}, later);
    assert.equal(withdrawn.headers.location, "/ufficio/novita");
    assert.match((await site.get("/novita")).body, /Nessuna novità\./);
    const list = await site.get("/ufficio/novita", later);
    assert.match(list.body, /Ritirata il 26\/11\/2026, M\. Conti/);
    assert.deepEqual(htmlProblems(list.body), []);
    await site.close();
  });

  it("PE-08 more than fifty come in pages", async () => {
    const { site } = await start();
    const { tenantId, town } = site.place;
    const { accountId } = await site.signInAs("office");
    await town.write((tx) =>
      tx.run(sql`
        insert into news (tenant_id, id, author, title, body, published_at, published_by, account_id)
        select ${tenantId}, gen_random_uuid(), 'municipality', 'Notizia ' || n, 'Testo ' || n,
          ${NOW}::timestamptz - make_interval(hours => n), 'M. Conti', ${accountId}::uuid
        from generate_series(1, 51) as n`),
    );
    const first = (await site.get("/novita")).body;
    assert.match(first, /Notizia 1<[^]*Notizia 50<[^]*href="\/novita\?pagina=2"/);
    assert.doesNotMatch(first, /Notizia 51</);
    const second = (await site.get("/novita?pagina=2")).body;
    assert.match(second, /Notizia 51</);
    assert.deepEqual(htmlProblems(second), []);
    for (const odd of ["0", "999", "-1", "x", "1e9"])
      assert.equal((await site.get(`/novita?pagina=${odd}`)).statusCode, 200);
    await site.close();
  });
});

describe("whoever writes", () => {
  it("BO-21 what is wrong is said field by field and what was typed is kept", async () => {
    const { site, office } = await start();
    const wrong = { titolo: "Sì", testo: " \u0007 ", fino: "2026-11-23" };
    const answer = await site.post("/ufficio/novita/nuova", wrong, office);
    assert.equal(answer.statusCode, 422);
    assert.match(
      answer.body,
      /Il titolo ha meno di 3 caratteri\.[^]*Scrivere il testo\.[^]*L&#39;ultimo giorno è già passato\.[^]*value="Sì"/,
    );
    assert.deepEqual(htmlProblems(answer.body), []);
    const noDay = await site.post("/ufficio/novita/nuova", { ...WORDS, fino: "presto" }, office);
    assert.match(noDay.body, /La data non esiste/);
    const form = await site.get("/ufficio/novita/nuova", office);
    assert.match(form.body, /non diventano collegamenti[^]*name="fino"/);
    assert.deepEqual(htmlProblems(form.body), []);
    await site.close();
  });

  it("BO-21 a form sent twice is one piece of news, on record once", async () => {
    const { site, office } = await start();
    const key = newId();
    for (let time = 0; time < 2; time += 1)
      await site.post("/ufficio/novita/nuova", { ...WORDS, key }, office);
    const { town } = site.place;
    const { news } = await town.read((tx) => allNews(tx, { page: 1 }));
    assert.equal(news.length, 1);
    const audit = { action: "messaging.publish-news", details: { newsId: key }, from: NOW };
    assert.deepEqual(await town.read((tx) => auditOfThing(tx, audit)), [
      { at: NOW, name: "M. Conti" },
    ]);
    await site.close();
  });

  it("BO-21 another text in a form that was sent is another piece of news, however often it is sent", async () => {
    const { site, office, caterer } = await start();
    const key = newId();
    const send = (titolo: string, as: SignedIn, home = "/ufficio/novita") =>
      site.post(`${home}/nuova`, { ...WORDS, titolo, key }, as);
    for (const titolo of ["Sciopero", "Menù nuovo", "Menù nuovo", "Sciopero"])
      assert.equal((await send(titolo, office)).statusCode, 303);
    assert.equal((await send("Sciopero", caterer, "/ristorazione/novita")).statusCode, 303);
    const { news } = await site.place.town.read((tx) => allNews(tx, { page: 1 }));
    assert.deepEqual(news.map(({ author, title }) => `${author} ${title}`).toSorted(), [
      ...["caterer Sciopero", "municipality Menù nuovo", "municipality Sciopero"],
    ]);
    await site.close();
  });

  it("BO-21 the caterer takes back its own alone; the office takes back the caterer's with a reason on record", async () => {
    const { site, office, caterer } = await start();
    const ofTown = await write(site, office, { at: "/ufficio/novita" });
    const ofCaterer = await write(site, caterer, { at: "/ristorazione/novita" });
    const own = await site.get("/ristorazione/novita", caterer);
    assert.ok(own.body.includes(ofCaterer) && !own.body.includes(ofTown));
    assert.deepEqual(htmlProblems(own.body), []);
    assert.equal((await site.get(`/ristorazione/novita/${ofTown}`, caterer)).statusCode, 404);
    const refused = await site.post(`/ristorazione/novita/${ofTown}/ritira`, {}, caterer);
    assert.equal(refused.statusCode, 404);
    const page = await site.get(`/ufficio/novita/${ofCaterer}`, office);
    assert.match(page.body, /Gestore della ristorazione, S\. Fontana[^]*name="motivo"/);
    assert.deepEqual(htmlProblems(page.body), []);
    const path = `/ufficio/novita/${ofCaterer}/ritira`;
    const unsaid = await site.post(path, { motivo: " " }, office);
    assert.equal(unsaid.statusCode, 422);
    assert.match(unsaid.body, /Scrivere il motivo\./);
    assert.equal((await site.post(path, { motivo: "prezzo errato" }, office)).statusCode, 303);
    assert.equal((await site.post(path, { motivo: "ancora" }, office)).statusCode, 303);
    const reasons = await site.place.town.read((tx) =>
      tx.rows<{ reason: string; name: string }>(sql`
        select reason, actor_name as name from audit_entry
        where tenant_id = ${tx.tenantId} and action = 'messaging.withdraw-news'`),
    );
    assert.deepEqual(reasons, [{ reason: "prezzo errato", name: "M. Conti" }]);
    assert.match(
      (await site.get("/ristorazione/novita", caterer)).body,
      /Ritirata il 24\/11\/2026, M\. Conti/,
    );
    await site.close();
  });

  it("BO-21 nobody else writes: the operation itself refuses, whatever the route", async () => {
    const { site } = await start();
    const { town, sara } = site.place;
    const words = { title: "Menù", body: "Da lunedì.", shownUntil: day("2026-12-01") };
    const outcomes = await town.write(async (tx) => [
      (await publishNews(tx, { actor: sara, key: newId(), words, now: NOW })).outcome,
      (await withdrawNews(tx, { actor: sara, id: newId(), reason: "x", now: NOW })).outcome,
    ]);
    assert.deepEqual(outcomes, ["forbidden", "forbidden"]);
    await site.close();
  });
});
