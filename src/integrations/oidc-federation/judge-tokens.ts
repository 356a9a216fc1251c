// SPDX-License-Identifier: EUPL-1.2
/** ID token and access token (token_endpoint): signed by the provider's core keys, for this login and nobody else's. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Moment } from "#kernel/dates.ts";
import type { PendingLogin } from "./authorization-request.ts";
import { type Level, levelOf, type Provider } from "./provider.ts";
import { type Refusal, refused } from "./refusal.ts";
import {
  isFuture,
  isPast,
  secondsOf,
  SKEW_SECONDS,
  type TokenFault,
  verifyToken,
} from "./signed-token.ts";
import type { Tokens } from "./token-request.ts";

export type IdTokenFault =
  | TokenFault
  | "claims"
  | "issuer"
  | "audience"
  | "authorized-party"
  | "nonce"
  | "not-yet-valid"
  | "expired"
  | "before-the-request"
  | "access-token-hash"
  | "level-unknown"
  | "level-too-low"
  | "access-token";

export interface LoginFacts {
  readonly provider: Provider;
  /** our own client_id */
  readonly clientId: string;
  readonly pending: Pick<PendingLogin, "nonce" | "level" | "issuedAt">;
  readonly now: Moment;
}

const seconds = z.number().int().min(0).max(1e11);
const idTokenShape = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string()).max(10)]),
  azp: z.string().optional(),
  acr: z.string(),
  at_hash: z.string(),
  iat: seconds,
  nbf: seconds.optional(),
  exp: seconds,
  nonce: z.string(),
});

export async function judgeTokens(
  { accessToken, idToken }: Tokens,
  facts: LoginFacts,
): Promise<{ outcome: "verified"; subject: string; level: Level } | Refusal<IdTokenFault>> {
  const { provider, clientId, pending, now } = facts;
  const verified = await verifyToken(idToken, provider.keys, ["jwt", null]);
  if (verified.outcome === "refused") return verified;
  const read = idTokenShape.safeParse(verified.claims);
  if (!read.success) return refused("claims", read.error.issues[0]?.path.join(".") ?? "");
  const { data } = read;
  if (data.iss !== provider.issuer) return refused("issuer");
  // "DEVE coincidere con il valore client_id": nobody else beside us, either.
  if (![data.aud].flat().every((one) => one === clientId) || data.aud.length === 0)
    return refused("audience");
  if (data.azp !== undefined && data.azp !== clientId) return refused("authorized-party");
  if (data.nonce !== pending.nonce) return refused("nonce");
  if (isFuture(data.iat, now) || isFuture(data.nbf ?? 0, now)) return refused("not-yet-valid");
  if (isPast(data.exp, now)) return refused("expired");
  if (data.iat + SKEW_SECONDS < secondsOf(pending.issuedAt)) return refused("before-the-request");
  if (data.at_hash !== halfHash(accessToken, verified.algorithm))
    return refused("access-token-hash");
  const level = levelOf(data.acr);
  if (level === null) return refused("level-unknown");
  if (level < pending.level) return refused("level-too-low", String(level));
  const access = await judgeAccessToken(accessToken, facts);
  return access ?? { outcome: "verified", subject: data.sub, level };
}

/** Left half of the hash that the ID token's algorithm names (OpenID Connect Core, 3.1.3.6). */
function halfHash(accessToken: string, algorithm: string): string {
  const digest = createHash(`sha${algorithm.slice(-3)}`)
    .update(accessToken, "ascii")
    .digest();
  return digest.subarray(0, digest.length / 2).toString("base64url");
}

const accessTokenShape = z.object({
  iss: z.string(),
  client_id: z.string(),
  exp: seconds,
});

/** flusso_autenticazione, step 7: the party validates the access token, too. Its `aud` is for those who serve, not for us. */
async function judgeAccessToken(
  token: string,
  { provider, clientId, now }: LoginFacts,
): Promise<Refusal<IdTokenFault> | null> {
  const verified = await verifyToken(token, provider.keys, [
    "at+jwt",
    "application/at+jwt",
    "jwt",
    null,
  ]);
  if (verified.outcome === "refused") return refused("access-token", verified.reason);
  const read = accessTokenShape.safeParse(verified.claims);
  if (!read.success) return refused("access-token", read.error.issues[0]?.path.join(".") ?? "");
  if (read.data.iss !== provider.issuer) return refused("access-token", "issuer");
  if (read.data.client_id !== clientId) return refused("access-token", "client_id");
  return isPast(read.data.exp, now) ? refused("access-token", "expired") : null;
}
