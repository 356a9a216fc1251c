// SPDX-License-Identifier: EUPL-1.2
/** What the server says to a tablet that waited, and what a tablet may keep (ADR 21). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { rollCallsOn, startClosing } from "#attendance";
import { changeMeals } from "#booking";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { at, TUESDAY } from "../support/school-tablet.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

const DATA = { accept: "application/json" };
const FORM = { giorno: TUESDAY, servizio: "mensa", fase: "mattino" };

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

interface Stage {
  site: TestSite;
  anna: SignedIn;
  url: string;
  send(fields: Record<string, string | string[]>, as?: SignedIn): Promise<Record<string, unknown>>;
}

const onStage = (test: (stage: Stage) => Promise<void>) => async (): Promise<void> => {
  const site = await testSite(base.db, {
    routes: wholeSite.routes,
    now: at("08:40:00"),
    town: { settings: { attendance: { mode: "roll-call" }, absences: { reportedBy: "both" } } },
  });
  const { siteId, classId } = site.place;
  const anna = await site.signInAs("school", { name: "Anna B.", siteIds: [siteId] });
  const url = `/scuola/${classId}`;
  const send: Stage["send"] = async (fields, as = anna) => {
    const path = fields["bambino"] || fields["sconosciuto"] ? `${url}/fuori-lista` : url;
    const answer = await site.post(path, { ...FORM, ...fields }, as, DATA);
    assert.equal(answer.statusCode, 200, answer.body);
    return JSON.parse(answer.body) as Record<string, unknown>;
  };
  try {
    await test({ site, anna, url, send });
  } finally {
    await site.close();
  }
};

async function closeDay({ place }: TestSite): Promise<void> {
  const { serviceId, siteId } = place;
  const of = { serviceId, siteId, date: day(TUESDAY), by: "ufficio", at: at("18:00:00") };
  await place.town.write((tx) => startClosing(tx, { ...of, acceptMissing: true }));
}

const cancel = ({ place }: TestSite, childId: string): Promise<unknown> =>
  place.town.write((tx) =>
    changeMeals(tx, {
      actor: place.sara,
      channel: "portal",
      act: "cancel",
      serviceId: place.serviceId,
      items: [{ childId, date: day(TUESDAY) }],
      receivedAt: at("08:41:07"),
      now: at("08:41:07"),
      idempotencyKey: newId(),
      receiptKey: RECEIPT_KEY,
    }),
  );

const marks = (
  { place }: TestSite,
  childId: string,
): Promise<{ phase: string; status: string }[]> =>
  place.town.read((tx) =>
    tx.rows(sql`select phase, status from attendance_mark
      where tenant_id = ${tx.tenantId} and child_id = ${childId} order by recorded_at, id`),
  );

describe("forms that waited on a tablet", () => {
  it(
    "X-02 X-03 the tap is kept beside the arrival and decides nothing; the office reads both",
    onStage(async ({ site, send }) => {
      const { giulia, classId } = site.place;
      const office = await site.signInAs("office");
      const days = `/ufficio/giornate/${TUESDAY}/classi/${classId}`;
      const at0812 = String(at("08:12:30").epochMilliseconds);
      await send({ key: newId(), assenti: giulia, visto: "", attesi: giulia, toccato: at0812 });
      const both = /segnato alle 8:12, arrivato alle 8:40/;
      assert.match((await site.get(days, office)).body, both);
      assert.match((await site.get(`${days}/${giulia}`, office)).body, both);
      // A clock that is ahead, of another day, or none at all is not believed.
      const clocks = [at("08:41:00"), at("08:39:00").subtract({ hours: 24 })];
      for (const wrong of [...clocks.map((one) => String(one.epochMilliseconds)), "-1", "x"])
        await send({ key: newId(), bambino: giulia, toccato: wrong });
      const kept = await site.place.town.read((tx) =>
        tx.rows<{ at: Temporal.Instant | null }>(sql`select tapped_at as at from attendance_mark
          where tenant_id = ${tx.tenantId} and child_id = ${giulia} order by tapped_at nulls last`),
      );
      assert.deepEqual(
        kept.map((mark) => mark.at && mark.at.epochMilliseconds),
        [Number(at0812), null, null, null, null],
      );
    }),
  );

  it(
    "X-02 X-03 the same key is one roll call, also after the day has closed; the arrival at the server counts",
    onStage(async ({ site, send }) => {
      const { giulia, serviceId, town } = site.place;
      const form = { key: newId(), assenti: giulia, visto: "", attesi: giulia };
      const first = await send(form);
      assert.deepEqual(
        [first["outcome"], first["said"], first["time"], first["asks"]],
        ["recorded", "Inviato alle 8:40: 1 pasto, 1 assente.", "8:40", []],
      );
      site.setClock(at("09:14:00"));
      await closeDay(site);
      assert.deepEqual(await send(form), first);
      const late = await send({ key: newId(), visto: String(first["seen"]) });
      assert.deepEqual(late, {
        outcome: "refused",
        said: "Giornata chiusa: chiedere all'ufficio.",
      });
      const calls = await town.read((tx) => rollCallsOn(tx, { serviceId, date: day(TUESDAY) }));
      assert.equal(calls.length, 1);
      assert.ok(calls[0]!.receivedAt.equals(at("08:40:00")));
    }),
  );

  it(
    "X-03 the same key is one child served, also after a correction and after the day has closed",
    onStage(async ({ site, anna, url, send }) => {
      const { giulia } = site.place;
      const known = { key: newId(), bambino: giulia };
      const unknown = { key: newId(), sconosciuto: "1", descrizione: "zaino blu" };
      const served = await send(known);
      assert.match(String(served["said"]), /Ferrando Giulia: pasto servito/);
      assert.equal((await send(unknown))["outcome"], "recorded");
      const correction = { ...FORM, bambino: giulia, stato: "absent", motivo: "uscita" };
      site.setClock(at("09:30:00"));
      await site.post(`${url}/correzioni`, correction, anna);
      assert.equal((await send(known))["outcome"], "recorded");
      assert.deepEqual(
        (await marks(site, giulia)).map(({ status }) => status),
        ["present", "absent"],
      );
      await closeDay(site);
      assert.equal((await send(known))["outcome"], "recorded");
      assert.equal((await send(unknown))["outcome"], "recorded");
      assert.equal((await send({ ...known, key: newId() }))["outcome"], "refused");
      assert.equal((await send({ ...unknown, key: newId() }))["outcome"], "refused");
    }),
  );

  it(
    "a roll call made of an older list does not overwrite a colleague's; one that knows it does",
    onStage(async ({ site, send }) => {
      const { giulia, tommaso } = site.place;
      const bruno = await site.signInAs("school", { name: "Bruno C." });
      const his = await send({ key: newId(), assenti: [giulia, tommaso], visto: "" }, bruno);
      const mine = { key: newId(), assenti: giulia, visto: "" };
      assert.deepEqual(await send(mine), {
        outcome: "sent-meanwhile",
        said: "L'appello è già stato inviato da Bruno C. alle 8:40: 0 pasti, 2 assenti.",
        seen: his["seen"],
      });
      assert.deepEqual(await marks(site, tommaso), [{ phase: "morning", status: "absent" }]);
      const again = await send({ ...mine, visto: String(his["seen"]) });
      assert.equal(again["said"], "Inviato alle 8:40: 1 pasto, 1 assente.");
      const noon = await send({ key: newId(), fase: "mezzogiorno", visto: "" });
      assert.equal(noon["outcome"], "recorded", "the other phase is another list");
    }),
  );

  it(
    "X-03 asks about children whom families cancelled since the list was read, in data and on the page",
    onStage(async ({ site, anna, url, send }) => {
      const { giulia, tommaso } = site.place;
      const attesi = `${giulia} ${tommaso}`;
      await cancel(site, giulia);
      const told = await send({ key: newId(), visto: "", attesi, assenti: tommaso });
      const said = "Disdetto dalla famiglia alle 8:41. È presente?";
      assert.deepEqual(told["asks"], [{ childId: giulia, said }]);
      assert.equal((await marks(site, giulia)).length, 0);
      const sure = await send({
        key: newId(),
        visto: told["seen"] as string,
        attesi,
        assenti: giulia,
      });
      assert.deepEqual(sure["asks"], [], "said to be absent: nothing to ask");
      await site.post(url, { ...FORM, attesi }, anna);
      const page = await site.get(url, {
        ...anna,
        cookie: `${anna.cookie}; ${await flashOf(site, anna, url, attesi)}`,
      });
      assert.match(page.body, /Ferrando Giulia: Disdetto dalla famiglia alle 8:41\. È presente\?/);
    }),
  );

  it(
    "an expired session, a wrong token and another school are refused, with nothing written",
    onStage(async ({ site, anna, url }) => {
      const form = { ...FORM, visto: "" };
      assert.equal((await site.post(url, { ...form, csrf: "x" }, anna, DATA)).statusCode, 403);
      assert.equal((await site.post(url, form, null, DATA)).statusCode, 401);
      const elsewhere = await site.signInAs("school", { siteIds: [newId()] });
      assert.equal((await site.post(url, form, elsewhere, DATA)).statusCode, 403);
      site.setClock(at("11:00:00"));
      assert.equal((await site.post(url, form, anna, DATA)).statusCode, 401);
      assert.equal((await site.get("/scuola/senza-rete", anna)).statusCode, 303);
    }),
  );
});

/** The flash of one more form, as the browser would send it back. */
async function flashOf(
  site: TestSite,
  anna: SignedIn,
  url: string,
  attesi: string,
): Promise<string> {
  const answer = await site.post(url, { ...FORM, attesi }, anna);
  const cookies = [answer.headers["set-cookie"] ?? []].flat();
  return cookies.find((cookie) => cookie.includes("_flash="))!.split(";")[0]!;
}

