// SPDX-License-Identifier: EUPL-1.2
/** What the sign-in page offers: what the town's rules admit, as far as it has joined. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  disableProvider,
  enableProvider,
  type Federation,
  saveProvider,
  suggestProviderSettings,
} from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import type { IdentityProvider } from "../../src/integrations/saml/index.ts";
import { site } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { testSite, type TestSite, TOWN_SETTINGS } from "../support/site.ts";

const NOW = moment("2026-11-20T08:00:00Z");
const BASE = "https://scuola.borgo.example";

const named = (name: string): IdentityProvider => ({
  entityId: `https://${name}.example`,
  organizationName: `${name} S.p.A.`,
  displayName: name === "senzanome" ? null : `<${name}>`,
  organizationUrl: null,
  logoUrl: `https://${name}.example/logo.svg`,
  singleSignOn: { redirect: `https://${name}.example/sso`, post: null },
  singleLogout: { redirect: null, post: null },
  certificates: [],
  attributes: [],
  knowsAgeLimit: true,
});
const PROVIDERS: Record<Federation, IdentityProvider[]> = {
  spid: ["uno", "due", "tre", "quattro", "senzanome"].map(named),
  cie: [named("cie")],
  eidas: [named("eidas")],
};

describe("the doors of the sign-in page", () => {
  let base: TestDatabase;
  let at: TestSite;
  before(async () => {
    base = await testDatabase();
    at = await testSite(base.db, {
      ...{ routes: site.routes, demo: false, now: NOW },
      identityProviders: {
        all: async (federation) => PROVIDERS[federation],
        byEntityId: async () => undefined,
      },
    });
  });
  after(async () => {
    await at.close();
    await base.close();
  });
  beforeEach(() =>
    at.place.town.write(async (tx) => {
      for (const protocol of ["spid", "cie", "eidas", "cie-oidc"] as const)
        await disableProvider(tx, { actor: systemActor, protocol, now: NOW });
    }),
  );

  const by = { actor: systemActor, now: NOW, sealKey: "seal" };
  const join = (protocol: Federation) =>
    at.place.town.write(async (tx) => {
      const { town, office } = TOWN_SETTINGS;
      const settings = suggestProviderSettings(protocol, {
        baseUrl: BASE,
        town: { ...town, fiscalCode: "01234567897" },
        office,
      });
      const saved = await saveProvider(tx, { ...by, protocol, settings });
      if (saved.outcome === "wrong") throw new Error(JSON.stringify(saved));
      await enableProvider(tx, { ...by, protocol, version: saved.version });
    });
  const page = async (query = ""): Promise<string> => (await at.get(`/accedi${query}`)).body;
  const linksOf = (body: string): string[] =>
    [...body.matchAll(/href="([^"]*\/entra[^"]*)"/g)].map(([, href = ""]) =>
      href.replaceAll("&amp;", "&"),
    );

  it("OS-03 nothing joined yet: said in words, no dead button", async () => {
    const body = await page();
    assert.match(body, /SPID e CIE: non ancora attivo/);
    assert.deepEqual(linksOf(body), []);
  });

  it("OS-03 OS-17 one joined, the other announced", async () => {
    await join("cie");
    const body = await page();
    assert.match(body, /Entra con CIE/);
    assert.match(body, /SPID: non ancora attivo/);
    assert.doesNotMatch(body, /Entra con SPID/);
  });

  it("OS-03 providers by name, in an order that changes, at the registered address", async () => {
    await join("spid");
    await join("cie");
    const firsts = new Set<string>();
    for (let index = 0; index < 40 && firsts.size < 2; index += 1)
      firsts.add(linksOf(await page())[0] ?? "");
    assert.ok(firsts.size > 1);
    const body = await page("?poi=%2Fpagamenti");
    const links = linksOf(body);
    assert.equal(links.length, 6);
    for (const link of links) {
      assert.ok(link.startsWith(`${BASE}/spid/entra?`) || link.startsWith(`${BASE}/cie/entra?`));
      assert.equal(new URL(link).searchParams.get("poi"), "/pagamenti");
    }
    assert.match(body, /&lt;uno&gt;/);
    assert.match(body, /senzanome S\.p\.A\./);
    assert.doesNotMatch(body, /logo\.svg/);
  });

  it("OS-03 eIDAS stands beside SPID, and alone does not open SPID", async () => {
    await join("eidas");
    const body = await page();
    assert.match(body, /Login with eIDAS/);
    assert.match(body, /SPID e CIE: non ancora attivo/);
  });

  it("BO-13 CIE by OpenID Connect where SAML is not joined", async () => {
    await at.place.town.write(async (tx) => {
      const settings = {
        ...{ entityId: `${BASE}/oidc/cie`, baseUrl: BASE, organizationName: "Borgo" },
        ...{ contact: "scuola@borgo.example", provider: "https://cie.example", level: 3 },
        ...{ trustAnchor: "https://ancora.example", authorityHints: ["https://ancora.example"] },
        trustAnchorKeys: { keys: [{ kty: "RSA" }] },
      };
      const saved = await saveProvider(tx, { ...by, protocol: "cie-oidc", settings });
      if (saved.outcome === "wrong") throw new Error(JSON.stringify(saved));
      await enableProvider(tx, { ...by, protocol: "cie-oidc", version: saved.version });
    });
    assert.deepEqual(linksOf(await page()), [`${BASE}/oidc/cie/entra`]);
    await join("cie");
    assert.match(linksOf(await page())[0] ?? "", /\/cie\/entra\?idp=/);
  });
});
