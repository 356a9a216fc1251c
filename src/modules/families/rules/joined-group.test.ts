// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { type ChildAccess, joinedGroup } from "./joined-group.ts";

const CHOSEN = moment("2026-09-01T08:00:00Z");
const LATER = moment("2026-11-02T08:00:00Z");
const access = (name: string, groupId: string | null = "g"): ChildAccess => ({
  ...{ accountId: name, childId: `child of ${name}`, groupId },
  ...{ joinedAt: LATER, passwordChangedAt: CHOSEN },
});
const group = (
  accesses: ChildAccess[],
  accountId: string,
  passwords: Record<string, typeof CHOSEN | null> = { a: CHOSEN, b: CHOSEN, c: CHOSEN },
) =>
  joinedGroup(accesses, new Map(Object.entries(passwords)), accountId).map((one) => one.accountId);

describe("codes that open one another", () => {
  it("PE-04 a code that was never joined is alone, and so is one of another group", () => {
    assert.deepEqual(group([access("a", null), access("b", null)], "a"), ["a"]);
    assert.deepEqual(group([access("a"), access("b", "other")], "a"), ["a"]);
    assert.deepEqual(group([access("b")], "a"), [], "not of this adult");
  });

  it("OS-08 all of a group are opened by each of them", () => {
    const all = [access("a"), access("b"), access("c")];
    for (const one of ["a", "b", "c"])
      assert.deepEqual(group(all, one).toSorted(), ["a", "b", "c"]);
  });

  it("PE-04 a new password, or an account that may not be used, ends that code's part and no other's", () => {
    const all = [access("a"), access("b"), access("c")];
    for (const passwords of [
      { a: CHOSEN, b: LATER, c: CHOSEN },
      { a: CHOSEN, b: null, c: CHOSEN },
      { a: CHOSEN, c: CHOSEN },
    ]) {
      assert.deepEqual(group(all, "a", passwords), ["a", "c"]);
      assert.deepEqual(group(all, "b", passwords), ["b"]);
    }
  });
});
