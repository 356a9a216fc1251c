// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { applyPolicy, combinePolicies } from "./metadata-policy.ts";

type Json = Record<string, unknown>;

/** What becomes of metadata below the given superiors, the highest first: the metadata, or the reason. */
function under(metadata: Json, ...policies: Json[]): unknown {
  const combined = combinePolicies(policies);
  if (combined.outcome === "refused") return `${combined.reason} ${combined.detail}`;
  const applied = applyPolicy(metadata, combined.policy);
  return applied.outcome === "refused" ? `${applied.reason} ${applied.detail}` : applied.metadata;
}

describe("metadata policy", () => {
  it("OS-03 value sets, and removes when it is null", () => {
    assert.deepEqual(under({ a: 1, b: 2 }, { a: { value: 3 } }), { a: 3, b: 2 });
    assert.deepEqual(under({ b: 2 }, { a: { value: [1] } }), { a: [1], b: 2 });
    assert.deepEqual(under({ a: 1 }, { a: { value: null } }), {});
    assert.equal(under({ a: 1 }, { a: { value: null, essential: true } }), "policy-conflict a");
  });

  it("OS-03 add and default fill in", () => {
    assert.deepEqual(under({ a: ["x"] }, { a: { add: ["x", "y"] } }), { a: ["x", "y"] });
    assert.deepEqual(under({}, { a: { add: ["y"] } }), { a: ["y"] });
    assert.equal(under({ a: "x" }, { a: { add: ["y"] } }), "policy-violated a");
    assert.deepEqual(under({}, { a: { default: "d" } }), { a: "d" });
    assert.deepEqual(under({ a: "own" }, { a: { default: "d" } }), { a: "own" });
  });

  it("OS-03 one_of, subset_of, superset_of and essential check", () => {
    assert.deepEqual(under({ a: "RS256" }, { a: { one_of: ["RS256", "ES256"] } }), { a: "RS256" });
    assert.equal(under({ a: "none" }, { a: { one_of: ["RS256"] } }), "policy-violated a");
    assert.deepEqual(under({}, { a: { one_of: ["RS256"] } }), {});
    assert.equal(under({}, { a: { one_of: ["RS256"], essential: true } }), "policy-violated a");
    assert.deepEqual(under({ a: ["x", "z"] }, { a: { subset_of: ["x", "y"] } }), { a: ["x"] });
    assert.deepEqual(under({ a: ["z"] }, { a: { subset_of: ["x"] } }), { a: [] });
    assert.equal(
      under({ a: ["z"] }, { a: { subset_of: ["x"], essential: true } }),
      "policy-violated a",
    );
    assert.equal(under({ a: ["x"] }, { a: { superset_of: ["x", "y"] } }), "policy-violated a");
    assert.deepEqual(under({ a: ["x", "y", "z"] }, { a: { superset_of: ["x"] } }), {
      a: ["x", "y", "z"],
    });
    assert.equal(under({ a: "x" }, { a: { subset_of: ["x"] } }), "policy-violated a");
    assert.deepEqual(under({ scope: "openid email" }, { scope: { subset_of: ["openid"] } }), {
      scope: "openid",
    });
  });

  it("OS-03 superiors combine: a subordinate narrows, never widens", () => {
    const both = (name: string, above: unknown, below: unknown, metadata: Json): unknown =>
      under(metadata, { a: { [name]: above } }, { a: { [name]: below } });
    assert.deepEqual(both("subset_of", ["x", "y"], ["y", "z"], { a: ["x", "y", "z"] }), {
      a: ["y"],
    });
    assert.equal(both("one_of", ["x"], ["x", "evil"], { a: "evil" }), "policy-violated a");
    assert.equal(both("one_of", ["x"], ["y"], { a: "x" }), "policy-conflict a");
    assert.equal(both("superset_of", ["x"], ["y"], { a: ["x"] }), "policy-violated a");
    assert.deepEqual(both("add", ["x"], ["y"], {}), { a: ["x", "y"] });
    assert.equal(both("value", "x", "y", {}), "policy-conflict a");
    assert.deepEqual(both("value", { k: 1, l: 2 }, { l: 2, k: 1 }, {}), { a: { k: 1, l: 2 } });
    assert.equal(both("default", "x", "y", {}), "policy-conflict a");
    assert.equal(both("essential", true, false, {}), "policy-violated a");
    assert.equal(
      under({}, { a: { subset_of: ["x"] } }, { a: { add: ["evil"] } }),
      "policy-conflict a",
    );
    assert.equal(
      under({}, { a: { one_of: ["x"] } }, { a: { value: "evil" } }),
      "policy-conflict a",
    );
    assert.equal(
      under({}, { a: { subset_of: ["x"] } }, { a: { value: ["x", "evil"] } }),
      "policy-conflict a",
    );
    assert.equal(
      under({}, { a: { subset_of: ["x"] } }, { a: { superset_of: ["y"] } }),
      "policy-conflict a",
    );
    assert.equal(under({}, { a: { add: ["x"], one_of: ["x"] } }), "policy-conflict a");
    assert.deepEqual(under({}, { a: { value: ["x"], add: ["x"], superset_of: ["x"] } }), {
      a: ["x"],
    });
  });

  it("OS-03 what nobody knows or can read is refused", () => {
    assert.equal(under({}, { a: { regexp: ".*" } }), "policy-operator a");
    assert.equal(under({}, { a: { __proto__x: 1 } }), "policy-operator a");
    assert.equal(under({}, "x" as never), "policy-malformed ");
    assert.equal(under({}, [] as never), "policy-malformed ");
    assert.equal(under({}, { a: "x" }), "policy-malformed a");
    assert.equal(under({}, { a: { one_of: "x" } }), "policy-malformed a");
    assert.equal(under({}, { a: { essential: "yes" } }), "policy-malformed a");
    assert.equal(under({}, { a: { default: null } }), "policy-malformed a");
  });

  it("OS-03 however often a policy is repeated, the result is the same, and it lies within it", () => {
    const words = fc.subarray(["v", "w", "x", "y", "z"]);
    const operators = fc.record(
      { subset_of: words, superset_of: words, essential: fc.boolean() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(operators, operators, words, (above, below, a) => {
        const once = under({ a }, { a: above }, { a: below });
        assert.deepEqual(under({ a }, { a: above }, { a: below }, { a: below }), once);
        if (typeof once === "string") return;
        const { a: kept = [] } = once as { a?: string[] };
        for (const policy of [above, below]) {
          for (const word of kept) assert.ok(policy.subset_of?.includes(word) ?? true);
          for (const word of policy.superset_of ?? []) assert.ok(kept.includes(word));
        }
      }),
    );
  });
});
