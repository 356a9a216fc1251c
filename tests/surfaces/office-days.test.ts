// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ofClass, serveUnknown } from "#attendance";
import { chargesOf } from "#billing";
import { systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { textOf } from "../support/portal.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";
import { USUAL_SETTINGS } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

type Town = Parameters<typeof testSite>[1]["town"];

async function open(
  t: { after(work: () => Promise<void>): void },
  town?: Town,
): Promise<{ site: TestSite; office: SignedIn }> {
  const site = await testSite(base.db, {
    routes,
    now: moment("2026-11-24T14:00:00Z"),
    ...(town ? { town } : {}),
  });
  t.after(() => site.close());
  return { site, office: await site.signInAs("office", { name: "M. Conti" }) };
}

const closing = (site: TestSite, extra: Record<string, string> = {}) => ({
  servizio: site.place.serviceId,
  data: "2026-11-24",
  scuole: site.place.siteId,
  ...extra,
});

const standing = async (site: TestSite): Promise<bigint[]> =>
  (
    await site.place.town.read((tx) =>
      chargesOf(tx, {
        holderId: site.place.holderId,
        from: day("2026-11-24"),
        to: day("2026-11-24"),
      }),
    )
  )
    .filter(({ kind, reversed }) => kind === "meal" && !reversed)
    .map(({ amountCents }) => amountCents);

describe("the office closes days", () => {
  it("BI-10 names what does not agree as `campanella check` does", async (t) => {
    const { site, office } = await open(t);
    await site.post("/ufficio/giornate/chiudi", closing(site), office);
    const { tommaso, siteId, town } = site.place;
    await town.write((tx) =>
      tx.run(
        sql`update attendance set billable = false where tenant_id = ${tx.tenantId} and child_id = ${tommaso}`,
      ),
    );
    const page = textOf((await site.get(`/ufficio/giornate/2026-11-24/${siteId}`, office)).body);
    assert.match(
      page,
      /i conti non tornano \(1 addebito senza presenza\): riaprire e richiudere la giornata/,
    );
  });

  it("X-03 a class's day names who was served without a name, and leads to finding it", async (t) => {
    const { site, office } = await open(t);
    const { serviceId, classId, town } = site.place;
    const page = `/ufficio/giornate/2026-11-24/classi/${classId}`;
    assert.doesNotMatch((await site.get(page, office)).body, /senza nome/);
    const served = (description: string) =>
      town.write((tx) =>
        serveUnknown(tx, {
          actor: { ...systemActor, name: "A. Silvestri" },
          serviceId,
          classId,
          date: day("2026-11-24"),
          receivedAt: moment("2026-11-24T07:40:00Z"),
          now: moment("2026-11-24T07:40:00Z"),
          description,
          idempotencyKey: description,
        }),
      );
    assert.equal((await served(`${ofClass("3A")}zaino blu`)).outcome, "served");
    assert.equal((await served(`${ofClass("3B")}zaino rosso`)).outcome, "served");
    const { body } = await site.get(page, office);
    assert.match(textOf(body), /Serviti senza nome .*3A: zaino blu 8:40, A\. Silvestri Abbina/);
    assert.doesNotMatch(body, /zaino rosso/);
    const match = /href="(\/ufficio\/compiti\/fuori-lista\/[^"]+)"/.exec(body)![1]!;
    assert.match((await site.get(match, office)).body, /zaino blu/);
    assert.deepEqual(htmlProblems(body), []);
  });

  it("BO-02 closes, shows the figures with their check, reopens with a reason", async (t) => {
    const { site, office } = await open(t);
    assert.match((await site.get("/ufficio/giornate", office)).body, /Chiudi la giornata/);
    const closed = await site.post("/ufficio/giornate/chiudi", closing(site), office);
    const page = `/ufficio/giornate/2026-11-24/${site.place.siteId}`;
    assert.equal(closed.headers.location, page);
    const shown = (await site.get(page, office)).body;
    assert.match(shown, /Controllo: 2 = 2 \+ 0 \+ 0/);
    assert.match(shown, /i conti tornano/);
    assert.match(shown, /9,20 €/);
    assert.equal((await site.post(`${page}/riapri`, {}, office)).statusCode, 422);
    const reopened = await site.post(`${page}/riapri`, { motivo: "appello sbagliato" }, office);
    assert.equal(reopened.statusCode, 303);
    assert.deepEqual(await standing(site), []);
  });

  it("BI-10 corrects one child after closing: the charge is taken back, and made again", async (t) => {
    const { site, office } = await open(t);
    await site.post("/ufficio/giornate/chiudi", closing(site), office);
    const list = `/ufficio/giornate/2026-11-24/classi/${site.place.classId}`;
    assert.match((await site.get(list, office)).body, /Ferrando Giulia/);
    const child = `${list}/${site.place.giulia}`;
    const noReason = await site.post(child, { presenza: "absent" }, office);
    assert.equal(noReason.statusCode, 422);
    const absent = await site.post(child, { presenza: "absent", motivo: "era a casa" }, office);
    assert.equal(absent.headers.location, list);
    assert.deepEqual(await standing(site), [460n]);
    assert.match((await site.get(list, office)).body, /1 addebito stornato|correzione/);
    site.setClock(moment("2026-11-24T14:20:00Z"));
    await site.post(child, { presenza: "present", motivo: "c'era" }, office);
    assert.deepEqual(await standing(site), [460n, 460n]);
    assert.match((await site.get(child, office)).body, /Chi e quando/);
  });

  it("PE-02 asks before closing without a roll call", async (t) => {
    const { site, office } = await open(t, {
      settings: {
        ...USUAL_SETTINGS,
        attendance: { mode: "roll-call" },
        absences: { reportedBy: "school" },
      },
    });
    assert.match((await site.get("/ufficio", office)).body, /1 classe senza appello, limite 9:00/);
    const asked = await site.post("/ufficio/giornate/chiudi", closing(site), office);
    assert.equal(asked.statusCode, 409);
    assert.match(asked.body, /Primaria Milano: 3A/);
    const accepted = await site.post(
      "/ufficio/giornate/chiudi",
      closing(site, { "senza-appello": "1" }),
      office,
    );
    assert.equal(accepted.statusCode, 303);
    assert.deepEqual(await standing(site), []);
  });

  it("finds nothing under a wrong day, school, class or child; the future cannot be closed", async (t) => {
    const { site, office } = await open(t);
    for (const path of [
      "/2026-02-31/x",
      `/2026-11-24/${site.place.classId}`,
      "/2026-11-24/classi/x",
      `/2026-11-24/classi/${site.place.classId}/x`,
    ])
      assert.equal((await site.get(`/ufficio/giornate${path}`, office)).statusCode, 404, path);
    const future = closing(site, { data: "2026-11-26" });
    assert.equal((await site.post("/ufficio/giornate/chiudi", future, office)).statusCode, 404);
    assert.equal((await site.get("/ufficio/giornate?dal=x&servizio=y", office)).statusCode, 404);
  });
});
