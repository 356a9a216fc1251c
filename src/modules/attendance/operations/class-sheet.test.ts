// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { mayMarkClass } from "./class-sheet.ts";

const teacher = (scope: Pick<Actor, "siteIds" | "classIds">): Actor => ({
  ...systemActor,
  role: "school",
  ...scope,
});
const here = { id: "3A", siteId: "milano" };
const there = { id: "1B", siteId: "verdi" };

describe("who calls the roll", () => {
  it("PE-06 grants by school and by class add up; without either it is every class", () => {
    const both = teacher({ siteIds: ["milano"], classIds: ["1B"] });
    assert(mayMarkClass(both, here) && mayMarkClass(both, there));
    assert(!mayMarkClass(both, { id: "2B", siteId: "verdi" }));
    const one = teacher({ siteIds: null, classIds: ["1B"] });
    assert(mayMarkClass(one, there) && !mayMarkClass(one, here));
    assert(mayMarkClass(teacher({ siteIds: null, classIds: null }), here));
    assert(!mayMarkClass({ ...both, role: "kitchen" }, here));
  });
});
