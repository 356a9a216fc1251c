// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  accountsHeld,
  addDelegate,
  delegatesOf,
  endDelegate,
  accountsInReach,
  childrenInReach,
  delegationsInForce,
  enterWithIdentity,
  personOfAccount,
  putPeople,
  putPersonAccounts,
} from "#families";
import { hashToken, openSession, putAccounts, putRoleGrants, sessionByToken } from "#identity";
import { type Actor, type DelegateScope, systemActor } from "#kernel/actor.ts";
import { controlCharacter, expectedFifteen } from "#kernel/codice-fiscale.ts";
import { type Day, day, dayOf, type Moment, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { mayActFor } from "../../src/modules/booking/operations/authorise.ts";
import { testDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-20T08:00:00Z");
const TODAY = dayOf(NOW);

const ROSA = person("Rosa", "Ferrando", "1955-03-12");
const UGO = person("Ugo", "Verdi", "1980-01-31");
const MINOR = person("Lia", "Verdi", "2008-11-21");

function person(givenName: string, surname: string, born: string) {
  const birthDate = day(born);
  const of = { givenName, surname, birthDate, sex: "F" as const, birthPlaceCode: "F205" };
  const fifteen = expectedFifteen(of);
  return { givenName, surname, birthDate, codiceFiscale: fifteen + controlCharacter(fifteen) };
}

const delegate = async (
  { town, holderId, sara }: SmallTown,
  scopes: readonly DelegateScope[],
  to?: string,
): Promise<string> => {
  const { givenName, surname, codiceFiscale } = ROSA;
  const end = to ? day(to) : null;
  const added = await town.write((tx) =>
    addDelegate(tx, {
      actor: sara,
      holderId,
      givenName,
      surname,
      codiceFiscale,
      scopes,
      to: end,
      now: NOW,
    }),
  );
  return added.outcome;
};

describe("who a verified identity is", async () => {
  const { db, close } = await testDatabase();
  after(close);

  it("MC-06 OS-08 the holder is found by codice fiscale, the same account at every sign-in", async () => {
    const { town, sara } = await smallTown(db);
    await town.write((tx) => putPeople(tx, [{ id: sara.personId!, kind: "adult", ...UGO }], NOW));
    const first = await town.write((tx) => enterWithIdentity(tx, UGO, NOW));
    assert(first.outcome === "known" && first.isFirst);
    const again = await town.write((tx) =>
      enterWithIdentity(tx, { ...UGO, codiceFiscale: `TINIT-${UGO.codiceFiscale}` }, NOW),
    );
    assert.deepEqual(again, {
      outcome: "known",
      accountId: first.accountId,
      isFirst: false,
      codiceFiscale: UGO.codiceFiscale,
    });
    const family = await town.read((tx) => personOfAccount(tx, first.accountId));
    assert.equal(family?.personId, sara.personId);
  });

  it("MC-06 two first sign-ins at the same moment end with one account", async () => {
    const { town, sara } = await smallTown(db);
    await town.write((tx) => putPeople(tx, [{ id: sara.personId!, kind: "adult", ...UGO }], NOW));
    const enter = () => town.write((tx) => enterWithIdentity(tx, UGO, NOW));
    const [one, two] = await Promise.all([enter(), enter()]);
    assert(one.outcome === "known" && two.outcome === "known");
    assert.equal(one.accountId, two.accountId);
    assert.deepEqual([one.isFirst, two.isFirst].toSorted(), [false, true]);
  });

  it("MC-06 a stranger is told so, a minor and a contradiction are refused, nothing is written", async () => {
    const { town } = await smallTown(db);
    const enter = (who: typeof UGO) => town.write((tx) => enterWithIdentity(tx, who, NOW));
    assert.deepEqual(await enter(UGO), { outcome: "unknown", codiceFiscale: UGO.codiceFiscale });
    assert.deepEqual(await enter(MINOR), { outcome: "refused", fault: "minor" });
    assert.deepEqual(await enter({ ...UGO, birthDate: day("1980-02-01") }), {
      outcome: "refused",
      fault: "birth-date",
    });
    assert.deepEqual(await enter({ ...UGO, codiceFiscale: "VATIT-12345678901" }), {
      outcome: "refused",
      fault: "codice-fiscale",
    });
    // Eighteen today: an adult, though a stranger.
    const grown = person("Lia", "Verdi", "2008-11-20");
    assert.deepEqual(await enter(grown), {
      outcome: "unknown",
      codiceFiscale: grown.codiceFiscale,
    });
  });

  it("BO-23 a delegate comes in by codice fiscale, acts within the scopes, and no longer than the end date", async () => {
    const place = await smallTown(db);
    const { town, giulia, tommaso } = place;
    assert.equal(await delegate(place, ["absences"], "2026-12-31"), "added");
    assert.equal(await delegate(place, ["view"]), "already-there", "named once only");
    const entered = await town.write((tx) => enterWithIdentity(tx, ROSA, NOW));
    assert(entered.outcome === "known");
    const { codiceFiscale } = ROSA;
    await town.read(async (tx) => {
      const family = await personOfAccount(tx, entered.accountId);
      const delegations = await delegationsInForce(tx, { codiceFiscale, date: TODAY });
      const actor: Actor = { ...systemActor, role: "delegate", ...family!, delegations };
      const children = await childrenInReach(tx, actor, TODAY);
      assert.deepEqual(new Set(children.map(({ id }) => id)), new Set([giulia, tommaso]));
      assert(await mayActFor(tx, actor, [giulia, tommaso], TODAY));
      assert.deepEqual(await accountsInReach(tx, actor, TODAY), [], "money is another scope");
      assert.deepEqual(
        await delegationsInForce(tx, { codiceFiscale, date: day("2027-01-01") }),
        [],
      );
    });
  });

  it("BO-23 a delegate with every scope may do all that the paying parent may", async () => {
    const place = await smallTown(db);
    const { town, holderId, giulia } = place;
    await delegate(place, ["view", "absences", "payments"]);
    const { codiceFiscale } = ROSA;
    await town.read(async (tx) => {
      const delegations = await delegationsInForce(tx, { codiceFiscale, date: TODAY });
      const actor: Actor = { ...systemActor, role: "delegate", delegations };
      assert(await mayActFor(tx, actor, [giulia], TODAY));
      assert.deepEqual(await accountsInReach(tx, actor, TODAY), [holderId]);
      assert.deepEqual(await accountsHeld(tx, actor, TODAY), [holderId]);
    });
  });

  it("BO-23 only a session of SPID or CIE carries a codice fiscale: a password makes nobody a delegate", async () => {
    const place = await smallTown(db);
    const { town } = place;
    await delegate(place, ["view"]);
    const entered = await town.write((tx) => enterWithIdentity(tx, ROSA, NOW));
    assert(entered.outcome === "known");
    const { accountId } = entered;
    for (const means of ["password", "passkey", "spid", "cie", "oidc"] as const) {
      const token = await town.write((tx) => openSession(tx, { accountId, means, now: NOW }));
      const session = await town.read((tx) =>
        sessionByToken(tx, {
          tokenHash: hashToken(token),
          now: NOW,
          idleSince: NOW.subtract({ hours: 1 }),
          today: TODAY,
          demo: false,
        }),
      );
      const isVerified = means === "spid" || means === "cie";
      assert.equal(session?.codiceFiscale, isVerified ? ROSA.codiceFiscale : null, means);
    }
  });

  it("BO-23 only the holder or the office at the desk names a delegate; who was named names nobody", async () => {
    const { town, holderId, sara, giulia } = await smallTown(db);
    const ask = (actor: Actor, changes: object = {}) =>
      town.write((tx) =>
        addDelegate(tx, {
          ...{ actor, holderId, ...ROSA, scopes: ["view"], to: null, now: NOW },
          ...changes,
        }),
      );
    const delegations = [{ holderId, scopes: ["view", "absences", "payments"] as const }];
    const stranger: Actor = { ...systemActor, role: "delegate", personId: newId(), delegations };
    assert.deepEqual(await ask(stranger), { outcome: "not-allowed" });
    assert.deepEqual(await ask({ ...sara, onlyChildIds: [giulia] }), { outcome: "not-allowed" });
    const desk = { holderId, reason: "telefonata" };
    const clerk: Actor = { ...systemActor, role: "office", id: newId(), name: "M. Conti", desk };
    const added = await ask(clerk);
    assert(added.outcome === "added");
    assert.deepEqual(
      await town.write((tx) => endDelegate(tx, { actor: stranger, id: added.id, now: NOW })),
      {
        outcome: "not-allowed",
      },
    );
    const twice = [1, 2].map(() =>
      town.write((tx) => endDelegate(tx, { actor: sara, id: added.id, now: NOW })),
    );
    const ended = (await Promise.all(twice)).map(({ outcome }) => outcome);
    assert.deepEqual(ended.toSorted(), ["already-ended", "ended"]);
    assert((await ask(sara)).outcome === "added", "named again after the end");
  });

  it("BO-23 whoever was named until a day that is over is named again, and counts no more", async () => {
    const { town, holderId, sara } = await smallTown(db);
    const name = (now: Moment, to: Day | null) => {
      const given = { actor: sara, holderId, ...ROSA, scopes: ["view"] as const };
      return town.write((tx) => addDelegate(tx, { ...given, to, now }));
    };
    const until = TODAY.add({ days: 3 });
    assert.equal((await name(NOW, until)).outcome, "added");
    const onLastDay = NOW.add({ hours: 3 * 24 });
    assert.equal((await name(onLastDay, null)).outcome, "already-there", "still in force");
    const dayAfter = NOW.add({ hours: 4 * 24 });
    assert.equal((await name(dayAfter, null)).outcome, "added");
    const named = await town.read((tx) => delegatesOf(tx, [holderId]));
    assert.deepEqual(
      named.map(({ to, endedAt }) => [to?.toString() ?? null, endedAt !== null]),
      [
        [null, false],
        [until.toString(), true],
      ],
    );
  });

  it("BO-23 a delegate is checked: code, name, age, scopes, end; never the holder", async () => {
    const { town, holderId, sara } = await smallTown(db);
    await town.write((tx) => putPeople(tx, [{ id: sara.personId!, kind: "adult", ...UGO }], NOW));
    const faults = async (changes: object) => {
      const given = { actor: sara, holderId, ...ROSA, scopes: ["view"], to: null, now: NOW };
      const added = await town.write((tx) => addDelegate(tx, { ...given, ...changes } as never));
      return added.outcome === "invalid" ? added.faults : added.outcome;
    };
    assert.deepEqual(await faults({ codiceFiscale: "RSSMRA" }), ["codice-fiscale"]);
    assert.deepEqual(await faults({ codiceFiscale: "12345678903" }), ["codice-fiscale"]);
    assert.deepEqual(await faults({ surname: "Bianchi" }), ["not-this-name"]);
    assert.deepEqual(await faults({ ...MINOR }), ["minor"]);
    assert.deepEqual(await faults({ ...UGO }), ["oneself"]);
    assert.deepEqual(await faults({ scopes: [], givenName: " " }), [
      "name-missing",
      "scopes-missing",
    ]);
    assert.deepEqual(await faults({ to: day("2026-11-19") }), ["already-over"]);
    assert.equal(await faults({ codiceFiscale: ROSA.codiceFiscale.toLowerCase() }), "added");
  });

  it("MC-06 a corrected codice fiscale takes the account with it: whoever had it before comes in as somebody else", async () => {
    const place = await smallTown(db);
    const { town, sara } = place;
    const write = (who: typeof UGO) =>
      town.write((tx) => putPeople(tx, [{ id: sara.personId!, kind: "adult", ...who }], NOW));
    const enter = (who: typeof UGO) => town.write((tx) => enterWithIdentity(tx, who, NOW));
    // The registry has somebody else's code for Sara: that person comes in, once, as she would.
    await write(UGO);
    const first = await enter(UGO);
    assert(first.outcome === "known");
    const { accountId } = first;
    const token = await town.write((tx) => openSession(tx, { accountId, means: "spid", now: NOW }));
    // The office mends it. The session that stands open reaches nobody; a new sign-in finds nobody.
    const BEA = person("Bea", "Sala", "1984-05-02");
    await write(BEA);
    assert.equal(
      await town.read((tx) => personOfAccount(tx, accountId, UGO.codiceFiscale)),
      undefined,
    );
    assert.deepEqual(await enter(UGO), { outcome: "unknown", codiceFiscale: UGO.codiceFiscale });
    // Also as somebody's delegate: with an account of their own, and Sara's stays hers.
    const at = { actor: sara, holderId: place.holderId, scopes: ["view"] as const, to: null };
    const named = await town.write((tx) => addDelegate(tx, { ...at, ...UGO, now: NOW }));
    assert.equal(named.outcome, "added");
    const delegate = await enter(UGO);
    assert(delegate.outcome === "known" && delegate.accountId !== accountId);
    const hers = await town.read((tx) => personOfAccount(tx, accountId));
    assert.equal(hers?.personId, sara.personId);
    const own = await enter(BEA);
    assert(own.outcome === "known" && own.accountId === accountId && own.isFirst);
    const idle = { now: NOW, idleSince: NOW.subtract({ hours: 1 }), today: TODAY, demo: false };
    assert.equal(
      await town.read((tx) => sessionByToken(tx, { tokenHash: hashToken(token), ...idle })),
      undefined,
      "what was opened by the code of before has ended",
    );
  });

  it("MC-06 one account, one codice fiscale: a new one (omocodia) replaces the one of before", async () => {
    const { town, sara } = await smallTown(db);
    const again = person("Ugo", "Verdi", "1980-01-30");
    for (const who of [UGO, again]) {
      await town.write((tx) => putPeople(tx, [{ id: sara.personId!, kind: "adult", ...who }], NOW));
      const entered = await town.write((tx) => enterWithIdentity(tx, who, NOW));
      assert(entered.outcome === "known");
    }
    const rows = await town.read((tx) =>
      tx.rows<{ subject: string }>(sql`
        select subject from account_identity where tenant_id = ${tx.tenantId}`),
    );
    assert.deepEqual(rows, [{ subject: `cf:${again.codiceFiscale}` }]);
  });

  it("MC-06 an account with a role at work is never tied by a codice fiscale of the registry", async () => {
    const { town, sara } = await smallTown(db);
    const accountId = newId();
    const account = { id: accountId, username: "conti", displayName: "M. Conti", demo: false };
    const grant = { accountId, siteId: null, classId: null, from: TODAY, to: null };
    await town.write(async (tx) => {
      await putPeople(tx, [{ id: sara.personId!, kind: "adult", ...UGO }], NOW);
      await putAccounts(tx, [{ ...account, passwordHash: null }], NOW);
      await putRoleGrants(tx, [{ id: newId(), role: "administrator", ...grant }]);
      await putPersonAccounts(tx, [{ accountId, personId: sara.personId! }]);
    });
    const entered = await town.write((tx) => enterWithIdentity(tx, UGO, NOW));
    assert(entered.outcome === "known" && entered.accountId !== accountId);
  });

  it("MC-06 a disabled account stays shut to its identity", async () => {
    const { town, sara } = await smallTown(db);
    await town.write((tx) => putPeople(tx, [{ id: sara.personId!, kind: "adult", ...UGO }], NOW));
    const enter = () => town.write((tx) => enterWithIdentity(tx, UGO, NOW));
    const entered = await enter();
    assert(entered.outcome === "known");
    await town.write((tx) =>
      tx.run(sql`update account set disabled_at = ${NOW}
        where tenant_id = ${tx.tenantId} and id = ${entered.accountId}`),
    );
    assert.deepEqual(await enter(), { outcome: "unknown", codiceFiscale: UGO.codiceFiscale });
  });

  it("BO-23 an adult whom the registry still has as a pupil may be a delegate", async () => {
    const place = await smallTown(db);
    const { town } = place;
    await delegate(place, ["view"]);
    await town.write((tx) => putPeople(tx, [{ id: newId(), kind: "child", ...ROSA }], NOW));
    const entered = await town.write((tx) => enterWithIdentity(tx, ROSA, NOW));
    assert.equal(entered.outcome, "known");
  });

  it("PE-04 credentials of one child reach that child only", async () => {
    const { town, giulia, sara } = await smallTown(db);
    const actor: Actor = { ...sara, onlyChildIds: [giulia] };
    await town.read(async (tx) => {
      const children = await childrenInReach(tx, actor, TODAY);
      assert.deepEqual(
        children.map(({ id }) => id),
        [giulia],
      );
    });
  });
});
