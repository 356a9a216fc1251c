// SPDX-License-Identifier: EUPL-1.2
/** A parent with one code per child joins them (PE-04, OS-08): what is shown then, to whom it is refused, how it ends. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import {
  familyStanding,
  joinAccess,
  type JoinedAccessOutcome,
  putGuardianships,
  putPeople,
  splitAccess,
} from "#families";
import { hashToken, makeCodes, securityEvents } from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { planMessages } from "#messaging";
import { csrfToken } from "../../src/surfaces/web/visit.ts";
import { popplerMissing } from "../documents/read-back.ts";
import { childCode, enterWith } from "../support/child-codes.ts";
import { credentialSite, letterFor, NOW, PASSWORD } from "../support/credentials.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { signedInBy, staffAccount } from "../support/second-factor.ts";
import { cookieNamed } from "../support/saml-site.ts";
import type { SignedIn, TestSite } from "../support/site.ts";
import { manyFamilies } from "../support/small-town.ts";

const JOIN = "/accessi/unisci";
const MEANS = "/accessi/metodi";
const GIULIA = "200000001";
const TOMMASO = "200000002";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

interface Codes {
  readonly site: TestSite;
  readonly giulia: string;
  readonly tommaso: string;
}

/** Sara has a code for Giulia and one for Tommaso. */
async function twoCodes(t: TestContext): Promise<Codes> {
  const site = await credentialSite(base.db, { per: "child" });
  t.after(() => site.close());
  const { giulia, tommaso } = site.place;
  return {
    site,
    giulia: await childCode(site, { username: GIULIA, childId: giulia }),
    tommaso: await childCode(site, { username: TOMMASO, childId: tommaso }),
  };
}

const join = (site: TestSite, as: SignedIn, codice = TOMMASO, password = PASSWORD) =>
  site.post(JOIN, { codice, password }, as);

/** The children of the page that families land on. */
async function shown(site: TestSite, as: SignedIn): Promise<string[]> {
  const { body, statusCode } = await site.get("/oggi", as);
  assert.equal(statusCode, 200);
  return ["Giulia", "Tommaso", "Bianca"].filter((name) => body.includes(name));
}

/** The same of an account by itself, as each request asks. */
const childrenOf = async ({ place }: TestSite, accountId: string): Promise<string[]> => {
  const standing = await place.town.read((tx) => familyStanding(tx, accountId));
  return (standing?.onlyChildIds ?? []).toSorted();
};

/** A third child of Sara's. */
async function bianca({ place }: TestSite): Promise<string> {
  const id = newId();
  await place.town.write(async (tx) => {
    const name = { surname: "Ferrando", givenName: "Bianca" };
    await putPeople(tx, [{ id, kind: "child", ...name }], NOW);
    const spell = { from: day("2026-09-01"), to: null };
    const row = { id: newId(), childId: id, guardianId: place.sara.personId!, ...spell };
    await putGuardianships(tx, [{ ...row, role: "madre" }]);
  });
  return id;
}

