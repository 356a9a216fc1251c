// SPDX-License-Identifier: EUPL-1.2
/**
 * Judges a trust chain: from the anchor whose keys are pinned down to the entity, link by link. Everything is believed only
 * after the link above it has been; how the tokens were found does not matter.
 */
import type { Moment } from "#kernel/dates.ts";
import {
  type Constraints,
  type Statement,
  type StatementFault,
  verifyStatement,
} from "./entity-statement.ts";
import type { KeySet } from "./key-set.ts";
import { applyPolicy, combinePolicies, type PolicyFault } from "./metadata-policy.ts";
import { type Refusal, refused } from "./refusal.ts";
import { type TrustMark, validTrustMarks } from "./trust-mark.ts";
import { unverifiedClaims } from "./signed-token.ts";

/** An anchor as an administrator entered it: identifier and keys, checked by another way than this one. */
export interface TrustAnchor {
  readonly entityId: string;
  readonly keys: KeySet;
}

export interface WantedTrust {
  readonly subject: string;
  /** as `openid_provider` */
  readonly entityType: string;
  readonly anchor: TrustAnchor;
  /** every participant must show a mark (differenze_oidc_fed); `not-asked` before the mark was given, for ourselves */
  readonly trustMark: "required" | "not-asked";
  readonly now: Moment;
}

export interface Trusted {
  readonly outcome: "trusted";
  readonly subject: string;
  readonly anchor: string;
  readonly entityType: string;
  /** metadata of the wanted type, policy applied */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly trustMarks: readonly TrustMark[];
  /** earliest end of all links and marks used: resolve again before (trust_negotiation, "Relying Party") */
  readonly expiresAt: Moment;
  /** entity's configuration, statements upwards, anchor's configuration: for the journal (log_management) */
  readonly chain: readonly string[];
  /** the anchor's keys as it publishes them now: pin these next time, so that it may change them */
  readonly anchorKeys: KeySet;
}

export type ChainFault =
  | StatementFault
  | PolicyFault
  | "foreign-anchor"
  | "path-too-long"
  | "entity-type"
  | "no-trust-mark";

/** No chain is longer, whatever an anchor allows. */
export const MAX_INTERMEDIATES = 4;
type Judged<Value> = ({ outcome: "judged" } & Value) | Refusal<ChainFault>;

export async function judgeTrustChain(
  chain: readonly string[],
  wanted: WantedTrust,
): Promise<Trusted | Refusal<ChainFault>> {
  if (chain.length < 3) return refused("foreign-anchor", "no link to the anchor");
  if (chain.length - 3 > MAX_INTERMEDIATES) return refused("path-too-long");
  const links = await verifyLinks(chain, wanted);
  if (links.outcome === "refused") return links;
  const { leaf, statements, anchor, keysOf } = links;
  const constrained = checkConstraints(wanted.entityType, statements, anchor);
  if (constrained) return constrained;
  const metadata = finalMetadata(wanted.entityType, leaf, statements);
  if (metadata.outcome === "refused") return metadata;
  const trustMarks = await validTrustMarks(leaf, {
    role: wanted.entityType,
    issuers: anchor.trust_mark_issuers,
    issuerKeys: keysOf,
    now: wanted.now,
  });
  if (wanted.trustMark === "required" && trustMarks.length === 0)
    return refused("no-trust-mark", wanted.subject);
  // One mark is enough: the one that lasts longest.
  const marksEnd = Math.max(...trustMarks.map(({ expiresAt }) => expiresAt));
  const ends = [leaf, ...statements, anchor].map(({ exp }) => exp);
  if (wanted.trustMark === "required") ends.push(marksEnd);
  return {
    outcome: "trusted",
    subject: wanted.subject,
    anchor: wanted.anchor.entityId,
    entityType: wanted.entityType,
    metadata: metadata.metadata,
    trustMarks,
    expiresAt: Temporal.Instant.fromEpochMilliseconds(Math.min(...ends) * 1000),
    chain,
    anchorKeys: anchor.jwks,
  };
}

interface Links {
  readonly leaf: Statement;
  /** the immediate superior's first */
  readonly statements: readonly Statement[];
  readonly anchor: Statement;
  /** proven keys of the anchor and the intermediates */
  readonly keysOf: ReadonlyMap<string, KeySet>;
}

async function verifyLinks(
  chain: readonly string[],
  { subject, anchor, now }: WantedTrust,
): Promise<Judged<Links>> {
  const top = { issuer: anchor.entityId, subject: anchor.entityId };
  const own = await verifyStatement(chain.at(-1), anchor.keys, top, now);
  if (own.outcome === "refused") return at(own, anchor.entityId);
  const keysOf = new Map([[anchor.entityId, own.statement.jwks]]);
  const statements: Statement[] = [];
  let superior = anchor.entityId;
  let keys = own.statement.jwks;
  for (const token of chain.slice(1, -1).toReversed()) {
    const about = String(unverifiedClaims(token)?.["sub"] ?? "");
    if (keysOf.has(about)) return refused("subject", `${about} is above itself`);
    const link = await verifyStatement(token, keys, { issuer: superior, subject: about }, now);
    if (link.outcome === "refused") return at(link, `${superior} about ${about}`);
    statements.unshift(link.statement);
    superior = about;
    keys = link.statement.jwks;
    keysOf.set(about, keys);
  }
  if (superior !== subject) return refused("subject", superior);
  keysOf.delete(subject);
  const leaf = await verifyStatement(chain[0], keys, { issuer: subject, subject }, now);
  if (leaf.outcome === "refused") return at(leaf, subject);
  const above = statements[0]?.iss ?? "";
  if (!(leaf.statement.authority_hints ?? []).includes(above)) return refused("issuer", above);
  return {
    outcome: "judged",
    leaf: leaf.statement,
    statements,
    anchor: own.statement,
    keysOf,
  };
}

const at = (refusal: Refusal<StatementFault>, place: string): Refusal<StatementFault> =>
  refused(refusal.reason, [place, refusal.detail].filter(Boolean).join(": "));

/** entity_configuration, "constraints", and entity_statement: how many intermediates, which kinds of entity. */
function checkConstraints(
  entityType: string,
  statements: readonly Statement[],
  anchor: Statement,
): Refusal<ChainFault> | null {
  const held: [Constraints | undefined, number][] = statements.map((statement, below) => [
    statement.constraints,
    below,
  ]);
  held.push([anchor.constraints, statements.length - 1]);
  for (const [constraints, intermediates] of held) {
    const { max_path_length: longest } = constraints ?? {};
    if (longest !== undefined && intermediates > longest) return refused("path-too-long");
    for (const allowed of [
      constraints?.allowed_leaf_entity_types,
      constraints?.allowed_entity_types,
    ])
      if (allowed && !allowed.includes(entityType)) return refused("entity-type", entityType);
  }
  return null;
}

/** What the entity says, corrected by its immediate superior's `metadata`, then by everybody's policy from the top down. */
function finalMetadata(
  entityType: string,
  leaf: Statement,
  statements: readonly Statement[],
): { outcome: "applied"; metadata: Readonly<Record<string, unknown>> } | Refusal<ChainFault> {
  const said = leaf.metadata?.[entityType];
  if (!said) return refused("entity-type", `no metadata of ${entityType}`);
  const corrected = { ...said, ...statements[0]?.metadata?.[entityType] };
  const combined = combinePolicies(
    statements.toReversed().map((statement) => statement.metadata_policy?.[entityType]),
  );
  return combined.outcome === "refused" ? combined : applyPolicy(corrected, combined.policy);
}
