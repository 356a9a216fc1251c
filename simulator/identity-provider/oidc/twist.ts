// SPDX-License-Identifier: EUPL-1.2
/** How a test makes the federation misbehave: a good message is made first, then changed on its way out. */
import type { FastifyReply } from "fastify";
import { type Claims, type Signer, signClaims } from "./tokens.ts";

export type TokenKind =
  | "anchor-configuration"
  | "intermediate-configuration"
  | "provider-configuration"
  | "statement"
  | "trust-mark"
  | "id-token"
  | "access-token"
  | "userinfo";

export interface Twist {
  /** other claims, signed with the right key */
  claims?(kind: TokenKind, claims: Claims): Claims;
  /** another token altogether */
  token?(kind: TokenKind, token: string, claims: Claims): string | Promise<string>;
  /** parameters of the way back */
  callback?(parameters: URLSearchParams): void;
  /** body of the token endpoint's answer */
  tokenAnswer?(body: Claims): Claims;
  /** the finished userinfo, encrypted */
  userinfo?(token: string, signed: string): string | Promise<string>;
  /** answers in place of an endpoint; `null`: it answers itself */
  answer?(path: string): {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } | null;
}

export async function signTwisted(
  twist: Twist,
  of: { kind: TokenKind; claims: Claims; signer: Signer; typ?: string },
): Promise<string> {
  const claims = twist.claims?.(of.kind, { ...of.claims }) ?? of.claims;
  const token = await signClaims(claims, of.signer, of.typ);
  return (await twist.token?.(of.kind, token, claims)) ?? token;
}

/** @returns whether the twist answered */
export function answerTwisted(twist: Twist, path: string, reply: FastifyReply): boolean {
  const answer = twist.answer?.(path) ?? null;
  if (!answer) return false;
  void reply
    .status(answer.status)
    .headers({ ...answer.headers })
    .send(answer.body ?? "");
  return true;
}
