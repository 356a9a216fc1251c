// SPDX-License-Identifier: EUPL-1.2
/** What a delegate reads and is offered, by what the holder gave (BO-23). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createFamily, enterWithIdentity, insertDelegate, putGuardianships } from "#families";
import { openSession } from "#identity";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { site } from "../../src/surfaces/site.ts";
import { cookieName, csrfToken } from "../../src/surfaces/web/visit.ts";
import { withControl } from "../support/complete-family.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { textOf } from "../support/portal.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-23T07:00:00Z");
const DAY = "2026-11-26";

/** What the page itself says: without header, navigation and footer. */
const main = (page: { body: string }): string =>
  page.body.slice(page.body.indexOf("<main"), page.body.indexOf("</main"));

describe("pages of a delegate", () => {
  let base: TestDatabase;
  let at: TestSite;
  let looks: SignedIn;
  let absences: SignedIn;
  let pays: SignedIn;
  let sara: SignedIn;
  before(async () => {
    base = await testDatabase();
    at = await testSite(base.db, { routes: site.routes, demo: true, now: NOW });
    const { holderId } = at.place;
    looks = await delegateOf(at, { holderId, scopes: ["view"] });
    absences = await delegateOf(at, { holderId, scopes: ["view", "absences"] });
    pays = await delegateOf(at, { holderId, scopes: ["view", "payments"] });
    sara = await at.signInAs("guardian");
  });
  after(async () => {
    await at.close();
    await base.close();
  });

  const PAGES = [
    "/oggi",
    "/figli/giulia",
    "/figli/giulia/calendario",
    `/figli/giulia/giorni/${DAY}`,
    "/figli/giulia/assenze",
    "/ricevute",
    "/messaggi",
    "/dati",
    "/altro",
    `/disdici?giorno=${DAY}`,
  ];
  const MONEY = /€|borsellino|ricarica|\/pagamenti|addebit|ISEE|tariffa|quota|prezzo/i;

  it("BO-23 every page says for whom, and how far; the family's own pages do not", async () => {
    for (const path of PAGES) {
      const page = await at.get(path, looks);
      assert.equal(page.statusCode, 200, path);
      assert.match(
        page.body,
        /strip-delegate[^]*Per la famiglia Ferrando, con delega: vedere\./,
        path,
      );
    }
    const english = await at.get("/oggi", pays, { "accept-language": "en" });
    assert.match(english.body, /For the family Ferrando, by delegation: see and pay\./);
    assert.doesNotMatch((await at.get("/oggi", sara)).body, /strip-delegate/);
  });

  it("BO-23 who may not see money reads no word of it, nor a way to it", async () => {
    for (const who of [looks, absences])
      for (const path of PAGES) {
        const page = await at.get(path, who);
        assert.doesNotMatch(main(page), MONEY, path);
        assert.doesNotMatch(page.body, /href="\/pagamenti"/, path);
      }
    for (const path of ["/pagamenti", "/borsellino", "/ricarica", "/borsellino/richieste"])
      assert.equal((await at.get(path, looks)).statusCode, 403, path);
    const why = await at.get("/pagamenti", looks);
    assert.match(why.body, /La delega della famiglia Ferrando comprende: vedere\./);
    assert.match(why.body, /li fa chi ha dato la delega/);
    assert.doesNotMatch((await at.get("/oggi", looks)).body, /href="\/messaggi"/);
    assert.match((await at.get("/oggi", sara)).body, /href="\/messaggi"/);
    assert.match((await at.get("/figli/giulia", pays)).body, /Prezzo/);
    assert.match((await at.get("/oggi", pays)).body, /href="\/pagamenti"/);
    for (const path of ["/oggi", "/pagamenti", "/messaggi"]) {
      const page = await at.get(path, pays);
      assert.equal(page.statusCode, 200, path);
      assert.match(page.body, /href="\/messaggi"/, path);
    }
  });

  it("BO-23 who may only look, or pay, is offered no act on days, and none is taken", async () => {
    for (const who of [looks, pays]) {
      for (const path of PAGES) {
        const page = main(await at.get(path, who));
        assert.doesNotMatch(page, /action="\/(figli|disdici)/, path);
        assert.doesNotMatch(page, /assenze\/nuova|scegli=1/, path);
      }
      const tried = await at.post(
        "/figli/giulia/pasti",
        { servizio: "mensa", giorno: DAY, atto: "cancel" },
        who,
      );
      assert.equal(tried.statusCode, 403);
      assert.equal((await at.get("/figli/giulia/assenze/nuova", who)).statusCode, 403);
    }
    assert.match(main(await at.get("/oggi", absences)), /action="\/figli\/giulia\/pasti"/);
    assert.equal((await at.get("/figli/giulia/assenze/nuova", absences)).statusCode, 200);
  });

  it("BO-23 accesses, the child's record and contesting a receipt are the family's", async () => {
    const cancelled = await at.post(
      "/figli/giulia/pasti",
      { servizio: "mensa", giorno: "2026-11-24", atto: "cancel" },
      sara,
    );
    const receipt = String(cancelled.headers.location);
    for (const path of ["/figli/giulia/accessi", "/figli/giulia/dati", `${receipt}/contesta`]) {
      assert.equal((await at.get(path, pays)).statusCode, 403, path);
      assert.notEqual((await at.get(path, sara)).statusCode, 403, path);
    }
    assert.doesNotMatch((await at.get("/figli/giulia", pays)).body, /giulia\/(accessi|dati)/);
  });

  it("BO-23 PE-05 a delegate edits his or her own contacts, and nobody else's", async () => {
    assert.match((await at.get("/dati", looks)).body, /href="\/dati\/modifica"/);
    assert.equal((await at.get("/dati/modifica", looks)).statusCode, 200);
    const email = "delegata@example.org";
    assert.equal((await at.post("/dati/modifica", { email }, looks)).statusCode, 303);
    assert.match((await at.get("/dati", looks)).body, /delegata@example\.org/);
    assert.doesNotMatch((await at.get("/dati", sara)).body, /delegata@example\.org/);
    const child = await at.post("/figli/giulia/dati/modifica", { city: "Altrove" }, looks);
    assert.equal(child.statusCode, 403);
  });

  it("BO-23 X-12 a delegate of a parent who only pays a share sees that parent's children", async () => {
    const { town, giulia: childId } = at.place;
    const name = { surname: "Soci", givenName: "Piero" };
    const holder = { id: newId(), kind: "adult", ...name } as const;
    const other = { id: newId(), kind: "child", surname: "Soci", givenName: "Lia" } as const;
    const { holderId } = await town.write(async (tx) => {
      const made = await createFamily(
        tx,
        { holder, children: [other], from: day("2026-09-01") },
        NOW,
      );
      await putGuardianships(tx, [
        {
          id: newId(),
          guardianId: holder.id,
          childId,
          role: "genitore",
          from: day("2026-09-01"),
          to: null,
        },
      ]);
      return made;
    });
    const who = await delegateOf(at, { holderId, scopes: ["view"] });
    const page = await at.get("/oggi", who);
    assert.match(page.body, /Giulia/);
    assert.match(page.body, /Lia/);
    assert.equal((await at.get("/figli/giulia", who)).statusCode, 200);
  });

  it("BO-23 a parent here who is a delegate of another family: each child by its own measure, the act told as a delegate's", async () => {
    const { town, holderId } = at.place;
    const codiceFiscale = withControl("LTRGUO80A01F205");
    const name = { surname: "Altri", givenName: "Ugo" };
    const token = await town.write(async (tx) => {
      const zeno = { id: newId(), kind: "child", surname: "Altri", givenName: "Zeno" } as const;
      const ugo = { id: newId(), kind: "adult", codiceFiscale, ...name } as const;
      await createFamily(tx, { holder: ugo, children: [zeno], from: day("2026-09-01") }, NOW);
      await insertDelegate(tx, {
        ...{ id: newId(), holderId, codiceFiscale, ...name, scopes: ["view", "absences"] },
        ...{ from: day("2026-09-01"), to: null, addedAt: NOW, addedBy: "Sara Ferrando" },
      });
      const entered = await enterWithIdentity(tx, { codiceFiscale, ...name, birthDate: null }, NOW);
      assert.equal(entered.outcome, "known");
      const { accountId } = entered as { accountId: string };
      return openSession(tx, { accountId, means: "spid", level: 2, now: NOW });
    });
    const ugo = {
      ...{ token, accountId: "", cookie: `${cookieName(at.tenant)}=${token}` },
      csrf: csrfToken(at.app, at.tenant, { token }),
    };
    const today = await at.get("/oggi", ugo);
    assert.match(
      today.body,
      /Anche per la famiglia Ferrando, con delega: vedere, disdire e segnalare assenze\./,
    );
    assert.match(main(today), /Giulia[^]*Zeno|Zeno[^]*Giulia/);
    assert.match(today.body, /href="\/pagamenti"/, "his own");
    assert.doesNotMatch(main(await at.get("/figli/giulia", ugo)), MONEY);
    assert.equal((await at.get("/figli/giulia/accessi", ugo)).statusCode, 403);
    assert.equal((await at.get("/figli/zeno/accessi", ugo)).statusCode, 200);
    assert.doesNotMatch((await at.get("/dati", ugo)).body, /giulia\/dati/);
    const done = await at.post(
      "/figli/giulia/pasti",
      { servizio: "mensa", giorno: "2026-12-03", atto: "cancel" },
      ugo,
    );
    assert.equal(done.statusCode, 303, done.body);
    const told = await at.get("/figli/giulia/accessi", sara);
    assert.match(told.body, /Pasto disdetto per la famiglia[^]*Ugo Altri, persona delegata/);
    assert.match((await at.get("/figli/giulia", sara)).body, /Ugo Altri \(persona delegata\)/);
    const own = await at.get("/dati/accessi", ugo);
    assert.equal(own.statusCode, 200);
    assert.doesNotMatch(own.body, /Pasto disdetto/, "what is of another family is read there");
  });

  it("BO-23 for several families: each by its name, with what it gave and nothing else", async () => {
    const { town, holderId } = at.place;
    const codiceFiscale = withControl("PTRPNA58A41F205");
    const name = { surname: "Petri", givenName: "Pina" };
    const token = await town.write(async (tx) => {
      const of = (surname: string, givenName: string) => ({
        holder: { id: newId(), kind: "adult", surname, givenName } as const,
        children: [{ id: newId(), kind: "child", surname, givenName: "Ivo" } as const],
        from: day("2026-09-01"),
      });
      const verdi = await createFamily(tx, of("Verdi", "Anna"), NOW);
      const rossi = await createFamily(tx, of("Rossi", "Carla"), NOW);
      const others = await createFamily(tx, of("Rossi", "Dina"), NOW);
      for (const [id, scopes] of [
        [holderId, ["view"]],
        [verdi.holderId, ["view"]],
        [rossi.holderId, ["view", "absences"]],
        [others.holderId, ["view", "absences", "payments"]],
      ] as const)
        await insertDelegate(tx, {
          ...{ id: newId(), holderId: id, codiceFiscale, ...name, scopes },
          ...{ from: day("2026-09-01"), to: null, addedAt: NOW, addedBy: "Sara Ferrando" },
        });
      const entered = await enterWithIdentity(tx, { codiceFiscale, ...name, birthDate: null }, NOW);
      assert.equal(entered.outcome, "known");
      const { accountId } = entered as { accountId: string };
      return openSession(tx, { accountId, means: "spid", level: 2, now: NOW });
    });
    const pina = { token, accountId: "", cookie: `${cookieName(at.tenant)}=${token}`, csrf: "" };
    const page = textOf((await at.get("/oggi", pina)).body);
    for (const sentence of [
      "Per le famiglie Ferrando e Verdi, con delega: vedere.",
      "Per la famiglia Rossi (Carla), con delega: vedere, disdire e segnalare assenze.",
      "Per la famiglia Rossi (Dina), con delega: vedere, disdire, segnalare assenze e pagare.",
    ])
      assert.ok(page.includes(sentence), `${sentence} in ${page.slice(0, 900)}`);
    const english = textOf((await at.get("/oggi", pina, { "accept-language": "en" })).body);
    assert.match(english, /For the families Ferrando and Verdi, by delegation: see\./);
  });

  it("BO-23 an act by delegation is told so: receipt, day, and at the office; also once the delegation is over", async () => {
    const done = await at.post(
      "/figli/giulia/pasti",
      { servizio: "mensa", giorno: DAY, atto: "cancel" },
      absences,
    );
    assert.equal(done.statusCode, 303, done.body);
    const receipt = String(done.headers.location);
    const office = await at.signInAs("office");
    const who = /portale, Rosa Delegata, persona delegata/;
    const told = async (): Promise<void> => {
      assert.match((await at.get(receipt, sara)).body, who);
      assert.match((await at.get(`/figli/giulia/giorni/${DAY}`, sara)).body, who);
      assert.match((await at.get(`/ufficio${receipt}`, office)).body, who);
      const file = await at.get(`/ufficio/famiglie/${at.place.holderId}`, office);
      assert.match(file.body, who);
    };
    await told();
    const english = await at.get(receipt, sara, { "accept-language": "en" });
    assert.match(english.body, /portal, Rosa Delegata, delegate/);
    const page = await at.get("/dati/delegati", sara);
    for (const [, id] of page.body.matchAll(/delegati\/([0-9a-f-]{36})\/fine/g))
      await at.post(`/dati/delegati/${id}/fine`, {}, sara);
    await told();
    const file = await at.get(`/ufficio/famiglie/${at.place.holderId}`, office);
    assert.doesNotMatch(file.body, /<h2[^>]*>\s*Delegati/);
  });
});
