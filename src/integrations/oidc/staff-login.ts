// SPDX-License-Identifier: EUPL-1.2
/**
 * Staff who sign in with their municipality's own provider: plain OpenID Connect (discovery, code, PKCE) by `openid-client`.
 * Refusals as in ../oidc-federation: one reason each, nothing thrown for what others do.
 */
import * as client from "openid-client";
import { systemClock } from "#kernel/clock.ts";
import type { Moment } from "#kernel/dates.ts";
import { isEmail } from "#kernel/email.ts";
import { readAddress } from "../oidc-federation/addresses.ts";
import { checkSecrets, codeChallengeOf } from "../oidc-federation/authorization-request.ts";
import { type CallFault, callOutside, type Outside } from "../oidc-federation/call-outside.ts";
import {
  type Anomaly,
  anomalyOf,
  type CallbackFault,
  readParameters,
} from "../oidc-federation/callback.ts";
import { type Refusal, refused } from "../oidc-federation/refusal.ts";
import { isFuture } from "../oidc-federation/signed-token.ts";

/** What the municipality's administrator enters. */
export interface StaffProviderSettings {
  /** as the provider names itself: `https://login.example/realms/comune` */
  readonly issuer: string;
  readonly clientId: string;
  /** kept sealed */
  readonly clientSecret: string;
  /** the claim that holds the address; default `email` */
  readonly emailClaim?: string | undefined;
  /** which `acr` to ask for */
  readonly acrValue?: string | undefined;
}

/** What discovery found; JSON, to be kept for a while. */
export type StaffProviderMetadata = client.ServerMetadata;

