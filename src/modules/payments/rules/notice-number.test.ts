// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  checkDigits,
  inFours,
  isNoticeNumber,
  iuvOf,
  noticeNumberOf,
  segregationOf,
} from "./notice-number.ts";

describe("notice numbers", () => {
  it("BO-06 the check digits are the first sixteen modulo 93, two digits always", () => {
    assert.equal(checkDigits("3122600000012345"), "23");
    assert.equal(checkDigits("3010000000000001"), "44");
    assert.equal(checkDigits("3122600000012043"), "00");
    assert.equal(checkDigits("0012600000012345"), "45");
  });

  it("BO-06 segregation code and sequence make the number, the IUV is its tail", () => {
    assert.equal(noticeNumberOf("12", 2_600_000_012_345n), "312260000001234523");
    assert.equal(noticeNumberOf("01", 1n), "301000000000000144");
    assert.equal(iuvOf("312260000001234523"), "12260000001234523");
    assert.equal(inFours("312260000001234523"), "3122 6000 0001 2345 23");
  });

  it("BO-06 a code above 45, a zero and a fourteenth digit are refused", () => {
    assert.throws(() => noticeNumberOf("46", 1n), RangeError);
    assert.throws(() => noticeNumberOf("01", 0n), RangeError);
    assert.throws(() => noticeNumberOf("01", 10_000_000_000_000n), RangeError);
  });

  it("BO-06 two sequences never make one number, and each says whose it is", () => {
    const code = fc.integer({ min: 0, max: 45 }).map((value) => String(value).padStart(2, "0"));
    const sequence = fc.bigInt({ min: 1n, max: 9_999_999_999_999n });
    fc.assert(
      fc.property(code, sequence, sequence, (segregation, one, other) => {
        const number = noticeNumberOf(segregation, one);
        assert.ok(isNoticeNumber(number));
        assert.equal(segregationOf(number), segregation);
        assert.equal(number === noticeNumberOf(segregation, other), one === other);
      }),
    );
  });

  it("numbers of older kinds are read as not ours", () => {
    assert.equal(segregationOf("001260000001234545"), null);
    assert.equal(segregationOf("31226000000123452"), null);
  });
});
