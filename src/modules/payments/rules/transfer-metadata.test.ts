// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { transferMetadata } from "./transfer-metadata.ts";

const part = (budgetChapter: string, assessment: string, amountCents = 100n) => ({
  budgetChapter,
  assessment,
  amountCents,
});
const said = (parts: Parameters<typeof transferMetadata>[0]): string =>
  transferMetadata(parts)
    .map(({ key, value }) => `${key}=${value}`)
    .join(" ");

describe("OS-07 what the accounts office books by", () => {
  it("is told where the town has set it, and nothing else", () => {
    assert.equal(said([part("", "")]), "");
    assert.equal(said([part("1234", "")]), "RC_CAP_1=1234");
    assert.equal(said([part("1234", "2026/118")]), "RC_CAP_1=1234 RC_ACC_1=2026/118");
    assert.equal(said([part("1234", "2026/118"), part("1234", "2026/118")]).includes("IMP"), false);
  });

  it("of several services says how much each is, the largest first", () => {
    assert.equal(
      said([part("1", "a", 50n), part("2", "b", 6410n), part("1", "a", 7n)]),
      "RC_CAP_1=2 RC_ACC_1=b RC_IMP_1=64.10 RC_CAP_2=1 RC_ACC_2=a RC_IMP_2=0.57",
    );
    assert.equal(said([part("1", "", 50n), part("", "", 50n)]), "RC_CAP_1=1 RC_IMP_1=0.50");
  });

  it("is never more than GPD takes, keys are told once, nothing is empty or too long", () => {
    const code = fc.constantFrom("", "1", "22", "x".repeat(30));
    const parts = fc.array(
      fc.record({
        budgetChapter: code,
        assessment: code,
        amountCents: fc.bigInt({ min: 1n, max: 99_999_999_999n }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(parts, (all) => {
        const metadata = transferMetadata(all);
        assert.ok(metadata.length <= 10);
        assert.equal(new Set(metadata.map(({ key }) => key)).size, metadata.length);
        for (const { value } of metadata) assert.ok(value.length >= 1 && value.length <= 140);
      }),
    );
  });
});
