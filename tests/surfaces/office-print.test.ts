// SPDX-License-Identifier: EUPL-1.2
/** The office prints the unpaid notices: choice, progress, the file, its list. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { readZip } from "#kernel/zip.ts";
import { inFours } from "#payments";
import { routes } from "../../src/surfaces/office/routes.ts";
import { makePrintFiles } from "../../src/worker/print-runs.ts";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import { collecting, issue, oldDebt, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:00:00Z");
const PRINTS = "/ufficio/pagamenti/stampe";

async function open(t: { after(work: () => Promise<void>): void }) {
  const site = await testSite(base.db, { routes, now: NOW });
  t.after(() => site.close());
  const { place } = site;
  await collecting(place);
  const drafts = [place.tommaso, place.giulia].map((childId, index) =>
    oldDebt(place, `k${index}`, [topUpLine(place, childId, 2000n)]),
  );
  const issued = await issue(place, drafts, NOW);
  if (issued.outcome !== "issued") throw new Error(JSON.stringify(issued));
  const numbers = issued.positions.map(({ notices }) => notices[0]!.noticeNumber);
  return { site, numbers, office: await site.signInAs("office", { name: "M. Conti" }) };
}

const make = (site: TestSite): Promise<void> =>
  makePrintFiles(site.app, site.place.town, {
    isStopping: () => false,
    onError: (_, error) => assert.fail(String(error)),
  });

const start = async (
  site: TestSite,
  office: SignedIn,
  fields: Record<string, string> = {},
): Promise<string> => {
  const started = await site.post(`${PRINTS}/nuova`, fields, office);
  assert.equal(started.statusCode, 303);
  return started.headers.location as string;
};

describe("printing unpaid notices", () => {
  it(
    "OS-16 what was chosen is shown, made beside the pages, downloaded whole, and listed",
    { skip: popplerMissing },
    async (t) => {
      const { site, numbers, office } = await open(t);
      assert.match(
        (await site.get("/ufficio/avvisi", office)).body,
        /\/ufficio\/pagamenti\/stampe/,
      );
      assert.match((await site.get(PRINTS, office)).body, /Nessuna stampa finora/);
      const choice = await site.get(`${PRINTS}/nuova`, office);
      assert.match(choice.body, /Prepara il file di 2 avvisi/);
      assert.match(choice.body, /40,00 €/);
      const path = await start(site, office, { scuola: site.place.siteId, ordine: "classe" });
      const waiting = await site.get(path, office);
      assert.match(waiting.body, /0 di 2 avvisi/);
      assert.equal((await site.get(`${path}/avvisi.pdf`, office)).statusCode, 404);
      const version = (await site.get(`${path}/stato`, office)).body;
      await make(site);
      assert.notEqual((await site.get(`${path}/stato`, office)).body, version);
      assert.match((await site.get(path, office)).body, /Il file è pronto: 2 avvisi, 2 pagine/);
      const file = await site.get(`${path}/avvisi.pdf`, office);
      assert.equal(file.headers["content-type"], "application/pdf");
      assert.equal(Number(file.headers["content-length"]), file.rawPayload.length);
      // Giulia before Tommaso, though issued after him: by class, then by name.
      const pages = pageTexts(new Uint8Array(file.rawPayload));
      assert.ok(pages[0]?.includes(inFours(numbers[1]!)));
      assert.ok(pages[1]?.includes(inFours(numbers[0]!)));
      const list = await site.get(`${path}/elenco.csv`, office);
      assert.match(list.body, /1;1;Primaria Milano, 3A;Sara Ferrando;/);
      assert.match((await site.get(PRINTS, office)).body, /tutti gli avvisi non pagati/);
    },
  );

  it("OS-16 each notice by itself, in an archive, where that was chosen", async (t) => {
    const { site, numbers, office } = await open(t);
    // In the form whose button begins the run: a tick made a moment before counts.
    const { body } = await site.get(`${PRINTS}/nuova`, office);
    const begin = body.slice(
      body.indexOf('method="post" action="/ufficio/pagamenti/stampe/nuova"'),
    );
    assert.equal(begin.match(/name="(?:lettera|fronteretro|singoli)"/g)?.length, 3);
    assert.match(begin, /Anche un PDF per ogni avviso/);
    const plain = await start(site, office);
    const path = await start(site, office, { singoli: "si" });
    await make(site);
    assert.equal((await site.get(`${plain}/avvisi.zip`, office)).statusCode, 404);
    assert.doesNotMatch((await site.get(plain, office)).body, /avvisi\.zip/);
    assert.match((await site.get(path, office)).body, /avvisi\.zip/);
    const file = await site.get(`${path}/avvisi.zip`, office);
    assert.equal(file.headers["content-type"], "application/zip");
    assert.equal(Number(file.headers["content-length"]), file.rawPayload.length);
    const singles = await readZip(file.rawPayload, () => true, 10_000_000);
    assert.deepEqual([...singles.keys()], [`00001-${numbers[1]}.pdf`, `00002-${numbers[0]}.pdf`]);
    const stopped = await site.post(`${path}/elimina`, {}, office);
    assert.equal(stopped.statusCode, 303);
    assert.equal((await site.get(`${path}/avvisi.zip`, office)).statusCode, 404);
  });

  it("twice the same button begins one run; stopped, the file is gone", async (t) => {
    const { site, office } = await open(t);
    const key = "0190a1b2-0000-7000-8000-000000000001";
    const path = await start(site, office, { key });
    assert.equal(await start(site, office, { key }), path);
    const stopped = await site.post(`${path}/elimina`, {}, office);
    assert.equal(stopped.headers.location, path);
    await make(site);
    assert.match((await site.get(path, office)).body, /La stampa è stata interrotta/);
    assert.equal((await site.get(`${path}/avvisi.pdf`, office)).statusCode, 404);
  });

  it("a choice without notices begins nothing; other roles and towns see nothing", async (t) => {
    const { site, office } = await open(t);
    const none = await start(site, office, { servizio: site.place.giulia });
    assert.equal(none, `${PRINTS}/nuova`);
    const path = await start(site, office);
    await make(site);
    const parent = await site.signInAs("guardian");
    const school = await site.signInAs("school");
    for (const who of [parent, school])
      assert.equal((await site.get(`${path}/avvisi.pdf`, who)).statusCode, 403);
    const other = await testSite(base.db, { routes, now: NOW });
    t.after(() => other.close());
    const stranger = await other.signInAs("office");
    assert.equal((await other.get(path, stranger)).statusCode, 404);
    assert.equal((await other.get(`${path}/avvisi.pdf`, stranger)).statusCode, 404);
  });
});
