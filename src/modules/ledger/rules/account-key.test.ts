// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountKey, familyAccount, TOWN_ACCOUNTS } from "./account-key.ts";

describe("account keys", () => {
  const of = { holderId: "h", childId: "c", serviceId: "s" };

  it("OS-12 PE-03 the town's scope says which account a meal moves", () => {
    assert.equal(accountKey(familyAccount("family", of)), "family:h:-:-");
    assert.equal(accountKey(familyAccount("child", of)), "family:h:c:-");
    assert.equal(accountKey(familyAccount("child-service", of)), "family:h:c:s");
    assert.equal(accountKey({ kind: "family", holderId: "h", childId: null }), "family:h:-:-");
  });

  it("revenue is per service, of the others a town has one", () => {
    assert.equal(accountKey({ kind: "revenue", serviceId: "s" }), "revenue:s");
    const keys = TOWN_ACCOUNTS.map((kind) => accountKey({ kind }));
    assert.deepEqual(keys, [...TOWN_ACCOUNTS]);
  });
});
