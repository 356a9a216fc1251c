// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { moment } from "#kernel/dates.ts";
import { attributeOf, parseXml, textOf } from "./parse-xml.ts";
import { element, escapeXml, instantText, leaf, messageId } from "./write-xml.ts";

describe("XML as text", () => {
  it("OS-03 whatever a text holds, it is read again as it was, or it is refused", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        let xml: string;
        try {
          xml = element("a", { b: text }, leaf("c", text));
        } catch (error) {
          assert.ok(error instanceof RangeError);
          return;
        }
        const parsed = parseXml(xml);
        assert.ok(parsed.outcome === "parsed");
        assert.equal(attributeOf(parsed.root, "b"), text);
        assert.equal(textOf(parsed.root.firstChild as Element), text.trim());
      }),
    );
    for (const text of ["\u0000", "\ud800", "\uffff", "a\u0008b"])
      assert.throws(() => escapeXml(text), RangeError);
  });

  it("OS-03 what is not there is left out; moments are UTC to the millisecond", () => {
    assert.equal(element("a", { b: undefined }), "<a/>");
    assert.equal(leaf("a", undefined), "");
    assert.equal(instantText(moment("2026-11-20T10:00:00.1239+01:00")), "2026-11-20T09:00:00.123Z");
  });

  it("OS-03 an ID begins as XML wants it and is long enough not to be guessed", () => {
    assert.equal(messageId("_0123456789abcdef"), "_0123456789abcdef");
    for (const id of ["", "_short", "0123456789abcdef0", "_0123456789abcdef'", "_a b0123456789abc"])
      assert.throws(() => messageId(id), RangeError);
  });
});
