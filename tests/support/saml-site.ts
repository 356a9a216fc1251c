// SPDX-License-Identifier: EUPL-1.2
/** A town that joined SPID and CIE, two providers, and a browser that goes there and comes back. */
import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { putPeople } from "#families";
import { addProviderKey, enableProvider, type Federation, saveProvider } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { makeSigningKey } from "../../simulator/identity-provider/keys.ts";
import {
  answerTo,
  writeFailure,
  writeResponse,
} from "../../simulator/identity-provider/response.ts";
import { signResponse } from "../../simulator/identity-provider/sign.ts";
import type { IdentityProvider } from "../../src/integrations/saml/index.ts";
import { site } from "../../src/surfaces/site.ts";
import { ADA } from "./saml-provider.ts";
import { testSite, type TestSite } from "./site.ts";

export const NOW = moment("2026-11-20T08:00:00Z");
export const IDP = "https://identita.esempio.it";
export const BASE = "https://servizi.comune.esempio.it";
const FROM = moment("2026-01-01T00:00:00Z");
export const idpKey = makeSigningKey("Identità di esempio", FROM);
export const foreignKey = makeSigningKey("Qualcun altro", FROM);
export const otherKey = makeSigningKey("Altra identità", FROM);
const townKey = makeSigningKey("Comune di Esempio", FROM);

const provider: IdentityProvider = {
  entityId: IDP,
  organizationName: "Identità di esempio",
  displayName: "Identità di esempio",
  organizationUrl: null,
  logoUrl: null,
  singleSignOn: { redirect: `${IDP}/sso`, post: `${IDP}/sso` },
  singleLogout: {
    redirect: { url: `${IDP}/slo`, responseUrl: `${IDP}/slo` },
    post: null,
  },
  certificates: [idpKey.certificatePem],
  attributes: [],
  knowsAgeLimit: true,
};

/** On the same list, takes forms only: as good as the first, for whoever went there. */
export const otherProvider: IdentityProvider = {
  ...provider,
  entityId: "https://altra-identita.esempio.it",
  singleSignOn: { redirect: null, post: "https://altra-identita.esempio.it/sso" },
  certificates: [otherKey.certificatePem],
};
const PROVIDERS = [provider, otherProvider];

const settingsOf = (federation: Federation, level: number) => ({
  entityId: BASE,
  baseUrl: BASE,
  organization: { name: "Comune di Esempio", displayName: "Comune di Esempio", url: BASE },
  locality: "Esempio",
  contact: { email: "scuola@comune.esempio.it", phone: "+390612345678" },
  ipaCode: "c_h501",
  ...(federation === "cie" ? { seat: { belfioreCode: "H501", province: "RM" } } : {}),
  level,
});

export async function openSite(db: Database, secureCookies = false): Promise<TestSite> {
  const opened = await testSite(db, {
    ...{ routes: site.routes, demo: false, now: NOW, secureCookies },
    identityProviders: {
      all: () => Promise.resolve(PROVIDERS),
      byEntityId: (_federation, id) =>
        Promise.resolve(PROVIDERS.find(({ entityId }) => entityId === id)),
    },
  });
  const { sealKey } = opened.app;
  await opened.place.town.write(async (tx) => {
    for (const protocol of ["spid", "cie"] as const) {
      const given = { actor: systemActor, protocol, sealKey, now: NOW };
      const settings = settingsOf(protocol, protocol === "spid" ? 2 : 3);
      const saved = await saveProvider(tx, { ...given, settings });
      assert.equal(saved.outcome, "saved");
      await enableProvider(tx, { ...given, version: 1 });
      const key = { publicPart: townKey.certificatePem, privatePart: townKey.privateKeyPem };
      await addProviderKey(tx, { ...given, ...key, use: "sign", notAfter: null });
    }
    const id = opened.place.sara.personId!;
    const codiceFiscale = ADA.fiscalNumber.slice(6);
    await putPeople(
      tx,
      [{ id, kind: "adult", givenName: "Ada", surname: "Rossi", codiceFiscale }],
      NOW,
    );
  });
  return opened;
}

export interface Departure {
  requestId: string;
  relayState: string;
  cookie: string;
  xml: string;
}

export async function depart(
  at: TestSite,
  federation: Federation = "spid",
  poi = "",
  session = "",
): Promise<Departure> {
  const path = `/${federation}/entra?idp=${encodeURIComponent(IDP)}${poi && `&poi=${encodeURIComponent(poi)}`}`;
  const away = await at.get(path, undefined, session ? { cookie: session } : {});
  assert.equal(away.statusCode, 302, "302: AgID's suite knows no other way to a provider");
  const url = new URL(String(away.headers.location));
  assert.equal(url.origin + url.pathname, `${IDP}/sso`);
  const packed = Buffer.from(url.searchParams.get("SAMLRequest")!, "base64");
  const xml = inflateRawSync(packed).toString();
  return {
    requestId: /ID="([^"]+)"/.exec(xml)![1]!,
    relayState: url.searchParams.get("RelayState")!,
    cookie: String(away.headers["set-cookie"]).split(";")[0]!,
    xml,
  };
}

/** How many answers were given: the ids of each end with it. */
export const given = { count: 0 };
export function respond(
  of: Departure,
  options: {
    federation?: Federation;
    person?: Record<string, string>;
    key?: typeof idpKey;
    failure?: { code: number; status: string; subStatus: string | null };
    entityId?: string;
    from?: string;
  } = {},
): string {
  given.count += 1;
  const federation = options.federation ?? "spid";
  const answer = answerTo(
    {
      requestId: of.requestId,
      acsUrl: `${BASE}/${federation}/acs`,
      spEntityId: options.entityId ?? BASE,
      level: federation === "cie" ? 3 : 2,
      protocol: federation,
    },
    { entityId: options.from ?? IDP, at: NOW, unique: String(given.count) },
    options.person ?? ADA,
  );
  const key = options.key ?? idpKey;
  const signed = options.failure
    ? signResponse(writeFailure(answer, options.failure), { response: key, assertion: null })
    : signResponse(writeResponse(answer), { response: key, assertion: key });
  return Buffer.from(signed).toString("base64");
}

/** As the provider's site sends it: another origin, no token of ours. */
export const bring = (
  at: TestSite,
  of: Departure,
  SAMLResponse: string,
  federation: Federation = "spid",
  cookie = of.cookie,
) =>
  at.post(`/${federation}/acs`, { SAMLResponse, RelayState: of.relayState, csrf: "" }, undefined, {
    cookie,
    origin: IDP,
    "sec-fetch-site": "cross-site",
  });

export const sessionOf = (response: { headers: Record<string, unknown> }): string | undefined =>
  [response.headers["set-cookie"]]
    .flat()
    .map(String)
    .find((one) => /^campanella_[a-z0-9-]+=[^;]/.test(one))
    ?.split(";")[0];

export const cookieNamed = (
  response: { headers: Record<string, unknown> },
  ending: string,
): string =>
  [response.headers["set-cookie"]]
    .flat()
    .map(String)
    .find((one) => one.split("=")[0]!.endsWith(ending))!
    .split(";")[0]!;
