// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isCompanyCode } from "./company-code.ts";

describe("an institution's codice fiscale", () => {
  it("OS-07 has 11 digits and the right last one", () => {
    // Agenzia delle Entrate, INPS, and one made up.
    for (const code of ["06363391001", "80078750587", "77777777770"])
      assert.equal(isCompanyCode(code), true, code);
    for (const code of ["06363391002", "0636339100", "063633910011", "0636339100a", ""])
      assert.equal(isCompanyCode(code), false, code);
  });
  it("notices a wrong digit and two swapped neighbours", () => {
    const right = "06363391001";
    for (const index of right.split("").keys()) {
      const other = String((Number(right[index]) + 1) % 10);
      assert.equal(isCompanyCode(right.slice(0, index) + other + right.slice(index + 1)), false);
    }
    assert.equal(isCompanyCode("60363391001"), false);
  });
});
