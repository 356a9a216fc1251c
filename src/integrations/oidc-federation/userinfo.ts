// SPDX-License-Identifier: EUPL-1.2
/** Who it is (userinfo_endpoint, attributi_utente): encrypted for us, signed by the provider inside, about the same subject. */
import { compactDecrypt, decodeProtectedHeader, importJWK } from "jose";
import { z } from "zod";
import { readCodiceFiscale } from "#kernel/codice-fiscale.ts";
import type { Day } from "#kernel/dates.ts";
import { isEmail } from "#kernel/email.ts";
import { FISCAL_NUMBER } from "./authorization-request.ts";
import { type CallFault, callOutside } from "./call-outside.ts";
import type { OwnKey } from "./key-set.ts";
import { type Refusal, refused } from "./refusal.ts";
import { type Claims, isFuture, isPast, type TokenFault, verifyToken } from "./signed-token.ts";
import type { Caller, Exchange } from "./token-request.ts";

export type UserinfoFault =
  | CallFault
  | "userinfo-status"
  | "content-type"
  | "not-encrypted"
  | "encryption-algorithm"
  | "encryption-key"
  | "decryption"
  | TokenFault
  | "claims"
  | "issuer"
  | "audience"
  | "subject"
  | "not-yet-valid"
  | "expired"
  | IdentityFault;

export type IdentityFault = "legal-person" | "fiscal-number" | "name" | "birth-date";

/** A person as the provider vouches for: the shape that a SAML response gives, too. */
export interface Person {
  /** sixteen signs, no `TINIT-` */
  readonly fiscalNumber: string;
  readonly name: string;
  readonly familyName: string;
  readonly dateOfBirth: Day;
  readonly email: string | null;
}

/** cryptographic_algos. RSA1_5 must not; A256GCM is not in the list, and nobody asked for it. */
const KEY_ALGORITHMS = ["RSA-OAEP", "RSA-OAEP-256"];
const CONTENT_ALGORITHMS = ["A128CBC-HS256", "A256CBC-HS512"];

export async function askUserinfo(
  caller: Caller,
  accessToken: string,
  subject: string,
): Promise<{
  result: ({ outcome: "person" } & Person) | Refusal<UserinfoFault>;
  exchange: Exchange;
}> {
  const { userinfoEndpoint } = caller.provider;
  const answer = await callOutside(caller.outside, userinfoEndpoint, {
    accept: "application/jose, application/jwt",
    authorization: `Bearer ${accessToken}`,
  });
  const isAnswered = answer.outcome === "answered";
  const exchange: Exchange = {
    kind: "userinfo",
    url: userinfoEndpoint,
    request: "",
    status: isAnswered ? answer.status : null,
    response: isAnswered ? answer.text : null,
  };
  if (!isAnswered) return { result: answer, exchange };
  if (answer.status !== 200)
    return { result: refused("userinfo-status", String(answer.status)), exchange };
  // The rules show `application/jose`, SPID's say `application/jwt`.
  if (!["application/jose", "application/jwt"].includes(answer.contentType))
    return { result: refused("content-type", answer.contentType), exchange };
  return { result: await judgeUserinfo(answer.text.trim(), caller, subject), exchange };
}

const seconds = z.number().int().min(0).max(1e11);
const envelopeShape = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).max(10)]),
  iat: seconds,
  exp: seconds,
});

/** @param subject of the ID token of the same login */
export async function judgeUserinfo(
  token: string,
  { relyingParty, provider, now }: Pick<Caller, "relyingParty" | "provider" | "now">,
  subject: string,
): Promise<({ outcome: "person" } & Person) | Refusal<UserinfoFault>> {
  const opened = await decrypt(token, relyingParty.keys.core);
  if (opened.outcome === "refused") return opened;
  const verified = await verifyToken(opened.token, provider.keys, ["jwt", null]);
  if (verified.outcome === "refused") return verified;
  const read = envelopeShape.safeParse(verified.claims);
  if (!read.success) return refused("claims", read.error.issues[0]?.path.join(".") ?? "");
  const { data } = read;
  if (data.iss !== provider.issuer) return refused("issuer");
  if (![data.aud].flat().every((one) => one === relyingParty.entityId) || data.aud.length === 0)
    return refused("audience");
  if (data.sub !== subject) return refused("subject");
  if (isFuture(data.iat, now)) return refused("not-yet-valid");
  if (isPast(data.exp, now)) return refused("expired");
  return personOf(verified.claims);
}

/** The header's `alg` and `enc` are on the list, its `kid` is one of our encryption keys; compressed content is refused. */
async function decrypt(
  token: string,
  keys: readonly OwnKey[],
): Promise<{ outcome: "opened"; token: string } | Refusal<UserinfoFault>> {
  if (token.split(".").length !== 5) return refused("not-encrypted");
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    return refused("malformed");
  }
  const { alg = "", enc = "", zip } = header as { alg?: string; enc?: string; zip?: string };
  if (!KEY_ALGORITHMS.includes(alg) || !CONTENT_ALGORITHMS.includes(enc) || zip !== undefined)
    return refused("encryption-algorithm", `${alg} ${enc}`.slice(0, 60));
  const key = keys.find(({ use, privateJwk }) => use === "enc" && privateJwk.kid === header.kid);
  if (!key) return refused("encryption-key");
  try {
    const { plaintext } = await compactDecrypt(token, await importJWK(key.privateJwk, alg), {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: [enc],
    });
    return { outcome: "opened", token: new TextDecoder().decode(plaintext) };
  } catch {
    return refused("decryption");
  }
}

function personOf(claims: Claims): ({ outcome: "person" } & Person) | Refusal<IdentityFault> {
  const number = claims[FISCAL_NUMBER];
  const isCompany = Object.keys(claims).some((name) => /\/(company_|vat_number)/.test(name));
  if (isCompany || (typeof number === "string" && /^(VATIT-|TINIT-\d{11}$)/i.test(number)))
    return refused("legal-person");
  const code = typeof number === "string" ? /^TINIT-([A-Z0-9]{16})$/i.exec(number)?.[1] : undefined;
  const read = code === undefined ? null : readCodiceFiscale(code);
  if (read?.outcome !== "person") return refused("fiscal-number");
  const name = readName(claims["given_name"]);
  const familyName = readName(claims["family_name"]);
  if (name === null || familyName === null) return refused("name");
  const dateOfBirth = readDay(claims["birthdate"]);
  if (dateOfBirth === null) return refused("birth-date");
  const { email } = claims;
  return {
    outcome: "person",
    fiscalNumber: read.codiceFiscale.code,
    name,
    familyName,
    dateOfBirth,
    email: typeof email === "string" && isEmail(email) ? email : null,
  };
}

/** A line of text: no control or invisible characters, which only serve to deceive who reads it. */
function readName(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 300 || /[\p{Cc}\p{Cf}]/u.test(value)) return null;
  const name = value.normalize("NFC").trim();
  return name === "" ? null : name;
}

function readDay(value: unknown): Day | null {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  try {
    return Temporal.PlainDate.from(value, { overflow: "reject" });
  } catch {
    return null;
  }
}
