// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { IDENTITY_SPECS, identitySpecsMissing } from "../../../tests/support/saml-provider.ts";
import { type AnomalyKind, describeAnomaly } from "./anomalies.ts";

/** The rules' own division: who is told, and what helps. */
const KINDS: readonly (readonly [AnomalyKind, readonly number[]])[] = [
  ["stays-on-provider", [2, 3, 4, 5, 6, 7, 10]],
  ["our-fault", [8, 9, 11, 12, 13, 14, 15, 16, 17, 18]],
  ["retry", [19, 21]],
  ["level", [20]],
  ["no-consent", [22]],
  ["blocked", [23]],
  ["cancelled", [25]],
  ["identity-type", [30]],
];
const known = KINDS.flatMap(([, codes]) => codes);

describe("OS-03 anomalies", () => {
  it("OS-03 each code is of one kind; numbers without a meaning are `other`", () => {
    for (const [kind, codes] of KINDS) {
      for (const code of codes)
        assert.equal(describeAnomaly(code, "spid").kind, kind, String(code));
    }
    for (const code of [null, 0, 1, 24, 26, 29, 31, 99, -1, Number.NaN]) {
      assert.equal(describeAnomaly(code, "spid").kind, "other", String(code));
    }
  });

  it("OS-03 what a person did has words of its own, in both languages; nobody is addressed", () => {
    const titles = [19, 20, 21, 22, 23, 25, 30, null].map((code) => describeAnomaly(code, "spid"));
    for (const language of ["it", "en"] as const) {
      assert.equal(new Set(titles.map(({ words }) => words[language].title)).size, titles.length);
    }
    for (const { words } of [...known, null].flatMap((code) => [
      describeAnomaly(code, "spid"),
      describeAnomaly(code, "cie"),
    ])) {
      assert.doesNotMatch(words.it.text, /\b(tu|tuo|tua|tuoi|Lei|Suo|Sua|riprova|vai)\b/);
      assert.doesNotMatch(`${words.it.text} ${words.en.text}`, /SAML|Issuer|nr\d/);
    }
  });

  it("OS-03 code 23 with CIE speaks of the card", () => {
    assert.match(describeAnomaly(23, "cie").words.it.title, /Carta/);
    assert.match(describeAnomaly(23, "spid").words.it.title, /Identità/);
  });

  it("OS-03 every code of the published table has an entry", { skip: identitySpecsMissing }, () => {
    const path = join(IDENTITY_SPECS, "rules/spid-error-codes.json");
    const { errors } = JSON.parse(readFileSync(path, "utf8")) as { errors: { code: number }[] };
    const published = errors.map(({ code }) => code).filter((code) => code !== 1 && code !== 24);
    assert.deepEqual(published.sort(), [...known].sort());
  });
});
