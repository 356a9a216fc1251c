// SPDX-License-Identifier: EUPL-1.2
/** Calls in which we prove who we are by `private_key_jwt` (token_endpoint, revocation_endpoint). */
import type { Moment } from "#kernel/dates.ts";
import type { PendingLogin } from "./authorization-request.ts";
import { type Anomaly, anomalyOf, OUR_FAULTS } from "./callback.ts";
import { type Answered, type CallFault, callOutside, type Outside } from "./call-outside.ts";
import type { Provider } from "./provider.ts";
import { type Refusal, refused } from "./refusal.ts";
import type { RelyingParty } from "./relying-party.ts";
import { parseObject, secondsOf, signToken } from "./signed-token.ts";

export interface Caller {
  readonly relyingParty: RelyingParty;
  readonly provider: Provider;
  readonly outside: Outside;
  readonly now: Moment;
  /** uuid, new for every call */
  readonly jti: string;
}

/** A message and its answer, for the journal of 24 months (log_management). Keep them encrypted. */
export interface Exchange {
  readonly kind: "token" | "userinfo" | "revocation";
  readonly url: string;
  readonly request: string;
  readonly status: number | null;
  readonly response: string | null;
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
}

export type TokenRequestFault = CallFault | "token-refused" | "token-response";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ASSERTION_SECONDS = 60;

/** Exchanges the code for tokens; `exchange` tells what went over the wire either way. */
export async function redeemCode(
  caller: Caller,
  code: string,
  pending: Pick<PendingLogin, "codeVerifier" | "redirectUri">,
): Promise<{
  result: ({ outcome: "tokens" } & Tokens) | Anomaly | Refusal<TokenRequestFault>;
  exchange: Exchange;
}> {
  const { tokenEndpoint } = caller.provider;
  const { answer, exchange } = await callAsClient(caller, "token", tokenEndpoint, {
    grant_type: "authorization_code",
    code,
    code_verifier: pending.codeVerifier,
    redirect_uri: pending.redirectUri,
  });
  return { result: answer.outcome === "refused" ? answer : readTokens(answer), exchange };
}

function readTokens(
  answer: Answered,
): ({ outcome: "tokens" } & Tokens) | Anomaly | Refusal<TokenRequestFault> {
  const body = parseObject(answer.text);
  if (answer.status !== 200) {
    const error = typeof body?.["error"] === "string" ? body["error"].slice(0, 60) : "";
    // Our client, not this code or this person: the same fault as on the way back.
    if (OUR_FAULTS.includes(error)) return anomalyOf(error);
    return refused("token-refused", `${answer.status} ${error}`.trim());
  }
  const {
    access_token: accessToken,
    id_token: idToken,
    token_type: type,
  } = (answer.contentType === "application/json" ? body : null) ?? {};
  if (typeof type !== "string" || type.toLowerCase() !== "bearer")
    return refused("token-response", "token_type");
  if (typeof accessToken !== "string" || accessToken === "")
    return refused("token-response", "access_token");
  if (typeof idToken !== "string") return refused("token-response", "id_token");
  return { outcome: "tokens", accessToken, idToken };
}

export type Revocation =
  | { readonly outcome: "revoked" }
  | Refusal<CallFault | "revocation-refused" | "no-endpoint">;

/**
 * Revokes the access token at logout (logout: "DEVONO revocare tutti gli Access Token ancora attivi"). The session here ends
 * whatever the provider answers.
 */
export async function revokeToken(
  caller: Caller,
  accessToken: string,
): Promise<{ result: Revocation; exchange: Exchange | null }> {
  const { revocationEndpoint } = caller.provider;
  if (revocationEndpoint === null) return { result: refused("no-endpoint"), exchange: null };
  const { answer, exchange } = await callAsClient(caller, "revocation", revocationEndpoint, {
    token: accessToken,
    token_type_hint: "access_token",
  });
  if (answer.outcome === "refused") return { result: answer, exchange };
  const isDone = answer.status === 200;
  return {
    result: isDone ? { outcome: "revoked" } : refused("revocation-refused", String(answer.status)),
    exchange,
  };
}

async function callAsClient(
  { relyingParty, provider, outside, now, jti }: Caller,
  kind: "token" | "revocation",
  url: string,
  parameters: Readonly<Record<string, string>>,
): Promise<{ answer: Answered | Refusal<CallFault>; exchange: Exchange }> {
  const issued = secondsOf(now);
  const assertion = await signToken(
    {
      iss: relyingParty.entityId,
      sub: relyingParty.entityId,
      // revocation_endpoint: "gli stessi parametri inseriti in fase di richiesta al Token Endpoint"
      aud: kind === "token" ? provider.tokenEndpoint : [url, provider.tokenEndpoint],
      iat: issued,
      exp: issued + ASSERTION_SECONDS,
      jti,
    },
    relyingParty.keys.core,
  );
  const form = new URLSearchParams({
    ...parameters,
    client_id: relyingParty.entityId,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  });
  const answer = await callOutside(outside, url, {
    method: "POST",
    accept: "application/json",
    form,
  });
  const isAnswered = answer.outcome === "answered";
  const exchange: Exchange = {
    kind,
    url,
    request: form.toString(),
    status: isAnswered ? answer.status : null,
    response: isAnswered ? answer.text : null,
  };
  return { answer, exchange };
}
