// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { day, moment } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  accountsInReach,
  actsFor,
  changeHolder,
  changesOf,
  childrenOf,
  correctCodiceFiscale,
  createFamily,
  family,
  holderOf,
  openTasks,
  person,
  putGuardianships,
  putPeople,
  putResidencies,
  residentsOn,
  searchPeople,
  updateContacts,
} from "#families";
import { testDatabase, testTown } from "../support/db.ts";

const AT = moment("2026-11-20T08:00:00Z");
const TODAY = day("2026-11-20");
const YEAR_START = day("2026-09-01");

const office: Actor = { ...systemActor, role: "office", id: "office-1", name: "M. Conti" };
const parent = (personId: string, name = "Anna Rossi"): Actor => ({
  ...systemActor,
  role: "guardian",
  id: newId(),
  name,
  personId,
});

async function rossiFamily(town: TenantDb) {
  const [maria, luigi, anna, piero] = [newId(), newId(), newId(), newId()];
  const { holderId, paymentCode } = await town.write((tx) =>
    createFamily(
      tx,
      {
        holder: {
          id: maria,
          kind: "adult",
          surname: "Rossi",
          givenName: "Maria",
          sex: "F",
          birthDate: day("1985-03-12"),
          birthPlaceCode: "F401",
          codiceFiscale: "RSSMRA85C52F401H",
          phone: "3331234567",
          email: "maria@esempio.it",
        },
        holderRole: "madre",
        guardians: [
          { id: luigi, kind: "adult", surname: "D'Angelo", givenName: "Luigi", role: "padre" },
        ],
        children: [
          {
            id: anna,
            kind: "child",
            surname: "D'Angelo",
            givenName: "Anna",
            birthDate: day("2018-01-08"),
          },
          {
            id: piero,
            kind: "child",
            surname: "D'Angelo",
            givenName: "Nicolò Piero",
            birthDate: day("2020-05-01"),
          },
        ],
        from: YEAR_START,
      },
      AT,
    ),
  );
  return { maria, luigi, anna, piero, holderId, paymentCode };
}

