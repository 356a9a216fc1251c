// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { codeHash, groupedCode, readableCode, typedCode, voiceCode } from "./one-time-code.ts";

const codes = fc
  .infiniteStream(fc.nat({ max: 1_000_000 }))
  .map((numbers) => readableCode((limit) => (numbers.next().value ?? 0) % limit));

describe("codes on a letter", () => {
  it("BO-01 what is printed is read again, however it is typed", () => {
    fc.assert(
      fc.property(
        codes,
        fc.constantFrom("-", " ", " - ", ".", ""),
        fc.boolean(),
        (code, dash, small) => {
          assert.match(groupedCode(code), /^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
          const typed = groupedCode(code).replaceAll("-", dash);
          assert.equal(typedCode(` ${small ? typed.toLowerCase() : typed}`), code);
        },
      ),
    );
  });

  it("BO-01 anything else is no code", () => {
    for (const text of ["", "K7QM-2XRP-9HT", "K7QM-2XRP-9HTCC", "K7QM-2XRP-9HT0", "K7QM_2XRP_9HTC"])
      assert.equal(typedCode(text), null, text);
  });

  it("BO-01 a hash is one town's and one purpose's, and needs the installation's key", () => {
    const of = { tenantId: "a", purpose: "activation", code: "K7QM2XRP9HTC" } as const;
    const hashes = [
      codeHash("key", of),
      codeHash("other", of),
      codeHash("key", { ...of, tenantId: "b" }),
      codeHash("key", { ...of, purpose: "recovery" }),
    ];
    assert.equal(new Set(hashes).size, 4);
    assert.equal(codeHash("key", of), hashes[0]);
  });

  it("BO-11 a voice code has eight digits, the first one no zero", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        assert.match(
          voiceCode((limit) => (numbers.next().value ?? 0) % limit),
          /^[1-9]\d{7}$/,
        );
      }),
    );
  });
});
