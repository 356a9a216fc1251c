// SPDX-License-Identifier: EUPL-1.2
/** What the operator says about lists of providers, and providers that no list has. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { EnvironmentError, readEnvironment } from "../../src/environment.ts";
import { PINNED } from "../../src/integrations/saml/index.ts";
import { ExtraProviders } from "../../src/worker/registry-extras.ts";
import { makeSigningKey } from "../../simulator/identity-provider/keys.ts";
import { providerMetadata } from "../../simulator/identity-provider/saml/metadata.ts";

const NOW = moment("2026-11-20T08:00:00Z");
const read = (variables: Record<string, string>) => readEnvironment(variables, "/srv");

describe("the environment of SPID and CIE", () => {
  it("OS-03 the official lists with their certificates, unless others are named", () => {
    const usual = read({}).registries;
    assert.deepEqual(
      usual.map(({ federation, fingerprints }) => [federation, fingerprints]),
      [
        ["spid", PINNED.spid],
        ["cie", PINNED.cie],
      ],
    );
    const colons = PINNED.spid[0].toUpperCase().replaceAll(/(..)(?=.)/g, "$1:");
    const [spid] = read({
      CAMPANELLA_SPID_REGISTRY: "https://registro.example/idp.xml",
      CAMPANELLA_SPID_REGISTRY_SHA256: `${colons}, ${"0".repeat(64)}`,
    }).registries;
    assert.equal(spid?.url, "https://registro.example/idp.xml");
    assert.deepEqual(spid?.fingerprints, [PINNED.spid[0], "0".repeat(64)]);
    assert.throws(() => read({ CAMPANELLA_CIE_REGISTRY_SHA256: "a674" }), EnvironmentError);
    assert.throws(() => read({ CAMPANELLA_CIE_REGISTRY: "http://x.example" }), EnvironmentError);
  });

  it("OS-03 providers of a suite are named by file, and are marked as such", () => {
    const named = read({ CAMPANELLA_EXTRA_IDP_METADATA: "idp.xml, cie:/srv/suite/cie.xml" });
    assert.deepEqual(named.extraIdpMetadata, [
      { federation: "spid", file: "/srv/idp.xml" },
      { federation: "cie", file: "/srv/suite/cie.xml" },
    ]);
    assert.deepEqual(read({}).extraIdpMetadata, []);
    assert.throws(() => read({ CAMPANELLA_EXTRA_IDP_METADATA: "altro:x.xml" }), EnvironmentError);

    const key = makeSigningKey("Prova", NOW);
    const xml = providerMetadata("http://localhost:8443", "spid", key);
    const suite = new ExtraProviders([{ federation: "spid", xml, isForTests: true }], NOW);
    assert.deepEqual(
      suite.of("spid").map(({ displayName }) => displayName),
      ["Prova: Provider di prova"],
    );
    assert.deepEqual(suite.of("cie"), []);
    assert.throws(() => new ExtraProviders([{ federation: "spid", xml: "<x/>" }], NOW), /spid/);
  });
});
