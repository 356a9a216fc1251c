// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recorderOf } from "./recorder.ts";

describe("who recorded a child's day", () => {
  it("X-09 a correction is of its author's kind, a roll call of the school, a presumed day of nobody", () => {
    const of = (source: string, role: string | null, recordedBy = "M. Conti") =>
      recorderOf({ source, role, recordedBy });
    assert.equal(of("correction", "office"), "office");
    assert.equal(of("correction", "office-manager"), "office");
    assert.equal(of("correction", "administrator"), "office");
    assert.equal(of("correction", "school"), "school");
    assert.equal(of("correction", "system"), "plan");
    assert.equal(of("correction", null), null);
    assert.equal(of("morning", null), "school");
    assert.equal(of("noon", null), "school");
    assert.equal(of("morning", "office"), "office");
    assert.equal(of("morning", null, "famiglia"), "family");
    assert.equal(of("presumed", null, "calendario"), "plan");
  });
});
