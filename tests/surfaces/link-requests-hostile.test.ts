// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createFamily, putGuardianships, putPeople } from "#families";
import { waitingStrangers } from "#identity";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { LINK, REQUEST, strangersAt } from "../support/link-requests.ts";
import { STAFF_PASSWORD, staffAccount } from "../support/second-factor.ts";
import { NOW, openSite } from "../support/saml-site.ts";

const withControl = (fifteen: string): string => fifteen + controlCharacter(fifteen);

describe("the link is asked for by whoever means harm", async () => {
  const { db, close } = await testDatabase();
  const at = await openSite(db);
  const { town } = at.place;
  after(async () => {
    await at.close();
    await close();
  });

  const { arrive, requestOf, asked } = strangersAt(at);
  const pageOf = ({ id }: { id: string }) => `/ufficio/compiti/collegamenti/${id}`;

  it("OS-03 hostile text reaches database and office as text, cut nowhere in the middle of a character", async () => {
    const code = withControl("NREGUO85C01H501");
    const { row, proof, page } = await asked("Ugo", "Neri", code, {
      bambino: "<script>alert(1)</script>\u0000",
      nota: `"><img src=x onerror=alert(1)>\u202e${"😀".repeat(20)}`,
    });
    assert.match(String(page.headers["cache-control"]), /no-store/);
    assert.match(String((await at.get(LINK, null, proof)).headers["cache-control"]), /no-store/);
    const manager = await at.signInAs("office-manager");
    const shown = await at.get(pageOf(row), manager);
    assert.doesNotMatch(shown.body, /<script>alert|<img src=x/);
    for (const query of ["?cerca=%00", "?cerca=a&cerca=b", "?adulto=%00&bambino=x", "?bambino[]=1"])
      assert.equal((await at.get(pageOf(row) + query, manager)).statusCode, 200, query);
    const long = `${"a".repeat(299)}😀`;
    const tied = { esito: "collega", bambino: at.place.giulia, figli: at.place.giulia };
    const linked = await at.post(pageOf(row), { ...tied, motivo: long }, manager);
    assert.equal(linked.statusCode, 303, linked.body);
  });

  it("OS-03 a refusal cut in the middle of a character is a refusal", async () => {
    const { row } = await asked("Ugo", "Bo", withControl("BOXGUO85C01H501"));
    const manager = await at.signInAs("office-manager");
    const fields = { esito: "rifiuta", rifiuto: `${"a".repeat(299)}😀` };
    const refused = await at.post(pageOf(row), fields, manager);
    assert.equal(refused.statusCode, 303, refused.body);
  });

  it("OS-03 whoever was tied asks no second time with the sign-in of before", async () => {
    const code = withControl("RSSPIO85C01H501");
    const { row, proof } = await asked("Pio", "Rossi", code);
    const manager = await at.signInAs("office-manager");
    const tied = { esito: "collega", bambino: at.place.giulia, figli: at.place.giulia };
    await at.post(pageOf(row), { ...tied, motivo: "documento visto" }, manager);
    assert.match((await at.get(LINK, null, proof)).body, /Collegamento fatto/);
    await at.post(LINK, { ...REQUEST, bambino: "Tommaso" }, null, proof);
    assert.equal((await requestOf(code))?.isLinked, true);
  });

  it("OS-03 a link that ended before it was used may be asked for again", async () => {
    const code = withControl("GLLPIO85C01H501");
    const { row } = await asked("Pio", "Gallo", code);
    at.setClock(NOW.subtract({ minutes: 1 }));
    const manager = await at.signInAs("office-manager");
    const tied = { esito: "collega", bambino: at.place.giulia, figli: at.place.giulia };
    await at.post(pageOf(row), { ...tied, motivo: "documento visto" }, manager);
    await town.write((tx) =>
      tx.run(sql`delete from guardianship g using person p where g.tenant_id = ${tx.tenantId}
        and p.id = g.guardian_id and p.codice_fiscale = ${code}`),
    );
    at.setClock(NOW);
    const { page, proof } = await arrive("Pio", "Gallo", code);
    assert.match(page.body, /Chiedi (di nuovo )?il collegamento/);
    const form = await at.get(LINK, null, proof);
    assert.match(form.body, /Nome e cognome del bambino/);
    await at.post(LINK, REQUEST, null, proof);
    assert.equal((await requestOf(code))?.isLinked, null);
  });

  it("OS-03 one answer stands: two managers at the same moment, one who ties and one who refuses", async () => {
    const code = withControl("VRDRTI85C41H501");
    const { row } = await asked("Rita", "Verdi", code);
    const manager = await at.signInAs("office-manager");
    const { giulia, tommaso } = at.place;
    const tie = (child: string) => {
      const fields = { esito: "collega", bambino: child, figli: child, motivo: "documento visto" };
      return at.post(pageOf(row), fields, manager);
    };
    const refuse = () => at.post(pageOf(row), { esito: "rifiuta", rifiuto: "non spetta" }, manager);
    const answers = await Promise.all([tie(giulia), refuse(), tie(tommaso), tie(giulia)]);
    for (const { statusCode, body } of answers) assert.equal(statusCode, 303, body);
    const stands = (await requestOf(code))!;
    const spells = await town.read((tx) =>
      tx.rows(sql`select g.child_id from guardianship g
        join person p on p.tenant_id = g.tenant_id and p.id = g.guardian_id
        where g.tenant_id = ${tx.tenantId} and p.codice_fiscale = ${code}`),
    );
    assert.equal(spells.length, stands.isLinked ? 1 : 0, "nothing but what was answered");
  });

  it("OS-03 one request of many at the same moment; the word of one town is none in another", async () => {
    const code = withControl("VRDLCU85C41H501");
    const { proof } = await arrive("Luca", "Verdi", code);
    const sent = await Promise.all(
      [1, 2, 3, 4].map((n) => at.post(LINK, { ...REQUEST, nota: `${n}` }, null, proof)),
    );
    for (const { statusCode } of sent) assert.equal(statusCode, 303);
    const events = await town.read((tx) =>
      tx.rows(sql`select 1 from security_event
        where tenant_id = ${tx.tenantId} and kind = 'link-asked' and actor_name = 'Luca Verdi'`),
    );
    assert.equal(events.length, 1);
    const other = await openSite(db);
    const [name = "", value = ""] = proof.cookie.split("=");
    const moved = { cookie: `${name.replace(at.tenant.slug, other.tenant.slug)}=${value}` };
    assert.match((await other.get(LINK, null, moved)).body, /Prima serve l(&#39;|')accesso/);
    await other.post(LINK, REQUEST, null, moved);
    const waiting = await other.place.town.read((tx) => waitingStrangers(tx, 5));
    await other.close();
    assert.deepEqual(waiting, []);
    const manager = await at.signInAs("office-manager");
    assert.equal((await at.get(pageOf({ id: newId() }), manager)).statusCode, 404);
  });

  it("OS-03 whoever comes in next on the same browser, with a password too, has nothing of the one before", async () => {
    const { proof } = await arrive("Luca", "Verdi", withControl("VRDLCU85C01H501"));
    await staffAccount(at, { username: "s.scuola", role: "school" });
    const fields = { codice: "s.scuola", password: STAFF_PASSWORD };
    const wrong = await at.post("/accedi", { ...fields, password: "un'altra" }, null, proof);
    assert.doesNotMatch(String(wrong.headers["set-cookie"]), /_ospite/);
    const inside = await at.post("/accedi", fields, null, proof);
    assert.equal(inside.headers.location, "/scuola");
    assert.match(String(inside.headers["set-cookie"]), /_ospite=;/);
  });

  it("OS-03 namesakes without a code are told apart by their children; whose contacts are kept is marked", async () => {
    const { row } = await asked("Lia", "Bianchi", withControl("BNCLIA85C41H501"));
    const [kept, open] = [newId(), newId()];
    await town.write(async (tx) => {
      const name = { kind: "adult" as const, givenName: "Lia", surname: "Bianchi" };
      const born = day("1979-05-05");
      await putPeople(
        tx,
        [
          { id: kept, ...name },
          { id: open, ...name, birthDate: born },
        ],
        NOW,
      );
      const child = newId();
      const family = { surname: "Costa", kind: "child" as const };
      await createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", surname: "Costa", givenName: "Ezio" },
          children: [{ id: child, givenName: "Leo", ...family }],
          from: day("2026-09-14"),
        },
        NOW,
      );
      const spell = { role: "madre", from: day("2026-09-14"), to: null };
      await putGuardianships(tx, [
        { id: newId(), childId: child, guardianId: kept, ...spell },
        { id: newId(), childId: at.place.giulia, guardianId: open, ...spell },
      ]);
      await tx.run(sql`update person set contacts_protected = true
        where tenant_id = ${tx.tenantId} and id = ${kept}`);
    });
    const manager = await at.signInAs("office-manager");
    const page = await at.get(pageOf(row), manager);
    assert.match(page.body, /non indicata[^]*mancante[^]*Leo Costa/);
    assert.match(page.body, /5 maggio 1979[^]*Giulia Ferrando/);
    assert.doesNotMatch(page.body, /Tommaso/, "the same account's, and not hers");
    assert.deepEqual(htmlProblems(page.body), []);
    const marked = /contatti di questa famiglia sono riservati/;
    const chosen = await at.get(`${pageOf(row)}?adulto=${kept}`, manager);
    assert.match(chosen.body, /Figli: Leo Costa\./);
    assert.match(chosen.body, marked);
    assert.doesNotMatch((await at.get(`${pageOf(row)}?adulto=${open}`, manager)).body, marked);
  });
});
