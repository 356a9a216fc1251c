// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addressReaders } from "./address-readers.ts";

const holders = new Map([
  ["giulia", "mother"],
  ["marco", "mother"],
]);

describe("X-12 who reads about a child's meals", () => {
  it("one message for the account, with all its children", () => {
    assert.deepEqual(addressReaders({ holders, guardians: [] }), [
      { holderId: "mother", personId: null, childIds: ["giulia", "marco"] },
    ]);
  });

  it("a guardian of all of them without an account reads the same one", () => {
    const guardians = ["giulia", "marco"].map((childId) => ({
      childId,
      guardianId: "father",
      ownHolderIds: [],
    }));
    assert.equal(addressReaders({ holders, guardians }).length, 1);
  });

  it("a guardian of one of them without an account gets one that names that child alone", () => {
    const guardians = [{ childId: "giulia", guardianId: "piero", ownHolderIds: [] }];
    assert.deepEqual(addressReaders({ holders, guardians })[1], {
      holderId: "mother",
      personId: "piero",
      childIds: ["giulia"],
    });
  });

  it("a guardian with an account reads there, once, together with the children held there", () => {
    const guardians = [{ childId: "giulia", guardianId: "father", ownHolderIds: ["his"] }];
    const all = new Map([...holders, ["luca", "his"]]);
    assert.deepEqual(addressReaders({ holders: all, guardians }), [
      { holderId: "mother", personId: null, childIds: ["giulia", "marco"] },
      { holderId: "his", personId: null, childIds: ["luca", "giulia"] },
    ]);
  });

  it("the holder who is a guardian too is told once", () => {
    const guardians = [{ childId: "giulia", guardianId: "sara", ownHolderIds: ["old", "mother"] }];
    assert.equal(addressReaders({ holders, guardians }).length, 1);
  });
});
