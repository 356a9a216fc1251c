// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { it } from "node:test";
import { idFromContent, isUuid, newId } from "./ids.ts";

it("ids of one process ascend strictly, also within a millisecond", () => {
  const ids = Array.from({ length: 20_000 }, newId);
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every(isUuid));
});

it("the same content gives the same id", () => {
  assert.equal(idFromContent("a"), idFromContent("a"));
  assert.notEqual(idFromContent("a"), idFromContent("b"));
});

it("an id from content is of version 8, and the same in every release: accounts are found by it", () => {
  // SHA-256 of "a" begins with ca978112ca1bbdcafac231b39a23dc4d.
  assert.equal(idFromContent("a"), "ca978112-ca1b-8dca-bac2-31b39a23dc4d");
  for (let n = 0; n < 64; n += 1)
    assert.match(
      idFromContent(`${n}`),
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
});
