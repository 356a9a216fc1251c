// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  addPasskey,
  askForPasskey,
  disableStaff,
  offerPasskey,
  passkeysOf,
  removeOwnPasskey,
  signInWithPasskey,
} from "#identity";
import { moment } from "#kernel/dates.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { staffAccount } from "../support/second-factor.ts";
import { type TestSite, testSite } from "../support/site.ts";
import { type Said, SoftwareAuthenticator } from "../support/software-authenticator.ts";

const NOW = moment("2026-11-24T07:40:00Z");
const PARTY = { id: "scuola.borgo.example", origin: "https://scuola.borgo.example" };
const RIGHT = { origin: PARTY.origin, rpId: PARTY.id };
const BROWSER = { party: PARTY, browserToken: "questo browser", now: NOW };
let base: TestDatabase;
let site: TestSite;

before(async () => {
  base = await testDatabase();
  site = await testSite(base.db, { routes: wholeSite.routes, demo: false, now: NOW });
});
after(async () => {
  await site?.close();
  await base.close();
});

/** Who is told is of `told-access.test.ts`. */
const tell = () => Promise.resolve();

async function register(accountId: string, how: Partial<Said> & { by?: string } = {}) {
  const device = new SoftwareAuthenticator();
  const { town } = site.place;
  const offer = await offerPasskey(town, { ...BROWSER, accountId, townName: "Borgo" });
  const { by: otherAccount, ...said } = how;
  const added = await addPasskey(town, {
    ...{ ...BROWSER, name: "Prova", by: "prova", tell },
    accountId: otherAccount ?? accountId,
    answer: device.create({ ...RIGHT, challenge: offer!.challenge, ...said }),
  });
  return { device, outcome: added.outcome };
}
const enter = (answer: string, how: Partial<typeof BROWSER> = {}) =>
  signInWithPasskey(site.place.town, { ...BROWSER, ...how, answer, seenAs: "" });
const challenge = async (): Promise<string> =>
  (await askForPasskey(site.place.town, BROWSER)).challenge;
let number = 0;
const account = () => staffAccount(site, { username: `persona.${(number += 1)}`, role: "school" });

describe("a passkey", () => {
  it("X-15 signs its account in, once for each challenge, with a counter that moves on", async () => {
    const accountId = await account();
    const { device, outcome } = await register(accountId);
    assert.equal(outcome, "added");
    const said = { ...RIGHT, challenge: await challenge(), counter: 2, userHandle: accountId };
    const answer = device.get(said);
    const entered = await enter(answer);
    assert.equal(entered.outcome === "signed-in" && entered.accountId, accountId);
    assert.equal((await enter(answer)).outcome, "refused", "the same answer again");
    const behind = device.get({ ...RIGHT, challenge: await challenge(), counter: 2 });
    assert.equal((await enter(behind)).outcome, "refused", "a copy of the key");
    const next = device.get({ ...RIGHT, challenge: await challenge(), counter: 3 });
    assert.equal((await enter(next)).outcome, "signed-in");
  });

  it("X-15 answers for this town, this browser and these five minutes only", async () => {
    const accountId = await account();
    const { device } = await register(accountId);
    let counter = 1;
    const get = async (how: Partial<Said> = {}) =>
      device.get({ ...RIGHT, challenge: await challenge(), counter: (counter += 1), ...how });
    const other = { id: "altro.example", origin: "https://altro.example" };
    for (const [what, said] of Object.entries({
      "another site": { origin: other.origin },
      "another host's key": { rpId: other.id },
      "nobody's finger": { unverified: true },
      "a spoiled answer": { spoiled: true },
      "somebody else's name": { userHandle: "another" },
      "a challenge of nobody": { challenge: "AAAA" },
    }))
      assert.equal((await enter(await get(said))).outcome, "refused", what);
    const stolen = await enter(await get(), { browserToken: "un altro" });
    assert.equal(stolen.outcome, "refused");
    const late = await enter(await get(), { now: NOW.add({ minutes: 5 }) });
    assert.equal(late.outcome, "refused");
    const elsewhere = await enter(await get(), { party: other });
    assert.equal(elsewhere.outcome, "refused");
    const stranger = new SoftwareAuthenticator();
    const unknown = stranger.get({ ...RIGHT, challenge: await challenge() });
    assert.equal((await enter(unknown)).outcome, "refused");
    for (const nonsense of ["", "{}", "null", "[1]", "{".repeat(5000)])
      assert.equal((await enter(nonsense)).outcome, "refused");
    assert.equal((await enter(await get())).outcome, "signed-in", "and still works");
  });

  it("X-15 is added by the account that asked, where and as it was asked", async () => {
    const [own, other] = [await account(), await account()];
    for (const [what, how] of Object.entries({
      "another account's": { by: other },
      "another site": { origin: "https://altro.example" },
      "another host": { rpId: "altro.example" },
      "nobody's finger": { unverified: true },
      "a sign-in's challenge": { challenge: await challenge() },
    }))
      assert.equal((await register(own, how)).outcome, "refused", what);
    for (const id of [own, other])
      assert.deepEqual(await site.place.town.read((tx) => passkeysOf(tx, id)), []);
    // A challenge for adding a key lets nobody in.
    const { device } = await register(own);
    const offer = await offerPasskey(site.place.town, {
      ...{ ...BROWSER, accountId: own, townName: "Borgo" },
    });
    const answer = device.get({ ...RIGHT, challenge: offer!.challenge, counter: 9 });
    assert.equal((await enter(answer)).outcome, "refused");
  });

  it("X-15 opens nothing once it is removed, or the account is disabled; the last factor of the office stays", async () => {
    const accountId = await account();
    const { device } = await register(accountId);
    const admin = await staffAccount(site, { username: "capo", role: "administrator" });
    const only = await register(admin);
    const { town } = site.place;
    const remove = (id: string, credentialId: string) =>
      town.write((tx) =>
        removeOwnPasskey(tx, { accountId: id, credentialId, by: "prova", tell, now: NOW }),
      );
    assert.equal((await remove(admin, only.device.id)).outcome, "needed");
    assert.equal((await remove(accountId, only.device.id)).outcome, "not-found");
    assert.equal((await remove(accountId, device.id)).outcome, "removed");
    const gone = device.get({ ...RIGHT, challenge: await challenge(), counter: 5 });
    assert.equal((await enter(gone)).outcome, "refused");

    const second = await register(accountId);
    const by = { role: "administrator", id: admin, name: "Capo", personId: null } as const;
    const actor = { ...by, siteIds: null, classIds: null, desk: null };
    await town.write((tx) => disableStaff(tx, { by: actor, accountId, now: NOW }));
    const off = second.device.get({ ...RIGHT, challenge: await challenge(), counter: 5 });
    assert.equal((await enter(off)).outcome, "refused");
  });
});
