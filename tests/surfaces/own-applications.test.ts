// SPDX-License-Identifier: EUPL-1.2
/** Whose an application is, by whatever way somebody comes in; and the same form again, after it came to its end. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { applyFor, openApplications, refuseApplication } from "#enrolment";
import { linkIdentity } from "#identity";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { ENROLMENT, formOf, openWindow, WINDOW, withControl } from "../support/applications.ts";
import { childCode, enterWith } from "../support/child-codes.ts";
import { credentialSite, LOGIN } from "../support/credentials.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { strangersAt } from "../support/link-requests.ts";
import { cookieNamed, NOW, openSite } from "../support/saml-site.ts";
import type { TestSite } from "../support/site.ts";

const FORM = `${ENROLMENT}/2027`;
const MARIO = withControl("RSSMRA85C01H501");
const flashOf = (answer: Parameters<typeof cookieNamed>[0]): string =>
  decodeURIComponent(cookieNamed(answer, "_flash"));

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function strangers(t: TestContext) {
  const at = await openSite(base.db);
  await openWindow(at);
  t.after(() => at.close());
  const { proof } = await strangersAt(at).arrive("Mario", "Rossi", MARIO);
  const send = (of: Record<string, string>) => at.post(FORM, formOf(at, of), null, proof);
  return { at, proof, send };
}

const open = ({ place }: TestSite) => place.town.read((tx) => openApplications(tx, 100));

describe("whose an application is", () => {
  it("PE-04 the code of one child does not read or withdraw what was sent for another", async (t) => {
    const login = { ...LOGIN, enrolment: ["credentials"], credentialsPer: "child" };
    const enrolment = { window: WINDOW };
    const site = await credentialSite(base.db, { townSettings: { login, enrolment } });
    t.after(() => site.close());
    const { giulia, tommaso } = site.place;
    await childCode(site, { username: "200000001", childId: giulia });
    await childCode(site, { username: "200000002", childId: tommaso });
    await childCode(site, { username: "200000003", childId: null });
    const [ofGiulia, ofTommaso, ofBoth] = [
      await enterWith(site, "200000001"),
      await enterWith(site, "200000002"),
      await enterWith(site, "200000003"),
    ];
    const own = await site.post(FORM, formOf(site, { figlio: giulia }), ofGiulia);
    const path = own.headers.location!;
    assert.match(path, /domande/, own.body);
    const fresh = await site.post(FORM, formOf(site, { nome: "Nino" }), ofGiulia);
    assert.equal(fresh.statusCode, 303, fresh.body);
    for (const one of [path, fresh.headers.location!]) {
      assert.equal((await site.get(one, ofGiulia)).statusCode, 200);
      assert.equal((await site.get(one, ofBoth)).statusCode, 200, "the adult's own");
      assert.equal((await site.get(one, ofTommaso)).statusCode, 404);
      assert.equal((await site.post(`${one}/ritira`, {}, ofTommaso)).statusCode, 404);
    }
    assert.doesNotMatch((await site.get(ENROLMENT, ofTommaso)).body, /Giulia|Nino/);
    assert.match((await site.get(ENROLMENT, ofGiulia)).body, /Nino[^]*Giulia/);
    const all = await site.post(FORM, formOf(site, { figlio: tommaso }), ofBoth);
    assert.equal((await site.get(all.headers.location!, ofTommaso)).statusCode, 200);
    assert.equal((await site.get(all.headers.location!, ofGiulia)).statusCode, 404);
    assert.equal((await open(site)).length, 3);
  });

  it("OS-03 who came from another country reads the answer with the account that the office opened", async (t) => {
    const { at } = await strangers(t);
    const subject = "eidas:FR/IT/claire";
    const who = { givenName: "Claire", surname: "Petit", birthDate: day("1990-01-01") };
    const words = {
      ...{ childId: null, givenName: "Lou", surname: "Petit", birthDate: day("2020-01-01") },
      ...{ codiceFiscale: "", siteId: at.place.siteId, school: "", schoolClass: "prima" },
      ...{ services: ["mensa"], note: "", email: "c@posta.example", phone: "" },
    };
    const sent = await at.place.town.write((tx) =>
      applyFor(tx, {
        ...{ applying: { subject, means: "eidas", who }, words, year: 2027 },
        ...{ key: newId(), lang: "it", at: NOW },
      }),
    );
    if (sent.outcome !== "sent") throw new Error(sent.outcome);
    const claire = await at.signInAs("guardian");
    const { accountId } = claire;
    await at.place.town.write(async (tx) => {
      const { givenName, surname } = who;
      await linkIdentity(tx, { subject, accountId, givenName, surname, at: NOW, by: "prova" });
      await tx.run(sql`update session set means = 'eidas'
        where tenant_id = ${tx.tenantId} and account_id = ${accountId}`);
    });
    const page = await at.get(`${ENROLMENT}/domande/${sent.id}`, claire);
    assert.equal(page.statusCode, 200);
    assert.match((await at.get(ENROLMENT, claire)).body, /1\/2027: Lou Petit/);
    const other = await at.signInAs("guardian");
    assert.equal((await at.get(`${ENROLMENT}/domande/${sent.id}`, other)).statusCode, 404);
  });

  it("OS-03 BO-23 a delegate with SPID applies for a child of their own, not for the children of whoever let them act", async (t) => {
    const { at } = await strangers(t);
    const { holderId, giulia } = at.place;
    const rosa = await delegateOf(at, { holderId, scopes: ["view", "absences", "payments"] });
    assert.match((await at.get(ENROLMENT, rosa)).body, /Rosa Delegata/);
    const notHers = await at.post(FORM, formOf(at, { figlio: giulia }), rosa);
    assert.equal(notHers.statusCode, 422, notHers.body);
    const sent = await at.post(FORM, formOf(at, { nome: "Pia" }), rosa);
    assert.match(sent.headers.location!, /domande/);
    assert.match((await at.get(sent.headers.location!, rosa)).body, /Pia/);
    const [waiting] = await open(at);
    assert.equal(waiting?.personId, null);
    assert.match(waiting?.subject ?? "", /^cf:RSSRSA60A41F2/);
  });

  it("X-14 somebody without an account leaves, and the next at that screen reads nothing", async (t) => {
    const { at, proof, send } = await strangers(t);
    const path = (await send({})).headers.location!;
    const page = await at.get(path, null, proof);
    assert.match(page.body, /Accesso di Mario Rossi[^]*action="\/esci"/);
    const left = await at.post("/esci", {}, null, proof);
    const gone = left.cookies.find(({ name }) => name.endsWith("_ospite"));
    assert.equal(gone?.value, "");
    assert.doesNotMatch((await at.get(ENROLMENT)).body, /\/esci/);
  });
});

describe("the same form again", () => {
  it("OS-02 after it was withdrawn, from the page before: another application, and not the one that is no more", async (t) => {
    const { at, proof, send } = await strangers(t);
    const key = newId();
    const first = await send({ key });
    const ritira = `${first.headers.location}/ritira`;
    for (const n of [1, 2])
      assert.match(flashOf(await at.post(ritira, {}, null, proof)), /Domanda ritirata/, `${n}`);
    const other = await send({ key, classe: "seconda" });
    assert.match(flashOf(other), /Domanda inviata: numero 2\/2027/);
    assert.match((await send({ key, classe: "seconda" })).body, /in attesa \(2\/2027\)/);
    const waiting = await open(at);
    assert.deepEqual(
      waiting.map(({ number, child }) => [number, child.schoolClass]),
      [[2, "seconda"]],
    );
  });

  it("OS-02 after a refusal: with other words it is another one; the very same is the one that was answered", async (t) => {
    const { at, send } = await strangers(t);
    const key = newId();
    const first = await send({ key });
    const actor = {
      ...at.place.sara,
      ...{ role: "office-manager" as const, personId: null, name: "Bruno Costa" },
    };
    const [one] = await open(at);
    await at.place.town.write((tx) =>
      refuseApplication(tx, { actor, id: one!.id, reason: "classe piena", now: NOW }),
    );
    assert.equal((await send({ key })).headers.location, first.headers.location);
    assert.match(flashOf(await send({ key, classe: "seconda" })), /numero 2\/2027/);
  });

  it("OS-02 sent in time, and again when the window had just shut: it is said that it was sent", async (t) => {
    const { at } = await strangers(t);
    const last = moment(`${WINDOW.to}T23:59:59+01:00`);
    at.setClock(last);
    const sara = await at.signInAs("guardian");
    const own = formOf(at, { figlio: at.place.giulia, key: newId() });
    const first = await at.post(FORM, own, sara);
    assert.equal(first.statusCode, 303, first.body);
    at.setClock(last.add({ seconds: 1 }));
    const second = await at.post(FORM, own, sara);
    assert.equal(second.headers.location, first.headers.location);
    assert.match(flashOf(second), /Domanda inviata: numero 1\/2027/);
    const late = formOf(at, { figlio: at.place.tommaso, key: newId() });
    assert.equal((await at.post(FORM, late, sara)).statusCode, 409);
    assert.equal((await open(at)).length, 1);
    await at.place.town.write((tx) =>
      tx.run(sql`update session set means = 'password'
        where tenant_id = ${tx.tenantId} and account_id = ${sara.accountId}`),
    );
    const led = await at.get(first.headers.location!, sara);
    assert.equal(led.headers.location, ENROLMENT);
    const page = await at.get(ENROLMENT, sara);
    assert.match(page.body, /legge la risposta entrando con la stessa identità/);
  });
});
