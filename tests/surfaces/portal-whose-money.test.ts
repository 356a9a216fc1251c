// SPDX-License-Identifier: EUPL-1.2
/** Two parents who are not one household: each sees the money of their own children and accounts, nothing more. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chargesOf, closeService } from "#billing";
import { putPayerShares } from "#enrolment";
import { createFamily, putGuardianships, putPeople } from "#families";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { planMessages } from "#messaging";
import { recordIsees } from "#tariffs";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { at, closeThe, readPage, textOf, TUESDAY } from "../support/portal.ts";
import { testSite, type TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const START = day("2026-09-01");
const AT = at("2026-09-01", "10:00:00");

async function prepaidTown(
  t: { after(work: () => Promise<void>): void },
  accountScope: "family" | "child" = "child",
): Promise<TestSite> {
  const site = await testSite(base.db, {
    routes: [...portalRoutes, ...officeRoutes],
    now: at(TUESDAY, "16:00:00"),
    town: { settings: { payment: { model: "prepaid", accountScope, directDebit: false } } },
  });
  t.after(() => site.close());
  return site;
}

/** An adult without an account, guardian of some children. */
async function guardianOf(site: TestSite, childIds: readonly string[]): Promise<string> {
  const id = newId();
  await site.place.town.write(async (tx) => {
    await putPeople(tx, [{ id, kind: "adult", surname: "Rossi", givenName: "Piero" }], AT);
    await putGuardianships(
      tx,
      childIds.map((childId) => ({
        id: newId(),
        childId,
        guardianId: id,
        role: "padre",
        from: START,
        to: null,
      })),
    );
  });
  return id;
}

/** The charges of the day, by child. */
async function chargeIds(site: TestSite): Promise<Map<string, string>> {
  const { place } = site;
  const charges = await place.town.read((tx) =>
    chargesOf(tx, {
      childIds: [place.giulia, place.tommaso],
      from: day(TUESDAY),
      to: day(TUESDAY),
    }),
  );
  return new Map(charges.map(({ id, childId }) => [childId ?? "", id]));
}

describe("a guardian without an account", () => {
  it("X-12 sees charges, movements and messages of the own child, not of the holder's other children", async (t) => {
    const site = await prepaidTown(t);
    const { place } = site;
    const personId = await guardianOf(site, [place.giulia]);
    await closeThe(site, TUESDAY);
    await place.town.write((tx) =>
      planMessages(
        tx,
        [
          { kind: "absence-open", subject: "Assenza di Tommaso" },
          { kind: "closure", subject: "Mensa chiusa" },
        ].map((one) => ({ ...one, holderId: place.holderId, body: "x", dedupeKey: newId() })),
        AT,
      ),
    );
    const piero = await site.signInAs("guardian", { personId, name: "Piero Rossi" });
    const wallet = await readPage(site, "/borsellino", piero);
    assert.match(wallet, /Credito di Giulia/);
    assert.equal(wallet.match(/Perché\?/g)?.length, 1);
    const charges = await chargeIds(site);
    const own = `/addebiti/${charges.get(place.giulia)}`;
    const other = `/addebiti/${charges.get(place.tommaso)}`;
    assert.equal((await site.get(own, piero)).statusCode, 200);
    for (const path of [other, `${other}/contesta`])
      assert.equal((await site.get(path, piero)).statusCode, 404);
    assert.equal((await site.post(`${other}/contesta`, { testo: "x" }, piero)).statusCode, 404);
    const messages = await readPage(site, "/messaggi", piero);
    assert.match(messages, /Mensa chiusa/);
    assert.doesNotMatch(messages, /Tommaso/);
    const sara = await site.signInAs("guardian");
    assert.match(await readPage(site, "/messaggi", sara), /Tommaso/);
    assert.equal((await site.get(other, sara)).statusCode, 200);
  });

  it("X-12 sees no balance of an account that also pays for other children", async (t) => {
    const site = await prepaidTown(t, "family");
    const personId = await guardianOf(site, [site.place.giulia]);
    await closeThe(site, TUESDAY);
    const piero = await site.signInAs("guardian", { personId, name: "Piero Rossi" });
    const wallet = await readPage(site, "/borsellino", piero);
    assert.doesNotMatch(wallet, /9,20/);
    assert.equal(wallet.match(/Perché\?/g)?.length, 1);
  });

  it("OS-05 whose children are all of the holder's sees the whole account", async (t) => {
    const site = await prepaidTown(t, "family");
    const { place } = site;
    const personId = await guardianOf(site, [place.giulia, place.tommaso]);
    await closeThe(site, TUESDAY);
    const piero = await site.signInAs("guardian", { personId, name: "Piero Rossi" });
    const wallet = await readPage(site, "/borsellino", piero);
    assert.match(wallet, /-9,20|−9,20/);
    assert.equal(wallet.match(/Perché\?/g)?.length, 2);
  });
});