describe("what a tablet may keep", () => {
  const keepOf = async (site: TestSite, path: string, as: SignedIn): Promise<string> =>
    String((await site.get(path, as)).headers["x-keep"] ?? "none").replace(/^\S{22} /, "");

  it(
    "the classes of today, their roll calls and the list of the school; of the school's own people only",
    onStage(async ({ site, anna, url }) => {
      const list = `/scuola/elenco?plesso=${site.place.siteId}`;
      for (const path of ["/scuola", url, `${url}/fuori-lista`, list])
        assert.equal(await keepOf(site, path, anna), `${TUESDAY} yes`, path);
      for (const path of [
        `${url}/fuori-lista?q=gi`,
        `${url}?giorno=2026-11-23`,
        `${url}/correzioni`,
        `${url}/foglio`,
        "/scuola/fogli",
      ])
        assert.equal(await keepOf(site, path, anna), `${TUESDAY} no`, path);
      for (const role of ["office", "administrator"] as const) {
        const other = await site.signInAs(role);
        assert.equal(await keepOf(site, url, other), "none", role);
        const page = await site.get(url, other);
        assert.doesNotMatch(page.body, /id="kept"/);
        assert.equal((await site.get("/scuola/senza-rete?pagine=1", other)).body, '{"owner":null}');
      }
    }),
  );

  it(
    "names the pages, with another mark for every session and the same owner for one person",
    onStage(async ({ site, anna, url }) => {
      const state = await site.get("/scuola/senza-rete?pagine=1", anna);
      const said = JSON.parse(state.body) as { owner: string; csrf: string; pages: string[] };
      const list = `/scuola/elenco?plesso=${site.place.siteId}`;
      assert.deepEqual(said.pages, ["/scuola", url, `${url}/fuori-lista`, list]);
      assert.equal(said.csrf, anna.csrf);
      const bruno = await site.signInAs("school", { name: "Bruno C." });
      const other = JSON.parse((await site.get("/scuola/senza-rete", bruno)).body) as typeof said;
      assert.notEqual(other.owner, said.owner);
      const marksOf = async (as: SignedIn) => (await site.get(url, as)).headers["x-keep"];
      assert.notEqual(await marksOf(bruno), await marksOf(anna));
      assert.match((await site.get(url, anna)).body, new RegExp(`data-owner="${said.owner}"`));
      const flash = { ...anna, cookie: `${anna.cookie}; ${await flashOf(site, anna, url, "")}` };
      assert.equal(
        await keepOf(site, url, flash),
        `${TUESDAY} no`,
        "what is said once is not kept",
      );
    }),
  );

  it(
    "the list has names and classes of one's own school only",
    onStage(async ({ site, anna }) => {
      const { siteId, giulia } = site.place;
      const list = await site.get(`/scuola/elenco?plesso=${siteId}`, anna);
      const children = JSON.parse(list.body) as object[];
      assert.deepEqual(children[0], { id: giulia, name: "Ferrando Giulia", className: "3A" });
      const elsewhere = await site.signInAs("school", { siteIds: [newId()] });
      assert.equal((await site.get(`/scuola/elenco?plesso=${siteId}`, elsewhere)).statusCode, 403);
      assert.equal((await site.get("/scuola/elenco?plesso=x", anna)).statusCode, 404);
      assert.equal((await site.get(`/scuola/elenco?plesso=${siteId}`)).statusCode, 303);
    }),
  );

  it(
    "the worker and the page without a copy are of nobody",
    onStage(async ({ site, anna }) => {
      const worker = await site.get("/scuola-senza-rete.js");
      assert.match(String(worker.headers["content-type"]), /^text\/javascript/);
      assert.match(worker.body, /\/assets\/school\.[0-9a-f]+\.js/);
      assert.match(String(worker.headers["content-security-policy"]), /worker-src 'self'/);
      const page = await site.get("/scuola/senza-rete/pagina", anna);
      assert.match(page.body, /Questa pagina non è salvata sul tablet/);
      assert.doesNotMatch(page.body, /Anna|data-owner/);
      assert.deepEqual(htmlProblems(page.body), []);
    }),
  );
});
