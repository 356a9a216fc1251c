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
