// SPDX-License-Identifier: EUPL-1.2
/** A separated parent, and a delegate, go through every page and paper there is and never read where the others live. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { person, putGuardianships, putPeople, updateContacts } from "#families";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { addressLines } from "#documents";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { textOf } from "../support/portal.ts";
import { ROLE_TABLE } from "../support/role-table.ts";
import { roleTown, type RoleTown } from "../support/role-world.ts";
import type { SignedIn } from "../support/site.ts";

const HOME = { address: "Via Segreta 7", postalCode: "61029", city: "Rifugio" };
const SECRETS = [...Object.values(HOME), "3339876543", "madre@rifugio.example", "bimba@rifugio"];
const FATHER = newId();

let base: TestDatabase;
let there: RoleTown;
let office: SignedIn;
let sara: SignedIn;
let father: SignedIn;

before(async () => {
  base = await testDatabase();
  there = await roleTown(base.db, { surname: "Altri", children: ["Zeno", "Zita"] });
  const { site } = there;
  const { place } = site;
  const at = site.app.clock.now();
  const own = { actor: place.sara, at, ...HOME };
  await place.town.write(async (tx) => {
    const personId = place.sara.personId!;
    const adult = { phone: "3339876543", email: "madre@rifugio.example" };
    await updateContacts(tx, { ...own, personId, ...adult });
    for (const child of [place.giulia, place.tommaso])
      await updateContacts(tx, { ...own, personId: child, email: "bimba@rifugio.example" });
    const name = { surname: "Ferrando", givenName: "Ivo", email: "ivo@posta.example" };
    await putPeople(tx, [{ id: FATHER, kind: "adult", ...name }], at);
    await putGuardianships(
      tx,
      [place.giulia, place.tommaso].map((childId) => {
        const since = { from: day("2026-09-01"), to: null };
        return { id: newId(), childId, guardianId: FATHER, role: "padre", ...since };
      }),
    );
  });
  office = await site.signInAs("office");
  sara = await site.signInAs("guardian");
  father = await site.signInAs("guardian", { personId: FATHER, name: "Ivo Ferrando" });
});
after(async () => {
  await there?.site.close();
  await base.close();
});

const contacts = (personId: string): string =>
  `/ufficio/famiglie/${there.site.place.holderId}/persone/${personId}/contatti`;

/** Everything a person can open: the family's routes with the family's ids, and whatever those pages lead to. */
async function readsOf(as: SignedIn): Promise<{ path: string; text: string }[]> {
  const waiting = ROLE_TABLE.filter(
    ({ route, who }) => route.startsWith("GET") && /family/.test(who),
  )
    .map(({ at }) => at.replaceAll(/\{(\w+)\}/g, (_, word: string) => there.own[word] ?? "x"))
    .concat("/oggi");
  const seen = new Set<string>();
  const reads: { path: string; text: string }[] = [];
  while (waiting.length > 0) {
    const path = waiting.shift()!;
    if (seen.has(path) || seen.size > 400 || /mese=|\/calendario\?|\/lingua|\/esci/.test(path))
      continue;
    seen.add(path);
    const answer = await there.site.get(path, as);
    assert.ok(answer.statusCode < 500, path);
    if (answer.statusCode !== 200) continue;
    const type = String(answer.headers["content-type"]);
    if (type.startsWith("application/pdf")) {
      if (!popplerMissing) reads.push({ path, text: pageTexts(answer.rawPayload).join("\n") });
      continue;
    }
    reads.push({ path, text: answer.body });
    for (const [, href = ""] of answer.body.matchAll(/href="(\/[^"#]*)"/g))
      if (!href.startsWith("/assets")) waiting.push(href.replaceAll("&amp;", "&"));
  }
  return reads;
}

const told = (reads: readonly { path: string; text: string }[]): string[] =>
  reads.flatMap(({ path, text }) =>
    SECRETS.filter((secret) => text.includes(secret)).map((secret) => `${path}: ${secret}`),
  );

describe("protected contacts", () => {
  it("BO-25 X-15 the father reads the children's contacts, until the office keeps them", async () => {
    const { site } = there;
    const before = await site.get("/figli/giulia/dati", father);
    assert.match(before.body, /Via Segreta 7/);
    const path = contacts(site.place.sara.personId!);
    const form = { ...HOME, phone: "3339876543", email: "madre@rifugio.example" };
    const saved = await site.post(path, { ...form, riservati: "1", motivo: "tutela" }, office);
    assert.equal(saved.statusCode, 303);
    const file = await site.get(`/ufficio/famiglie/${site.place.holderId}`, office);
    assert.match(textOf(file.body), /Riservati: non comunicarli a nessuno/);
    assert.match((await site.get(path, office)).body, /value="1"[^>]*checked/);
    const kept = await site.get("/figli/giulia/dati", father);
    assert.match(kept.body, /I recapiti sono riservati: li conosce solo l&#39;ufficio/);
    assert.doesNotMatch(kept.body, /dati\/modifica/);
  });

  it("BO-25 X-15 no page, no PDF and no message tells them to the father or to a delegate", async () => {
    const { site } = there;
    const delegate = await delegateOf(site, {
      holderId: site.place.holderId,
      scopes: ["view", "absences", "payments"],
    });
    for (const [who, least] of [
      [father, 40],
      [delegate, 30],
    ] as const) {
      const reads = await readsOf(who);
      assert.ok(reads.length >= least, `only ${reads.length} pages`);
      assert.deepEqual(told(reads), []);
    }
    const sent = await site.place.town.read((tx) =>
      tx.rows<{ text: string }>(sql`
        select m.body as text from message m where m.tenant_id = ${tx.tenantId}
        union all
        select e.subject || e.body from email e where e.tenant_id = ${tx.tenantId}`),
    );
    assert.deepEqual(told(sent.map(({ text }) => ({ path: "message", text }))), []);
  });

  it("BO-25 the mother sees her own; no sheet of paper has the address", async () => {
    const { site } = there;
    const page = await site.get("/dati", sara);
    assert.match(page.body, /Via Segreta 7/);
    assert.match(page.body, /gli altri adulti della famiglia non li vedono/);
    const papers = (await readsOf(sara)).filter(({ path }) => path.endsWith(".pdf"));
    assert.deepEqual(told(papers), []);
    const adult = await site.place.town.read((tx) => person(tx, site.place.sara.personId!));
    assert.deepEqual(addressLines(adult), []);
    assert.equal(addressLines({ ...adult!, contactsProtected: false }).length, 2);
  });

  it("BO-25 nobody of the family writes a child's protected contacts; its own adult flag is enough", async () => {
    const { site } = there;
    for (const who of [father, sara]) {
      const edit = "/figli/giulia/dati/modifica";
      assert.equal((await site.get(edit, who)).statusCode, 403);
      assert.equal((await site.post(edit, { address: "Via Falsa 1" }, who)).statusCode, 403);
    }
    const child = await site.place.town.read((tx) => person(tx, site.place.giulia));
    assert.equal(child?.address, HOME.address);
    assert.equal(child?.contactsProtected, false, "it is her mother's");
  });

  it("BO-25 of two of the office at one form, whoever changes a number does not give free what the other protects", async () => {
    const { site } = there;
    const path = contacts(site.place.sara.personId!);
    const stale = /name="erano" value=""/.test((await site.get(path, office)).body);
    assert.equal(stale, false, "she is protected, and the form says so");
    const free = { ...HOME, phone: "3339876543", email: "madre@rifugio.example" };
    const late = await site.post(path, { ...free, erano: "" }, office);
    assert.equal(late.statusCode, 303);
    assert.doesNotMatch((await site.get("/figli/giulia/dati", father)).body, /Via Segreta/);
  });

  it("BO-25 a child alone is protected too; given free again, the contacts are back", async () => {
    const { site } = there;
    const { giulia, sara: mother } = site.place;
    const free = { ...HOME, phone: "3339876543", email: "madre@rifugio.example" };
    await site.post(contacts(mother.personId!), free, office);
    await site.post(contacts(giulia), { ...HOME, riservati: "1" }, office);
    assert.doesNotMatch((await site.get("/figli/giulia/dati", father)).body, /Via Segreta/);
    assert.match((await site.get("/figli/tommaso/dati", father)).body, /Via Segreta/);
    await site.post(contacts(giulia), HOME, office);
    assert.match((await site.get("/figli/giulia/dati", father)).body, /Via Segreta/);
  });
});