describe("codes of two children", () => {
  it(
    "PE-04 OS-08 joined, either code shows both children, at every sign-in; divided, its own again",
    { skip: popplerMissing },
    async (t) => {
      const site = await credentialSite(base.db, { per: "child" });
      t.after(() => site.close());
      const { giulia, tommaso, town } = site.place;
      const enterFirst = async (childId: string) => {
        const { username, code, text } = await letterFor(site, { bambino: childId });
        assert.match(text.replaceAll(/\s+/g, " "), /Unisci l'accesso di un altro figlio/);
        const chosen = { password: PASSWORD, "password-ripetuta": PASSWORD };
        const fields = { codice: username, attivazione: code, ...chosen };
        const response = await site.post("/accedi/attiva", fields);
        return { username, as: { ...signedInBy(site, response)!, accountId: "" } };
      };
      const mine = await enterFirst(giulia);
      const other = await enterFirst(tommaso);
      const page = await site.get(JOIN, mine.as);
      assert.deepEqual(htmlProblems(page.body), []);
      assert.match(page.body, /Questo accesso mostra: Giulia\./);
      const sessions = (await site.get("/accessi", mine.as)).body;
      assert.match(sessions, /href="\/accessi\/metodi"[^]*Passkey e accessi dei figli/);

      const joined = await join(site, mine.as, other.username);
      assert.equal(joined.headers.location, MEANS, joined.body);
      for (const as of [mine.as, other.as, await enterWith(site, mine.username)])
        assert.deepEqual(await shown(site, as), ["Giulia", "Tommaso"]);
      assert.equal((await site.get("/figli/tommaso", mine.as)).statusCode, 200);
      const listed = await site.get(MEANS, other.as);
      assert.deepEqual(htmlProblems(listed.body), []);
      assert.match(listed.body, /Questo accesso mostra: (Giulia e Tommaso|Tommaso e Giulia)\./);
      assert(listed.body.includes(`codice ${mine.username}, unito`));
      const twice = await join(site, mine.as, other.username);
      assert.equal(twice.headers.location, MEANS, "already joined is no fault");
      for (const slug of ["giulia", "tommaso"]) {
        const said = (await site.get(`/figli/${slug}/accessi`, mine.as)).body;
        assert.equal(said.split("Accesso unito a quello di un altro figlio").length, 2, "once");
      }
      const events = await town.read((tx) =>
        securityEvents(tx, { kinds: ["access-joined"], limit: 9 }),
      );
      assert.deepEqual(
        events.map(({ details }) => details["username"]).toSorted(),
        [mine.username, other.username].toSorted(),
      );

      const accesso = /name="accesso" value="([^"]+)"/.exec(listed.body)?.[1] ?? "";
      const split = await site.post("/accessi/dividi", { accesso }, other.as);
      assert.equal(split.headers.location, MEANS);
      assert.deepEqual(await shown(site, mine.as), ["Giulia"]);
      assert.deepEqual(await shown(site, other.as), ["Tommaso"]);
      assert.equal((await site.get("/figli/tommaso", mine.as)).statusCode, 404);
      const again = await site.post("/accessi/dividi", { accesso }, other.as);
      assert.equal(again.headers.location, MEANS, "twice is no fault");
      const told = (await site.get("/figli/giulia/accessi", mine.as)).body;
      assert.match(told, /Accesso diviso da quello di un altro figlio/);
    },
  );

  it("PE-04 BO-13 of a message about both children one code reads the subject; the whole once they are joined", async (t) => {
    const { site } = await twoCodes(t);
    const { holderId, giulia, tommaso, town } = site.place;
    const about = (subject: string, childIds: string[]) => ({
      ...{ holderId, personId: null, kind: "closure", dedupeKey: `closure:${subject}` },
      ...{ childIds, subject, body: `${subject}. Riguarda: Giulia e Tommaso.` },
    });
    await town.write((tx) =>
      planMessages(
        tx,
        [about("Mensa chiusa domani", [giulia, tommaso]), about("Mensa diversa", [tommaso])],
        NOW,
      ),
    );
    const own = await enterWith(site, GIULIA);
    const alone = (await site.get("/messaggi", own)).body;
    assert.match(alone, /Mensa chiusa domani/);
    assert.doesNotMatch(alone, /Mensa diversa|Tommaso/);
    assert.match(alone, /messaggi che riguardano soltanto Giulia[^]*href="\/accessi\/unisci"/);
    assert.deepEqual(htmlProblems(alone), []);
    const address = /\/messaggi\/[0-9a-f-]{36}/.exec(alone)![0];
    const part = (await site.get(address, own)).body;
    assert.match(part, /Riguarda Giulia e altri bambini della famiglia/);
    assert.doesNotMatch(part, /Tommaso/);
    await join(site, own);
    const both = (await site.get("/messaggi", own)).body;
    assert.match(both, /Mensa diversa/);
    assert.doesNotMatch(both, /soltanto Giulia/);
    assert.match((await site.get(address, own)).body, /Riguarda: Giulia e Tommaso/);
  });

  it("PE-04 the way to it is on the sign-in page, where codes are one per child, and leads there after signing in", async (t) => {
    const { site } = await twoCodes(t);
    assert.match((await site.get("/accedi")).body, /Unisci l&#39;accesso di un altro figlio/);
    const more = (await site.get("/altro", await enterWith(site, GIULIA))).body;
    assert.match(more, /href="\/accessi\/unisci"/);
    const away = await site.get(JOIN);
    assert.equal(away.headers.location, `/accedi?poi=${encodeURIComponent(JOIN)}`);
    assert.match((await site.get(String(away.headers.location))).body, /codice di un figlio/);
    const fields = { codice: GIULIA, password: PASSWORD, poi: JOIN };
    assert.equal((await site.post("/accedi", fields)).headers.location, JOIN);
    const whole = await credentialSite(base.db);
    t.after(() => whole.close());
    assert.doesNotMatch((await whole.get("/accedi")).body, /accesso di un altro figlio/);
    const english = await site.get(JOIN, await enterWith(site, GIULIA), {
      "accept-language": "en",
    });
    assert.match(english.body, /Join another child/);
    assert.deepEqual(htmlProblems(english.body), []);
  });

  it("PE-04 OS-08 three codes: whoever joins one of a pair is of the three; one that leaves leaves a pair", async (t) => {
    const { site, giulia, tommaso } = await twoCodes(t);
    const third = await childCode(site, { username: "200000003", childId: await bianca(site) });
    await join(site, await enterWith(site, GIULIA));
    await join(site, await enterWith(site, "200000003"));
    for (const code of [GIULIA, TOMMASO, "200000003"])
      assert.equal((await shown(site, await enterWith(site, code))).length, 3, code);
    await site.post("/accessi/dividi", { accesso: tommaso }, await enterWith(site, GIULIA));
    assert.deepEqual(await childrenOf(site, tommaso), [site.place.tommaso]);
    assert.deepEqual(await childrenOf(site, giulia), await childrenOf(site, third));
    assert.equal((await childrenOf(site, giulia)).length, 2);
  });
});

