// SPDX-License-Identifier: EUPL-1.2
/** pagoPA's settings: who may, what is refused at which field, what is never shown, and what the self-test finds. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { collectionAccounts, serviceKey, stationsOfTown } from "#payments";
import { creditors } from "#tenancy";
import { routes } from "../../src/surfaces/office/routes.ts";
import { callerCheck } from "../../src/surfaces/office/station/self-test.ts";
import { remoteText } from "../../src/surfaces/office/station/station-words.ts";
import { stationEndpoint } from "../../src/surfaces/pagopa-station/endpoint.ts";
import { type App, NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { BANK_IBAN } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { PagopaPositions } from "../support/pagopa-positions.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

const PAGE = "/ufficio/impostazioni/pagopa";
const TOWN = "77777777770";
const UNION = "06363391001";
const SECRET = "0123456789abcdef0123456789abcdef";

let base: TestDatabase;
let site: TestSite;
let admin: SignedIn;
/** the same object for every site: a test sets what it needs */
const pagoPa: Record<string, unknown> & App["pagoPa"] = { ...NO_PAGOPA };
const reach = (changes: Partial<App["pagoPa"]>): void =>
  void Object.assign(pagoPa, { ...NO_PAGOPA, hasOwnDoor: false, isClosed: false }, changes);

before(async () => {
  base = await testDatabase();
});
beforeEach(async () => {
  await site?.close();
  reach({});
  site = await testSite(base.db, {
    routes,
    now: moment("2026-11-24T08:00:00Z"),
    demo: false,
    endpoints: [stationEndpoint],
    pagoPa,
  });
  admin = await site.signInAs("administrator");
});
after(async () => {
  await site?.close();
  await base.close();
});

/** Towns of these tests share a database, and a creditor: each station has a code of its own. */
let nextCode = 0;
const code = (): string => String(nextCode++ % 46).padStart(2, "0");

const station = (changes: Record<string, string> = {}): Record<string, string> => ({
  ente: TOWN,
  intermediario: TOWN,
  stazione: `${TOWN}_01`,
  segregazione: code(),
  modo: "sincrona",
  ...changes,
});
const account = (changes: Record<string, string> = {}): Record<string, string> => ({
  ...{ ente: TOWN, iban: BANK_IBAN, tipo: "bank", conto: "", intestato: "", autorizzazione: "" },
  ...changes,
});

async function withCreditor(): Promise<void> {
  const saved = await site.post(
    `${PAGE}/enti/nuovo`,
    { codice: TOWN, nome: "Comune di Esempio", ipa: "c_x000" },
    admin,
  );
  assert.equal(saved.statusCode, 303);
}

