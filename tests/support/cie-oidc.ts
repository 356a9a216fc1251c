// SPDX-License-Identifier: EUPL-1.2
/** A town that is a relying party of the simulated federation, and the way of one login through it. */
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { type Moment, moment } from "#kernel/dates.ts";
import {
  authorizationRequest,
  type Caller,
  completeLogin,
  configurationUrl,
  CONFIGURATION_CONTENT_TYPE,
  entityConfiguration,
  judgeCallback,
  type Level,
  newOwnKey,
  type Outside,
  type OwnKeys,
  type Provider,
  readKeySet,
  readProvider,
  type RelyingParty,
  resolveTrustChain,
  type TrustAnchor,
} from "../../src/integrations/oidc-federation/index.ts";
import {
  type OidcSimulator,
  startOidcSimulator,
} from "../../simulator/identity-provider/oidc/server.ts";
import type { Claims, Jwks } from "../../simulator/identity-provider/oidc/tokens.ts";
import type { TokenKind, Twist } from "../../simulator/identity-provider/oidc/twist.ts";

export const NOON = moment("2026-11-20T12:00:00Z");

export const ANNA = {
  fiscalNumber: "RSSNNA84E52H501D",
  name: "Anna",
  familyName: "Rossi",
  dateOfBirth: "1984-05-12",
  email: "anna.rossi@example.org",
};
export const BRUNO = {
  fiscalNumber: "BNCBRN80A01F205F",
  name: "Bruno",
  familyName: "Bianchi",
  dateOfBirth: "1980-01-01",
};

/** Making keys costs more than a test: one set for all towns of a file. */
export const ownKeys: OwnKeys = {
  federation: [await newOwnKey("sig", "current", 2048)],
  core: [await newOwnKey("sig", "current", 2048), await newOwnKey("enc", "current", 2048)],
};

export const ENTITY_ID = "https://mensa.comune.example/cie";
export const REDIRECT_URI = "https://mensa.comune.example/cie/oidc/callback";

export function partyOf(changes: Partial<RelyingParty> = {}): RelyingParty {
  return {
    entityId: ENTITY_ID,
    redirectUris: [REDIRECT_URI],
    keys: ownKeys,
    authorityHints: ["https://registry.example"],
    trustMarks: [],
    organization: {
      name: "Comune di Prova",
      homepageUrl: "https://comune.example",
      policyUrl: "https://comune.example/privacy",
      logoUrl: "https://comune.example/logo.svg",
      contacts: ["protocollo@pec.comune.example"],
    },
    resolveUrl: `${ENTITY_ID}/resolve`,
    ...changes,
  };
}

export const secret = (): string => randomBytes(32).toString("hex");
export const secrets = () => ({ state: secret(), nonce: secret(), codeVerifier: secret() });

export interface CieTown {
  readonly simulator: OidcSimulator;
  readonly outside: Outside;
  readonly anchor: TrustAnchor;
  party: RelyingParty;
  now: Moment;
  provider(): Promise<Provider>;
  caller(provider: Provider): Caller;
  /** the browser's way: request, choice at the provider; its way back as parameters */
  goThere(options?: { level?: Level; person?: number; error?: string }): Promise<Away>;
  /** the whole way; `result` of `completeLogin` */
  login(options?: { level?: Level; person?: number }): ReturnType<typeof completeLogin>;
  close(): Promise<void>;
}

export type Away = Awaited<ReturnType<typeof authorizationRequest>> & {
  readonly parameters: URLSearchParams;
  readonly provider: Provider;
};

/** The browser at the provider: the page, the choice, the way back. */
export async function chooseAt(
  url: string,
  choice: { person: number } | { error: string },
): Promise<URL> {
  const page = await fetch(url);
  const body = await page.text();
  const links = [...body.matchAll(/href="(\?ticket=[^"]*)"/g)].map(([, href]) => href ?? "");
  const wanted = "error" in choice ? `error=${choice.error}` : `person=${choice.person}`;
  const link = links
    .map((href) => href.replaceAll("&amp;", "&"))
    .find((href) => href.endsWith(wanted));
  assert.ok(link, `${page.status} ${body}`);
  const back = await fetch(new URL(link, url), { redirect: "manual" });
  assert.equal(back.status, 303);
  return new URL(back.headers.get("location") ?? "");
}

