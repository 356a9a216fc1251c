// SPDX-License-Identifier: EUPL-1.2
/** SPID, CIE and eIDAS as the administrator sets them up: data, certificate, hand-in, rotation; and the journal. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { journalSignIn, providerKeys, putRegistry, securityEvents } from "#identity";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { moment } from "#kernel/dates.ts";
import { site } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { townSigner } from "../support/saml-samples.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-20T08:00:00Z");
const PAGE = "/ufficio/impostazioni/accesso";
const ADA = `RSSDAA85C41H501${controlCharacter("RSSDAA85C41H501")}`;

const GIVEN = {
  indirizzo: "https://scuola.borgo.example",
  entita: "https://scuola.borgo.example/spid/metadata",
  nome: "Comune di Borgo di prova",
  nomeBreve: "Borgo di prova",
  sito: "https://www.borgo.example",
  localita: "Borgo di prova",
  email: "scuola@borgo.example",
  telefono: "+390371000000",
  ipa: "c_f205",
  cf: "",
  belfiore: "",
  provincia: "",
  livello: "2",
};

/** Through a light aggregator: its certificate as a browser sends the lines of a text area. */
const LIGHT = {
  entita: "https://aggregatore.example/pub-ag-lite/borgo",
  aggregatore: "Aggregatore S.p.A.",
  aggregatoreIva: "IT01234567897",
  aggregatoreCf: "01234567897",
  aggregatoreEmail: "spid@aggregatore.example",
  aggregatoreCertificato: townSigner.certificatePem.replaceAll("\n", "\r\n"),
};