describe("an account that pays a share", () => {
  async function shared(site: TestSite, isGuardian: boolean) {
    const { place } = site;
    const father = newId();
    const holderId = await place.town.write(async (tx) => {
      const family = {
        holder: { id: father, kind: "adult", surname: "Bianchi", givenName: "Marco" } as const,
        children: [],
        from: START,
      };
      const created = await createFamily(tx, family, AT);
      const share = { childId: place.giulia, serviceId: null, from: START, to: null };
      await putPayerShares(
        tx,
        [place.holderId, created.holderId].map((one) => ({
          ...share,
          id: newId(),
          holderId: one,
          basisPoints: 5000,
        })),
      );
      if (isGuardian)
        await putGuardianships(tx, [
          {
            id: newId(),
            childId: place.giulia,
            guardianId: father,
            role: "padre",
            from: START,
            to: null,
          },
        ]);
      return created.holderId;
    });
    const dad = await site.signInAs("guardian", { personId: father, name: "Marco Bianchi" });
    return { holderId, dad };
  }

  it("X-12 MC-05 has its wallet, and the office can credit it", async (t) => {
    const site = await prepaidTown(t);
    const { holderId, dad } = await shared(site, true);
    assert.match(await readPage(site, "/borsellino", dad), /Credito di Giulia 0,00 €/);
    await closeThe(site, TUESDAY);
    const wallet = await readPage(site, "/borsellino", dad);
    assert.match(wallet, /Credito di Giulia [-−]2,30 €/);
    const office = await site.signInAs("office");
    const path = `/ufficio/famiglie/${holderId}/credito`;
    const form = await site.get(path, office);
    const [, account = ""] = /value="(family:[^"]+)"/.exec(form.body) ?? [];
    const saved = await site.post(
      path,
      { conto: account, modo: "vouchers", importo: "10,00", data: TUESDAY, causale: "buoni" },
      office,
    );
    assert.equal(saved.statusCode, 303, textOf(saved.body));
    assert.match(await readPage(site, "/borsellino", dad), /Credito di Giulia 7,70 €/);
    const sara = await site.signInAs("guardian");
    assert.match(await readPage(site, "/borsellino", sara), /Credito di Giulia [-−]2,30 €/);
  });

  it("X-12 X-09 of somebody who is no guardian: balance and amounts, but not how the price came about", async (t) => {
    const site = await prepaidTown(t);
    const { dad: payer } = await shared(site, false);
    await closeThe(site, TUESDAY);
    const answer = await site.get("/borsellino", payer);
    assert.match(textOf(answer.body), /Credito [-−]2,30 €/);
    const [link = ""] = /\/addebiti\/[0-9a-f-]{36}/.exec(answer.body) ?? [];
    const why = await readPage(site, link, payer);
    assert.match(why, /Il calcolo è visibile solo a chi è responsabile del bambino\./);
    assert.doesNotMatch(why, /Giulia|Tariffa: 4,60/);
  });
});

