// SPDX-License-Identifier: EUPL-1.2
/** User code and password of a family, over HTTP: letter, activation, sign-in, change, recovery. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { hashToken, securityEvents } from "#identity";
import { moment } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { answersFollowed } from "../../src/surfaces/web/after-answer.ts";
import { csrfToken } from "../../src/surfaces/web/visit.ts";
import { popplerMissing } from "../documents/read-back.ts";
import { credentialSite, EMAIL, letterFor, NOW, PASSWORD, post } from "../support/credentials.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import type { SignedIn, TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

type Answer = Awaited<ReturnType<TestSite["get"]>>;

/** Goes on with the cookies that an answer set. */
async function asAfter(site: TestSite, answer: Answer): Promise<SignedIn> {
  const cookie = answer.cookies
    .filter(({ name }) => !name.endsWith("_flash"))
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");
  const who = { cookie, csrf: "", token: "", accountId: "" };
  const page = (await site.get("/accedi", who)).body;
  return { ...who, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "" };
}

const activate = (
  site: TestSite,
  letter: { username: string; code: string },
  fields: Record<string, string> = {},
): Promise<Answer> =>
  site.post("/accedi/attiva", {
    codice: letter.username,
    attivazione: letter.code,
    password: PASSWORD,
    "password-ripetuta": PASSWORD,
    ...fields,
  });

const signIn = (site: TestSite, codice: string, password: string): Promise<Answer> =>
  site.post("/accedi", { codice, password });

/** The same database; its towns' statements are written down, without their values. */
function watched(db: Database): { db: Database; statements: string[] } {
  const statements: string[] = [];
  const seen = <Tx extends object>(tx: Tx): Tx =>
    new Proxy(tx, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...given: readonly { toOperationNode?: () => { sqlFragments: string[] } }[]) => {
          statements.push(given[0]?.toOperationNode?.().sqlFragments.join("?") ?? String(name));
          return value.apply(target, given) as unknown;
        };
      },
    });
  const forTenant: Database["forTenant"] = (tenantId) => {
    const town = db.forTenant(tenantId);
    return {
      tenantId,
      read: (work) => town.read((tx) => work(seen(tx))),
      write: (work) => town.write((tx) => work(seen(tx))),
    };
  };
  return { db: { ...db, forTenant }, statements };
}

const linkIn = (text: string): string => /\/accedi\/recupero\/[\w-]{43}/.exec(text)?.[0] ?? "";