describe("the office sets up SPID and CIE", () => {
  let base: TestDatabase;
  let at: TestSite;
  let admin: SignedIn;

  before(async () => {
    base = await testDatabase();
    at = await testSite(base.db, { routes: site.routes, demo: false, now: NOW });
    admin = await at.signInAs("administrator");
  });
  after(async () => {
    await at.close();
    await base.close();
  });

  const read = async (path: string): Promise<string> => {
    const page = await at.get(PAGE + path, admin);
    assert.equal(page.statusCode, 200);
    return page.body;
  };
  const post = (path: string, fields: Record<string, string> = {}) =>
    at.post(PAGE + path, fields, admin);
  const states = () =>
    at.place.town.read(async (tx) =>
      (await providerKeys(tx, { protocol: "spid", withRetired: true })).map(({ state }) => state),
    );

  it("BI-01 nobody but the administrator comes here", async () => {
    for (const role of ["office", "office-manager", "school"] as const) {
      const other = await at.signInAs(role);
      for (const path of ["", "/spid", "/registro"])
        assert.equal((await at.get(PAGE + path, other)).statusCode, 403, `${role} ${path}`);
      assert.equal((await at.post(`${PAGE}/spid`, GIVEN, other)).statusCode, 403);
    }
    assert.equal((await at.get(`${PAGE}/altro`, admin)).statusCode, 404);
  });

  it("OS-03 the form begins with what the town's settings know", async () => {
    assert.match(await read(""), /non configurato/);
    const page = await read("/cie");
    assert.match(page, /value="Comune di Borgo di prova"/);
    assert.match(page, /value="c_f205"/);
    assert.match(page, /value="F205"/);
    assert.match(page, /CIE non è attivo/);
  });

  it("OS-03 what the federation would send back is said at its field, and nothing is stored", async () => {
    const cases: [Partial<typeof GIVEN> & Record<string, string>, RegExp][] = [
      [{ entita: "http://scuola.borgo.example" }, /deve cominciare con https/],
      [{ entita: "https://scuola.borgo.example/pub-ag-full/x" }, /compilare i dati dell/],
      [{ telefono: "0371 000000" }, /comincia con il prefisso/],
      [{ email: "nessuno" }, /e-mail di un ufficio/],
      [{ ipa: "" }, /codice IPA è quello/],
      [{ livello: "9" }, /Scegliere il livello/],
      [{ aggregatore: "Aggregatore S.p.A." }, /partita IVA è IT/],
      [{ ...LIGHT, aggregatoreCertificato: "-----BEGIN" }, /un certificato solo/],
      [
        { ...LIGHT, aggregatoreCertificato: townSigner.certificatePem + townSigner.privateKeyPem },
        /un certificato solo, da BEGIN a END, senza la chiave privata/,
      ],
      [{ ...LIGHT, aggregatoreCertificato: "" }, /contiene \/pub-ag-full\/, o \/pub-ag-lite\//],
    ];
    for (const [change, wanted] of cases) {
      const answer = await post("/spid", { ...GIVEN, ...change });
      assert.equal(answer.statusCode, 422, JSON.stringify(change));
      assert.match(answer.body, wanted);
    }
    assert.match(await read(""), /non configurato/);
  });

  it("OS-03 saved, certified, handed in, switched on", async () => {
    assert.equal((await post("/spid", GIVEN)).headers.location, `${PAGE}/spid`);
    assert.equal((await at.get("/spid/metadata?versione=bozza")).statusCode, 404);
    await post("/spid/attiva", { versione: "1" });
    assert.match(await read("/spid"), /SPID non è attivo/);
    await post("/spid/certificato");
    const metadata = await at.get("/spid/metadata?versione=bozza");
    assert.equal(metadata.statusCode, 200);
    assert.match(metadata.body, /entityID="https:\/\/scuola\.borgo\.example\/spid\/metadata"/);
    await post("/spid/attiva", { versione: "1" });
    const page = await read("/spid");
    assert.match(page, /SPID è attivo/);
    assert.match(page, /BEGIN CERTIFICATE/);
    assert.doesNotMatch(page, /PRIVATE KEY/);
    assert.match(await read(""), /attivo/);
  });

  it("OS-03 a change is a new version; what was handed in stays in use", async () => {
    const other = { ...GIVEN, nomeBreve: "Scuole di Borgo" };
    await post("/spid", other);
    assert.match((await at.get("/spid/metadata")).body, />Borgo di prova</);
    assert.match((await at.get("/spid/metadata?versione=bozza")).body, />Scuole di Borgo</);
    const page = await read("/spid");
    assert.match(page, /Il certificato in uso dice altro/);
    assert.match(page, /nome da mostrare/);
    await post("/spid", GIVEN);
  });

  it("OS-03 a certificate changes in three steps, and the page says which", async () => {
    assert.match(await read("/spid"), /passo 1 di 3/);
    await post("/spid/certificato");
    assert.deepEqual(await states(), ["current", "next"]);
    assert.match(await read("/spid"), /Passo 2 di 3/);
    await post("/spid/certificato/usa");
    assert.deepEqual(await states(), ["current", "former"]);
    const page = await read("/spid");
    assert.match(page, /Passo 3 di 3/);
    const id = /name="chiave" value="([^"]+)"/.exec(page)![1]!;
    const metadata = (await at.get("/spid/metadata")).body;
    assert.equal(metadata.match(/<md:KeyDescriptor/g)?.length, 2);
    await post("/spid/certificato/ritira", { chiave: id });
    assert.deepEqual(await states(), ["current", "retired"]);
    assert.match(await read("/spid"), /passo 1 di 3/);
  });

  it("OS-03 a certificate that ends soon is said", async () => {
    at.setClock(NOW.add({ hours: 24 * (3 * 365 - 50) }));
    const later = await at.signInAs("administrator");
    const page = await at.get(`${PAGE}/spid`, later);
    assert.match(page.body, /Il certificato scade tra \d+ giorni/);
    assert.match(
      (await at.get("/ufficio", later)).body,
      /Il certificato di SPID scade tra \d+ giorni/,
    );
    const office = await at.signInAs("office");
    assert.doesNotMatch((await at.get("/ufficio", office)).body, /certificato di SPID/);
    at.setClock(NOW.add({ hours: 24 * (3 * 365 - 20) }));
    const soon = await at.signInAs("office");
    assert.match((await at.get("/ufficio", soon)).body, /avvisare chi amministra/);
    at.setClock(NOW);
  });

  it("OS-03 the age of the list and what is wrong with it are shown", async () => {
    assert.match(await read(""), /mai scaricato/);
    const fetched = NOW.subtract({ hours: 60 });
    await base.db.platform((tx) =>
      putRegistry(tx, { federation: "spid", document: "<x/>", at: fetched }),
    );
    const page = await read("");
    assert.match(page, /scaricato\s+17\/11\/2026/);
    assert.match(page, /vecchio/);
  });

  it("OS-03 BI-01 a light aggregator's certificate is kept with the rest and published", async () => {
    assert.equal((await post("/spid", { ...GIVEN, ...LIGHT })).statusCode, 303);
    const metadata = (await at.get("/spid/metadata?versione=bozza")).body;
    assert.match(metadata, /<spid:PublicServicesLightAggregator\/>/);
    assert.match(metadata, /<spid:KeyDescriptor use="spid:validation">/);
    assert.match(await read("/spid"), /<textarea[^>]*aggregatoreCertificato[^]*BEGIN CERTIFICATE/);
    await post("/spid", GIVEN);
  });

  it("OS-03 switched off: nobody enters this way any more", async () => {
    await post("/spid/disattiva");
    assert.match(await read("/spid"), /SPID non è attivo/);
    assert.equal((await at.get("/spid/entra?idp=x")).statusCode, 404);
  });

  it("X-14 the journal answers for a person or a message, with a reason that is kept", async () => {
    await at.place.town.write((tx) =>
      journalSignIn(tx, {
        ...{ protocol: "spid", provider: "https://idp.example", requestId: "_richiesta1" },
        ...{ responseId: "_risposta1", assertionId: "_asserzione1", outcome: "accepted" },
        ...{ requestIssuedAt: NOW, responseIssuedAt: NOW, assertionIssuedAt: NOW },
        ...{ codiceFiscale: ADA, request: "<Richiesta/>", response: "<Risposta/>" },
        recordedAt: NOW,
        sealKey: at.app.sealKey,
      }),
    );
    const asked = {
      dal: "2026-11-01",
      al: "2026-11-20",
      motivo: `Procura, richiesta n. 12 su ${ADA}`,
    };
    const noReason = await post("/registro", { ...asked, cf: ADA, motivo: "" });
    assert.equal(noReason.statusCode, 422);
    assert.doesNotMatch(noReason.body, /_richiesta1/);
    assert.equal((await post("/registro", { ...asked })).statusCode, 422);
    for (const search of [{ cf: ADA.toLowerCase() }, { messaggio: "_asserzione1" }]) {
      const found = await post("/registro", { ...asked, ...search });
      assert.equal(found.statusCode, 200);
      assert.match(found.body, /_richiesta1/);
      assert.match(found.body, /&lt;Risposta/);
    }
    const none = await post("/registro", { ...asked, cf: ADA, al: "2026-11-19" });
    assert.match(none.body, /Nessun accesso in quei giorni/);
    const file = await post("/registro", { ...asked, cf: ADA, file: "1" });
    assert.match(String(file.headers["content-disposition"]), /registro-accessi-2026-11-20\.txt/);
    assert.match(file.body, /<Richiesta\/>[^]*<Risposta\/>/);
    const events = await at.place.town.read((tx) =>
      securityEvents(tx, { kinds: ["journal-searched"], limit: 10 }),
    );
    assert.equal(events.length, 4);
    assert.match(String(events[0]?.details["reason"]), /Procura/);
    assert.doesNotMatch(JSON.stringify(events), new RegExp(ADA));
  });
});
