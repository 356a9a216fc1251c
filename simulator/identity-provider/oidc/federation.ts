// SPDX-License-Identifier: EUPL-1.2
/** A trust anchor, an intermediate and what they say of others: configurations, statements, trust marks. */
import type { FastifyInstance } from "fastify";
import {
  type Claims,
  type Jwks,
  type Moment,
  newSigner,
  seconds,
  seededSigner,
  type Signer,
} from "./tokens.ts";
import { signTwisted, type Twist } from "./twist.ts";

const DAY = 86_400;
const STATEMENT = "entity-statement+jwt";
const ALGORITHMS = ["RS256", "RS512", "ES256", "ES512", "PS256", "PS512"];

/** What the anchor allows a provider to say of itself, after entity_statement of the rules. */
export const PROVIDER_POLICY: Claims = {
  code_challenge_methods_supported: { subset_of: ["S256"], essential: true },
  response_types_supported: { subset_of: ["code"], essential: true },
  token_endpoint_auth_methods_supported: { subset_of: ["private_key_jwt"], essential: true },
  subject_types_supported: { subset_of: ["pairwise"], essential: true },
  scopes_supported: {
    superset_of: ["openid"],
    subset_of: ["openid", "offline_access", "profile", "email"],
  },
  id_token_signing_alg_values_supported: { subset_of: ALGORITHMS, superset_of: ["RS256"] },
  authorization_response_iss_parameter_supported: { value: true, essential: true },
  issuer: { essential: true },
  authorization_endpoint: { essential: true },
  token_endpoint: { essential: true },
  userinfo_endpoint: { essential: true },
};

export const PARTY_POLICY: Claims = {
  client_registration_types: { subset_of: ["automatic"], essential: true },
  grant_types: {
    superset_of: ["authorization_code"],
    subset_of: ["authorization_code", "refresh_token"],
  },
  token_endpoint_auth_method: { one_of: ["private_key_jwt"], essential: true },
  userinfo_signed_response_alg: { one_of: ALGORITHMS, essential: true },
  userinfo_encrypted_response_alg: { one_of: ["RSA-OAEP", "RSA-OAEP-256"], essential: true },
  userinfo_encrypted_response_enc: { one_of: ["A128CBC-HS256", "A256CBC-HS512"], essential: true },
  id_token_signed_response_alg: { one_of: ALGORITHMS, essential: true },
  redirect_uris: { essential: true },
  client_id: { essential: true },
  response_types: { value: ["code"] },
};

interface Subordinate {
  readonly jwks: Jwks;
  readonly role: "openid_provider" | "openid_relying_party" | "intermediate";
}

/** One superior: the anchor, or the intermediate below it. */
class Authority {
  readonly id: string;
  readonly signer: Signer;
  readonly subordinates = new Map<string, Subordinate>();

  constructor(id: string, signer: Signer) {
    this.id = id;
    this.signer = signer;
  }
}

export class Federation {
  readonly anchor: Authority;
  readonly intermediate: Authority;
  readonly #now: () => Moment;
  twist: Twist = {};

  constructor(of: { base: string; now: () => Moment; signers: readonly [Signer, Signer] }) {
    this.#now = of.now;
    this.anchor = new Authority(`${of.base}/ta`, of.signers[0]);
    this.intermediate = new Authority(`${of.base}/sa`, of.signers[1]);
    const { jwks } = this.intermediate.signer;
    this.anchor.subordinates.set(this.intermediate.id, { jwks, role: "intermediate" });
  }

