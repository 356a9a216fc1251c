// SPDX-License-Identifier: EUPL-1.2
/** Trust marks: signed words of an authority about an entity (trust_marks). Checked by their signature ("validazione statica"). */
import { z } from "zod";
import type { Moment } from "#kernel/dates.ts";
import type { Statement } from "./entity-statement.ts";
import type { KeySet } from "./key-set.ts";
import { isFuture, isPast, unverifiedClaims, verifyToken } from "./signed-token.ts";

export interface TrustMark {
  /** as `https://registry.example/openid_provider/public` */
  readonly id: string;
  readonly token: string;
  /** seconds since 1970 */
  readonly expiresAt: number;
}

const entryShape = z.object({ trust_mark: z.string().min(1) });
/** `trust_mark_type` is the name OpenID Federation 1.0 ended with; the rules and the anchor in production say `id`. */
const markShape = z
  .object({
    iss: z.string(),
    sub: z.string(),
    id: z.string().max(2048).optional(),
    trust_mark_type: z.string().max(2048).optional(),
    iat: z.number().int(),
    exp: z.number().int(),
  })
  .transform(({ id, trust_mark_type: type, ...rest }) => ({ ...rest, id: id ?? type ?? "" }))
  .refine(({ id }) => id !== "");

/** What a mark says of itself, unverified: for whoever is about to paste it into a form. `null`: it is none. */
export function readTrustMark(
  token: string,
): { id: string; issuer: string; subject: string; expiresAt: number } | null {
  const said = markShape.safeParse(unverifiedClaims(token));
  if (!said.success) return null;
  const { id, iss: issuer, sub: subject, exp: expiresAt } = said.data;
  return { id, issuer, subject, expiresAt };
}

/** The rules give a mark no `typ`, production says `trust-mark+jwt`. A statement is never taken for a mark: another type. */
const TYPES = ["trust-mark+jwt", "jwt", null];

/**
 * Of the marks an entity shows, those that count: about itself, for a role of `kinds`, by an issuer whom the anchor named for
 * exactly that mark, signed with a key the chain proves.
 * @param issuerKeys keys of the anchor and of intermediates of the chain; an issuer elsewhere is not believed
 */
export async function validTrustMarks(
  shown: Statement,
  of: {
    readonly role: string;
    readonly issuers: Statement["trust_mark_issuers"];
    readonly issuerKeys: ReadonlyMap<string, KeySet>;
    readonly now: Moment;
  },
): Promise<TrustMark[]> {
  const tokens = (shown.trust_marks ?? []).flatMap((entry) => {
    const read = entryShape.safeParse(entry);
    return read.success ? [read.data.trust_mark] : [];
  });
  const judged = await Promise.all(tokens.map(async (token) => judge(token, shown.sub, of)));
  return judged.filter((mark) => mark !== null);
}

async function judge(
  token: string,
  subject: string,
  of: Parameters<typeof validTrustMarks>[1],
): Promise<TrustMark | null> {
  const said = markShape.safeParse(unverifiedClaims(token));
  if (!said.success) return null;
  const { iss, sub, id, iat, exp } = said.data;
  // <domain>/<role>/<profile>/ (trust_marks): a mark for a relying party makes no provider.
  if (sub !== subject || !id.split("/").includes(of.role)) return null;
  const named = Object.hasOwn(of.issuers ?? {}, id) ? of.issuers?.[id] : undefined;
  const keys = named?.includes(iss) ? of.issuerKeys.get(iss) : undefined;
  if (!keys || isPast(exp, of.now) || isFuture(iat, of.now)) return null;
  const verified = await verifyToken(token, keys, TYPES);
  return verified.outcome === "verified" ? { id, token, expiresAt: exp } : null;
}
