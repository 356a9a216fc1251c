// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { changesOf, createFamily, holderOf, person, putGuardianships, putPeople } from "#families";
import {
  noteStranger,
  openEidas,
  purgeSignIns,
  strangerBySubject,
  waitingStrangers,
} from "#identity";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { LINK, REQUEST, strangersAt } from "../support/link-requests.ts";
import { ADA } from "../support/saml-provider.ts";
import { cookieNamed, NOW, openSite, sessionOf } from "../support/saml-site.ts";

const TASKS = "/ufficio/compiti";
const withControl = (fifteen: string): string => fifteen + controlCharacter(fifteen);
const MARIO = withControl("RSSMRA85C01H501");

describe("a verified identity that nobody knows asks for the link", async () => {
  const { db, close } = await testDatabase();
  const at = await openSite(db);
  const { town } = at.place;
  after(async () => {
    await at.close();
    await close();
  });

  const { arrive, requestOf, asked } = strangersAt(at);
  const mario = () => arrive("Mario", "Rossi", MARIO);
  const pageOf = ({ id }: { id: string }) => `${TASKS}/collegamenti/${id}`;

  it("OS-03 BI-01 BO-24 the way on is a request to the office, in the name that the provider vouched for", async () => {
    const { page, proof } = await mario();
    assert.match(page.body, /Nessuna iscrizione collegata a questo codice fiscale/);
    assert.match(page.body, /href="\/accedi\/collegamento"[^]*Chiedi il collegamento/);
    assert.match(page.body, /Contatta l&#39;ufficio|Contatta l'ufficio/);
    assert.match(page.body, /0371 000000/);
    const form = await at.get(LINK, null, proof);
    assert.match(form.body, /Richiesta di Mario Rossi/);
    assert.deepEqual(htmlProblems(form.body), []);
    assert.doesNotMatch(form.body, /Ferrando|Giulia|RSSMRA/);
    const empty = await at.post(LINK, { email: "non una e-mail", telefono: "abc" }, null, proof);
    assert.equal(empty.statusCode, 422);
    assert.match(empty.body, /Scrivere nome e cognome del bambino/);
    assert.match(empty.body, /data di nascita, oppure la scuola/);
    for (const which of ["E-mail", "Telefono"])
      assert.match(empty.body, new RegExp(`${which}: così non è un recapito valido`));
    assert.deepEqual(htmlProblems(empty.body), []);
    const typed = { codiceFiscale: ADA.fiscalNumber.slice(6), nome: "Ada", subject: "cf:X" };
    const sent = await at.post(LINK, { ...REQUEST, ...typed }, null, proof);
    assert.equal(sent.headers.location, LINK);
    const row = (await requestOf(MARIO))!;
    assert.equal(`${row.givenName} ${row.surname}`, "Mario Rossi");
    assert.equal(row.asked?.childName, REQUEST.bambino);
    const state = await at.get(LINK, null, proof);
    assert.match(state.body, /Richiesta inviata[^]*venerdì 20 novembre, alle 9:00/);
    assert.doesNotMatch(state.body, /Ferrando|Giulia/);
    const all = await town.read((tx) =>
      tx.rows(sql`select subject from identity_to_link
      where tenant_id = ${tx.tenantId}`),
    );
    assert.equal(all.length, 1, "what was typed as a code is nobody's");
  });

  it("OS-03 one request at a time, however often it is sent and from wherever", async () => {
    const { page, proof } = await mario();
    assert.match(page.body, /è arrivata all&#39;ufficio|è arrivata all'ufficio/);
    assert.doesNotMatch(page.body, /Chiedi il collegamento/);
    await at.post(LINK, { ...REQUEST, bambino: "Un Altro" }, null, proof);
    assert.equal((await requestOf(MARIO))?.asked?.childName, REQUEST.bambino);
  });

  it("OS-03 without a sign-in just before nobody asks: nothing typed, touched or old counts", async () => {
    const { proof } = await arrive("Lia", "Verdi", withControl("VRDLIA85C41H501"));
    const before = (await town.read((tx) => waitingStrangers(tx, 50))).length;
    const [name, value] = proof.cookie.split("=") as [string, string];
    const touched = { cookie: `${name}=${value.slice(0, -4)}AAAA` };
    for (const headers of [{}, touched]) {
      assert.match((await at.get(LINK, null, headers)).body, /Prima serve l(&#39;|')accesso/);
      assert.equal((await at.post(LINK, REQUEST, null, headers)).statusCode, 303);
    }
    at.setClock(NOW.add({ minutes: 31 }));
    assert.match((await at.get(LINK, null, proof)).body, /Prima serve l(&#39;|')accesso/);
    await at.post(LINK, REQUEST, null, proof);
    at.setClock(NOW);
    assert.equal((await town.read((tx) => waitingStrangers(tx, 50))).length, before);
  });

  it("OS-03 BI-01 a manager ties the parent to the child that was found; the next sign-in is in, and says so", async () => {
    const row = (await requestOf(MARIO))!;
    const operator = await at.signInAs("office");
    assert.match((await at.get(TASKS, operator)).body, /Chi chiede il collegamento[^]*Mario Rossi/);
    assert.equal((await at.get(pageOf(row), operator)).statusCode, 403);
    const manager = await at.signInAs("office-manager");
    const page = await at.get(pageOf(row), manager);
    assert.match(page.body, new RegExp(`${MARIO}[^]*Giulia Ferrando[^]*Ferrando Giulia`));
    assert.deepEqual(htmlProblems(page.body), []);
    const { giulia, tommaso } = at.place;
    const chosen = await at.get(`${pageOf(row)}?bambino=${giulia}`, manager);
    assert.match(chosen.body, /Collega a questa famiglia/);
    assert.deepEqual(htmlProblems(chosen.body), []);
    const ask = (fields: Record<string, string | string[]>) =>
      at.post(pageOf(row), { esito: "collega", bambino: giulia, ...fields }, manager);
    assert.match((await ask({ figli: giulia })).body, /come è stata riconosciuta/);
    assert.match((await ask({ motivo: "stato di famiglia" })).body, /almeno un figlio/);
    const done = await ask({ figli: [giulia, newId()], motivo: "stato di famiglia visto" });
    assert.equal(done.statusCode, 303, done.body);
    const again = await ask({ figli: tommaso, motivo: "due volte" });
    assert.equal(again.statusCode, 303, "twice is once");
    const { page: entered } = await mario();
    const session = sessionOf(entered);
    assert.equal(entered.statusCode, 303);
    assert.match(decodeURIComponent(cookieNamed(entered, "_flash")), /collegato questa identità/);
    const today = await at.get("/oggi", null, { cookie: session! });
    assert.match(today.body, /Giulia/);
    assert.doesNotMatch(today.body, /Tommaso/, "only the child that was ticked");
    assert.equal(await requestOf(MARIO), undefined, "nothing of the request is kept");
    const sara = await at.signInAs("guardian");
    assert.match((await at.get("/figli/giulia/accessi", sara)).body, /stato di famiglia visto/);
  });

  it("OS-03 the code goes on the parent who had none, with its history; never over a valid one or twice", async () => {
    const code = withControl("BNCLCU85C41H501");
    const { row } = await asked("Lucia", "Bianchi", code);
    const [mother, other] = [newId(), newId()];
    const from = day("2026-09-14");
    await town.write(async (tx) => {
      const name = { kind: "adult" as const, givenName: "Lucia", surname: "Bianchi" };
      const namesake = withControl("BNCLCU80A41F205");
      await putPeople(tx, [{ id: mother, ...name }], NOW);
      await putPeople(tx, [{ id: other, ...name, codiceFiscale: namesake }], NOW);
      await putGuardianships(
        tx,
        [mother, other].map((guardianId) => ({
          ...{ id: newId(), childId: at.place.tommaso, guardianId, role: "madre", from, to: null },
        })),
      );
    });
    const manager = await at.signInAs("office-manager");
    const page = await at.get(pageOf(row), manager);
    assert.match(page.body, /stesso nome[^]*mancante/);
    const tie = (adulto: string) =>
      at.post(pageOf(row), { esito: "collega", adulto, motivo: "documento visto" }, manager);
    const refused = await tie(other);
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /già un codice fiscale valido/);
    assert.equal((await tie(mother)).statusCode, 303);
    const [adult, changes] = await town.read((tx) =>
      Promise.all([person(tx, mother), changesOf(tx, mother)]),
    );
    assert.equal(adult?.codiceFiscale, code);
    assert.deepEqual(
      changes.map(({ field, newValue, reason }) => [field, newValue, reason]),
      [["codiceFiscale", code, "documento visto"]],
    );
    const session = sessionOf((await arrive("Lucia", "Bianchi", code)).page);
    assert.match((await at.get("/oggi", null, { cookie: session! })).body, /Tommaso/);
  });

  it("BI-01 who becomes the parent of a child for whom nobody pays holds the account too", async () => {
    const child = newId();
    await town.write((tx) =>
      putPeople(tx, [{ id: child, kind: "child", givenName: "Ivo", surname: "Gallo" }], NOW),
    );
    const { row } = await asked("Pia", "Gallo", withControl("GLLPIA85C41H501"), { bambino: "Ivo" });
    const manager = await at.signInAs("office-manager");
    const fields = { esito: "collega", bambino: child, figli: child, motivo: "tutrice nominata" };
    assert.equal((await at.post(pageOf(row), fields, manager)).statusCode, 303);
    assert.notEqual(await town.read((tx) => holderOf(tx, child, day("2026-11-20"))), null);
  });

  it("OS-03 BI-01 a guardian without codice fiscale of a child for whom nobody pays is offered, so nobody is there twice", async () => {
    const [child, father] = [newId(), newId()];
    await town.write(async (tx) => {
      const known = (id: string, kind: "adult" | "child", givenName: string) => ({
        ...{ id, kind, givenName, surname: "De Luca" },
      });
      await putPeople(tx, [known(child, "child", "Nina"), known(father, "adult", "Gian")], NOW);
      const from = day("2026-09-14");
      const tie = { id: newId(), childId: child, guardianId: father, role: "padre" };
      await putGuardianships(tx, [{ ...tie, from, to: null }]);
    });
    const code = withControl("DLCGNN85C01H501");
    const { row } = await asked("Giovanni", "De Luca", code, { bambino: "Nina De Luca" });
    const manager = await at.signInAs("office-manager");
    const itIsHim = new RegExp(`De Luca Gian[^]*mancante[^]*Nina De Luca[^]*adulto=${father}`);
    const search = await at.get(`${pageOf(row)}?cerca=De+Luca+Gian`, manager);
    assert.match(search.body, itIsHim);
    const page = await at.get(`${pageOf(row)}?bambino=${child}`, manager);
    assert.match(page.body, itIsHim, "under another spelling: by the child");
    assert.deepEqual(htmlProblems(page.body), []);
    const fields = { esito: "collega", adulto: father, motivo: "documento visto" };
    assert.equal((await at.post(pageOf(row), fields, manager)).statusCode, 303);
    assert.equal((await town.read((tx) => person(tx, father)))?.codiceFiscale, code);
    const session = sessionOf((await arrive("Giovanni", "De Luca", code)).page);
    assert.match((await at.get("/oggi", null, { cookie: session! })).body, /Nina/);
  });

  it("OS-03 BI-01 a refusal has its reason, read at the next sign-in alone; the e-mail names nobody; one may ask again", async () => {
    const code = withControl("NREGNE85C41H501");
    const { row } = await asked("Gaia", "Neri", code, { email: "Gaia@posta.example" });
    const manager = await at.signInAs("office-manager");
    const refuse = (rifiuto: string) =>
      at.post(pageOf(row), { esito: "rifiuta", rifiuto }, manager);
    assert.match((await refuse("")).body, /Scrivere il motivo/);
    assert.equal((await refuse("serve il decreto del giudice")).statusCode, 303);
    assert.equal((await refuse("un altro motivo")).statusCode, 303);
    const { page, proof } = await arrive("Gaia", "Neri", code);
    assert.match(page.body, /non ha accolto la richiesta: serve il decreto del giudice/);
    assert.match(page.body, /Chiedi di nuovo il collegamento/);
    const mails = await town.read((tx) =>
      tx.rows<{ address: string; body: string }>(sql`select address, body from email
        where tenant_id = ${tx.tenantId} and kind = 'link-answer'`),
    );
    assert.deepEqual(
      mails.map(({ address }) => address),
      ["gaia@posta.example"],
    );
    assert.doesNotMatch(mails[0]!.body, /Giulia|Ferrando|Gaia|giudice/);
    await at.post(LINK, REQUEST, null, proof);
    assert.equal((await requestOf(code))?.answeredAt, null);
    const english = { cookie: `${proof.cookie}; campanella_lang=en` };
    assert.match((await at.get(LINK, null, english)).body, /Request sent/);
  });

  it("BO-13 OS-08 an identity of another country is in the same list, and opens the account of the parent it is", async () => {
    const subject = "eidas:DE/IT/abc123";
    const seen = { subject, givenName: "Sarah", surname: "Müller", birthDate: day("1985-03-01") };
    await town.write((tx) => noteStranger(tx, { ...seen, at: NOW }));
    const row = (await town.read((tx) => strangerBySubject(tx, subject)))!;
    const manager = await at.signInAs("office-manager");
    const search = `${pageOf(row)}?cerca=${ADA.fiscalNumber.slice(6)}`;
    const page = await at.get(search, manager);
    assert.match(page.body, /DE\/IT\/abc123[^]*venerdì 1 marzo 1985[^]*Rossi Ada/);
    const adulto = at.place.sara.personId!;
    const fields = { esito: "collega", adulto, motivo: "passaporto visto" };
    assert.equal((await at.post(pageOf(row), fields, manager)).statusCode, 303);
    assert.notEqual(await town.read((tx) => openEidas(tx, "DE/IT/abc123")), undefined);
    assert.doesNotMatch((await at.get(TASKS, manager)).body, /Sarah Müller/);
    const sara = await at.signInAs("guardian");
    assert.match((await at.get("/figli/giulia/accessi", sara)).body, /passaporto visto/);
  });

  it("OS-03 a family whose contacts are kept by the office is marked before another adult is tied to it", async () => {
    const { row } = await asked("Ugo", "Costa", withControl("CSTGUO85C01H501"));
    const [id, child] = [newId(), newId()];
    const holder = { id, kind: "adult" as const, givenName: "Eva", surname: "Costa" };
    const children = [{ id: child, kind: "child" as const, givenName: "Leo", surname: "Costa" }];
    await town.write(async (tx) => {
      await createFamily(tx, { holder, children, from: day("2026-09-14") }, NOW);
      await tx.run(sql`update person set contacts_protected = true
        where tenant_id = ${tx.tenantId} and id = ${id}`);
    });
    const manager = await at.signInAs("office-manager");
    const page = await at.get(`${pageOf(row)}?bambino=${child}`, manager);
    assert.match(page.body, /contatti di questa famiglia sono riservati/);
  });

  it("OS-03 requests are deleted after 180 days, answered or not", async () => {
    const purge = (days: number) => {
      const now = NOW.add({ hours: 24 * days });
      return town.write((tx) => purgeSignIns(tx, { before: NOW, now }));
    };
    const count = async () => (await town.read((tx) => waitingStrangers(tx, 50))).length;
    const before = await count();
    assert.ok(before > 0);
    await purge(179);
    assert.equal(await count(), before);
    await purge(181);
    assert.equal(await count(), 0);
  });
});