describe("user code and password of a family", { skip: popplerMissing }, () => {
  it("BO-01 MC-09 a letter, a password chosen with it, signing in, changing it, and getting it back by e-mail", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const letter = await letterFor(site);
    assert.match(letter.text, /Codici e credenziali per i servizi scolastici/);
    assert.match(letter.text, /Sara Ferrando/);
    assert.match(letter.text, /fino al 23\/01\/2027/);
    assert.match(letter.text, /SPID/);

    const first = await activate(site, {
      ...letter,
      username: letter.username.replace(/^(...)(...)/, "$1 $2 "),
      code: letter.code.toLowerCase().replaceAll("-", " "),
    });
    assert.equal(first.statusCode, 303, first.body);
    assert.equal(first.headers.location, "/oggi");
    const phone = await asAfter(site, first);
    assert.match((await site.get("/oggi", phone)).body, /Giulia/);
    assert.equal((await activate(site, letter)).statusCode, 401, "a code works once");

    const tablet = await asAfter(site, await signIn(site, letter.username, PASSWORD));
    assert.equal((await site.get("/oggi", tablet)).statusCode, 200);
    assert.match((await site.get("/altro", tablet)).body, /href="\/password"/);

    const next = "quarantadue pinguini in fila";
    const change = (fields: Record<string, string>): Promise<Answer> =>
      site.post("/password", { password: next, "password-ripetuta": next, ...fields }, tablet);
    const wrong = await change({ "password-attuale": "non è questa" });
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /La password di adesso non è corretta/);
    assert.deepEqual(htmlProblems(wrong.body), []);
    const changed = await change({ "password-attuale": PASSWORD });
    assert.equal(changed.headers.location, "/oggi");
    assert.equal((await site.get("/oggi", tablet)).statusCode, 200, "this session stays");
    assert.equal((await site.get("/oggi", phone)).statusCode, 303, "the others end");
    assert.equal((await signIn(site, letter.username, PASSWORD)).statusCode, 401);

    const asked = await site.post("/accedi/recupero", { chi: EMAIL.toUpperCase() });
    assert.equal(asked.headers.location, "/accedi/recupero/inviato");
    const [email, ...more] = await post(site);
    assert.ok(email && more.length === 0);
    assert.equal(email.to, EMAIL);
    assert.match(email.text, new RegExp(`codice utente ${letter.username}`));
    const link = linkIn(email.text);
    const form = await site.get(link);
    assert.equal(form.statusCode, 200);
    assert.deepEqual(htmlProblems(form.body), []);
    const last = "la nebbia sale dal fosso";
    const fields = { password: last, "password-ripetuta": last };
    const [one, two] = await Promise.all([site.post(link, fields), site.post(link, fields)]);
    assert.deepEqual([one.statusCode, two.statusCode].toSorted(), [303, 404], "one of two wins");
    assert.equal((await site.get("/oggi", tablet)).statusCode, 303, "every session ended");
    assert.equal((await site.get(link)).statusCode, 404);
    assert.equal((await signIn(site, letter.username, last)).headers.location, "/oggi");

    const log = await site.place.town.read((tx) => securityEvents(tx, { limit: 50 }));
    const chosen = log.filter(({ kind }) => kind === "password-changed").toReversed();
    assert.deepEqual(
      chosen.map(({ details }) => details["how"]),
      ["activation", "change", "recovery"],
    );
    assert.ok(chosen.every(({ originHash, accountId }) => originHash && accountId));
    for (const kind of ["code-sent", "recovery-asked", "signed-in"] as const)
      assert.ok(
        log.some((event) => event.kind === kind),
        kind,
      );
  });

  it("BO-01 no code and no password stands in the database, before or after its use", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const letter = await letterFor(site);
    await site.post("/accedi/recupero", { chi: letter.username });
    await answersFollowed(site.app);
    const dump = async (): Promise<string> =>
      site.place.town.read(async (tx) => {
        const rows = await tx.rows<{ text: string }>(sql`
          select row_to_json(c)::text as text from one_time_code c where tenant_id = ${tx.tenantId}
          union all select row_to_json(f)::text from letter_run_file f where tenant_id = ${tx.tenantId}
          union all select row_to_json(e)::text from email e where tenant_id = ${tx.tenantId}
          union all select row_to_json(v)::text from voice_code v where tenant_id = ${tx.tenantId}
          union all select row_to_json(s)::text from security_event s where tenant_id = ${tx.tenantId}
          union all select row_to_json(a)::text from audit_entry a where tenant_id = ${tx.tenantId}`);
        return rows.map(({ text }) => text).join("\n");
      });
    const voice = /\b(\d{4}) (\d{4})\b/.exec(letter.text);
    assert.ok(voice, letter.text);
    const before = await dump();
    const [email] = await post(site);
    const secrets = [
      letter.code,
      letter.code.replaceAll("-", ""),
      voice.slice(1).join(""),
      linkIn(email?.text ?? "")
        .split("/")
        .at(-1) ?? "",
    ];
    const texts = [before, await dump()];
    for (const secret of secrets) {
      assert.ok(secret.length >= 8);
      for (const text of texts) assert.ok(!text.includes(secret), secret);
    }
    const bodies = await site.place.town.read((tx) =>
      tx.rows<{ body: string }>(sql`select body from email where tenant_id = ${tx.tenantId}`),
    );
    assert.deepEqual(bodies, [{ body: "" }], "what was sent is forgotten");
  });

  it("BO-01 a new letter takes the place of the former; a code that is too old opens nothing", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const former = await letterFor(site);
    const latest = await letterFor(site);
    assert.equal(latest.username, former.username);
    assert.equal((await activate(site, former)).statusCode, 401);
    const short = await activate(site, latest, { password: "corta", "password-ripetuta": "corta" });
    assert.equal(short.statusCode, 422);
    assert.match(short.body, /meno di 12 caratteri/);
    const common = { password: "Password2026!", "password-ripetuta": "Password2026!" };
    assert.match((await activate(site, latest, common)).body, /si indovina facilmente/);
    const differs = await activate(site, latest, { "password-ripetuta": "altra" });
    assert.match(differs.body, /non sono uguali/);
    site.setClock(moment("2027-01-24T08:00:00Z"));
    assert.equal((await activate(site, latest)).statusCode, 401, "sixty days are over");
    site.setClock(NOW);
    const answers = await Promise.all([activate(site, latest), activate(site, latest)]);
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [303, 401]);
  });

  it("MC-09 whoever is named, known or not, with an e-mail or without: the same answer", async (t) => {
    const site = await credentialSite(base.db, { email: "" });
    t.after(() => site.close());
    const { username } = await letterFor(site);
    const ask = async (chi: string) => {
      const { statusCode, headers } = await site.post("/accedi/recupero", { chi });
      return { statusCode, location: headers.location };
    };
    const known = await ask(username);
    for (const other of ["123456782", "nessuno@famiglia.example", "ufficio'--"])
      assert.deepEqual(await ask(other), known);
    assert.deepEqual(await post(site), [], "nobody to write to");
    const page = (await site.get("/accedi/recupero/inviato")).body;
    assert.match(page, /può stampare una nuova lettera/);
    assert.deepEqual(htmlProblems(page), []);
  });

  it("MC-09 until the answer is out a known and an unknown user cost the same statements and the same time", async (t) => {
    const { db, statements } = watched(base.db);
    const site = await credentialSite(db);
    t.after(() => site.close());
    const { username } = await letterFor(site);
    const csrf = csrfToken(site.app, site.tenant, { token: "" });
    let asked = 0;
    /** From an address of its own: how often one may ask is another matter. */
    const ask = async (chi: string) => {
      asked += 1;
      const start = process.cpuUsage();
      const { statusCode } = await site.server.http.inject({
        ...{ method: "POST", url: "/accedi/recupero", remoteAddress: `192.0.2.${asked}` },
        headers: { host: site.host, "content-type": "application/x-www-form-urlencoded" },
        payload: new URLSearchParams({ csrf, chi }).toString(),
      });
      const { user, system } = process.cpuUsage(start);
      assert.equal(statusCode, 303);
      return (user + system) / 1000;
    };
    const statementsOf = async (chi: string): Promise<string[]> => {
      await answersFollowed(site.app);
      statements.length = 0;
      await ask(chi);
      return [...statements];
    };
    await statementsOf("123456782");
    const before = await statementsOf(username);
    assert.deepEqual(before, await statementsOf("123456782"));
    assert.deepEqual(before, await statementsOf(EMAIL));
    await answersFollowed(site.app);
    assert.ok(statements.length > before.length, "the work comes afterwards");
    assert.ok((await post(site)).length > 0);
    // The processor's time, as for a password (BO-13); the least of many, for what else the process does comes on top.
    const least = { known: Infinity, unknown: Infinity };
    for (let round = 0; round < 5; round += 1) {
      await answersFollowed(site.app);
      for (let pair = 0; pair < 6; pair += 1) {
        least.known = Math.min(least.known, await ask(username));
        least.unknown = Math.min(least.unknown, await ask("123456782"));
      }
    }
    const { known, unknown } = least;
    const share = Math.abs(known - unknown) / Math.max(known, unknown);
    assert.ok(share < 0.25, `known ${known} ms, unknown ${unknown} ms`);
  });

  it("MC-09 a link lives for half an hour; three an hour, and asking again breaks none", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const { username } = await letterFor(site);
    for (let times = 0; times < 5; times += 1) {
      await site.post("/accedi/recupero", { chi: username });
      site.setClock(NOW.add({ seconds: times + 1 }));
    }
    const emails = await post(site);
    assert.equal(emails.length, 3);
    const [first] = emails.map(({ text }) => linkIn(text));
    assert.equal((await site.get(first!)).statusCode, 200);
    site.setClock(NOW.add({ minutes: 31 }));
    assert.equal((await site.get(first!)).statusCode, 404);
    site.setClock(NOW.add({ hours: 2 }));
    await site.post("/accedi/recupero", { chi: username });
    const late = await post(site, NOW.add({ hours: 3 }));
    assert.deepEqual(late, [], "a link that no longer works does not leave");
  });

  it("MC-09 whoever guesses from elsewhere makes a stranger's browser wait, not the family's own", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const letter = await letterFor(site);
    const first = await activate(site, letter);
    const known = first.cookies.find(({ name }) => name.endsWith("_noto"));
    assert.ok(known?.httpOnly);
    await site.place.town.write((tx) =>
      tx.run(sql`
        insert into login_attempt (tenant_id, id, username_hash, origin_hash, at, succeeded)
        select ${tx.tenantId}, gen_random_uuid(), ${hashToken(letter.username)}, 'elsewhere', ${NOW}, false
        from generate_series(1, 9)`),
    );
    const there = { codice: letter.username, password: PASSWORD };
    const stranger = await site.post("/accedi", there);
    assert.equal(stranger.statusCode, 429);
    assert.equal((await activate(site, letter)).statusCode, 429, "codes are tried no faster");
    const own = { cookie: `${known.name}=${known.value}` };
    assert.equal((await site.post("/accedi", there, null, own)).headers.location, "/oggi");
    const forged = { cookie: `${known.name}=${known.value.replace(/.$/, "_")}` };
    assert.equal((await site.post("/accedi", there, null, forged)).statusCode, 429);
  });

  it("BO-13 whatever is typed into these forms, nothing breaks", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const office = await site.signInAs("office");
    const family = `/ufficio/famiglie/${site.place.holderId}/credenziali`;
    const odd = [
      "\0",
      "a\0b@c.it",
      "9".repeat(5000),
      "\u{1F600}\uD800",
      "' or 1=1 --",
      "%00",
      "../../etc",
    ];
    for (const text of odd) {
      const fields = {
        ...{ codice: text, attivazione: text, chi: text, bambino: text, canale: text, key: text },
        ...{
          servizio: text,
          scuola: text,
          classe: text,
          password: text,
          "password-ripetuta": text,
        },
      };
      const address = encodeURIComponent(text.slice(0, 150).replaceAll("\uD800", ""));
      const answers = [
        await site.post("/accedi", fields),
        await site.post("/accedi/attiva", fields),
        await site.post("/accedi/recupero", fields),
        await site.post(`/accedi/recupero/${address}`, fields),
        await site.get(`/accedi/recupero/${address}`),
        await site.get(`/accedi/attiva?codice=${address}`),
        await site.post(family, fields, office),
        await site.post("/ufficio/credenziali/nuove", fields, office),
        await site.get(`/ufficio/credenziali/nuove?servizio=${address}&classe=${address}`, office),
        await site.get(`/ufficio/credenziali/${address}`, office),
      ];
      const broken = answers.filter(({ statusCode }) => statusCode >= 500);
      assert.deepEqual(
        broken.map(({ raw }) => raw.req.url),
        [],
        JSON.stringify(text.slice(0, 20)),
      );
    }
  });

  it("MC-09 a password on the operator's list of stolen ones is refused", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const letter = await letterFor(site);
    const isStolenPassword = (password: string) => Promise.resolve(password === PASSWORD);
    Object.assign(site.app, { isStolenPassword });
    const refused = await activate(site, letter);
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /si indovina facilmente/);
    const other = "quarantadue pinguini in fila";
    const taken = await activate(site, letter, { password: other, "password-ripetuta": other });
    assert.equal(taken.statusCode, 303, "the code was not used up");
  });

  it("PE-08 a password is never held for later, nor offered at the office's desk", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const sara = await site.signInAs("guardian");
    const fields = {
      "password-attuale": PASSWORD,
      password: PASSWORD,
      "password-ripetuta": PASSWORD,
    };
    site.setClock(NOW.add({ hours: 5 }));
    const late = await site.post("/password", fields, sara);
    assert.equal(late.statusCode, 401);
    assert.ok(late.cookies.every(({ name }) => !name.endsWith("_attesa")));
    const desk = { holderId: site.place.holderId, reason: "telefono" };
    const office = await site.signInAs("office", { desk });
    assert.doesNotMatch((await site.get("/password", office)).body, /password-attuale/);
    assert.doesNotMatch((await site.get("/altro", office)).body, /href="\/password"/);
  });

  it("BO-13 where the town has no credentials there is no letter, no activation and no recovery for families", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const letter = await letterFor(site);
    const off = {
      portal: ["spid"],
      enrolment: ["spid"],
      topUp: ["spid"],
      credentialsPer: "holder",
    };
    const { place } = site;
    await place.town.write((tx) =>
      tx.run(sql`update tenant_setting set value = ${JSON.stringify(off)}::jsonb
        where tenant_id = ${tx.tenantId} and key = 'login'`),
    );
    await place.town.write((tx) =>
      tx.run(
        sql`update configuration_version set version = version + 1 where tenant_id = ${tx.tenantId}`,
      ),
    );
    assert.equal((await activate(site, letter)).statusCode, 401);
    assert.equal((await site.get("/accedi/recupero")).statusCode, 404);
    assert.equal((await site.post("/accedi/recupero", { chi: letter.username })).statusCode, 404);
    const office = await site.signInAs("office");
    const path = `/ufficio/famiglie/${place.holderId}/credenziali`;
    assert.match((await site.get(path, office)).body, /le famiglie entrano con SPID o CIE/);
    assert.equal((await site.post(path, { canale: "paper" }, office)).statusCode, 404);
    assert.equal((await site.get("/ufficio/credenziali/nuove", office)).statusCode, 404);
  });
});