describe("what is not joined", () => {
  it("PE-04 a code nobody has and a wrong password: the same page, counted and slowed down as at the sign-in", async (t) => {
    const { site, tommaso } = await twoCodes(t);
    const as = await enterWith(site, GIULIA);
    const wrong = await join(site, as, TOMMASO, "non è questa");
    const unknown = await join(site, as, "299999999", "non è questa");
    for (const answer of [wrong, unknown]) {
      assert.equal(answer.statusCode, 401);
      assert.deepEqual(htmlProblems(answer.body), []);
    }
    const plain = (body: string) =>
      body
        .replaceAll(/nonce="[^"]*"|name="key" value="[^"]*"/g, "")
        .replaceAll(/299999999|200000002/g, "X");
    assert.equal(plain(wrong.body), plain(unknown.body));
    for (const _ of [2, 3, 4, 5]) await join(site, as, TOMMASO, "non è questa");
    const slowed = await join(site, as);
    assert.equal(slowed.statusCode, 429);
    assert.match(slowed.body, /Troppi tentativi\. Si può riprovare alle/);
    const door = await site.post("/accedi", { codice: TOMMASO, password: PASSWORD });
    assert.equal(door.statusCode, 429, "one count for both");
    assert.deepEqual(await shown(site, as), ["Giulia"]);
    const events = await site.place.town.read((tx) =>
      securityEvents(tx, { accountId: tommaso, kinds: ["sign-in-refused"], limit: 9 }),
    );
    assert.equal(events.length, 5, "each try is in the log of the code that was tried");
    const empty = await site.post(JOIN, {}, as);
    assert.equal(empty.statusCode, 422);
    assert.deepEqual(htmlProblems(empty.body), []);
  });

  it("X-12 another adult's code stays apart, its password being right, for the same child too", async (t) => {
    const { site, giulia } = await twoCodes(t);
    const { place } = site;
    await manyFamilies(place, 1);
    const elsewhere = await place.town.read((tx) =>
      tx.one<{ childId: string; personId: string }>(sql`
        select ch.child_id as "childId", h.person_id as "personId" from child_holder ch
        join account_holder h on h.tenant_id = ch.tenant_id and h.id = ch.holder_id
        where ch.tenant_id = ${tx.tenantId} and h.person_id <> ${place.sara.personId}`),
    );
    // Marco is the other parent of both; separated, he has codes of his own.
    const marco = newId();
    await place.town.write(async (tx) => {
      const name = { surname: "Rossi", givenName: "Marco" };
      await putPeople(tx, [{ id: marco, kind: "adult", ...name }], NOW);
      const spell = { guardianId: marco, role: "padre", from: day("2026-09-01"), to: null };
      const children = [place.giulia, place.tommaso];
      await putGuardianships(
        tx,
        children.map((childId) => ({ id: newId(), childId, ...spell })),
      );
    });
    const others = {
      "300000001": await childCode(site, { username: "300000001", ...elsewhere }),
      "300000002": await childCode(site, {
        ...{ username: "300000002", childId: place.tommaso },
        ...{ personId: marco, displayName: "Marco Rossi" },
      }),
      "300000003": await childCode(site, { username: "300000003", childId: null }),
      "m.conti": await staffAccount(site, { username: "m.conti", role: "school" }),
    };
    const as = await enterWith(site, GIULIA);
    for (const [code, accountId] of Object.entries(others)) {
      const answer = await join(site, as, code);
      assert.equal(answer.statusCode, 403, code);
      assert.match(answer.body, /di un altro intestatario, o non è di un solo figlio/);
      const [noted] = await place.town.read((tx) => securityEvents(tx, { accountId, limit: 1 }));
      assert.equal(noted?.details["why"], "other-holder");
      assert.deepEqual(
        await childrenOf(site, accountId),
        code === "300000001" ? [elsewhere.childId] : code === "300000002" ? [place.tommaso] : [],
      );
    }
    assert.equal((await join(site, as, GIULIA)).statusCode, 422, "the code of this very session");
    assert.deepEqual(await childrenOf(site, giulia), [place.giulia]);
    const rows = await place.town.read((tx) =>
      tx.rows(sql`select 1 from joined_access where tenant_id = ${tx.tenantId}`),
    );
    assert.deepEqual(rows, []);
  });

  it("X-12 somebody who stops being the child's parent no longer sees it by a code that was joined", async (t) => {
    const { site } = await twoCodes(t);
    const { place } = site;
    const as = await enterWith(site, GIULIA);
    await join(site, as);
    assert.deepEqual(await shown(site, as), ["Giulia", "Tommaso"]);
    await place.town.write((tx) =>
      tx.run(sql`with held as (update child_holder set to_date = '2026-11-23'
          where tenant_id = ${tx.tenantId} and child_id = ${place.tommaso})
        update guardianship set to_date = '2026-11-23'
        where tenant_id = ${tx.tenantId} and child_id = ${place.tommaso}`),
    );
    assert.deepEqual(await shown(site, as), ["Giulia"]);
  });

  it("BO-23 X-15 neither a delegate nor the office at a desk joins; who sees every child is told so", async (t) => {
    const { site, giulia, tommaso } = await twoCodes(t);
    const { place } = site;
    const desk = { holderId: place.holderId, reason: "telefonata" };
    const refused = {
      delegate: await delegateOf(site, {
        ...{ holderId: place.holderId, scopes: ["view", "absences", "payments"] },
      }),
      desk: await site.signInAs("office", { desk }),
      office: await site.signInAs("office"),
      school: await site.signInAs("school"),
      whole: await site.signInAs("guardian"),
    };
    for (const [name, as] of Object.entries(refused)) {
      const page = await site.get(JOIN, as);
      if (name === "whole") assert.match(page.body, /mostra già tutti i figli/);
      else assert.equal(page.headers.location, MEANS, name);
      const posted = await join(site, as);
      assert.equal(posted.statusCode, 404, name);
      const split = await site.post("/accessi/dividi", { accesso: tommaso }, as);
      assert.equal(split.statusCode, 404, name);
    }
    // The code of one child in a session that has a desk open, whatever roles its account has.
    const own = await enterWith(site, GIULIA);
    await place.town.write((tx) =>
      tx.run(sql`update session set desk_holder_id = ${place.holderId}, desk_reason = 'telefonata'
        where tenant_id = ${tx.tenantId} and token_hash = ${hashToken(own.token)}`),
    );
    const csrf = csrfToken(site.app, site.tenant, { token: own.token, desk: place.holderId });
    assert.equal((await join(site, { ...own, csrf })).statusCode, 404);
    assert.deepEqual(await childrenOf(site, giulia), [place.giulia]);
    assert.deepEqual(await childrenOf(site, tommaso), [place.tommaso]);
  });

  it("PE-04 a session left open for half an hour joins nothing before a new sign-in", async (t) => {
    const { site, giulia } = await twoCodes(t);
    const as = await enterWith(site, GIULIA);
    site.setClock(NOW.add({ minutes: 31 }));
    const page = await site.get(JOIN, as);
    assert.doesNotMatch(page.body, /name="password"/);
    assert.deepEqual(htmlProblems(page.body), []);
    assert.equal((await join(site, as)).statusCode, 422);
    assert.deepEqual(await childrenOf(site, giulia), [site.place.giulia]);
  });
});

