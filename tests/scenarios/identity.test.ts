// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  accountsHeld,
  accountsInReach,
  childrenInReach,
  delegationsInForce,
  enterWithIdentity,
  insertDelegate,
  personOfAccount,
  putPeople,
} from "#families";
import { hashToken, openSession, sessionByToken } from "#identity";
import { type Actor, type DelegateScope, systemActor } from "#kernel/actor.ts";
import { controlCharacter, expectedFifteen } from "#kernel/codice-fiscale.ts";
import { day, dayOf, moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { mayActFor } from "../../src/modules/booking/operations/authorise.ts";
import { testDatabase } from "../support/db.ts";
import { smallTown } from "../support/small-town.ts";

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

const delegate = (
  town: TenantDb,
  holderId: string,
  scopes: readonly DelegateScope[],
  to?: string,
) =>
  town.write((tx) =>
    insertDelegate(tx, {
      id: newId(),
      holderId,
      codiceFiscale: ROSA.codiceFiscale,
      givenName: ROSA.givenName,
      surname: ROSA.surname,
      scopes,
      from: day("2026-09-01"),
      to: to ? day(to) : null,
      addedAt: NOW,
      addedBy: "Sara Ferrando",
    }),
  );

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
    assert.deepEqual(again, { outcome: "known", accountId: first.accountId, isFirst: false });
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
    assert.deepEqual(await enter(UGO), { outcome: "unknown" });
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
    assert.deepEqual(await enter(grown), { outcome: "unknown" });
  });

  it("BO-23 a delegate comes in by codice fiscale, acts within the scopes, and no longer than the end date", async () => {
    const { town, holderId, giulia, tommaso } = await smallTown(db);
    assert(await delegate(town, holderId, ["view", "absences"], "2026-12-31"));
    assert(!(await delegate(town, holderId, ["view"])), "named once only");
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
    const { town, holderId, giulia } = await smallTown(db);
    await delegate(town, holderId, ["view", "absences", "payments"]);
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
    const { town, holderId } = await smallTown(db);
    await delegate(town, holderId, ["view"]);
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
        }),
      );
      const isVerified = means === "spid" || means === "cie";
      assert.equal(session?.codiceFiscale, isVerified ? ROSA.codiceFiscale : null, means);
    }
  });

  it("PE-04 credentials of one child reach that child only", async () => {
    const { town, giulia, sara } = await smallTown(db);
    const actor: Actor = { ...sara, onlyChildId: giulia };
    await town.read(async (tx) => {
      const children = await childrenInReach(tx, actor, TODAY);
      assert.deepEqual(
        children.map(({ id }) => id),
        [giulia],
      );
    });
  });
});
