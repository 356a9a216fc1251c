// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { changesOf, person } from "#families";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes } from "../../src/surfaces/portal/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
let site: TestSite;
let sara: SignedIn;

before(async () => {
  base = await testDatabase();
});
beforeEach(async () => {
  await site?.close();
  site = await testSite(base.db, {
    routes: [...routes, ...officeRoutes],
    now: moment("2026-11-24T07:40:00Z"),
  });
  sara = await site.signInAs("guardian");
});
after(async () => {
  await site?.close();
  await base.close();
});

describe("a family's own data", () => {
  it("PE-05 BO-25 shows the child's record, and changes the contacts with their history", async () => {
    const page = await site.get("/figli/giulia/dati", sara);
    assert.match(page.body, /Giulia Ferrando[^]*Codice fiscale[^]*Nascita[^]*Classe/);
    assert.deepEqual(htmlProblems(page.body), []);
    const edit = await site.get("/figli/giulia/dati/modifica", sara);
    assert.match(edit.body, /La residenza che conta per il prezzo la registra l&#39;ufficio/);
    assert.deepEqual(htmlProblems(edit.body), []);
    const path = "/figli/giulia/dati/modifica";
    const wrong = await site.post(path, { postalCode: "1", address: "=HYPERLINK(1)" }, sara);
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /Il CAP ha cinque cifre[^]*non può cominciare con = \+ - @/);
    assert.match(wrong.body, /value="=HYPERLINK\(1\)"/, "what was written stays in the form");
    for (const [street, name] of [
      ["Via Po 1", "Rossi"],
      ["Via Po 2", "X"],
    ] as const) {
      const saved = await site.post(path, { address: street, surname: name }, sara);
      assert.equal(saved.headers.location, "/figli/giulia/dati");
    }
    const { giulia, town } = site.place;
    const stored = await town.read(async (tx) => ({
      child: await person(tx, giulia),
      changes: await changesOf(tx, giulia),
      audit: await tx.rows<{ action: string; actor_role: string }>(
        sql`select action, actor_role from audit_entry where tenant_id = ${tx.tenantId} and child_id = ${giulia}`,
      ),
    }));
    assert.equal(stored.child?.address, "Via Po 2");
    assert.equal(stored.child.surname, "Ferrando", "a name is no contact");
    assert.deepEqual(
      stored.changes.map(({ field, oldValue, newValue, changedBy }) => [
        field,
        oldValue,
        newValue,
        changedBy,
      ]),
      [
        ["address", "Via Po 1", "Via Po 2", "Sara Ferrando"],
        ["address", "", "Via Po 1", "Sara Ferrando"],
      ],
    );
    assert.deepEqual(stored.audit, [
      { action: "families.update-contacts", actor_role: "guardian" },
      { action: "families.update-contacts", actor_role: "guardian" },
    ]);
    assert.match((await site.get("/figli/giulia/accessi", sara)).body, /Contatti modificati/);
    const same = await site.post(path, { address: "Via Po 2" }, sara);
    assert.equal(same.headers.location, "/figli/giulia/dati");
  });

  it("PE-05 what only the office corrects is asked for; the office answers and the family reads it", async () => {
    const form = await site.get("/dati/correzione?di=giulia", sara);
    assert.match(form.body, /value="giulia"[^>]*selected/);
    assert.deepEqual(htmlProblems(form.body), []);
    const fields = { di: "giulia", cosa: "name", testo: "Il cognome è De Ferrando\n=cmd()" };
    assert.equal(
      (await site.post("/dati/correzione", { ...fields, cosa: "" }, sara)).statusCode,
      422,
    );
    assert.equal(
      (await site.post("/dati/correzione", { ...fields, testo: " " }, sara)).statusCode,
      422,
    );
    const long = await site.post("/dati/correzione", { ...fields, testo: "x".repeat(501) }, sara);
    assert.match(long.body, /Il testo ha più di 500 caratteri/);
    const key = newId();
    for (let time = 0; time < 2; time += 1)
      assert.equal((await site.post("/dati/correzione", { ...fields, key }, sara)).statusCode, 303);
    assert.match(
      (await site.get("/dati", sara)).body,
      /Il cognome è De Ferrando[^]*In attesa dell&#39;ufficio/,
    );
    const office = await site.signInAs("office", { name: "M. Conti" });
    const tasks = await site.get("/ufficio/compiti", office);
    assert.match(
      tasks.body,
      /Correzioni chieste dalle famiglie: 1[^]*Ferrando Giulia[^]*Nome o cognome/,
    );
    assert.deepEqual(htmlProblems(tasks.body), []);
    const path = `/ufficio/compiti/correzioni/${key}`;
    const page = await site.get(path, office);
    assert.match(page.body, /De Ferrando[^]*Sara Ferrando/);
    assert.deepEqual(htmlProblems(page.body), []);
    assert.equal((await site.post(path, {}, office)).statusCode, 422);
    assert.equal((await site.post(path, { esito: "no" }, office)).statusCode, 422);
    const answer = { esito: "no", risposta: "Serve il certificato di nascita." };
    assert.equal((await site.post(path, answer, office)).statusCode, 303);
    assert.equal(
      (await site.post(path, { esito: "corretto" }, office)).statusCode,
      303,
      "the first answer stays",
    );
    assert.match((await site.get(path, office)).body, /Non corretto[^]*Serve il certificato/);
    assert.match(
      (await site.get("/dati", sara)).body,
      /Non corretto[^]*: Serve il certificato di nascita\./,
    );
    assert.doesNotMatch((await site.get("/ufficio/compiti", office)).body, /Correzioni chieste/);
  });

  it("PE-05 speaks English, bounds what waits, and lets nobody ask or read for others", async () => {
    const english = await site.get("/figli/giulia/dati", sara, { "accept-language": "en" });
    assert.match(english.body, /Tax code[^]*Birth[^]*Ask for a correction/);
    const asking = await site.get("/dati/correzione", sara, { "accept-language": "en" });
    assert.match(asking.body, /What should be corrected\?[^]*Name or surname/);
    const ask = (key = newId()) =>
      site.post("/dati/correzione", { di: "me", cosa: "other", testo: "Altro", key }, sara);
    for (let time = 0; time < 5; time += 1) assert.equal((await ask()).statusCode, 303);
    assert.match((await ask()).body, /Cinque richieste aspettano già una risposta/);
    for (const path of ["/figli/anna/dati", "/figli/anna/dati/modifica"])
      assert.equal((await site.get(path, sara)).statusCode, 404, path);
    const forged = { di: "anna", cosa: "name", testo: "x" };
    assert.equal((await site.post("/dati/correzione", forged, sara)).statusCode, 404);
    assert.equal(
      (await site.post("/figli/anna/dati/modifica", { city: "x" }, sara)).statusCode,
      404,
    );
    const key = newId();
    const school = await site.signInAs("school");
    assert.equal((await site.get(`/ufficio/compiti/correzioni/${key}`, school)).statusCode, 403);
    assert.equal((await site.get("/figli/giulia/dati", school)).statusCode, 403);
    const office = await site.signInAs("office");
    assert.equal((await site.get(`/ufficio/compiti/correzioni/${key}`, office)).statusCode, 404);
    assert.equal((await site.get("/ufficio/compiti/correzioni/x", office)).statusCode, 404);
  });

  it("BI-04 BO-27 says under Altro how the portal gets onto a phone, of either kind, whatever the browser calls itself", async () => {
    assert.match(
      (await site.get("/altro", sara)).body,
      /href="\/installa"[^]*Installa sul telefono/,
    );
    for (const agent of ["Mozilla/5.0 (iPhone)", "Mozilla/5.0 (Linux; Android 16)"]) {
      const { body } = await site.get("/installa", sara, { "user-agent": agent });
      assert.match(
        body,
        /Android[^]*<ol[^]*Aggiungi a schermata Home[^]*iPhone[^]*<ol[^]*Condividi/,
      );
      assert.deepEqual(htmlProblems(body), []);
    }
    const english = await site.get("/installa", sara, { "accept-language": "en" });
    assert.match(english.body, /Install on the phone[^]*Add to Home screen[^]*Share/);
    const office = await site.signInAs("office");
    assert.equal((await site.get("/installa", office)).statusCode, 403);
  });
});
