// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { putClasses, putSchoolYear } from "#calendar";
import { type Application, applicationsOf, openApplications } from "#enrolment";
import { allPeople } from "#families";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration } from "#tenancy";
import { ENROLMENT, formOf, openWindow, withControl } from "../support/applications.ts";
import { testDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { strangersAt } from "../support/link-requests.ts";
import { ADA } from "../support/saml-provider.ts";
import {
  bring,
  cookieNamed,
  depart,
  NOW,
  openSite,
  respond,
  sessionOf,
} from "../support/saml-site.ts";

const FORM = `${ENROLMENT}/2027`;
const SUMMARY = `${FORM}/riepilogo`;
const TASKS = "/ufficio/compiti";
const MARIO = withControl("RSSMRA85C01H501");
const flashOf = (answer: Parameters<typeof cookieNamed>[0]): string =>
  decodeURIComponent(cookieNamed(answer, "_flash"));

describe("applying on line", async () => {
  const { db, close } = await testDatabase();
  const at = await openSite(db);
  const { town } = at.place;
  await openWindow(at);
  after(async () => {
    await at.close();
    await close();
  });
  const { arrive } = strangersAt(at);
  const mario = () => arrive("Mario", "Rossi", MARIO);
  const waiting = () => town.read((tx) => openApplications(tx, 100));
  const ofMario = (): Promise<Application[]> =>
    town.read((tx) => applicationsOf(tx, { subject: `cf:${MARIO}`, personId: null }));
  const fit = (page: { body: string }): void => assert.deepEqual(htmlProblems(page.body), []);

  it("OS-02 OS-03 the page says when, what is needed, with which sign-in, and how to get SPID; nothing is asked of anybody else", async () => {
    const page = await at.get(ENROLMENT);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Iscrizioni dal 10 novembre al 10 dicembre\./);
    assert.match(page.body, /anno 2027\/2028/);
    assert.match(page.body, /Come ottenere SPID[^]*Farsi riconoscere[^]*Oppure con la CIE/);
    assert.match(page.body, /con SPID\./);
    assert.match(page.body, /Entra con SPID/);
    assert.doesNotMatch(page.body, /Entra con CIE|codice utente/, "SPID alone is admitted here");
    assert.doesNotMatch(page.body, /<(?:img|script|link)[^>]+(?:src|href)="https?:/);
    fit(page);
    const english = await at.get(ENROLMENT, null, { "accept-language": "en" });
    assert.match(english.body, /Enrolment from 10 November to 10 December\.[^]*How to get SPID/);
    fit(english);
    const services = await at.get("/servizi");
    assert.match(services.body, /Si fa domanda fino a [^]*href="\/iscrizioni"[^]*Fai domanda/);
    fit(services);
    const form = await at.get(FORM);
    assert.match(form.body, /Entra con SPID/, "the form itself opens after the sign-in");
    assert.equal((await at.get(`${ENROLMENT}/2026`)).statusCode, 404);
  });

  it("OS-02 outside the window the page says when it was, and a form is refused; without one nothing is offered", async () => {
    const { proof } = await mario();
    const before = await waiting();
    for (const [now, words] of [
      ["2026-11-09T23:59:59+01:00", /Le domande si aprono martedì 10 novembre 2026/],
      ["2026-12-11T00:00:00+01:00", /Le domande si sono chiuse giovedì 10 dicembre 2026/],
    ] as const) {
      at.setClock(moment(now));
      const page = await at.get(ENROLMENT, null, proof);
      assert.match(page.body, words);
      assert.doesNotMatch(page.body, /Fai domanda di iscrizione/);
      assert.match((await at.get(ENROLMENT)).body, /entrando con la stessa identità:[^]*\/accedi/);
      fit(page);
      const sent = await at.post(FORM, formOf(at), null, proof);
      assert.equal(sent.statusCode, 409);
      assert.match(sent.body, /La domanda non è stata inviata/);
      fit(sent);
    }
    at.setClock(NOW);
    assert.deepEqual(await waiting(), before);
    const other = await openSite(db);
    const none = await other.get(ENROLMENT);
    assert.match(none.body, /non si fa da qui[^]*0371 000000/);
    fit(none);
    assert.equal((await other.get(FORM)).statusCode, 404);
    assert.equal((await other.post(FORM, formOf(other), null)).statusCode, 404);
    await other.close();
  });

  it("OS-03 a stranger comes from the page that knows nobody, sees a summary, and is told the number", async () => {
    const { page, proof } = await mario();
    assert.match(page.body, /href="\/iscrizioni\/2027"[^]*Fai domanda di iscrizione/);
    assert.match(page.body, /Chiedi il collegamento/);
    const form = await at.get(FORM, null, proof);
    assert.match(form.body, /Domanda di Mario Rossi, per/);
    assert.doesNotMatch(form.body, /Giulia|Ferrando/);
    fit(form);
    const english = { ...proof, "accept-language": "en" };
    for (const page of [
      await at.get(FORM, null, english),
      await at.post(SUMMARY, formOf(at), null, english),
    ]) {
      assert.match(page.body, /lang="en"[^]*(Apply for enrolment|Summary of the application)/);
      assert.doesNotMatch(page.body, /Domanda|bambino|Riepilogo/);
      fit(page);
    }
    const empty = await at.post(SUMMARY, { nascita: "31/12" }, null, proof);
    assert.equal(empty.statusCode, 422);
    assert.match(empty.body, /Nome del bambino: serve questo dato/);
    assert.match(empty.body, /Data di nascita: la data non è scritta bene/);
    assert.match(empty.body, /Servizi chiesti: serve questo dato/);
    fit(empty);
    const typed = { nominativo: "Ada Rossi", subject: "cf:X", codiceFiscale: "X" };
    const sheet = formOf(at, { codice: withControl("RSSLCU20A01F205"), key: newId(), ...typed });
    const summary = await at.post(SUMMARY, sheet, null, proof);
    assert.equal(summary.statusCode, 200);
    assert.match(summary.body, /Nulla è ancora inviato[^]*Mario Rossi[^]*Luca Rossi[^]*Mensa/);
    fit(summary);
    assert.deepEqual(await ofMario(), [], "a summary keeps nothing");
    const back = await at.post(FORM, { ...sheet, atto: "correggi" }, null, proof);
    assert.match(back.body, /value="Luca"[^]*value="prima"/);
    fit(back);
    const sent = await at.post(FORM, sheet, null, proof);
    const again = await at.post(FORM, sheet, null, proof);
    const [one] = await ofMario();
    assert.equal(sent.headers.location, `${ENROLMENT}/domande/${one!.id}`);
    assert.equal(again.headers.location, sent.headers.location, "twice is once");
    assert.match(flashOf(sent), /numero 1\/2027/);
    assert.deepEqual(
      [one!.applicant.givenName, one!.applicant.means, one!.subject],
      ["Mario", "spid", `cf:${MARIO}`],
    );
    const state = await at.get(sent.headers.location!, null, proof);
    assert.match(state.body, /Domanda 1\/2027[^]*In attesa di risposta[^]*Ritira la domanda/);
    fit(state);
    assert.match((await at.get(ENROLMENT, null, proof)).body, /Domanda 1\/2027: Luca Rossi/);
    const events = await town.read((tx) =>
      tx.rows<{ kind: string }>(sql`select kind from security_event
        where tenant_id = ${tx.tenantId} and kind = 'application-sent'`),
    );
    assert.equal(events.length, 1);
  });

  it("OS-03 whoever sets out from the form comes back to it, known or not; a school that nobody chose is asked for by its list", async () => {
    const person = { ...ADA, fiscalNumber: `TINIT-${withControl("RSSMRC85C01H501")}` };
    const away = await depart(at, "spid", FORM);
    const back = await bring(at, away, respond(away, { person }));
    assert.equal(back.headers.location, FORM);
    const proof = { cookie: cookieNamed(back, "_ospite") };
    const empty = await at.post(SUMMARY, formOf(at, { scuola: "" }), null, proof);
    assert.equal(empty.statusCode, 422);
    assert.match(empty.body, /href="#scuola"[^]*Scuola: serve questo dato/);
    assert.doesNotMatch(empty.body, /Quale altra scuola: serve/);
    fit(empty);
    const elsewhere = await depart(at, "spid", "/oggi");
    const unknown = await bring(at, elsewhere, respond(elsewhere, { person }));
    assert.equal(unknown.statusCode, 200);
    assert.match(unknown.body, /Fai domanda di iscrizione/);
  });

  it("OS-03 what is waiting is told, not doubled; nobody else reads or withdraws it; it can be taken back", async () => {
    const { proof } = await mario();
    const doubled = await at.post(FORM, formOf(at, { key: newId() }), null, proof);
    assert.equal(doubled.statusCode, 422);
    assert.match(doubled.body, /già una domanda in attesa \(1\/2027\): Mensa/);
    const path = `${ENROLMENT}/domande/${(await ofMario())[0]!.id}`;
    const { proof: lia } = await arrive("Lia", "Verdi", withControl("VRDLIA85C41H501"));
    assert.equal((await at.get(path, null, lia)).statusCode, 404);
    await at.post(`${path}/ritira`, {}, null, lia);
    const signIn = `/accedi?poi=${encodeURIComponent(path)}`;
    assert.equal((await at.get(path)).headers.location, signIn);
    const { page: known } = await mario();
    assert.match(known.body, /href="\/iscrizioni"[^]*Le domande inviate/);
    for (const role of ["office-manager", "school", "kitchen"] as const)
      assert.equal((await at.get(path, await at.signInAs(role))).statusCode, 404);
    assert.equal((await waiting()).length, 1);
    const taken = await at.post(`${path}/ritira`, {}, null, proof);
    assert.match(flashOf(taken), /Domanda ritirata/);
    const again = await at.post(`${path}/ritira`, {}, null, proof);
    assert.match(flashOf(again), /Domanda ritirata/, "twice is once; nobody has answered");
    assert.match((await at.get(path, null, proof)).body, /Ritirata/);
    assert.equal((await waiting()).length, 0);
  });

  it("OS-03 a sign-in that has run out loses nothing typed: the same identity finds it, another does not", async () => {
    const { proof } = await mario();
    const mark = /name="di" value="([^"]+)"/.exec((await at.get(FORM, null, proof)).body)![1]!;
    const sheet = formOf(at, { di: mark, nome: "Nina", key: newId() });
    const over = await at.post(SUMMARY, sheet, null);
    assert.equal(over.statusCode, 401);
    assert.match(over.body, /si ritrova nel modulo[^]*Entra con SPID/);
    fit(over);
    const held = cookieNamed(over, "_domanda");
    assert.doesNotMatch(held, /Nina/);
    const both = (of: { cookie: string }) => ({ cookie: `${of.cookie}; ${held}` });
    const { proof: anew } = await mario();
    const found = await at.get(FORM, null, both(anew));
    assert.match(found.body, /manca solo l(&#39;|')invio[^]*value="Nina"/);
    assert.match(found.body, /value="mensa"\s+checked/);
    const { proof: lia } = await arrive("Lia", "Verdi", withControl("VRDLIA85C41H501"));
    assert.doesNotMatch((await at.get(FORM, null, both(lia))).body, /Nina/);
    at.setClock(NOW.add({ minutes: 31 }));
    assert.doesNotMatch((await at.get(FORM, null, both(anew))).body, /Nina/);
    at.setClock(NOW);
  });

  it("OS-17 the means of sign-in are the ones of this function: a parent by password, or by CIE, is led to SPID", async () => {
    const sara = await at.signInAs("guardian");
    const form = await at.get(FORM, sara);
    assert.match(form.body, /Per chi[^]*Giulia Ferrando[^]*Tommaso Ferrando[^]*Un altro bambino/);
    fit(form);
    const use = (means: string) =>
      town.write((tx) =>
        tx.run(sql`update session set means = ${means}
          where tenant_id = ${tx.tenantId} and account_id = ${sara.accountId}`),
      );
    for (const means of ["password", "passkey", "cie"]) {
      await use(means);
      const page = await at.get(FORM, sara);
      assert.match(page.body, /Per la domanda serve un altro accesso[^]*Entra con SPID/);
      fit(page);
      const own = formOf(at, { figlio: at.place.giulia });
      const sent = await at.post(FORM, own, sara);
      assert.equal(sent.headers.location, ENROLMENT);
    }
    assert.deepEqual(await waiting(), []);
    await use("spid");
    const own = formOf(at, { figlio: at.place.giulia, nome: "", cognome: "", nascita: "" });
    const notHers = await at.post(FORM, { ...own, figlio: newId() }, sara);
    assert.equal(notHers.statusCode, 422);
    const sent = await at.post(FORM, own, sara);
    assert.match(flashOf(sent), /numero 2\/2027/);
    assert.match((await at.get("/altro", sara)).body, /href="\/iscrizioni"/);
    const { proof } = await mario();
    const [name, value] = proof.cookie.split("=") as [string, string];
    const touched = { cookie: `${name}=${value.slice(0, -4)}AAAA` };
    assert.equal((await at.post(FORM, formOf(at), null, touched)).statusCode, 401);
  });

  it("OS-03 delegates, a desk and people at work do not apply for a family", async () => {
    const desk = { holderId: at.place.holderId, reason: "telefonata" };
    const before = (await waiting()).length;
    for (const who of [
      await at.signInAs("office", { desk }),
      await at.signInAs("office-manager"),
      await at.signInAs("delegate"),
      await at.signInAs("school"),
    ]) {
      assert.match((await at.get(ENROLMENT, who)).body, /La domanda la fa il genitore o tutore/);
      const sent = await at.post(FORM, formOf(at, { figlio: at.place.giulia }), who);
      assert.equal(sent.headers.location, ENROLMENT);
    }
    assert.equal((await waiting()).length, before);
  });

  it("X-15 hostile words are faults or plain text, never an error of ours", async () => {
    const { proof } = await mario();
    const post = (of: Record<string, string>) => at.post(FORM, formOf(at, of), null, proof);
    for (const of of [
      { nome: "\0" },
      { nome: "=cmd|' /C calc'!A0" },
      { cognome: "x".repeat(50_000) },
      { codice: "%00" },
      { nascita: "9999-99-99" },
      { nascita: "0001-01-01" },
      { servizi: "mensa'; drop table person" },
      { scuola: "non-una-scuola" },
      { email: "a@b\nBcc: tutti@example.it" },
    ] as Record<string, string>[])
      assert.equal((await post(of)).statusCode, 422, JSON.stringify(of).slice(0, 60));
    const kept = await post({ nome: "Ugo", nota: "<script>alert(1)</script>\u0007\0", key: "x" });
    assert.equal(kept.statusCode, 303, kept.body);
    const page = await at.get(kept.headers.location!, null, proof);
    assert.match(page.body, /&lt;script&gt;/);
    fit(page);
    for (const id of ["x", newId(), "%00"])
      assert.equal((await at.get(`${ENROLMENT}/domande/${id}`, null, proof)).statusCode, 404);
    const forged = await at.post(FORM, formOf(at, { csrf: "x", nome: "Altro" }), null, proof);
    assert.equal(forged.statusCode, 403, "a form of another site");
    const huge = await at.post(SUMMARY, formOf(at, { nota: "n".repeat(2_000_000) }), null, proof);
    assert.equal(huge.statusCode, 413);
  });
});

describe("the office and applications for enrolment", async () => {
  const { db, close } = await testDatabase();
  const at = await openSite(db);
  const { town } = at.place;
  await openWindow(at);
  after(async () => {
    await at.close();
    await close();
  });
  const { arrive } = strangersAt(at);
  const mario = () => arrive("Mario", "Rossi", MARIO);
  const fit = (page: { body: string }): void => assert.deepEqual(htmlProblems(page.body), []);
  const pageOf = ({ id }: { id: string }) => `${TASKS}/iscrizioni/${id}`;
  const apply = async (of: Record<string, string> = {}): Promise<Application> => {
    const { proof } = await mario();
    const sent = await at.post(FORM, formOf(at, of), null, proof);
    assert.equal(sent.statusCode, 303, sent.body);
    const own = await town.read((tx) =>
      applicationsOf(tx, { subject: `cf:${MARIO}`, personId: null }),
    );
    return own[0]!;
  };
  const adults = async () => (await town.read((tx) => allPeople(tx, "adult"))).length;

  it("OS-02 BI-01 managers decide; a year that is not loaded is said, and nothing is done", async () => {
    const one = await apply({ codice: withControl("RSSLCU20A01F205") });
    const operator = await at.signInAs("office");
    const list = await at.get(TASKS, operator);
    assert.match(list.body, /Domande di iscrizione: 1[^]*Luca Rossi[^]*Lo vede il responsabile/);
    fit(list);
    assert.match((await at.get("/ufficio", operator)).body, /1 domanda di iscrizione da esaminare/);
    assert.equal((await at.get(pageOf(one), operator)).statusCode, 403);
    const manager = await at.signInAs("office-manager");
    const page = await at.get(pageOf(one), manager);
    assert.match(page.body, new RegExp(`con SPID[^]*Luca Rossi[^]*valido[^]*${MARIO}`));
    assert.match(page.body, /No, Luca Rossi non c(&#39;|')è ancora/);
    fit(page);
    const chosen = await at.get(`${pageOf(one)}?bambino=nuovo`, manager);
    assert.match(chosen.body, /2027\/2028 non è ancora caricato/);
    fit(chosen);
    const before = await adults();
    const form = {
      esito: "accogli",
      bambino: "nuovo",
      servizi: "mensa",
      "dal-mensa": "2027-09-13",
    };
    const refused = await at.post(pageOf(one), form, manager);
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /prima si applica il profilo/);
    fit(refused);
    assert.equal(await adults(), before);
  });

  it("OS-02 OS-03 accepted: by e-mail, and at the next sign-in the child is there, in the class and with the service", async () => {
    const classId = newId();
    await town.write(async (tx) => {
      const year = { year: 2027, startsOn: day("2027-09-13"), endsOn: day("2028-06-08") };
      await putSchoolYear(tx, year);
      await putClasses(tx, [
        { id: classId, siteId: at.place.siteId, year: 2027, grade: 1, section: "B" },
      ]);
      await bumpConfiguration(tx);
    });
    const [one] = await town.read((tx) => openApplications(tx, 10));
    const manager = await at.signInAs("office-manager");
    const chosen = await at.get(`${pageOf(one!)}?bambino=nuovo`, manager);
    assert.match(chosen.body, /1B, Primaria Milano[^]*Mensa: da quale giorno/);
    fit(chosen);
    const ask = (of: Record<string, string>) =>
      at.post(
        pageOf(one!),
        { esito: "accogli", bambino: "nuovo", classe: classId, ...of },
        manager,
      );
    assert.match((await ask({})).body, /almeno un servizio/);
    const given = { servizi: "mensa", "dal-mensa": "2027-09-13" };
    assert.match((await ask({ ...given, "dal-mensa": "" })).body, /da quale giorno/);
    assert.match((await ask({ ...given, "dal-mensa": "2029-01-01" })).body, /fuori dal periodo/);
    const { proof } = await mario();
    const done = await ask({ ...given, nota: "benvenuti" });
    assert.match(flashOf(done), /Domanda 1\/2027 accolta: Luca Rossi/);
    assert.match(flashOf(await ask(given)), /già risposto/);
    const path = `${ENROLMENT}/domande/${one!.id}`;
    const state = await at.get(path, null, proof);
    assert.match(state.body, /Accolta[^]*benvenuti/);
    fit(state);
    const emails = await town.read((tx) =>
      tx.rows<{ address: string; body: string }>(sql`select address, body from email
        where tenant_id = ${tx.tenantId} and kind = 'application-answer'`),
    );
    assert.equal(emails.length, 1);
    assert.equal(emails[0]!.address, "mario@posta.example");
    assert.doesNotMatch(emails[0]!.body, /Luca|Rossi|RSS/);
    const { page } = await mario();
    const session = sessionOf(page)!;
    assert.equal(page.statusCode, 303, "known now");
    assert.match((await at.get("/oggi", null, { cookie: session })).body, /Luca/);
    assert.match(
      (await at.get("/messaggi", null, { cookie: session })).body,
      /domanda di iscrizione/,
    );
    assert.match((await at.get(ENROLMENT, null, { cookie: session })).body, /1\/2027: Luca Rossi/);
    const accesses = await at.get("/figli/luca/accessi", null, { cookie: session });
    assert.match(accesses.body, /Domanda di iscrizione accolta/);
    const giulia = await at.get("/figli/giulia", null, { cookie: session });
    assert.equal(giulia.statusCode, 404, "no other family's child");
  });

  it("OS-02 refused with a reason, which is read by who applied; a child that is known is offered", async () => {
    const { proof } = await arrive("Lia", "Verdi", withControl("VRDLIA85C41H501"));
    const sheet = formOf(at, { nome: "Giulia", cognome: "Ferrando" });
    const sent = await at.post(FORM, sheet, null, proof);
    assert.equal(sent.statusCode, 303, sent.body);
    const [one] = await town.read((tx) => openApplications(tx, 10));
    const manager = await at.signInAs("office-manager");
    const page = await at.get(pageOf(one!), manager);
    assert.match(page.body, /È questo: Ferrando Giulia/);
    const chosen = await at.get(`${pageOf(one!)}?bambino=${at.place.giulia}`, manager);
    assert.match(chosen.body, /Accogliere:\s+Giulia Ferrando/);
    assert.match(chosen.body, /Lia Verdi, persona non ancora registrata/);
    fit(chosen);
    const accept = { esito: "accogli", bambino: at.place.giulia, servizi: "mensa" };
    const wordless = await at.post(
      pageOf(one!),
      { ...accept, "dal-mensa": "2027-09-13", motivo: " " },
      manager,
    );
    assert.equal(
      wordless.statusCode,
      422,
      "as with the link: a stranger, and a child that is known",
    );
    assert.match(wordless.body, /Scrivere come si sa che è un genitore/);
    const searched = await at.get(`${pageOf(one!)}?cerca=Tommaso`, manager);
    assert.match(searched.body, /value="Tommaso"[^]*È questo: Ferrando Tommaso/);
    assert.doesNotMatch(searched.body, /È questo: Ferrando Giulia/);
    fit(searched);
    for (const hostile of ["%00", "%27%25_", "%ED%A0%BD", "%F0%9F%98%80".repeat(60)]) {
      const found = await at.get(`${pageOf(one!)}?cerca=${hostile}`, manager);
      assert.ok(found.statusCode < 500, hostile);
    }
    const again = `${pageOf(one!)}?bambino=${at.place.giulia}`;
    assert.match(chosen.body, /name="dal-mensa"[^>]*value="2027-09-13"/);
    at.setClock(moment("2027-10-05T08:00:00Z"));
    const late = await at.get(again, await at.signInAs("office-manager"));
    assert.match(late.body, /name="dal-mensa"[^>]*value="2027-10-05"/, "no days that are over");
    at.setClock(NOW);
    const refuse = (rifiuto: string) =>
      at.post(pageOf(one!), { esito: "rifiuta", rifiuto }, manager);
    assert.match((await refuse("no")).body, /Scrivere il motivo/);
    assert.match(flashOf(await refuse("fuori dal Comune")), /non accolta/);
    const state = await at.get(sent.headers.location!, null, proof);
    assert.match(state.body, /Non accolta[^]*fuori dal Comune/);
    const sara = await at.signInAs("guardian");
    assert.doesNotMatch((await at.get("/figli/giulia/accessi", sara)).body, /fuori dal Comune/);
    assert.equal((await at.get(pageOf({ id: newId() }), manager)).statusCode, 404);
  });
});
