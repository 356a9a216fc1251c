// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { describe, it } from "node:test";
import { checkPassword, hashPassword, isOutdatedHash } from "./password.ts";

const PASSWORD = "il trattore viola sul tetto";
const OLD = { log2N: 4, r: 1, p: 1 };

describe("a password", () => {
  it("BO-13 is kept at the cost that OWASP names, and can be derived from what is kept", async () => {
    const stored = await hashPassword(PASSWORD);
    const [, cost, salt = "", key] = stored.split("$");
    assert.equal(cost, "16.8.2");
    const parameters = { N: 2 ** 16, r: 8, p: 2, maxmem: 2 ** 27 };
    const derived = scryptSync(PASSWORD, Buffer.from(salt, "base64url"), 32, parameters);
    assert.equal(key, derived.toString("base64url"));
    assert.equal(await checkPassword(PASSWORD, stored), true);
    assert.equal(await checkPassword(`${PASSWORD} `, stored), false);
    assert.equal(isOutdatedHash(stored), false);
  });

  it("BO-13 is checked at the cost it was kept at; nobody's password is never right", async () => {
    const old = await hashPassword(PASSWORD, OLD);
    assert.notEqual(old, await hashPassword(PASSWORD, OLD));
    assert.equal(await checkPassword(PASSWORD, old), true);
    assert.equal(await checkPassword("another one", old), false);
    assert.equal(isOutdatedHash(old), true);
    assert.equal(await checkPassword(PASSWORD, null), false);
  });
});
