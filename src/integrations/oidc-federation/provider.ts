// SPDX-License-Identifier: EUPL-1.2
/** A provider as the trust chain leaves it: addresses and keys, and whether it can do what the rules ask. */
import { z } from "zod";
import type { Moment } from "#kernel/dates.ts";
import { readAddress, sameButForSlash } from "./addresses.ts";
import { type KeySet, keySetShape } from "./key-set.ts";
import { type Refusal, refused } from "./refusal.ts";
import type { Trusted } from "./judge-trust-chain.ts";

/** How sure one has to be who it is. CIE speaks of levels in SPID's words. */
export type Level = 1 | 2 | 3;

export interface Provider {
  readonly entityId: string;
  /** as it names itself in tokens and answers; the entityId but for a slash */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userinfoEndpoint: string;
  readonly revocationEndpoint: string | null;
  readonly keys: KeySet;
  /** resolve again before */
  readonly expiresAt: Moment;
}

const words = z.array(z.string()).optional();
/** metadata_oidc_op: what a login needs of it. */
const metadataShape = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string(),
  revocation_endpoint: z.string().optional(),
  jwks: keySetShape,
  code_challenge_methods_supported: words,
  token_endpoint_auth_methods_supported: words,
  response_types_supported: words,
});

export type ProviderFault = "provider-metadata" | "provider-unable" | "expired";

/** Reads the metadata of a resolved `openid_provider`. */
export function readProvider(
  trusted: Trusted,
  at: { readonly now: Moment; readonly allowLoopbackHttp?: boolean },
): { outcome: "provider"; provider: Provider } | Refusal<ProviderFault> {
  if (Temporal.Instant.compare(at.now, trusted.expiresAt) >= 0) return refused("expired");
  const read = metadataShape.safeParse(trusted.metadata);
  if (!read.success)
    return refused("provider-metadata", read.error.issues[0]?.path.join(".") ?? "");
  const { data } = read;
  if (!sameButForSlash(data.issuer, trusted.subject)) return refused("provider-metadata", "issuer");
  if (data.jwks.keys.length === 0) return refused("provider-metadata", "jwks");
  const endpoints = {
    authorizationEndpoint: data.authorization_endpoint,
    tokenEndpoint: data.token_endpoint,
    userinfoEndpoint: data.userinfo_endpoint,
    revocationEndpoint: data.revocation_endpoint ?? null,
  };
  for (const [name, address] of Object.entries(endpoints))
    if (address !== null && !readAddress(address, at.allowLoopbackHttp ?? false))
      return refused("provider-metadata", name);
  const unable = missing(data);
  if (unable) return refused("provider-unable", unable);
  return {
    outcome: "provider",
    provider: {
      entityId: trusted.subject,
      issuer: data.issuer,
      ...endpoints,
      keys: data.jwks,
      expiresAt: trusted.expiresAt,
    },
  };
}

/** What the provider says it cannot; a list that is missing says nothing. */
function missing(data: z.infer<typeof metadataShape>): string | null {
  const needs: [string, readonly string[] | undefined, string][] = [
    ["code_challenge_methods", data.code_challenge_methods_supported, "S256"],
    ["token_endpoint_auth_methods", data.token_endpoint_auth_methods_supported, "private_key_jwt"],
    ["response_types", data.response_types_supported, "code"],
  ];
  return needs.find(([, list, word]) => list && !list.includes(word))?.[0] ?? null;
}

/** The level that an `acr` stands for; `null` for words nobody agreed on. */
export function levelOf(acr: unknown): Level | null {
  const digit =
    typeof acr === "string" ? /^https:\/\/www\.spid\.gov\.it\/SpidL([123])$/.exec(acr) : null;
  return digit ? (Number(digit[1]) as Level) : null;
}

export const acrOf = (level: Level): string => `https://www.spid.gov.it/SpidL${level}`;