describe("how it ends", () => {
  it("PE-04 a new password ends that code's part, from the next page on; joined again, it is of them again", async (t) => {
    const { site, giulia, tommaso } = await twoCodes(t);
    const own = await enterWith(site, GIULIA);
    await join(site, own);
    const other = await enterWith(site, TOMMASO);
    site.setClock(NOW.add({ minutes: 2 }));
    assert.match(
      (await site.get("/password", other)).body,
      /si divide da quelli degli altri figli/,
    );
    const changed = { "password-attuale": PASSWORD };
    const fresh = "quattro gatti sotto il portico";
    const answer = await site.post(
      "/password",
      { ...changed, password: fresh, "password-ripetuta": fresh },
      other,
    );
    assert.equal(answer.statusCode, 303, answer.body);
    assert.match(decodeURIComponent(cookieNamed(answer, "_flash")), /è di nuovo diviso/);
    assert.doesNotMatch((await site.get("/password", other)).body, /si divide da quelli/);
    assert.deepEqual(await shown(site, own), ["Giulia"]);
    assert.deepEqual(await shown(site, other), ["Tommaso"]);
    assert.doesNotMatch((await site.get(MEANS, own)).body, /Dividi di nuovo/);
    assert.equal((await join(site, own)).statusCode, 401, "the old password");
    assert.equal((await join(site, own, TOMMASO, fresh)).headers.location, MEANS);
    assert.equal((await childrenOf(site, giulia)).length, 2);
    assert.equal((await childrenOf(site, tommaso)).length, 2);
  });

  it("PE-04 MC-09 a password from an e-mail's link says that the code is apart from the others again", async (t) => {
    const { site, tommaso } = await twoCodes(t);
    const saved = async (minutes: number): Promise<string> => {
      site.setClock(NOW.add({ minutes }));
      const kind = { purpose: "recovery", kind: "link", replaces: false } as const;
      const tokens = await site.place.town.write((tx) =>
        makeCodes(tx, {
          ...{ ...kind, accountIds: [tommaso], by: "test", sealKey: site.app.sealKey },
          ...{ now: NOW.add({ minutes }), expiresAt: NOW.add({ minutes: minutes + 30 }) },
        }),
      );
      const fields = { password: PASSWORD, "password-ripetuta": PASSWORD };
      const answer = await site.post(`/accedi/recupero/${tokens.get(tommaso)}`, fields);
      assert.equal(answer.statusCode, 303, answer.body);
      return decodeURIComponent(cookieNamed(answer, "_flash"));
    };
    assert.doesNotMatch(await saved(1), /diviso/, "it was never joined");
    await join(site, await enterWith(site, GIULIA));
    assert.match(await saved(2), /La password è salvata\. Questo codice è di nuovo diviso/);
  });

  it("PE-04 a code that may not be used any more shows nothing to the others", async (t) => {
    const { site, giulia, tommaso } = await twoCodes(t);
    const own = await enterWith(site, GIULIA);
    await join(site, own);
    await site.place.town.write((tx) =>
      tx.run(sql`update account set disabled_at = ${NOW}
        where tenant_id = ${tx.tenantId} and id = ${tommaso}`),
    );
    assert.deepEqual(await childrenOf(site, giulia), [site.place.giulia]);
    assert.deepEqual(await shown(site, own), ["Giulia"]);
  });
});

