// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nameFault } from "./name-fault.ts";

describe("nameFault", () => {
  it("OS-08 takes names as people have them", () => {
    for (const name of [
      "Rossi",
      "D'Angelo",
      "De' Rossi",
      "'Ntoni",
      "Anna-Maria",
      "Øst",
      "李",
      "O’Neill",
    ])
      assert.equal(nameFault(name), null, name);
    assert.equal(nameFault(""), null);
    assert.equal(nameFault("x".repeat(100)), null);
  });

  it("OS-08 refuses what runs in a spreadsheet, cannot be printed, is too long or no word", () => {
    for (const text of [
      "=cmd|' /C calc'!A0",
      "+39",
      "-Rossi",
      "@SUM(A1)",
      "'=1+1",
      "＝cmd",
      " \t=x",
    ])
      assert.equal(nameFault(text), "formula", text);
    for (const text of ["Ros\u0007si", "Ros\nsi", "\u202eissoR", "Ros\u0000si"])
      assert.equal(nameFault(text), "unprintable", JSON.stringify(text));
    assert.equal(nameFault("x".repeat(101)), "too-long");
    for (const text of ["-", "--", "123", "..."]) assert.equal(nameFault(text), "no-letter", text);
  });
});
