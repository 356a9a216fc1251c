// SPDX-License-Identifier: EUPL-1.2
/** CIE by OpenID Connect Federation as the administrator sets it up, against a federation that is simulated. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { providerKeys, providerVersions, securityEvents } from "#identity";
import {
  type OidcSimulator,
  startOidcSimulator,
} from "../../simulator/identity-provider/oidc/server.ts";
import type { Jwks } from "../../simulator/identity-provider/oidc/tokens.ts";
import type { Outside } from "../../src/integrations/oidc-federation/index.ts";
import { site } from "../../src/surfaces/site.ts";
import { ANNA, NOON, partOf } from "../support/cie-oidc.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

const PAGE = "/ufficio/impostazioni/accesso/cie-oidc";
const BASE = "https://servizi.comune.example";
const ENTITY = `${BASE}/oidc/cie`;
const STATEMENT = "/oidc/cie/.well-known/openid-federation";

describe("the office joins CIE's federation", () => {
  let base: TestDatabase;
  let at: TestSite;
  let admin: SignedIn;
  let simulator: OidcSimulator;

  /** The town's own address leads to the test site, the federation's to its simulator. */
  const asTheNet: Outside = {
    allowLoopbackHttp: true,
    fetch: async (url, init) => {
      if (!String(url).startsWith(BASE)) return fetch(url, init);
      const answer = await at.get(new URL(url).pathname);
      const contentType = String(answer.headers["content-type"]);
      return new Response(answer.body, {
        status: answer.statusCode,
        headers: { "content-type": contentType },
      });
    },
  };

  before(async () => {
    base = await testDatabase();
    simulator = await startOidcSimulator({
      now: () => NOON,
      people: [ANNA],
      fetch: (url) => asTheNet.fetch(url, {}) as Promise<Response>,
    });
    at = await testSite(base.db, {
      ...{ routes: site.routes, demo: false, now: NOON, outside: asTheNet },
    });
    admin = await at.signInAs("administrator");
  });
  after(async () => {
    await at.close();
    await simulator.close();
    await base.close();
  });

  const given = (changes: Record<string, string> = {}): Record<string, string> => ({
    indirizzo: BASE,
    entita: ENTITY,
    nome: "Comune di Prova",
    pec: "protocollo@pec.comune.example",
    sito: "https://www.comune.example",
    informativa: "https://www.comune.example/privacy",
    logo: "",
    gestore: simulator.provider.id,
    ancora: simulator.anchor.entityId,
    chiaviAncora: JSON.stringify(simulator.anchor.jwks),
    superiori: simulator.anchor.entityId,
    marchi: "",
    livello: "2",
    ...changes,
  });
  const page = async (): Promise<string> => {
    const answer = await at.get(PAGE, admin);
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(htmlProblems(answer.body), []);
    return answer.body;
  };
  const post = (path: string, fields: Record<string, string> = {}) =>
    at.post(PAGE + path, fields, admin);
  const states = (use: string) =>
    at.place.town.read(async (tx) =>
      (await providerKeys(tx, { protocol: "cie-oidc", withRetired: true }))
        .filter((key) => key.use === use)
        .map(({ state }) => state),
    );
  const statement = async () => {
    const answer = await at.get(STATEMENT);
    assert.equal(answer.statusCode, 200);
    return partOf(answer.body, 1) as {
      jwks: Jwks;
      trust_marks: unknown[];
      metadata: Record<string, Record<string, unknown>>;
    };
  };
  const tried = async (): Promise<string> => {
    const answer = await post("/prova");
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.body;
  };

  it("BI-01 OS-03 the form begins with what the town knows; nobody else comes here", async () => {
    const body = await page();
    assert.match(body, /non è attivo/);
    assert.match(body, /value="Comune di Borgo di prova"/);
    assert.match(body, /1\. Controllare e salvare i dati/);
    const office = await at.signInAs("office-manager");
    assert.equal((await at.get(PAGE, office)).statusCode, 403);
    assert.equal((await at.post(`${PAGE}/chiavi`, {}, office)).statusCode, 403);
  });

  it("OS-03 what no federation would take is said at its field, and nothing is stored", async () => {
    const cases: [Record<string, string>, RegExp][] = [
      [{ entita: "http://servizi.comune.example/oidc/cie" }, /identificativo è un indirizzo https/],
      [{ entita: `${ENTITY}?a=b` }, /identificativo è un indirizzo https/],
      [{ pec: "nessuna" }, /PEC istituzionale/],
      [{ logo: "https://www.comune.example/logo.png" }, /file SVG/],
      [{ chiaviAncora: "{" }, /insieme di chiavi pubbliche/],
      [{ chiaviAncora: `{"keys":[]}` }, /insieme di chiavi pubbliche/],
      [{ superiori: "" }, /almeno un indirizzo/],
      [{ superiori: "http://10.0.0.1/ta" }, /almeno un indirizzo/],
      [{ marchi: "eyJ" }, /non è un marchio/],
      [{ livello: "7" }, /Scegliere il livello/],
    ];
    for (const [change, wanted] of cases) {
      const answer = await post("", given(change));
      assert.equal(answer.statusCode, 422, JSON.stringify(change));
      assert.match(answer.body, wanted);
    }
    const versions = await at.place.town.read((tx) => providerVersions(tx, "cie-oidc"));
    assert.equal(versions.length, 0);
    assert.equal((await post("/chiavi", { gruppo: "servizio" })).statusCode, 303);
    assert.deepEqual(await states("sign"), [], "first the data");
  });

  it("OS-03 saved, keys made, published: the declaration says everything and never null", async () => {
    assert.equal((await post("", given())).headers.location, PAGE);
    await post("/chiavi", { gruppo: "federazione" });
    await post("/chiavi", { gruppo: "servizio" });
    assert.deepEqual(await states("decrypt"), ["current"]);
    const said = await statement();
    assert.deepEqual(said.metadata["federation_entity"], {
      organization_name: "Comune di Prova",
      homepage_uri: "https://www.comune.example",
      policy_uri: "https://www.comune.example/privacy",
      contacts: ["protocollo@pec.comune.example"],
      federation_resolve_endpoint: `${ENTITY}/resolve`,
    });
    assert.doesNotMatch(JSON.stringify(said), /null/);
    const body = await page();
    assert.match(body, /chiavi pubbliche di federazione/);
    assert.doesNotMatch(body, /&quot;d&quot;|"d":/, "no private part");
  });

  it("OS-03 the trial says what is missing; a version without a mark is not switched on", async () => {
    const before = await tried();
    assert.match(before, /Catena di fiducia[\s\S]*?non funziona/);
    await post("/attiva", { versione: "1" });
    assert.match(await page(), /non è attivo/);
    const { jwks } = await statement();
    const mark = await simulator.federation.onboard(ENTITY, { jwks, role: "openid_relying_party" });
    const known = await tried();
    assert.match(known, /Manca un marchio valido/);
    assert.doesNotMatch(known, /Nessuna strada/);
    const foreign = await post("", given({ marchi: mark.token, entita: `${BASE}/altro` }));
    assert.match(foreign.body, /Un marchio è di un altro ente/);
    const logo = "https://www.comune.example/stemma.svg";
    await post("", given({ marchi: mark.token, logo }));
    const all = await tried();
    assert.match(all, /Tutto funziona/);
    assert.deepEqual(htmlProblems(all), []);
    await post("/attiva", { versione: "2" });
    assert.match(await page(), /è attivo/);
    assert.equal((await statement()).metadata["federation_entity"]!["logo_uri"], logo);
    assert.equal((await at.get("/oidc/cie/entra")).statusCode, 302);
  });

  it("OS-03 keys change in three steps, and people come in all the while", async () => {
    const entering = async (): Promise<number> => (await at.get("/oidc/cie/entra")).statusCode;
    await post("/chiavi", { gruppo: "servizio" });
    assert.deepEqual(await states("sign"), ["current", "next"]);
    assert.match(await page(), /Passo 2 di 3/);
    assert.equal(await entering(), 302);
    await post("/chiavi/usa", { gruppo: "servizio" });
    assert.deepEqual(await states("decrypt"), ["current", "former"]);
    assert.match(await page(), /Passo 3 di 3/);
    assert.equal(await entering(), 302);
    await post("/chiavi/ritira", { gruppo: "servizio" });
    assert.deepEqual(await states("sign"), ["current", "retired"]);
    await post("/chiavi", { gruppo: "federazione" });
    assert.equal((await statement()).jwks.keys.length, 2);
    await post("/chiavi/ritira", { gruppo: "federazione" });
    assert.deepEqual(await states("federation"), ["current", "retired"], "given up");
    assert.equal(await entering(), 302);
    const events = await at.place.town.read((tx) =>
      securityEvents(tx, { kinds: ["key-changed"], limit: 50 }),
    );
    assert(events.length >= 9);
    assert(events.every(({ details }) => details["protocol"] === "cie-oidc"));
  });

  it("OS-03 of two who make the first keys, or save, at the same moment one is told", async () => {
    const other = await testSite(base.db, {
      ...{ routes: site.routes, demo: false, now: NOON, outside: asTheNet },
    });
    const one = await other.signInAs("administrator");
    const send = (path: string, fields: Record<string, string>) =>
      other.post(PAGE + path, fields, one);
    const saves = await Promise.all(
      ["Uno", "Due"].map((nome) => send("", given({ nome, versione: "0" }))),
    );
    assert.deepEqual(saves.map(({ statusCode }) => statusCode).toSorted(), [303, 409]);
    const told = saves.find(({ statusCode }) => statusCode === 409)!.body;
    assert.match(told, /Intanto qualcun altro ha salvato la versione 1/);
    const made = await Promise.all([1, 2].map(() => send("/chiavi", { gruppo: "federazione" })));
    assert.deepEqual(
      made.map(({ statusCode }) => statusCode),
      [303, 303],
    );
    const keys = await other.place.town.read((tx) => providerKeys(tx, { protocol: "cie-oidc" }));
    assert.equal(keys.length, 1);
    await other.close();
  });

  it("OS-03 switched off: nobody enters this way any more", async () => {
    await post("/disattiva");
    assert.match(await page(), /non è attivo/);
    assert.equal((await at.get("/oidc/cie/entra")).statusCode, 404);
    assert.match((await at.get("/ufficio/impostazioni/accesso", admin)).body, /CIE con OpenID/);
  });
});