export function pinned(jwks: Jwks): TrustAnchor["keys"] {
  const keys = readKeySet(jwks);
  assert.ok(keys);
  return keys;
}

/** A simulator, and a town that it has taken in. */
export async function cieTown(): Promise<CieTown> {
  const town = { now: NOON, party: partyOf() } as CieTown;
  const simulator = await startOidcSimulator({
    now: () => town.now,
    people: [ANNA, BRUNO],
    fetch: async (url) => {
      assert.equal(url.href, configurationUrl(town.party.entityId));
      return new Response(await entityConfiguration(town.party, town.now), {
        headers: { "content-type": CONFIGURATION_CONTENT_TYPE },
      });
    },
  });
  const outside: Outside = {
    fetch: async (url, init) => fetch(url, init),
    allowLoopbackHttp: true,
  };
  const { entityId, jwks } = simulator.anchor;
  const anchor = { entityId, keys: pinned(jwks) };
  town.party = partyOf({ authorityHints: [entityId] });
  Object.assign(town, {
    simulator,
    outside,
    anchor,
    provider: async () => {
      const trusted = await resolveTrustChain({
        subject: simulator.provider.id,
        entityType: "openid_provider",
        anchor,
        trustMark: "required",
        now: town.now,
        outside,
      });
      assert.equal(trusted.outcome, "trusted", JSON.stringify(trusted));
      const read = readProvider(trusted, { now: town.now, allowLoopbackHttp: true });
      assert.equal(read.outcome, "provider", JSON.stringify(read));
      return read.provider;
    },
    caller: (provider) => ({
      relyingParty: town.party,
      provider,
      outside,
      now: town.now,
      jti: randomUUID(),
    }),
    goThere: async ({ level = 2, person = 0, error } = {}) => {
      const provider = await town.provider();
      const { party: relyingParty, now } = town;
      const asked = await authorizationRequest({
        relyingParty,
        provider,
        redirectUri: REDIRECT_URI,
        level,
        secrets: secrets(),
        now,
      });
      const location = await chooseAt(asked.url, error === undefined ? { person } : { error });
      assert.equal(location.origin + location.pathname, REDIRECT_URI);
      return { ...asked, provider, parameters: location.searchParams };
    },
    login: async (options = {}) => {
      const { pending, parameters, provider } = await town.goThere(options);
      const judged = judgeCallback(Object.fromEntries(parameters), pending);
      assert.equal(judged.outcome, "code", JSON.stringify(judged));
      return completeLogin(town.caller(provider), judged.code, pending);
    },
    close: async () => simulator.close(),
  } satisfies Omit<CieTown, "now" | "party">);
  const of = { jwks: await publicFederationKeys(town), role: "openid_relying_party" } as const;
  const mark = await simulator.federation.onboard(ENTITY_ID, of);
  town.party = { ...town.party, trustMarks: [{ id: mark.id, trustMark: mark.token }] };
  return town;
}

/** As an administrator of the federation would read them from what the town publishes. */
async function publicFederationKeys({ party, now }: CieTown): Promise<Jwks> {
  const token = await entityConfiguration(party, now);
  return partOf(token, 1)["jwks"] as Jwks;
}

/** A part of a compact token. */
export const tokenPart = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

/** Header (0) or claims (1) of a token, unverified. */
export const partOf = (token: string, index: 0 | 1): Claims =>
  JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString()) as Claims;

export const without =
  (name: string) =>
  (claims: Claims): Claims =>
    Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

/** How a login ends in which things go as `twist` has them: the reason, or `accepted`. */
export async function endWith(town: CieTown, twist: Twist): Promise<string> {
  town.simulator.federation.twist = twist;
  const { result } = await town.login();
  return result.outcome === "refused" ? result.reason : result.outcome;
}

/** … in which one kind of token carries other claims. */
export const endWithClaims = async (
  town: CieTown,
  kind: TokenKind,
  change: (claims: Claims) => Claims,
): Promise<string> =>
  endWith(town, { claims: (what, claims) => (what === kind ? change(claims) : claims) });
