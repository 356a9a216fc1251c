// SPDX-License-Identifier: EUPL-1.2
/** X-11, first half: an ISEE that ends is announced to who pays, with the price that follows. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { announceIseeEndings, iseeEndings } from "#billing";
import { putPayerShares } from "#enrolment";
import { createFamily } from "#families";
import { day, momentAt } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { type Message, messagesOf, textIn } from "#messaging";
import { recordIsees } from "#tariffs";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { DueWork } from "../../src/worker/due-work.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { readPage } from "../support/portal.ts";
import { testSite } from "../support/site.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const at = (date: string, time: string) => momentAt(day(date), time);
const BRACKETS = {
  kind: "brackets",
  brackets: [{ upToCents: 1_000_000, priceCents: 350 }, { priceCents: 520 }],
};

const record = async (
  place: SmallTown,
  childId: string,
  of: { from?: string; to?: string; now?: string } = {},
): Promise<void> => {
  const from = day(of.from ?? "2026-09-01");
  const outcome = await place.town.write((tx) =>
    recordIsees(tx, {
      actor: { ...place.sara, role: "office", personId: null },
      at: at(of.now ?? "2026-09-01", "10:00"),
      isees: [
        {
          id: newId(),
          childId,
          kind: "ordinario",
          valueCents: 800_000n,
          presentedOn: from,
          validFrom: from,
          validTo: day(of.to ?? "2026-12-31"),
          appliesFrom: from,
          overriddenBy: null,
          reason: null,
        },
      ],
    }),
  );
  assert.ok(outcome.outcome === "recorded" && outcome.refused.length === 0);
};

const announce = (place: SmallTown, date: string) =>
  place.town.write((tx) => announceIseeEndings(tx, { today: day(date), now: at(date, "08:01") }));
const messages = async (place: SmallTown, holderId = place.holderId): Promise<Message[]> => {
  const all = await place.town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 20 }));
  return all.map((one) => JSON.parse(JSON.stringify(one).replaceAll("\u00a0", " ")) as Message);
};

describe("X-11 an ISEE that ends", () => {
  it("is told thirty days before and on the day after, once, with the price that follows", async () => {
    const place = await smallTown(base.db, { tariff: BRACKETS });
    await record(place, place.giulia);
    await record(place, place.tommaso);
    await announce(place, "2026-11-30");
    assert.deepEqual(await messages(place), []);
    await announce(place, "2026-12-01");
    await announce(place, "2026-12-02");
    const [before, ...more] = await messages(place);
    assert.deepEqual(more, []);
    assert.deepEqual(textIn(before!, "it"), {
      lang: "it",
      subject: "ISEE in scadenza il 31 dicembre",
      body:
        "L'ISEE di Giulia e Tommaso vale fino al 31 dicembre. Senza un nuovo ISEE, dal 1 gennaio " +
        "il pasto di Giulia costa 5,20 € invece di 3,50 € e il pasto di Tommaso costa 5,20 € invece di 3,50 €. " +
        "Il nuovo ISEE si presenta all'ufficio.",
    });
    assert.match(
      textIn(before!, "en").body,
      /^The ISEE of Giulia and Tommaso is valid until 31 December\. Without a new ISEE, from 1 January /,
    );
    await announce(place, "2027-01-01");
    await announce(place, "2027-01-02");
    const [after, ...rest] = await messages(place);
    assert.equal(rest.length, 1);
    assert.equal(after!.subject, "ISEE scaduto il 31 dicembre");
    assert.match(
      after!.body,
      /valeva fino al 31 dicembre\. Dal 1 gennaio il pasto di Giulia costa/,
    );
  });

  it("is not told when a new one follows, when the price stays, or long after", async () => {
    const place = await smallTown(base.db, { tariff: BRACKETS });
    await record(place, place.giulia);
    await record(place, place.giulia, { from: "2026-12-01", to: "2027-12-31", now: "2026-12-01" });
    await record(place, place.tommaso);
    await announce(place, "2027-01-20");
    assert.deepEqual(await messages(place), []);
    await announce(place, "2026-12-10");
    assert.match((await messages(place))[0]!.body, /^L'ISEE di Tommaso vale/);
    const flat = await smallTown(base.db);
    await record(flat, flat.giulia);
    await announce(flat, "2026-12-10");
    assert.deepEqual(await messages(flat), []);
    const [ending] = await flat.town.read((tx) => iseeEndings(tx, { today: day("2026-12-10") }));
    assert.deepEqual([ending!.childId, ending!.changes], [flat.giulia, []]);
  });

  it("of a brother or sister recorded later is told alone, to every payer", async () => {
    const place = await smallTown(base.db, { tariff: BRACKETS });
    await record(place, place.giulia);
    await announce(place, "2026-12-01");
    await record(place, place.tommaso);
    const { holderId: other } = await place.town.write(async (tx) => {
      const holder = { id: newId(), kind: "adult", surname: "Rossi", givenName: "Piero" } as const;
      const from = day("2026-09-01");
      const made = await createFamily(
        tx,
        { holder, children: [], from },
        at("2026-09-01", "10:00"),
      );
      const share = { childId: place.tommaso, serviceId: null, from, to: null };
      await putPayerShares(tx, [
        { ...share, id: newId(), holderId: place.holderId, basisPoints: 6000 },
        { ...share, id: newId(), holderId: made.holderId, basisPoints: 4000 },
      ]);
      return made;
    });
    await announce(place, "2026-12-03");
    assert.deepEqual(
      (await messages(place)).map(({ body }) => /^L'ISEE di (.*) vale/.exec(body)?.[1]),
      ["Tommaso", "Giulia"],
    );
    assert.equal((await messages(place, other)).length, 1);
  });

  it("the tick tells it in the morning; home and the office's page show it", async (t) => {
    const site = await testSite(base.db, {
      routes: [...portalRoutes, ...officeRoutes],
      now: at("2026-12-02", "08:40"),
      town: { tariff: BRACKETS },
    });
    t.after(() => site.close());
    const { place } = site;
    await record(place, place.giulia);
    const work = new DueWork();
    const tick = (time: string) =>
      work.doFor(
        place.town,
        at("2026-12-02", time),
        () => false,
        (_what, error) => {
          throw error;
        },
      );
    await tick("07:59");
    assert.deepEqual(await messages(place), []);
    await tick("08:02");
    await tick("08:05");
    assert.equal((await messages(place)).length, 1);
    const words =
      /ISEE in scadenza il 31 dicembre Senza un nuovo ISEE, dal 1 gennaio il pasto di Giulia costa 5,20/;
    const home = await readPage(site, "/oggi", await site.signInAs("guardian"));
    assert.match(home, words);
    const path = `/ufficio/famiglie/${place.holderId}`;
    assert.match(await readPage(site, path, await site.signInAs("office")), words);
  });

  it("BO-23 X-12 a delegate who pays nothing reads no ISEE, neither its end nor why a meal costs what it does", async (t) => {
    const site = await testSite(base.db, {
      routes: portalRoutes,
      now: at("2026-12-02", "08:10"),
      town: { tariff: BRACKETS },
    });
    t.after(() => site.close());
    const { holderId, giulia } = site.place;
    await record(site.place, giulia);
    const grandmother = await delegateOf(site, { holderId, scopes: ["view", "absences"] });
    const aunt = await delegateOf(site, { holderId, scopes: ["view", "payments"] });
    for (const path of ["/oggi", "/figli/giulia"]) {
      assert.doesNotMatch(await readPage(site, path, grandmother), /ISEE/, path);
      assert.match(await readPage(site, path, aunt), /ISEE/, path);
    }
  });
});
