// SPDX-License-Identifier: EUPL-1.2
/** The way out to the provider: a signed request, and what has to be remembered until the answer (authorization_endpoint). */
import { createHash } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";
import { acrOf, type Level, type Provider } from "./provider.ts";
import type { RelyingParty } from "./relying-party.ts";
import { secondsOf, signToken } from "./signed-token.ts";

/** Stored with the browser's session until the answer comes, once. */
export interface PendingLogin {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** asked for, at least */
  readonly level: Level;
  readonly issuedAt: Moment;
}

export interface LoginRequest {
  readonly relyingParty: RelyingParty;
  readonly provider: Provider;
  readonly redirectUri: string;
  readonly level: Level;
  /** each of its own chance: letters and digits, 43 to 128 of them */
  readonly secrets: {
    readonly state: string;
    readonly nonce: string;
    readonly codeVerifier: string;
  };
  readonly language?: "it" | "en";
  readonly now: Moment;
}

/** A browser that dawdles on the way does no harm; a request that somebody finds later does nothing. */
const VALID_SECONDS = 300;
const SECRET = /^[A-Za-z0-9]{43,128}$/;
export const FISCAL_NUMBER = "https://attributes.eid.gov.it/fiscal_number";

/**
 * Only what is needed to know who it is, from the userinfo endpoint (attributi_utente). Not as `scope=profile email`: the ID
 * token would carry it, too.
 */
const CLAIMS = {
  userinfo: {
    given_name: { essential: true },
    family_name: { essential: true },
    birthdate: { essential: true },
    [FISCAL_NUMBER]: { essential: true },
    email: null,
  },
};

/**
 * The address to send the browser to (GET), the request object for the journal, and what to remember.
 * Above level 1 the person proves who it is again (`consent login`): a browser at school is used by many.
 * @throws RangeError for an address that is not registered, or secrets too short (authorization_endpoint asks for 32 signs,
 * RFC 7636 for 43)
 */
export async function authorizationRequest(
  of: LoginRequest,
): Promise<{ url: string; requestObject: string; pending: PendingLogin }> {
  const { relyingParty, provider, redirectUri, secrets, level, now } = of;
  if (!relyingParty.redirectUris.includes(redirectUri))
    throw new RangeError("redirect_uri is not one of the registered");
  const { state, nonce, codeVerifier } = secrets;
  checkSecrets([state, nonce, codeVerifier]);
  const issued = secondsOf(now);
  const both = {
    scope: "openid",
    client_id: relyingParty.entityId,
    response_type: "code",
    code_challenge: codeChallengeOf(codeVerifier),
    code_challenge_method: "S256",
  };
  const requestObject = await signToken(
    {
      ...both,
      iss: relyingParty.entityId,
      aud: provider.issuer,
      iat: issued,
      exp: issued + VALID_SECONDS,
      redirect_uri: redirectUri,
      acr_values: acrOf(level),
      claims: CLAIMS,
      prompt: level === 1 ? "consent" : "consent login",
      ui_locales: of.language ?? "it",
      state,
      nonce,
    },
    relyingParty.keys.core,
  );
  const url = new URL(provider.authorizationEndpoint);
  for (const [name, value] of Object.entries({ ...both, request: requestObject }))
    url.searchParams.set(name, value);
  const { issuer } = provider;
  const pending = { issuer, redirectUri, state, nonce, codeVerifier, level, issuedAt: now };
  return { url: url.href, requestObject, pending };
}

/** @throws RangeError for secrets that are short, not of letters and digits, or the same twice */
export function checkSecrets(secrets: readonly string[]): void {
  if (!secrets.every((secret) => SECRET.test(secret)) || new Set(secrets).size < secrets.length)
    throw new RangeError("state, nonce and verifier: each its own, 43 to 128 letters and digits");
}

/** RFC 7636, S256. */
export const codeChallengeOf = (codeVerifier: string): string =>
  createHash("sha256").update(codeVerifier).digest("base64url");