describe("pagoPA's settings", () => {
  it("X-15 are the administrator's alone", async () => {
    for (const role of ["office", "office-manager", "guardian", "school"] as const) {
      const other = await site.signInAs(role);
      assert.equal((await site.get(PAGE, other)).statusCode, 403, role);
      const posted = await site.post(`${PAGE}/stazioni/nuova`, station(), other);
      assert.equal(posted.statusCode, 403, role);
    }
    assert.equal((await site.get(PAGE, admin)).statusCode, 200);
    assert.match((await site.get("/ufficio/impostazioni", admin)).body, new RegExp(PAGE));
  });

  it("OS-07 say what is missing until ente, station and account are there", async () => {
    assert.match(
      (await site.get(PAGE, admin)).body,
      /Manca un ente creditore, una stazione in uso e un conto su cui incassare/,
    );
    await withCreditor();
    assert.equal((await site.post(`${PAGE}/stazioni/nuova`, station(), admin)).statusCode, 303);
    assert.equal((await site.post(`${PAGE}/conti/nuovo`, account(), admin)).statusCode, 303);
    const page = (await site.get(PAGE, admin)).body;
    assert.doesNotMatch(page, /non si possono ancora emettere/);
    assert.match(page, /IT60 X054 2811 1010 0000 0123 456/);
    assert.match(page, /9\/0107101TS\//);
    assert.match(page, /codice del tipo di servizio/);
    assert.match(page, /nessun avviso in attesa/);
  });

  it("OS-07 tie each mistake to its field, and keep what was typed", async () => {
    await withCreditor();
    const mistakes: [string, Record<string, string>, string[]][] = [
      ["stazioni/nuova", station({ segregazione: "46" }), ["segregazione"]],
      ["stazioni/nuova", station({ stazione: "77777777777-1" }), ["stazione"]],
      ["stazioni/nuova", station({ intermediario: "1", modo: "boh" }), ["modo"]],
      ["stazioni/nuova", station({ intermediario: "1" }), ["intermediario", "stazione"]],
      ["stazioni/nuova", station({ ente: UNION }), ["ente"]],
      ["conti/nuovo", account({ iban: `${BANK_IBAN.slice(0, -1)}7` }), ["iban"]],
      ["conti/nuovo", account({ tipo: "postal" }), ["conto", "intestato", "autorizzazione"]],
      ["conti/nuovo", account({ ente: UNION }), ["ente"]],
      ["enti/nuovo", { codice: "06363391002", nome: "", ipa: "?" }, ["codice", "nome", "ipa"]],
      ["chiavi", { servizio: "boh", chiave: SECRET }, ["servizio"]],
      ["chiavi", { servizio: "gpd", chiave: "due parole" }, ["chiave"]],
    ];
    for (const [path, fields, wrong] of mistakes) {
      const answer = await site.post(`${PAGE}/${path}`, fields, admin);
      assert.equal(answer.statusCode, 422, path);
      for (const field of wrong) assert.match(answer.body, new RegExp(`href="#${field}"`), field);
      const typed = fields["stazione"] ?? fields["iban"];
      if (typed) assert.ok(answer.body.includes(typed), path);
    }
    const kept = await site.place.town.read((tx) => stationsOfTown(tx));
    assert.deepEqual(kept, []);
  });

  it("OS-07 a station changes its mode, is retired, and comes back; its code stays its own", async () => {
    await withCreditor();
    const own = station();
    await site.post(`${PAGE}/stazioni/nuova`, own, admin);
    await site.post(`${PAGE}/stazioni/nuova`, { ...own, modo: "gpd3" }, admin);
    const stations = () => site.place.town.read((tx) => stationsOfTown(tx));
    assert.deepEqual(
      (await stations()).map(({ mode, gpdVersion, retiredAt }) => [mode, gpdVersion, retiredAt]),
      [["asynchronous", "v3", null]],
    );
    const retire = `${PAGE}/stazioni/${TOWN}-${own["segregazione"]}/ritira`;
    assert.match((await site.get(retire, admin)).body, /ricevute si accettano sempre/);
    await site.post(retire, {}, admin);
    assert.notEqual((await stations())[0]?.retiredAt, null);
    assert.equal((await site.get(retire, admin)).statusCode, 404);
    await site.post(`${PAGE}/stazioni/nuova`, own, admin);
    assert.deepEqual(
      (await stations()).map(({ mode, retiredAt }) => [mode, retiredAt]),
      [["synchronous", null]],
    );
  });

  it("OS-07 a code that another town has is refused, and nothing of ours is retired by the attempt", async () => {
    await withCreditor();
    const own = station();
    await site.post(`${PAGE}/stazioni/nuova`, own, admin);
    const other = await testSite(base.db, { routes, now: moment("2026-11-24T08:00:00Z") });
    try {
      const there = await other.signInAs("administrator");
      await other.post(`${PAGE}/enti/nuovo`, { codice: TOWN, nome: "Un altro", ipa: "" }, there);
      const answer = await other.post(`${PAGE}/stazioni/nuova`, own, there);
      assert.equal(answer.statusCode, 422);
      assert.match(answer.body, /già usato da un altro Comune/);
    } finally {
      await other.close();
    }
    const [mine] = await site.place.town.read((tx) => stationsOfTown(tx));
    assert.equal(mine?.retiredAt, null);
  });

  it("OS-07 an account gives way to the next of its kind, and can be left without one", async () => {
    await withCreditor();
    await site.post(`${PAGE}/conti/nuovo`, account(), admin);
    const accounts = () => site.place.town.read((tx) => collectionAccounts(tx));
    const [first] = await accounts();
    await site.post(`${PAGE}/conti/${first!.id}/ritira`, {}, admin);
    assert.notEqual((await accounts())[0]?.retiredAt, null);
    const twice = await site.post(`${PAGE}/conti/${first!.id}/ritira`, {}, admin);
    assert.equal(twice.statusCode, 303);
    const nobodys = await site.post(`${PAGE}/conti/non-un-conto/ritira`, {}, admin);
    assert.equal(nobodys.statusCode, 303);
  });

  it("OS-07 an ente with the same code changes its name; the town's own stays", async () => {
    await withCreditor();
    const rename = { codice: TOWN, nome: "Unione di Esempio", ipa: "" };
    await site.post(`${PAGE}/enti/nuovo`, rename, admin);
    const found = await site.place.town.read((tx) => creditors(tx));
    assert.deepEqual(found, [{ fiscalCode: TOWN, name: "Unione di Esempio", ipaCode: null }]);
  });

  it("X-15 a key goes in and is never shown: not on the page, not after a mistake, not in the records", async () => {
    const saved = await site.post(`${PAGE}/chiavi`, { servizio: "fdr", chiave: SECRET }, admin);
    assert.equal(saved.statusCode, 303);
    const page = (await site.get(PAGE, admin)).body;
    assert.match(page, /impostata il /);
    const wrong = await site.post(
      `${PAGE}/chiavi`,
      { servizio: "fdr", chiave: `${SECRET} x` },
      admin,
    );
    for (const body of [page, wrong.body, (await site.get(`${PAGE}/chiavi`, admin)).body])
      assert.doesNotMatch(body, new RegExp(SECRET));
    const { sealKey } = site.app;
    const read = await site.place.town.read((tx) => serviceKey(tx, { service: "fdr", sealKey }));
    assert.equal(read, SECRET);
    const everything = await site.place.town.read((tx) =>
      tx.rows<{ text: string }>(sql`
        select row_to_json(k)::text as text from service_key k where tenant_id = ${tx.tenantId}
        union all select row_to_json(a)::text from audit_entry a where tenant_id = ${tx.tenantId}`),
    );
    assert.ok(everything.length > 1);
    for (const { text } of everything) assert.doesNotMatch(text, new RegExp(SECRET));
  });
});

describe("the self-test", () => {
  const test = async (): Promise<string> => {
    const answer = await site.post(`${PAGE}/prova`, {}, admin);
    assert.equal(answer.statusCode, 200, answer.body.slice(0, 400));
    return answer.body;
  };

  it("OS-07 without a station says to add one", async () => {
    assert.match(await test(), /Aggiungere la stazione/);
  });

  it("OS-07 asks our own station for a made-up notice, and says who may call it", async () => {
    await withCreditor();
    await site.post(`${PAGE}/stazioni/nuova`, station(), admin);
    const open = await test();
    assert.match(open, /un avviso inventato è sconosciuto, come deve/);
    assert.match(open, /Chiunque raggiunga l(?:'|&#39;)indirizzo/);
    assert.match(open, /CAMPANELLA_PAGOPA_API/);
    reach({ caller: { header: "x-client-cn", names: ["forwarder.example"] } });
    const guarded = await test();
    assert.match(guarded, /un avviso inventato è sconosciuto, come deve/);
    assert.match(guarded, /Ammessi: forwarder\.example/);
    reach({ hasOwnDoor: true });
    assert.match(await test(), /da qui non si può provare/);
    reach({ isClosed: true });
    const closed = await test();
    assert.match(closed, /È chiusa a tutti/);
    assert.match(closed, /la stazione non risponde a nessuno/);
  });

  it("OS-07 tells a good key from a refused and a missing one, a silent service from an absent one", async () => {
    await withCreditor();
    await site.post(`${PAGE}/stazioni/nuova`, station(), admin);
    const pagopa = new PagopaPositions();
    try {
      reach({ apiUrl: await pagopa.listen() });
      assert.match(await test(), /Manca la chiave/);
      await site.post(`${PAGE}/chiavi`, { servizio: "aca", chiave: "sbagliata" }, admin);
      assert.match(await test(), /La chiave non è accettata/);
      await site.post(`${PAGE}/chiavi`, { servizio: "aca", chiave: pagopa.key }, admin);
      assert.match(await test(), /Risponde e accetta la chiave/);
      assert.deepEqual(pagopa.faults, []);
      pagopa.mishaps.push("lost");
      assert.match(await test(), /Non si raggiunge/);
      pagopa.mishaps.push("refuse");
      assert.match(await test(), /Risponde in modo inatteso: HTTP 500, INTERNAL: boom/);
    } finally {
      await pagopa.close();
    }
  });

  it("says each way of knowing the caller in words", () => {
    const said = (of: Partial<App["pagoPa"]>, demo = false): string =>
      callerCheck({ ...NO_PAGOPA, ...of }, demo).result;
    assert.equal(said({}), "bad");
    assert.equal(said({}, true), "good");
    assert.equal(said({ hasOwnDoor: true }), "good");
    assert.equal(said({ caller: { header: "x", names: ["y"] } }), "good");
  });
});

describe("what pagoPA knows of a notice", () => {
  it("OS-11 is said in one line: to be told, payable, closed, and why not yet", () => {
    const told = moment("2026-11-24T08:00:00Z");
    const of = { channel: "gpd-v1", told: "open", remoteState: "VALID", toldAt: told } as const;
    const said = { ...of, waiting: false, problem: "" };
    assert.match(remoteText(said), /^pagabile, comunicato a GPD, versione 1 \(VALID\), .*9:00/);
    const waits = { ...said, waiting: true, toldAt: null };
    assert.equal(remoteText(waits), "da comunicare a GPD, versione 1");
    assert.match(remoteText({ ...waits, problem: "HTTP 401" }), /chiave non è accettata/);
    const closed = { ...said, channel: "aca", told: "closed", remoteState: "" } as const;
    assert.match(remoteText(closed), /^chiuso in ACA, /);
  });
});