/** Stored until the answer comes, once. */
export interface PendingStaffLogin {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface StaffIdentity {
  readonly outcome: "accepted";
  readonly issuer: string;
  /** means this person at this provider, for good: accounts are tied to issuer and subject, never to the address */
  readonly subject: string;
  readonly email: string | null;
  /** whether the provider says it has checked the address; `null`: it does not say */
  readonly emailVerified: boolean | null;
  readonly name: string | null;
  /** how the person signed in there, as far as the provider says (RFC 8176) */
  readonly methods: readonly string[];
  readonly contextClass: string | null;
}

export type StaffFault =
  | CallFault
  | CallbackFault
  | "discovery"
  | "provider-unable"
  | "token-refused"
  | "token-response"
  | "audience"
  | "authorized-party"
  | "nonce"
  | "not-yet-valid"
  | "expired"
  | "unknown-key";

/** No symmetric algorithm, and not `none`, whatever a provider offers. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
];

/** Asks a provider for its addresses. It must call itself exactly what the administrator entered. */
export async function discoverStaffProvider(
  settings: StaffProviderSettings,
  outside: Outside,
): Promise<{ outcome: "discovered"; metadata: StaffProviderMetadata } | Refusal<StaffFault>> {
  const issuer = readAddress(settings.issuer, outside.allowLoopbackHttp ?? false);
  if (!issuer) return refused("address", settings.issuer.slice(0, 200));
  const line = boundedFetch(outside);
  let metadata: StaffProviderMetadata;
  try {
    const found = await client.discovery(issuer, settings.clientId, undefined, undefined, {
      [client.customFetch]: line.fetch,
      ...(outside.allowLoopbackHttp ? { execute: [client.allowInsecureRequests] } : {}),
    });
    metadata = plainMetadata(found);
  } catch (error) {
    return line.fault() ?? faultOf(error, "discovery");
  }
  if (metadata.issuer !== settings.issuer) return refused("issuer", metadata.issuer);
  const unable = missing(metadata, outside.allowLoopbackHttp ?? false);
  return unable ? refused("provider-unable", unable) : { outcome: "discovered", metadata };
}

const plainMetadata = (found: client.Configuration): StaffProviderMetadata =>
  JSON.parse(JSON.stringify(found.serverMetadata())) as StaffProviderMetadata;

function missing(metadata: StaffProviderMetadata, allowLoopbackHttp: boolean): string | null {
  // Browsers are sent there: an address of another kind is none.
  if (!readAddress(metadata.authorization_endpoint, allowLoopbackHttp))
    return "authorization_endpoint";
  if (!metadata.token_endpoint) return "token_endpoint";
  if (!metadata.jwks_uri) return "jwks_uri";
  const methods = metadata.code_challenge_methods_supported;
  if (methods && !methods.includes("S256")) return "code_challenge_methods";
  return algorithmsOf(metadata).length === 0 ? "id_token_signing_alg_values" : null;
}

const algorithmsOf = (metadata: StaffProviderMetadata): string[] =>
  (metadata.id_token_signing_alg_values_supported ?? ["RS256"]).filter((one) =>
    ALGORITHMS.includes(one),
  );

/**
 * The address to send the browser to.
 * @throws RangeError for secrets that are short or the same twice
 */
export function staffAuthorizationUrl(
  settings: StaffProviderSettings,
  metadata: StaffProviderMetadata,
  pending: PendingStaffLogin,
): string {
  const secrets = [pending.state, pending.nonce, pending.codeVerifier];
  checkSecrets(secrets);
  const url = new URL(metadata.authorization_endpoint ?? "");
  const parameters = {
    response_type: "code",
    client_id: settings.clientId,
    redirect_uri: pending.redirectUri,
    scope: "openid profile email",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: codeChallengeOf(pending.codeVerifier),
    code_challenge_method: "S256",
    ...(settings.acrValue === undefined ? {} : { acr_values: settings.acrValue }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

export interface StaffAnswer {
  readonly settings: StaffProviderSettings;
  readonly metadata: StaffProviderMetadata;
  /** taken from its store before: once */
  readonly pending: PendingStaffLogin;
  /** parameters as the server read them */
  readonly query: unknown;
  readonly now: Moment;
  readonly outside: Outside;
}

/** From the browser's way back to the person: code, token, ID token (signature, too). */
export async function finishStaffLogin(
  answer: StaffAnswer,
): Promise<StaffIdentity | Anomaly | Refusal<StaffFault>> {
  const { metadata, pending, outside, settings } = answer;
  const parameters = readParameters(answer.query);
  if (!parameters) return refused("callback-malformed");
  if (parameters.get("state") !== pending.state) return refused("state");
  const issuer = parameters.get("iss");
  if (issuer !== undefined && issuer !== settings.issuer) return refused("issuer");
  const error = parameters.get("error");
  if (error !== undefined) return anomalyOf(error);
  const needsIssuer = metadata.authorization_response_iss_parameter_supported === true;
  if (needsIssuer && issuer === undefined) return refused("issuer-missing");
  if (!parameters.get("code")) return refused("callback-empty");
  const url = new URL(pending.redirectUri);
  for (const name of ["code", "state", "iss"] as const) {
    const value = parameters.get(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const line = boundedFetch(outside);
  try {
    const tokens = await client.authorizationCodeGrant(configurationOf(answer, line.fetch), url, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.codeVerifier,
      idTokenExpected: true,
    });
    return identityOf(tokens.claims(), answer);
  } catch (fault) {
    return line.fault() ?? faultOf(fault, "token-response");
  }
}

/** The library asks the machine for the time; the difference to `now` makes its clock ours. */
function configurationOf(
  { settings, metadata, now, outside }: StaffAnswer,
  fetch: client.CustomFetch,
): client.Configuration {
  const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const configuration = new client.Configuration(
    { ...metadata, id_token_signing_alg_values_supported: algorithmsOf(metadata) },
    settings.clientId,
    {
      client_secret: settings.clientSecret,
      [client.clockSkew]: Math.round(
        (now.epochMilliseconds - systemClock.now().epochMilliseconds) / 1000,
      ),
      [client.clockTolerance]: 30,
    },
    methods.includes("client_secret_post")
      ? client.ClientSecretPost(settings.clientSecret)
      : client.ClientSecretBasic(settings.clientSecret),
  );
  configuration[client.customFetch] = fetch;
  // Signatures are checked although the token came over TLS: what is not signed is not believed.
  client.enableNonRepudiationChecks(configuration);
  if (outside.allowLoopbackHttp) client.allowInsecureRequests(configuration);
  return configuration;
}

function identityOf(
  claims: client.IDToken | undefined,
  { now, settings }: StaffAnswer,
): StaffIdentity | Refusal<StaffFault> {
  if (!claims) return refused("token-response", "id_token");
  // The library looks at `exp` and `nbf` only, and at `azp` only beside several audiences.
  if (claims.azp !== undefined && claims.azp !== settings.clientId)
    return refused("authorized-party");
  if (isFuture(claims.iat, now)) return refused("not-yet-valid");
  const { iss, sub, name, amr, acr } = claims;
  // OpenID Connect Core, 2: at most 255 ASCII characters.
  if (!SUBJECT.test(sub)) return refused("token-response", "sub");
  const called = typeof name === "string" && !/[\p{Cc}\p{Cf}]/u.test(name) ? name.trim() : "";
  return {
    outcome: "accepted",
    issuer: iss,
    subject: sub,
    ...addressOf(claims, settings.emailClaim ?? "email"),
    name: called === "" || called.length > 300 ? null : called,
    methods: Array.isArray(amr) ? amr.filter((one) => typeof one === "string") : [],
    contextClass: typeof acr === "string" ? acr : null,
  };
}

const SUBJECT = /^[\x20-\x7e]{1,255}$/;

/** What `email_verified` says is about `email`; another claim that holds the same address is as good. */
function addressOf(
  claims: client.IDToken,
  claim: string,
): Pick<StaffIdentity, "email" | "emailVerified"> {
  const given = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (typeof given !== "string" || !isEmail(given)) return { email: null, emailVerified: null };
  const { email, email_verified: said } = claims;
  const isAbout = typeof email === "string" && email.toLowerCase() === given.toLowerCase();
  // Some write it as text: a "no" counts however it is written, a "yes" only as the standard has it.
  const isVerified = said === true ? true : said === false || said === "false" ? false : null;
  return { email: given, emailVerified: isAbout ? isVerified : null };
}

/** The library's calls by our own line; why one failed is remembered, for the library only says that it did. */
function boundedFetch(outside: Outside): {
  fetch: client.CustomFetch;
  fault(): Refusal<CallFault> | null;
} {
  let failed: Refusal<CallFault> | null = null;
  return {
    fault: () => failed,
    fetch: async (url, options) => {
      const { authorization, accept = "application/json" } = options.headers;
      const form = options.body instanceof URLSearchParams ? options.body : undefined;
      const answer = await callOutside(outside, url, {
        method: options.method === "POST" ? "POST" : "GET",
        accept,
        ...(authorization === undefined ? {} : { authorization }),
        ...(form ? { form } : {}),
      });
      if (answer.outcome === "refused") {
        failed = answer;
        throw new TypeError(answer.reason);
      }
      return new Response([204, 205, 304].includes(answer.status) ? null : answer.text, {
        status: answer.status,
        headers: { "content-type": answer.contentType },
      });
    },
  };
}

const CLAIM_FAULTS: Readonly<Record<string, StaffFault>> = {
  iss: "issuer",
  aud: "audience",
  azp: "authorized-party",
  nonce: "nonce",
  exp: "expired",
  iat: "not-yet-valid",
  nbf: "not-yet-valid",
};

/** The library's errors as reasons: by its codes and the claim it names, never by its texts. */
function faultOf(error: unknown, otherwise: StaffFault): Refusal<StaffFault> {
  if (error instanceof client.ResponseBodyError)
    return refused("token-refused", `${error.status} ${error.error}`.slice(0, 80));
  const { code = "", cause } = error as { code?: string; cause?: unknown };
  const claim = claimIn(cause);
  const known = Object.hasOwn(CLAIM_FAULTS, claim) ? CLAIM_FAULTS[claim] : undefined;
  if (/CLAIM_COMPARISON|TIMESTAMP/.test(code) && known) return refused(known);
  if (code === "OAUTH_KEY_SELECTION_FAILED") return refused("unknown-key");
  return refused(otherwise, code);
}

function claimIn(cause: unknown): string {
  for (let at = cause, depth = 0; typeof at === "object" && at !== null && depth < 4; depth += 1) {
    const { claim } = at as { claim?: unknown };
    if (typeof claim === "string") return claim;
    at = (at as { cause?: unknown }).cause;
  }
  return "";
}
