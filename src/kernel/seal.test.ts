// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { seal, SealBrokenError, unseal } from "./seal.ts";

const FOR = { tenantId: "t-1", purpose: "pagopa gpd" };

describe("a sealed secret", () => {
  it("OS-14 opens with its key for its town and purpose, and says nothing of itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (secret, key) => {
        const sealed = seal(key, FOR, secret);
        assert.equal(unseal(key, FOR, sealed), Buffer.from(secret, "utf8").toString("utf8"));
        assert.notEqual(sealed, seal(key, FOR, secret));
        if (secret.length > 3) assert.ok(!sealed.includes(secret));
      }),
    );
  });

  it("OS-14 does not open elsewhere, with another key, or touched anywhere", () => {
    const sealed = seal("key", FOR, "abc123");
    const wrong = [
      () => unseal("other", FOR, sealed),
      () => unseal("key", { ...FOR, tenantId: "t-2" }, sealed),
      () => unseal("key", { ...FOR, purpose: "pagopa aca" }, sealed),
      () => unseal("key", FOR, ""),
      () => unseal("key", FOR, "abc123"),
    ];
    for (const one of wrong) assert.throws(one, SealBrokenError);
    const bytes = Buffer.from(sealed, "base64url");
    for (const index of bytes.keys()) {
      const touched = Buffer.from(bytes);
      touched[index] = touched[index]! ^ 1;
      assert.throws(() => unseal("key", FOR, touched.toString("base64url")), SealBrokenError);
    }
  });
});
