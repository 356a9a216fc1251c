// SPDX-License-Identifier: EUPL-1.2
/** The list of identity providers: fetched daily, believed by a pinned certificate, the last good copy kept. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it, mock } from "node:test";
import { registryCopy, saveProvider } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { type Moment, moment } from "#kernel/dates.ts";
import {
  PINNED,
  pinnedCertificates,
  readFingerprint,
  readRegistry,
} from "../../src/integrations/saml/index.ts";
import { signXml } from "../../src/integrations/saml/signed-xml.ts";
import { ProviderDirectory } from "../../src/surfaces/public/federation/provider-directory.ts";
import { isWanted, refreshRegistry, type RegistrySource } from "../../src/worker/registry.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { IDENTITY_SPECS, identitySpecsMissing } from "../support/saml-provider.ts";
import { newSigner } from "../support/saml-samples.ts";
import { smallTown } from "../support/small-town.ts";

const START = moment("2026-11-20T08:00:00Z");
const agency = newSigner("Agenzia di prova", "https://registro.example");
const stranger = newSigner("Un altro", "https://altro.example");
const idp = newSigner("Gestore", "https://gestore.example");
const fingerprintOf = (pem: string): string =>
  readFingerprint(new X509Certificate(pem).fingerprint256)!;

function listOf(names: readonly string[], signer = agency, until = ""): string {
  const key = idp.certificatePem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  const entities = names.map(
    (name) =>
      `<md:EntityDescriptor entityID="https://${name}.example"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${key}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://${name}.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
  );
  const xml = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ID="_registro-0123456789"${until && ` validUntil="${until}"`}>${entities.join("")}</md:EntitiesDescriptor>`;
  return signXml(xml, signer);
}

const source: RegistrySource = {
  federation: "spid",
  url: "https://registro.example/idp.xml",
  fingerprints: [fingerprintOf(agency.certificatePem)],
};

describe("the registry of identity providers", () => {
  let base: TestDatabase;
  let now: Moment;
  let said: () => Promise<Response>;
  let asked: number;
  const app = () => ({ db: base.db, clock: { now: () => now } });
  const refresh = () =>
    refreshRegistry(app(), source, () => {
      asked += 1;
      return said();
    });
  const says = (text: string): void => {
    said = async () => new Response(text);
  };
  const copy = () => base.db.platform((tx) => registryCopy(tx, "spid"));

  before(async () => {
    base = await testDatabase();
  });
  after(() => base.close());
  beforeEach(() => {
    asked = 0;
  });

  it("OS-03 everybody who asks at once gets the list; after the end it names it is used no longer", async () => {
    now = START.subtract({ hours: 48 });
    says(listOf(["uno"], agency, "2026-11-20T00:00:00Z"));
    assert.equal((await refresh()).outcome, "fetched");
    const directory = new ProviderDirectory(base.db, { now: () => now });
    const count = async () => (await directory.all("spid")).length;
    assert.deepEqual(await Promise.all([count(), count(), count()]), [1, 1, 1]);
    now = START;
    const later = performance.now() + 120_000;
    const stopped = mock.method(performance, "now", () => later);
    try {
      assert.equal(await count(), 0, "no newer one has come");
    } finally {
      stopped.mock.restore();
    }
  });

  it("OS-03 is fetched, verified, and offers its providers", async () => {
    now = START;
    says(listOf(["uno", "due"]));
    assert.deepEqual(await refresh(), { outcome: "fetched", providers: 2 });
    const directory = new ProviderDirectory(base.db, { now: () => now });
    const ids = (await directory.all("spid")).map(({ entityId }) => entityId);
    assert.deepEqual(ids, ["https://uno.example", "https://due.example"]);
    assert.deepEqual(await directory.all("cie"), []);
  });

  it("OS-03 is asked for once a day", async () => {
    now = START.add({ hours: 23 });
    assert.deepEqual(await refresh(), { outcome: "not-due" });
    assert.equal(asked, 0);
    now = START.add({ hours: 24 });
    says(listOf(["uno"]));
    assert.deepEqual(await refresh(), { outcome: "fetched", providers: 1 });
  });

  it("OS-03 a list that is not believed, or does not come, leaves the last good one and is noted", async () => {
    now = START.add({ hours: 72 });
    const good = (await copy())?.document;
    const cases: [() => Promise<Response>, string][] = [
      [async () => new Response(listOf(["falso"], stranger)), "no-trusted-key"],
      [
        async () => new Response(listOf(["uno"]).replace("https://uno.", "https://falso.")),
        "signature-wrong",
      ],
      [async () => new Response("<html>"), "no-trusted-key"],
      [async () => new Response("", { status: 503 }), "HTTP 503"],
      [() => Promise.reject(new TypeError("fetch failed")), "network"],
      [async () => new Response(new Uint8Array(5 * 1024 * 1024)), "network"],
    ];
    for (const [answer, wanted] of cases) {
      now = now.add({ hours: 2 });
      said = answer;
      const result = await refresh();
      assert.equal(result.outcome, "failed", wanted);
      const kept = await copy();
      assert.equal(kept?.document, good);
      assert.notEqual(kept?.problem, "");
      if (result.outcome === "failed" && wanted !== "no-trusted-key")
        assert.equal(result.problem, wanted);
    }
    says(listOf(["tre"]));
    assert.deepEqual(await refresh(), { outcome: "not-due" }, "an hour after a failure");
    now = now.add({ hours: 1 });
    assert.equal((await refresh()).outcome, "fetched");
    assert.equal((await copy())?.problem, "");
  });

  it(
    "OS-03 the certificates that are pinned sign the two real lists",
    {
      skip: identitySpecsMissing,
    },
    () => {
      for (const federation of ["spid", "cie"] as const) {
        const path = `metadata-samples/idp-registry/${federation}-production-snapshot.xml`;
        const list = readFileSync(join(IDENTITY_SPECS, path), "utf8");
        const read = readRegistry(list, pinnedCertificates(list, PINNED[federation]), START);
        assert.equal(read.outcome, "read", federation);
      }
    },
  );

  it("OS-03 nobody is asked for a list that no town needs", async () => {
    const place = await smallTown(base.db);
    assert.equal(await isWanted(app(), "spid"), false);
    const settings = {
      ...{ entityId: "https://scuola.borgo.example", baseUrl: "https://scuola.borgo.example" },
      organization: { name: "Borgo", displayName: "Borgo", url: "https://www.borgo.example" },
      ...{ locality: "Borgo", contact: { email: "scuola@borgo.example" }, ipaCode: "c_f205" },
      level: 2,
    };
    const given = { actor: systemActor, protocol: "spid", settings, sealKey: "k" } as const;
    await place.town.write((tx) => saveProvider(tx, { ...given, now: START }));
    assert.equal(await isWanted(app(), "spid"), true);
    assert.equal(await isWanted(app(), "cie"), false);
  });

  it("OS-03 a fingerprint picks its certificate and no other", () => {
    const list = listOf(["uno"]);
    assert.equal(pinnedCertificates(list, source.fingerprints).length, 1);
    assert.deepEqual(pinnedCertificates(list, [fingerprintOf(stranger.certificatePem)]), []);
    assert.equal(readFingerprint("A6:74"), null);
  });
});
