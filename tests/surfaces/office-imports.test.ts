// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { allPeople } from "#families";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
let site: TestSite;
let office: SignedIn;

before(async () => {
  base = await testDatabase();
});
beforeEach(async () => {
  await site?.close();
  site = await testSite(base.db, { routes, now: moment("2026-11-24T07:47:00Z") });
  office = await site.signInAs("office", { name: "M. Conti" });
});
after(async () => {
  await site?.close();
  await base.close();
});

const LIST = "/ufficio/importazioni";
const STRANGE = [
  "Istituto comprensivo;;;;",
  "Elenco;al;24/11/2026;;",
  "Cogn. ISCR;Nom. ISCR;Nasc.;Gruppo;Menù spec.",
  "Ferrando;Giulia;12/03/2018;3A;",
  "Bianchi;Omar;01/02/2018;3A;D-07",
].join("\n");

type Files = { name: string; fileName: string; text: string }[];

function upload(fields: Record<string, string>, files: Files | string) {
  const boundary = "----prova";
  const part = (head: string, body: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  const given =
    typeof files === "string" ? [{ name: "file", fileName: "elenco.csv", text: files }] : files;
  const all = { csrf: office.csrf, scuola: site.place.siteId, decorrenza: "2026-11-24", ...fields };
  return site.server.http.inject({
    method: "POST",
    url: LIST,
    headers: {
      host: site.host,
      cookie: office.cookie,
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
    payload: [
      ...given.map(({ name, fileName, text }) =>
        part(`name="${name}"; filename="${fileName}"`, text),
      ),
      ...Object.entries(all).map(([name, value]) => part(`name="${name}"`, value)),
      `--${boundary}--\r\n`,
    ].join(""),
  });
}

const keyIn = (body: string, heading: string): string =>
  new RegExp(`value="([^"]+)"[^>]*>\\s*${heading}`).exec(body)?.[1] ?? "";

describe("columns that nobody knows", () => {
  it("OS-08 the office names them once; the next file of the school is understood by itself", async () => {
    const first = await upload({}, STRANGE);
    assert.equal(first.statusCode, 303);
    const path = first.headers.location!;
    assert.match(path, /\/colonne$/);
    const page = await site.get(path, office);
    assert.match(page.body, /Che cosa c&#39;è in ogni colonna\?/);
    assert.match(page.body, /Cogn\. ISCR: Ferrando, Bianchi…/);
    assert.deepEqual(htmlProblems(page.body), []);
    assert.match((await site.get(LIST, office)).body, /colonne da indicare/);
    const asked = { file: "0", tipo: "alunni" };
    const named = { "colonna-surname": keyIn(page.body, "Cogn\\. ISCR") };
    const twice = await site.post(
      path,
      { ...asked, ...named, "colonna-givenName": "cogniscr" },
      office,
    );
    assert.equal(twice.statusCode, 422);
    assert.match(twice.body, /è già scelta per «Cognome»/);
    const few = await site.post(path, { ...asked, ...named }, office);
    assert.equal(few.statusCode, 422);
    assert.match(few.body, /Servono cognome e nome/);
    const choices = {
      ...named,
      "colonna-givenName": "nomiscr",
      "colonna-birthDate": "nasc",
      "colonna-className": "gruppo",
      "colonna-dietCode": "menuspec",
    };
    const saved = await site.post(path, { ...asked, ...choices }, office);
    assert.equal(saved.statusCode, 303, saved.body.slice(0, 300));
    const plan = await site.get(saved.headers.location!, office);
    assert.match(plan.body, /Bianchi Omar/);
    assert.equal((await site.get(path, office)).statusCode, 303, "the former one leads to the new");
    const plannedAt = saved.headers.location!;
    assert.equal((await site.post(`${plannedAt}/applica`, {}, office)).statusCode, 303);
    const refused = await site.get(plannedAt, office);
    assert.match(refused.body, /Applica 2 modifiche/, "its diet codes are not an operator's");
    const dietOffice = await site.signInAs("office", { alsoRoles: ["office-diet"] });
    await site.post(`${plannedAt}/applica`, {}, dietOffice);
    assert.doesNotMatch((await site.get(plannedAt, office)).body, /Applica 2 modifiche/);
    const next = await upload({}, STRANGE);
    assert.doesNotMatch(next.headers.location!, /colonne/);
    assert.match(
      (await site.get(next.headers.location!, office)).body,
      /Ferrando Tommaso|non cambia/,
    );
    const elsewhere = await upload({ scuola: "file" }, STRANGE);
    assert.match(
      elsewhere.headers.location!,
      /\/colonne$/,
      "another school's files are not this one's",
    );
  });

  it("a heading of a file that is understood can be given another meaning, and given up", async () => {
    const csv = "Cognome;Nome;Data di nascita;Classe;Menu;Vitto\nNeri;Ugo;01/02/2018;3A;misto;D-03";
    const planned = await upload({}, csv);
    const path = planned.headers.location!;
    const page = await site.get(path, office);
    assert.match(page.body, /Colonne non usate: Vitto\.[^]*Indicare le colonne/);
    const columns = await site.get(`${path}/colonne`, office);
    assert.match(columns.body, /<option[^>]*value="menu"[^>]*selected/);
    const saved = await site.post(
      `${path}/colonne`,
      {
        file: "0",
        tipo: "alunni",
        "colonna-surname": "cognome",
        "colonna-givenName": "nome",
        "colonna-birthDate": "datadinascita",
        "colonna-className": "classe",
        "colonna-dietCode": "vitto",
      },
      office,
    );
    assert.equal(saved.statusCode, 303);
    const again = await site.get(saved.headers.location!, office);
    assert.match(again.body, /Colonne non usate: Menu/);
    const stale = await site.post(`${path}/applica`, {}, office);
    assert.equal(
      stale.headers.location,
      saved.headers.location,
      "nobody applies what is overtaken",
    );
    const dietOffice = await site.signInAs("office", { alsoRoles: ["office-diet"] });
    await site.post(`${saved.headers.location}/applica`, {}, dietOffice);
    const [row] = await site.place.town.read((tx) =>
      tx.rows<{ code: string }>(
        sql`select code from diet_assignment where tenant_id = ${tx.tenantId}`,
      ),
    );
    assert.equal(row?.code, "D-03");
  });

  it("a file of guardians apart is asked for its own columns", async () => {
    const pupils = "Cognome;Nome;Codice fiscale;Classe\nNeri;Ugo;NREGUO18B01F205T;3A";
    const guardians = "CF bimbo;Cogn.;Nom.\nNREGUO18B01F205T;Neri;Ada";
    const files = [
      { name: "file", fileName: "alunni.csv", text: pupils },
      { name: "tutori", fileName: "tutori.csv", text: guardians },
    ];
    const asked = await upload({}, files);
    const page = await site.get(asked.headers.location!, office);
    assert.match(page.body, /tutori\.csv[^]*Codice fiscale dell&#39;alunno/);
    const saved = await site.post(
      asked.headers.location!,
      {
        file: "1",
        tipo: "tutori",
        "colonna-pupilCode": "cfbimbo",
        "colonna-surname": "cogn",
        "colonna-givenName": "nom",
      },
      office,
    );
    assert.equal(saved.statusCode, 303, saved.body.slice(0, 300));
    assert.doesNotMatch(saved.headers.location!, /colonne/);
  });

  it("another town, another role and a wrong id see nothing", async () => {
    const asked = await upload({}, STRANGE);
    const path = asked.headers.location!;
    const school = await site.signInAs("school");
    assert.equal((await site.get(path, school)).statusCode, 403);
    assert.equal((await site.get(`${LIST}/${newId()}/colonne`, office)).statusCode, 404);
    assert.equal((await site.get(`${path}?file=9`, office)).statusCode, 404);
  });
});

describe("a difference that is out of date", () => {
  const csv = (street: string): string =>
    `Cognome;Nome;Data di nascita;Classe;Indirizzo\nNeri;Ugo;01/02/2018;3A;${street}`;

  it("is compared again at once with the file that was kept, and asks again", async () => {
    const [one, two] = [await upload({}, csv("Via Po 1")), await upload({}, csv("Via Po 2"))];
    await site.post(`${one.headers.location}/applica`, {}, office);
    const late = await site.post(`${two.headers.location}/applica`, {}, office);
    assert.equal(late.statusCode, 303);
    assert.notEqual(late.headers.location, two.headers.location);
    const page = await site.get(late.headers.location!, {
      ...office,
      cookie: [office.cookie, ...[late.headers["set-cookie"] ?? []].flat()].join("; "),
    });
    assert.match(page.body, /Nulla è stato applicato: questa è la differenza di adesso/);
    assert.match(page.body, /Via Po 1[^]*Via Po 2/);
    const [neri] = (await site.place.town.read((tx) => allPeople(tx, "child"))).filter(
      ({ surname }) => surname === "Neri",
    );
    assert.equal(neri?.address, "Via Po 1", "nothing was applied unseen");
    const applied = await site.post(`${late.headers.location}/applica`, {}, office);
    assert.equal(applied.headers.location, late.headers.location);
    const overtaken = await site.get(two.headers.location!, office);
    assert.equal(overtaken.headers.location, late.headers.location);
    const list = await site.get(LIST, office);
    assert.equal(list.body.match(/importazioni\/[0-9a-f-]{36}/g)?.length, 2);
  });
});

describe("a large import", () => {
  it("leaves the planner with statistics of what it wrote", async () => {
    const count = 1200;
    const rows = Array.from({ length: count }, (_, at) => {
      const name = [0, 4, 8].map((shift) => "ABCDEFGHILMNOPQR"[(at >> shift) & 15]).join("o");
      return `${name};Ugo;01/02/2018;3A`;
    });
    const planned = await upload({}, ["Cognome;Nome;Data di nascita;Classe", ...rows].join("\n"));
    const applied = await site.post(`${planned.headers.location}/applica`, {}, office);
    assert.equal(applied.statusCode, 303);
    const { reltuples } = await base.db.owner((tx) =>
      tx.one<{ reltuples: number }>(
        sql`select reltuples::float8 as reltuples from pg_class where oid = 'person'::regclass`,
      ),
    );
    assert.ok(reltuples >= count, `${reltuples} people known to the planner`);
  });
});

describe("a file over the limit", () => {
  it("is refused at its field in plain words, and the form keeps what was chosen", async () => {
    const big = `Cognome;Nome\n${"x".repeat(30_000_000)}`;
    const services = site.place.serviceId;
    const refused = await upload({ decorrenza: "2026-11-30", servizi: services }, big);
    assert.equal(refused.statusCode, 422);
    assert.match(
      refused.body,
      /elenco\.csv: supera 20 MB, il limite per un file\. Salvarlo come CSV/,
    );
    assert.match(refused.body, /href="#file"/);
    assert.match(refused.body, /value="2026-11-30"/);
    assert.match(refused.body, new RegExp(`value="${site.place.siteId}"[^>]*selected`));
    assert.match(refused.body, new RegExp(`value="${services}"[^>]*checked`));
    assert.deepEqual(htmlProblems(refused.body), []);
    const guardians = await upload({}, [
      { name: "file", fileName: "alunni.csv", text: "Cognome;Nome\nNeri;Ugo" },
      { name: "tutori", fileName: "tutori.csv", text: big },
    ]);
    assert.match(guardians.body, /href="#tutori"[^]*tutori\.csv: supera 20 MB/);
    const forged = await upload({ csrf: "x" }, big);
    assert.equal(forged.statusCode, 403);
  });
});