  /**
   * Takes an entity in, below the anchor or the intermediate: from now on there is a statement about it.
   * @returns the trust mark it shows from now on
   */
  async onboard(
    entityId: string,
    of: Subordinate,
    by: "anchor" | "intermediate" = "anchor",
  ): Promise<{ id: string; token: string }> {
    const authority = this[by];
    authority.subordinates.set(entityId, of);
    const id = this.markId(of.role);
    const issued = seconds(this.#now());
    const claims = {
      iss: authority.id,
      sub: entityId,
      id,
      iat: issued,
      exp: issued + 365 * DAY,
      organization_type: "public",
      id_code: { ipa_code: "c_x000" },
    };
    const typ = "trust-mark+jwt";
    const { signer } = authority;
    const { twist } = this;
    return { id, token: await signTwisted(twist, { kind: "trust-mark", claims, signer, typ }) };
  }

  markId(role: Subordinate["role"]): string {
    return `${this.anchor.id}/${role}/public`;
  }

  async configuration(which: "anchor" | "intermediate"): Promise<string> {
    const { id, signer } = this[which];
    const issuers = [this.anchor.id, this.intermediate.id];
    const ofWhich =
      which === "anchor"
        ? {
            constraints: { max_path_length: 1 },
            trust_mark_issuers: {
              [this.markId("openid_provider")]: issuers,
              [this.markId("openid_relying_party")]: issuers,
            },
          }
        : { authority_hints: [this.anchor.id] };
    const claims = {
      ...this.times(),
      iss: id,
      sub: id,
      jwks: signer.jwks,
      metadata: {
        federation_entity: {
          organization_name: which === "anchor" ? "Registro simulato" : "Aggregatore simulato",
          federation_fetch_endpoint: `${id}/fetch`,
          federation_list_endpoint: `${id}/list`,
        },
      },
      ...ofWhich,
    };
    const kind = `${which}-configuration` as const;
    return signTwisted(this.twist, { kind, claims, signer, typ: STATEMENT });
  }

  async statement(by: "anchor" | "intermediate", about: string): Promise<string | null> {
    const { id, signer, subordinates } = this[by];
    const known = subordinates.get(about);
    if (!known) return null;
    const policy =
      known.role === "openid_provider"
        ? { openid_provider: PROVIDER_POLICY }
        : { openid_relying_party: PARTY_POLICY };
    const claims = {
      ...this.times(),
      iss: id,
      sub: about,
      jwks: known.jwks,
      metadata_policy: policy,
    };
    return signTwisted(this.twist, { kind: "statement", claims, signer, typ: STATEMENT });
  }

  times(): { iat: number; exp: number } {
    const iat = seconds(this.#now());
    return { iat, exp: iat + DAY };
  }

  listOf(by: "anchor" | "intermediate", type: unknown): string[] {
    return [...this[by].subordinates]
      .filter(([, { role }]) => type === undefined || role === type)
      .map(([id]) => id);
  }
}

/** @param seed the anchor's key comes from it, so that what it vouched for lasts; absent: a key of this process */
export async function newFederation(
  base: string,
  now: () => Moment,
  seed?: string,
): Promise<Federation> {
  // Two kinds of keys: both must be understood.
  const signers = await Promise.all([
    seed === undefined ? newSigner("RS256") : seededSigner(seed),
    newSigner("ES256"),
  ]);
  return new Federation({ base, now, signers });
}

/** federation_endpoint of the rules: the paths are theirs. */
export function federationRoutes(http: FastifyInstance, federation: Federation): void {
  for (const [path, which] of [
    ["/ta", "anchor"],
    ["/sa", "intermediate"],
  ] as const) {
    http.get(`${path}/.well-known/openid-federation`, async (_request, reply) =>
      reply.type(`application/${STATEMENT}`).send(await federation.configuration(which)),
    );
    http.get<{ Querystring: { sub?: string } }>(`${path}/fetch`, async (request, reply) => {
      const statement = await federation.statement(which, request.query.sub ?? "");
      if (statement === null) return reply.status(404).send({ error: "not_found" });
      return reply.type(`application/${STATEMENT}`).send(statement);
    });
    http.get<{ Querystring: { entity_type?: string } }>(`${path}/list`, async (request, reply) =>
      reply.send(federation.listOf(which, request.query.entity_type)),
    );
  }
}