describe("an ISEE", () => {
  it("X-12 BO-23 is read by whoever pays for the child, not by the other parent nor that one's delegate", async (t) => {
    const site = await prepaidTown(t);
    const { place } = site;
    const office = { ...place.sara, role: "office", personId: null } as const;
    const [father, since] = [newId(), { validFrom: START, appliesFrom: START }];
    const made = await place.town.write(async (tx) => {
      const isee = { childId: place.giulia, kind: "minorenni", valueCents: 1_234_567n } as const;
      const row = { ...isee, ...since, presentedOn: START, validTo: day("2026-12-31") };
      const none = { overriddenBy: null, reason: null };
      await recordIsees(tx, { actor: office, at: AT, isees: [{ id: newId(), ...row, ...none }] });
      const name = { surname: "Rossi", givenName: "Piero" };
      const own = { id: newId(), kind: "child", surname: "Rossi", givenName: "Lia" } as const;
      const holder = { id: father, kind: "adult", ...name } as const;
      const created = await createFamily(tx, { holder, children: [own], from: START }, AT);
      const of = { childId: place.giulia, guardianId: father, role: "padre" };
      await putGuardianships(tx, [{ id: newId(), ...of, from: START, to: null }]);
      return created;
    });
    const sara = await site.signInAs("guardian");
    const piero = await site.signInAs("guardian", { personId: father, name: "Piero Rossi" });
    const delegate = await delegateOf(site, {
      ...{ holderId: made.holderId, scopes: ["view", "absences", "payments"] },
    });
    assert.match(await readPage(site, "/dati", sara), /12\.345,67/);
    for (const who of [piero, delegate]) {
      const page = await readPage(site, "/dati", who);
      assert.doesNotMatch(page, /12\.345,67/);
      assert.match(page, /ISEE Lia/);
    }
    await place.town.write((tx) => {
      const half = { childId: place.giulia, serviceId: null, basisPoints: 5000 };
      const shares = [place.holderId, made.holderId].map((holderId) => ({
        ...{ id: newId(), ...half, holderId, from: START, to: null },
      }));
      return putPayerShares(tx, shares);
    });
    assert.match(await readPage(site, "/dati", piero), /12\.345,67/, "he pays a share now");
  });
});

describe("a message about some children", () => {
  it("X-12 BO-19 is read by whom it is for: nobody learns of another one's child", async (t) => {
    const site = await prepaidTown(t);
    const { place } = site;
    const personId = await guardianOf(site, [place.giulia]);
    await place.town.write((tx) =>
      closeService(tx, {
        actor: { ...place.sara, role: "office", personId: null },
        serviceIds: [place.serviceId],
        siteId: null,
        classId: null,
        from: day("2026-11-26"),
        to: day("2026-11-26"),
        reason: "strike",
        note: "",
        now: at(TUESDAY, "16:00:00"),
      }),
    );
    const piero = await site.signInAs("guardian", { personId, name: "Piero Rossi" });
    const sara = await site.signInAs("guardian");
    const opened = async (as: typeof sara) => {
      const list = (await site.get("/messaggi", as)).body;
      const [path, ...more] = new Set(list.match(/\/messaggi\/[0-9a-f-]{36}/g));
      assert.deepEqual(more, []);
      return { path: path!, text: await readPage(site, path!, as) };
    };
    const his = await opened(piero);
    assert.match(his.text, /Riguarda Giulia\. Non serve disdire/);
    assert.doesNotMatch(his.text, /Tommaso/);
    const hers = await opened(sara);
    assert.match(hers.text, /Riguarda Giulia e Tommaso\. Non serve disdire/);
    assert.equal((await site.get(hers.path, piero)).statusCode, 404);
    assert.equal((await site.get(his.path, sara)).statusCode, 404);
    const english = { ...piero, cookie: `${piero.cookie}; campanella_lang=en` };
    assert.match(await readPage(site, his.path, english), /This concerns Giulia\. No need to/);
  });
});
