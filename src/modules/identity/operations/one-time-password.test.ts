// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { offeredSecret, secretUri, stepOfCode } from "./one-time-password.ts";

/** RFC 6238, appendix B: the ASCII text 12345678901234567890; the last six of its eight digits. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const PUBLISHED = [
  ["1970-01-01T00:00:59Z", "287082", 1],
  ["2005-03-18T01:58:29Z", "081804", 37_037_036],
  ["2009-02-13T23:31:30Z", "005924", 41_152_263],
  ["2033-05-18T03:33:20Z", "279037", 66_666_666],
] as const;

describe("one-time codes of an app", () => {
  it("X-15 are those that RFC 6238 publishes", () => {
    for (const [at, code, step] of PUBLISHED)
      assert.equal(stepOfCode(SECRET, code, moment(at)), step);
  });

  it("X-15 are right one step earlier and later, as people type them, and not further away", () => {
    const at = moment("2009-02-13T23:31:30Z");
    assert.equal(stepOfCode(SECRET, "005 924", at.add({ seconds: 30 })), 41_152_263);
    assert.equal(stepOfCode(SECRET, "005924", at.subtract({ seconds: 1 })), 41_152_263);
    assert.equal(stepOfCode(SECRET, "005924", at.add({ seconds: 60 })), null);
    assert.equal(stepOfCode(SECRET, "005924", at.subtract({ seconds: 31 })), null);
    for (const wrong of ["", "00592", "0059241", "x05924", "005925"])
      assert.equal(stepOfCode(SECRET, wrong, at), null);
  });

  it("X-15 come from a secret of this browser, this offer and this town only", () => {
    const of = { tenantId: "a", token: "t", offer: "1" };
    const secret = offeredSecret("key", of);
    assert.match(secret, /^[A-Z2-7]{32}$/);
    assert.equal(offeredSecret("key", of), secret);
    for (const other of [{ tenantId: "b" }, { token: "u" }, { offer: "2" }])
      assert.notEqual(offeredSecret("key", { ...of, ...other }), secret);
    assert.notEqual(offeredSecret("other", of), secret);
    const uri = secretUri(secret, { issuer: "Comune di Prova", label: "m.conti" });
    assert.match(uri, /^otpauth:\/\/totp\/Comune%20di%20Prova:m\.conti\?/);
    assert.match(uri, new RegExp(`secret=${secret}`));
  });
});
