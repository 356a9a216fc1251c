// SPDX-License-Identifier: EUPL-1.2
/** Entity configurations and entity statements: the same token, signed by the entity itself or by its superior. */
import { z } from "zod";
import type { Moment } from "#kernel/dates.ts";
import { type KeySet, keySetShape } from "./key-set.ts";
import { type Refusal, refused } from "./refusal.ts";
import {
  isFuture,
  isPast,
  type TokenFault,
  unverifiedClaims,
  verifyToken,
} from "./signed-token.ts";

export const STATEMENT_TYPE = "entity-statement+jwt";

const address = z.string().min(1).max(2048);
const time = z.number().int().min(0).max(1e11);
const object = z.record(z.string(), z.unknown());
const constraintsShape = z.object({
  max_path_length: z.number().int().min(0).max(20).optional(),
  /** the rules' name, and the one OpenID Federation 1.0 ended with */
  allowed_leaf_entity_types: z.array(z.string()).max(20).optional(),
  allowed_entity_types: z.array(z.string()).max(20).optional(),
});
export type Constraints = z.infer<typeof constraintsShape>;

/**
 * Claims of entity_configuration and entity_statement. Not read, as differenze_oidc_fed says: `aud`, `naming_constraints`,
 * `policy_language_crit`, `trust_anchor_id`.
 */
const statementShape = z.object({
  iss: address,
  sub: address,
  iat: time,
  exp: time,
  jwks: keySetShape,
  metadata: z.record(z.string(), object).optional(),
  metadata_policy: z.record(z.string(), object).optional(),
  constraints: constraintsShape.optional(),
  authority_hints: z.array(address).max(50).optional(),
  /** entries without a token are of no use, and no reason to refuse everything else */
  trust_marks: z.array(z.unknown()).max(50).nullish(),
  trust_mark_issuers: z.record(z.string(), z.array(z.string()).max(500)).optional(),
  /** claims that must be understood: we understand none beyond the rules' */
  crit: z.array(z.string()).max(0).optional(),
});
export type Statement = z.infer<typeof statementShape>;

export type StatementFault =
  | TokenFault
  | "claims"
  | "issuer"
  | "subject"
  | "not-yet-valid"
  | "expired";

export interface StatementOf {
  readonly issuer: string;
  readonly subject: string;
}

/** A statement by `issuer` about `subject`, signed by one of `keys`, valid at `now`. */
export async function verifyStatement(
  token: unknown,
  keys: KeySet,
  { issuer, subject }: StatementOf,
  now: Moment,
): Promise<{ outcome: "verified"; statement: Statement } | Refusal<StatementFault>> {
  const verified = await verifyToken(token, keys, [STATEMENT_TYPE]);
  if (verified.outcome === "refused") return verified;
  const read = statementShape.safeParse(verified.claims);
  if (!read.success) return refused("claims", read.error.issues[0]?.path.join(".") ?? "");
  const { data } = read;
  if (data.iss !== issuer) return refused("issuer", data.iss);
  if (data.sub !== subject) return refused("subject", data.sub);
  if (isFuture(data.iat, now)) return refused("not-yet-valid");
  if (isPast(data.exp, now)) return refused("expired");
  return { outcome: "verified", statement: data };
}

/**
 * What an entity says of itself, checked against itself only: enough to find its superiors, never to believe it.
 */
export async function readSelfSigned(
  token: string,
  entityId: string,
  now: Moment,
): Promise<{ outcome: "verified"; statement: Statement } | Refusal<StatementFault>> {
  const said = statementShape.safeParse(unverifiedClaims(token));
  if (!said.success) return refused("claims", said.error.issues[0]?.path.join(".") ?? "");
  return verifyStatement(token, said.data.jwks, { issuer: entityId, subject: entityId }, now);
}
