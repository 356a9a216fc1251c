// SPDX-License-Identifier: EUPL-1.2
/** A town as a relying party of the federation: the shape that is stored, and what it publishes of itself. */
import type { Moment } from "#kernel/dates.ts";
import { readAddress } from "./addresses.ts";
import type { Trusted } from "./judge-trust-chain.ts";
import { type OwnKeys, publicKeys } from "./key-set.ts";
import { STATEMENT_TYPE } from "./entity-statement.ts";
import { secondsOf, signToken } from "./signed-token.ts";

export interface RelyingParty {
  /** https address of its own, never taken from a request; also `client_id` */
  readonly entityId: string;
  readonly redirectUris: readonly string[];
  readonly keys: OwnKeys;
  /** anchor, or the intermediary that aggregates the town */
  readonly authorityHints: readonly string[];
  /** given by the superior after onboarding; none before */
  readonly trustMarks: readonly { readonly id: string; readonly trustMark: string }[];
  readonly organization: {
    readonly name: string;
    readonly homepageUrl: string;
    /** privacy notice */
    readonly policyUrl: string;
    /** SVG; recommended */
    readonly logoUrl: string | null;
    /** PEC of the body, the same as registered on the ministry's portal */
    readonly contacts: readonly string[];
  };
  /** where `answerResolve` is served; the rules fix the last part: …/resolve */
  readonly resolveUrl: string;
  readonly encryption?: {
    readonly alg: "RSA-OAEP" | "RSA-OAEP-256";
    readonly enc: "A128CBC-HS256" | "A256CBC-HS512";
  };
}

/** How long a provider may keep what we say of ourselves: a day, as the anchor's own. */
const VALID_SECONDS = 86_400;
export const CONFIGURATION_CONTENT_TYPE = `application/${STATEMENT_TYPE}`;

/**
 * The entity configuration (entity_configuration, metadata_oidc_rp), to be served below the entityId as
 * `/.well-known/openid-federation` with `CONFIGURATION_CONTENT_TYPE`. @throws RangeError for what no federation would take
 */
export async function entityConfiguration(party: RelyingParty, now: Moment): Promise<string> {
  checkParty(party);
  const issued = secondsOf(now);
  return signToken(
    {
      iss: party.entityId,
      sub: party.entityId,
      iat: issued,
      exp: issued + VALID_SECONDS,
      jwks: publicKeys(party.keys.federation),
      metadata: metadataOf(party),
      authority_hints: party.authorityHints,
      trust_marks: party.trustMarks.map(({ id, trustMark }) => ({ id, trust_mark: trustMark })),
    },
    party.keys.federation,
    STATEMENT_TYPE,
  );
}

/** metadata_oidc_rp: every parameter it requires, in its order. */
function metadataOf(party: RelyingParty): Record<string, Record<string, unknown>> {
  const { organization, encryption } = party;
  return {
    federation_entity: {
      organization_name: organization.name,
      homepage_uri: organization.homepageUrl,
      policy_uri: organization.policyUrl,
      ...(organization.logoUrl === null ? {} : { logo_uri: organization.logoUrl }),
      contacts: organization.contacts,
      federation_resolve_endpoint: party.resolveUrl,
    },
    openid_relying_party: {
      application_type: "web",
      client_name: organization.name,
      contacts: organization.contacts,
      redirect_uris: party.redirectUris,
      // The anchor's policy asks for both (entity_statement); only the code is ever used.
      grant_types: ["authorization_code", "refresh_token"],
      jwks: publicKeys(party.keys.core),
      id_token_signed_response_alg: "RS256",
      userinfo_signed_response_alg: "RS256",
      userinfo_encrypted_response_alg: encryption?.alg ?? "RSA-OAEP-256",
      userinfo_encrypted_response_enc: encryption?.enc ?? "A256CBC-HS512",
      token_endpoint_auth_method: "private_key_jwt",
      client_id: party.entityId,
      client_registration_types: ["automatic"],
      response_types: ["code"],
      subject_type: "pairwise",
    },
  };
}

function checkParty({ keys, redirectUris, authorityHints, entityId }: RelyingParty): void {
  const uses = keys.core.map(({ use }) => use);
  if (!uses.includes("sig") || !uses.includes("enc"))
    throw new RangeError("core keys: one to sign, one to decrypt");
  if (keys.federation.some(({ use }) => use !== "sig") || keys.federation.length === 0)
    throw new RangeError("federation keys sign");
  const names = [...keys.core, ...keys.federation].map(({ privateJwk }) => privateJwk.kid);
  if (new Set(names).size !== names.length)
    throw new RangeError("a key serves the core or the federation, and once (seccons_bcps)");
  if (redirectUris.length === 0 || authorityHints.length === 0)
    throw new RangeError("redirect_uris and authority_hints are required");
  // Plain http only names this machine: a demonstration.
  if (![entityId, ...redirectUris].every((address) => readAddress(address, true)))
    throw new RangeError("entityId and redirect_uris are public https addresses");
}

export interface Resolved {
  readonly status: 200 | 400 | 404;
  readonly contentType: string;
  readonly body: string;
}

/**
 * The resolve endpoint (federation_endpoint): what this party has resolved before, never a new search.
 * @param known what is kept of others (and of itself, once the anchor knows it)
 * @param query `sub`, and `trust_anchor` (older: `anchor`), as they came
 */
export async function answerResolve(
  party: RelyingParty,
  known: readonly Trusted[],
  query: Readonly<Record<string, unknown>>,
  now: Moment,
): Promise<Resolved> {
  const { sub } = query;
  const anchor = query["trust_anchor"] ?? query["anchor"];
  if (typeof sub !== "string" || typeof anchor !== "string")
    return federationError(400, "invalid_request", "sub and trust_anchor are required");
  const issued = secondsOf(now);
  const isFresh = (one: Trusted): boolean => secondsOf(one.expiresAt) > issued;
  const found = known.find((one) => one.subject === sub && one.anchor === anchor && isFresh(one));
  const isSelf = sub === party.entityId;
  if (!found && !isSelf) return federationError(404, "not_found", "never resolved");
  const metadata = metadataOf(party);
  const claims = found
    ? {
        exp: secondsOf(found.expiresAt),
        metadata: { [found.entityType]: found.metadata },
        trust_marks: found.trustMarks
          .filter(({ expiresAt }) => expiresAt > issued)
          .map(({ id, token }) => ({ id, trust_mark: token })),
        trust_chain: found.chain,
      }
    : // Before the anchor knows us, we know nothing of ourselves but our own word.
      {
        exp: issued + VALID_SECONDS,
        metadata,
        trust_marks: [],
        trust_chain: [await entityConfiguration(party, now)],
      };
  const typ = "resolve-response+jwt";
  const body = await signToken(
    { iss: party.entityId, sub, iat: issued, ...claims },
    party.keys.federation,
    typ,
  );
  return { status: 200, contentType: `application/${typ}`, body };
}

/** errors_federation */
const federationError = (status: 400 | 404, error: string, description: string): Resolved => ({
  status,
  contentType: "application/json",
  body: JSON.stringify({ error, error_description: description }),
});