describe("at the same moment", () => {
  /** As the page asks for it, without a page. */
  function actorOf({ site }: Codes, as: SignedIn, accountId: string, childId: string) {
    const { sara } = site.place;
    const actor: Actor = { ...sara, id: accountId, onlyChildIds: [childId] };
    const shared = { origin: "10.0.0.1", originHash: "", now: NOW, password: PASSWORD };
    return {
      actor,
      join: (username: string): Promise<JoinedAccessOutcome> =>
        joinAccess(site.place.town, { ...shared, actor, username, sessionToken: as.token }),
    };
  }

  it("PE-04 the same two codes joined from both sides and twice: one group, told once", async (t) => {
    const codes = await twoCodes(t);
    const { site, giulia, tommaso } = codes;
    const { place } = site;
    const one = actorOf(codes, await enterWith(site, GIULIA), giulia, place.giulia);
    const two = actorOf(codes, await enterWith(site, TOMMASO), tommaso, place.tommaso);
    const outcomes = await Promise.all([
      ...[one.join(TOMMASO), one.join(TOMMASO)],
      ...[two.join(GIULIA), two.join(GIULIA)],
    ]);
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), [
      ...["already-joined", "already-joined", "already-joined"],
      "joined",
    ]);
    const both = [place.giulia, place.tommaso].toSorted();
    assert.deepEqual(await childrenOf(site, giulia), both);
    assert.deepEqual(await childrenOf(site, tommaso), both);
    const events = await place.town.read((tx) =>
      securityEvents(tx, { kinds: ["access-joined"], limit: 9 }),
    );
    assert.equal(events.length, 2, "one line for each code");

    const ends = await Promise.all([
      place.town.write((tx) =>
        splitAccess(tx, { actor: one.actor, accountId: tommaso, originHash: "", now: NOW }),
      ),
      place.town.write((tx) =>
        splitAccess(tx, { actor: two.actor, accountId: giulia, originHash: "", now: NOW }),
      ),
    ]);
    assert.deepEqual(ends.map(({ outcome }) => outcome).toSorted(), ["not-joined", "split"]);
    assert.deepEqual(await childrenOf(site, giulia), [place.giulia]);
  });

  it("PE-04 three codes joined in a ring are one group; a session that ended meanwhile joins nothing", async (t) => {
    const codes = await twoCodes(t);
    const { site, giulia, tommaso } = codes;
    const { place } = site;
    const child = await bianca(site);
    const third = await childCode(site, { username: "200000003", childId: child });
    const one = actorOf(codes, await enterWith(site, GIULIA), giulia, place.giulia);
    const two = actorOf(codes, await enterWith(site, TOMMASO), tommaso, place.tommaso);
    const away = await enterWith(site, "200000003");
    const three = actorOf(codes, away, third, child);
    await site.post("/esci", {}, away);
    assert.deepEqual(await three.join(GIULIA), { outcome: "not-allowed" });
    await Promise.all([one.join(TOMMASO), two.join("200000003")]);
    for (const id of [giulia, tommaso, third]) assert.equal((await childrenOf(site, id)).length, 3);
  });
});
