// SPDX-License-Identifier: EUPL-1.2
/** LICENSE is the licence, not a copy of a copy that lost a line. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { it } from "node:test";

/**
 * Letters and figures of the English text from its heading on: the same in the European Commission's own repository
 * (ec-europa/toolkit, LICENSE.txt), in SPDX's list and in choosealicense.com, which differ in spaces and quotes alone.
 */
const LETTERS_SHA256 = "81ce2a1278ead146b92081114a945cc901db6e4660f0894c00485a6099330686";

it("LICENSE is the English text of EUPL-1.2, letter by letter", () => {
  const text = readFileSync(new URL("../../LICENSE", import.meta.url), "utf8");
  const letters = text
    .slice(text.indexOf("EUROPEAN UNION PUBLIC LICENCE"))
    .replaceAll(/[^A-Za-z0-9]/g, "");
  assert.equal(createHash("sha256").update(letters).digest("hex"), LETTERS_SHA256);
});