describe("families", async () => {
  const { db, close } = await testDatabase();
  after(close);

  it("OS-08 OS-12 one holder, one payment code, several children", async () => {
    const { town } = await testTown(db);
    const ids = await rossiFamily(town);
    const found = await town.read((tx) => family(tx, ids.holderId, TODAY));
    assert.equal(found?.person.surname, "Rossi");
    assert.match(ids.paymentCode, /^\d{9}$/);
    assert.deepEqual(
      found?.children.map((child) => child.slug),
      ["anna", "nicolo"],
    );
    assert.deepEqual(
      found?.guardians.map((adult) => [adult.surname, adult.role, adult.childIds.length]),
      [
        ["D'Angelo", "padre", 2],
        ["Rossi", "madre", 2],
      ],
    );
    assert.equal(
      (await town.read((tx) => family(tx, ids.holderId, day("2026-08-31"))))?.children.length,
      0,
    );
  });

  it("a guardian acts for the children, a stranger and another town do not", async () => {
    const { town } = await testTown(db);
    const { town: other } = await testTown(db);
    const { maria, luigi, anna, holderId } = await rossiFamily(town);
    const stranger = newId();
    await town.write((tx) =>
      putPeople(tx, [{ id: stranger, kind: "adult", surname: "Verdi", givenName: "Ugo" }], AT),
    );
    await town.read(async (tx) => {
      const asks = (personId: string, date = TODAY) =>
        actsFor(tx, { personId, childId: anna, date });
      assert.equal(await asks(maria), "holder");
      assert.equal(await asks(luigi), "guardian");
      assert.equal(await asks(stranger), null);
      assert.equal(await asks(maria, day("2026-08-31")), null);
      assert.deepEqual(
        (await childrenOf(tx, luigi, TODAY)).map((child) => child.givenName),
        ["Anna", "Nicolò Piero"],
      );
      const actor = { ...systemActor, role: "guardian" as const, personId: luigi };
      assert.deepEqual(await accountsInReach(tx, actor, TODAY), [holderId]);
    });
    assert.equal(await other.read((tx) => person(tx, maria)), undefined);
    assert.equal(await other.read((tx) => family(tx, holderId, TODAY)), undefined);
  });

  it("BO-25 PE-05 a parent edits the own and the children's contacts, and the old ones are kept", async () => {
    const { town } = await testTown(db);
    const { maria, luigi, anna, holderId } = await rossiFamily(town);
    const edit = (actor: Actor, personId: string, fields: { email?: string; phone?: string }) =>
      town.write((tx) => updateContacts(tx, { actor, personId, at: AT, ...fields }));
    assert.deepEqual(
      await edit(parent(maria), maria, { email: "Nuova@Esempio.it", phone: "333 1234567" }),
      {
        outcome: "saved",
        changed: ["email"],
      },
    );
    assert.equal((await edit(parent(maria), anna, { phone: "0711234567" })).outcome, "saved");
    assert.equal(
      (await edit(parent(maria), maria, { email: "nuova@esempio.it" })).outcome,
      "unchanged",
    );
    assert.equal((await edit(parent(luigi), maria, { email: "a@b.it" })).outcome, "not-allowed");
    assert.equal((await edit(parent(luigi), newId(), { email: "a@b.it" })).outcome, "not-allowed");
    assert.equal(
      (await edit({ ...office, role: "kitchen" }, maria, { email: "a@b.it" })).outcome,
      "not-allowed",
    );
    assert.equal((await edit(office, newId(), { email: "a@b.it" })).outcome, "unknown-person");
    assert.deepEqual(await edit(parent(maria), maria, { email: "no" }), {
      outcome: "invalid",
      faults: { email: "email-format" },
    });
    assert.equal((await edit(office, maria, { phone: "3339999999" })).outcome, "saved");
    await town.read(async (tx) => {
      const changes = (await changesOf(tx, maria)).map((c) => [
        c.field,
        c.oldValue,
        c.newValue,
        c.changedBy,
      ]);
      assert.deepEqual(changes, [
        ["phone", "3331234567", "3339999999", "M. Conti"],
        ["email", "maria@esempio.it", "nuova@esempio.it", "Anna Rossi"],
      ]);
      const audit = await tx.rows<{ actor_name: string; holder_id: string }>(
        sql`select actor_name, holder_id from audit_entry where tenant_id = ${tx.tenantId} order by actor_name`,
      );
      assert.deepEqual(audit, [
        { actor_name: "Anna Rossi", holder_id: holderId },
        { actor_name: "M. Conti", holder_id: holderId },
      ]);
      const found = await searchPeople(tx, { text: "339 999 9999", limit: 5, date: TODAY });
      assert.equal(found.adults.length, 0);
      const byPhone = await searchPeople(tx, { text: "333 999 9999", limit: 5, date: TODAY });
      assert.deepEqual(
        byPhone.adults.map((adult) => adult.id),
        [maria],
      );
    });
  });

  it("a dated change of holder leaves the days before to the old one", async () => {
    const { town } = await testTown(db);
    const rossi = await rossiFamily(town);
    const verdi = await rossiFamily(town).catch((error: unknown) => error);
    assert.ok(verdi instanceof Error, "the same codice fiscale twice in one town");
    const { holderId: newHolder } = await town.write((tx) =>
      createFamily(
        tx,
        {
          holder: { id: rossi.luigi, kind: "adult", surname: "D'Angelo", givenName: "Luigi" },
          children: [],
          from: YEAR_START,
        },
        AT,
      ),
    );
    const change = (actor: Actor, from: string) =>
      town.write((tx) =>
        changeHolder(tx, {
          actor,
          childId: rossi.anna,
          holderId: newHolder,
          from: day(from),
          at: AT,
          reason: "Richiesta",
        }),
      );
    assert.equal((await change(parent(rossi.maria), "2026-12-01")).outcome, "not-allowed");
    assert.equal((await change(office, "2026-12-01")).outcome, "changed");
    assert.equal((await change(office, "2026-12-02")).outcome, "already-holder");
    assert.equal((await change(office, "2026-11-01")).outcome, "later-change-exists");
    await town.read(async (tx) => {
      assert.equal(await holderOf(tx, rossi.anna, day("2026-11-30")), rossi.holderId);
      assert.equal(await holderOf(tx, rossi.anna, day("2026-12-01")), newHolder);
      assert.equal(await holderOf(tx, rossi.piero, day("2026-12-01")), rossi.holderId);
    });
  });

  it("BO-04 a missing codice fiscale is a task until it is filled in; history stays", async () => {
    const { town } = await testTown(db);
    const { maria, luigi, anna } = await rossiFamily(town);
    const correct = (actor: Actor, personId: string, codiceFiscale: string) =>
      town.write((tx) =>
        correctCodiceFiscale(tx, {
          actor,
          personId,
          codiceFiscale,
          reason: "Documento visto",
          at: AT,
        }),
      );
    const kinds = async () =>
      (await town.read((tx) => openTasks(tx, TODAY))).map(
        (task) => `${task.kind} ${task.givenName}`,
      );
    assert.deepEqual(await kinds(), [
      "codice-fiscale-missing Anna",
      "codice-fiscale-missing Nicolò Piero",
      "codice-fiscale-missing Luigi",
    ]);
    const annaCode = `DNGNNA18A48F434${controlCharacter("DNGNNA18A48F434")}`;
    assert.equal((await correct(parent(maria), anna, "xx")).outcome, "invalid");
    assert.equal((await correct(office, luigi, "RSSMRA85C52F401H")).outcome, "taken");
    const saved = await correct(parent(maria), anna, `dng nna ${annaCode.slice(6)}`);
    assert.deepEqual(saved, { outcome: "saved", state: "valid", disagrees: [] });
    assert.equal((await correct(parent(maria), anna, "BNCGLI16E41G479U")).outcome, "not-allowed");
    const mismatch = await correct(office, anna, "BNCGLI16E41G479U");
    assert.equal(mismatch.outcome === "saved" && mismatch.state, "mismatch");
    assert.ok((await kinds()).includes("codice-fiscale-mismatch Anna"));
    const history = await town.read((tx) => changesOf(tx, anna));
    assert.deepEqual(
      history.map((change) => change.newValue),
      ["BNCGLI16E41G479U", annaCode],
    );
  });

  it("lists a child without holder, and searches both kinds with their accounts", async () => {
    const { town } = await testTown(db);
    const { maria, luigi, anna, holderId } = await rossiFamily(town);
    const alone = newId();
    await town.write(async (tx) => {
      await putPeople(tx, [{ id: alone, kind: "child", surname: "Dangelo", givenName: "Zoe" }], AT);
      await putGuardianships(tx, [
        {
          id: newId(),
          childId: alone,
          guardianId: luigi,
          role: "padre",
          from: YEAR_START,
          to: null,
        },
      ]);
      await putResidencies(tx, [
        { id: newId(), personId: anna, resident: true, from: YEAR_START, to: TODAY },
        { id: newId(), personId: anna, resident: false, from: TODAY.add({ days: 1 }), to: null },
      ]);
    });
    await town.read(async (tx) => {
      const tasks = (await openTasks(tx, TODAY)).filter(
        (task) => task.kind === "child-without-holder",
      );
      assert.deepEqual(
        tasks.map((task) => task.personId),
        [alone],
      );
      const found = await searchPeople(tx, { text: "d'ang", limit: 2, date: TODAY });
      assert.deepEqual(
        found.children.map((child) => child.givenName),
        ["Anna", "Nicolò Piero"],
      );
      assert.deepEqual(
        found.adults.map((adult) => [adult.id, adult.holderIds]),
        [[luigi, [holderId]]],
      );
      const byCode = await searchPeople(tx, { text: "rssmra85", limit: 5, date: TODAY });
      assert.deepEqual(
        byCode.adults.map((adult) => [adult.id, adult.holderIds]),
        [[maria, [holderId]]],
      );
      assert.deepEqual(await searchPeople(tx, { text: " % ", limit: 5, date: TODAY }), {
        children: [],
        adults: [],
      });
      assert.deepEqual([...(await residentsOn(tx, [anna, alone], TODAY))], [[anna, true]]);
      assert.deepEqual([...(await residentsOn(tx, [anna], day("2026-11-21")))], [[anna, false]]);
    });
  });
});
