// SPDX-License-Identifier: EUPL-1.2
/** Local credentials at the door: what is counted, who waits, how long an answer takes. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createAccount, hashToken, signIn } from "#identity";
import { type Moment, moment } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { hashPassword, isOutdatedHash } from "#kernel/password.ts";
import { testDatabase, type TestDatabase, testTown } from "../support/db.ts";
import { atRealCost } from "../support/quick-passwords.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T08:00:00Z");
const RIGHT = "una frase lunga e sicura";
/** Of the lowest cost there is: who only counts attempts need not wait for passwords. */
const QUICK = { log2N: 4, r: 1, p: 1 };

async function townWith(username: string): Promise<TenantDb> {
  const { town } = await testTown(base.db);
  const made = await town.write((tx) =>
    createAccount(tx, {
      ...{ username, displayName: "Anna Prova", password: RIGHT, role: "school", siteIds: [] },
      ...{ townName: "Borgo di prova", now: NOW },
    }),
  );
  assert.equal(made.outcome, "created");
  return town;
}

const attempt = (
  town: TenantDb,
  username: string,
  password: string,
  more: { origin?: string; knownBrowser?: string; now?: Moment } = {},
) => signIn(town, { username, password, origin: "192.0.2.1", now: NOW, ...more });

/** Failures as they are kept: nobody has to wait for passwords that only count. */
const failures = (
  town: TenantDb,
  count: number,
  of: { name?: string; origin?: string },
): Promise<number> =>
  town.write((tx) =>
    tx.run(sql`
      insert into login_attempt (tenant_id, id, username_hash, origin_hash, at, succeeded)
      select ${tx.tenantId}, gen_random_uuid(), coalesce(${of.name ? hashToken(of.name) : null}, 'n' || n),
        ${hashToken(of.origin ?? "192.0.2.1")}, ${NOW}, false
      from generate_series(1, ${count}::int) n`),
  );

describe("signing in with user code and password", () => {
  it("MC-09 five mistakes, then each makes the next wait longer; waiting always helps", async () => {
    const town = await townWith("anna");
    await failures(town, 5, { name: "anna" });
    const refused = await attempt(town, "anna", RIGHT);
    assert.deepEqual(refused, { outcome: "wait", until: NOW.add({ seconds: 30 }) });
    const later = await attempt(town, "ANNA ", RIGHT, { now: NOW.add({ seconds: 30 }) });
    assert.equal(later.outcome, "signed-in");
  });

  it("MC-09 a stranger's attempts from everywhere never make a known browser wait", async () => {
    const town = await townWith("anna");
    await failures(town, 8, { name: "anna", origin: "198.51.100.1" });
    assert.equal((await attempt(town, "anna", RIGHT)).outcome, "wait");
    const known = await attempt(town, "anna", RIGHT, { knownBrowser: "b1" });
    assert.equal(known.outcome, "signed-in");
    // The known browser has its own patience, which ends too.
    await failures(town, 5, { name: "anna\nb2" });
    const tired = await attempt(town, "anna", RIGHT, { knownBrowser: "b2" });
    assert.equal(tired.outcome, "wait");
  });

  it("MC-09 attempts at once are all counted: of twenty no more than five are looked at", async () => {
    const town = await townWith("anna");
    const ended = await Promise.all(
      Array.from({ length: 20 }, (_, one) =>
        attempt(town, "anna", "indovinata", { origin: `198.51.100.${one}` }),
      ),
    );
    assert.equal(ended.filter(({ outcome }) => outcome === "wrong").length, 5);
    assert.equal(ended.filter(({ outcome }) => outcome === "wait").length, 15);
  });

  it("MC-09 one address that tries many names waits, for a short time", async () => {
    const town = await townWith("anna");
    const origin = "203.0.113.9";
    await failures(town, 40, { origin });
    const refused = await attempt(town, "anna", RIGHT, { origin });
    assert.deepEqual(refused, { outcome: "wait", until: NOW.add({ seconds: 120 }) });
    assert.equal((await attempt(town, "anna", RIGHT)).outcome, "signed-in");
  });

  it("BO-13 a password kept at an older cost is hashed anew when it is next right", async () => {
    const town = await townWith("anna");
    const old = await hashPassword(RIGHT, QUICK);
    const stored = (): Promise<string> =>
      town.read(async (tx) => {
        const row = await tx.one<{ hash: string }>(
          sql`select password_hash as hash from account where tenant_id = ${tx.tenantId}`,
        );
        return row.hash;
      });
    await town.write((tx) =>
      tx.run(sql`update account set password_hash = ${old} where tenant_id = ${tx.tenantId}`),
    );
    assert.equal((await attempt(town, "anna", "sbagliata")).outcome, "wrong");
    assert.equal(await stored(), old);
    assert.equal((await attempt(town, "anna", RIGHT)).outcome, "signed-in");
    assert.ok(isOutdatedHash(old) && !isOutdatedHash(await stored()));
    assert.equal((await attempt(town, "anna", RIGHT)).outcome, "signed-in");
  });

  it("BO-13 an unknown user code takes as long as a wrong password", () => atRealCost(takesAsLong));

  async function takesAsLong(): Promise<void> {
    const town = await townWith("anna");
    const took = async (username: string, origin: string): Promise<number> => {
      const start = process.cpuUsage();
      const { outcome } = await attempt(town, username, "non è questa di sicuro", { origin });
      assert.equal(outcome, "wrong");
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    // The processor's time, the least of some: what else the process does, or the machine, only comes on top. Each name
    // is forgiven in between.
    let [known, unknown] = [Infinity, Infinity];
    for (let round = 0; round < 4; round += 1) {
      const origin = `192.0.2.${round}`;
      known = Math.min(known, await took("anna", origin));
      unknown = Math.min(unknown, await took(`nessuno-${newId()}`, origin));
      await town.write((tx) =>
        tx.run(sql`delete from login_attempt where tenant_id = ${tx.tenantId}`),
      );
    }
    const share = Math.abs(known - unknown) / Math.max(known, unknown);
    assert.ok(share < 0.25, `known ${known} ms, unknown ${unknown} ms`);
  }
});
