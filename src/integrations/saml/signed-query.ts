// SPDX-License-Identifier: EUPL-1.2
/** Signatures of the HTTP-Redirect binding (SAML bindings 3.4.4.1): over the query's own octets, as they travelled. */
import { createSign, createVerify } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { MESSAGE_LIMITS } from "./parse-xml.ts";
import {
  type RsaHash,
  signatureHashOf,
  signatureUriOf,
  trustedKeysOf,
} from "./signature-algorithms.ts";

export type SamlMessageKind = "SAMLRequest" | "SAMLResponse";

/** The whole query, ready behind `?`: message (deflated), RelayState, SigAlg, Signature. */
export function signQuery(
  message: { readonly kind: SamlMessageKind; readonly xml: string; readonly relayState?: string },
  signer: { readonly privateKeyPem: string; readonly hash?: RsaHash },
): string {
  const hash = signer.hash ?? "sha256";
  const pairs: [string, string][] = [
    [message.kind, deflateRawSync(Buffer.from(message.xml)).toString("base64")],
  ];
  if (message.relayState !== undefined) pairs.push(["RelayState", message.relayState]);
  pairs.push(["SigAlg", signatureUriOf(hash)]);
  const signed = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const signature = createSign(hash).update(signed).sign(signer.privateKeyPem, "base64");
  return `${signed}&Signature=${encodeURIComponent(signature)}`;
}

export type QueryFault =
  | "query-malformed"
  | "unsigned"
  | "algorithm-refused"
  | "no-trusted-key"
  | "signature-wrong"
  | "too-large";

export type VerifyQuery =
  | {
      readonly outcome: "verified";
      readonly kind: SamlMessageKind;
      readonly xml: Buffer;
      readonly relayState: string | null;
    }
  | { readonly outcome: "refused"; readonly reason: QueryFault };

const NAMES = ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature"] as const;

/** `query`: as it arrived, still escaped, without `?`. Names we do not know are not signed and not read. */
export function verifyQuery(query: string, certificates: readonly string[]): VerifyQuery {
  const refused = (reason: QueryFault): VerifyQuery => ({ outcome: "refused", reason });
  if (query.length > MESSAGE_LIMITS.maxBytes) return refused("too-large");
  const raw = new Map<string, string>();
  for (const pair of query.split("&")) {
    const [name = "", ...value] = pair.split("=");
    if (!NAMES.some((known) => known === name)) continue;
    if (raw.has(name)) return refused("query-malformed");
    raw.set(name, value.join("="));
  }
  const kinds = (["SAMLRequest", "SAMLResponse"] as const).filter((name) => raw.has(name));
  const [kind] = kinds;
  if (!kind || kinds.length > 1) return refused("query-malformed");
  const values = new Map([...raw].map(([name, value]) => [name, unescape(value)]));
  if ([...values.values()].includes(null)) return refused("query-malformed");
  const signature = values.get("Signature");
  if (!signature) return refused("unsigned");
  const hash = signatureHashOf(values.get("SigAlg") ?? "");
  if (!hash) return refused("algorithm-refused");
  const keys = trustedKeysOf(certificates);
  if (keys.length === 0) return refused("no-trusted-key");
  const signed = [kind, "RelayState", "SigAlg"]
    .filter((name) => raw.has(name))
    .map((name) => `${name}=${raw.get(name)}`)
    .join("&");
  const isRight = keys.some((key) =>
    createVerify(hash).update(signed).verify(key, signature, "base64"),
  );
  if (!isRight) return refused("signature-wrong");
  const xml = inflate(values.get(kind) ?? "");
  if (!xml) return refused("query-malformed");
  return { outcome: "verified", kind, xml, relayState: values.get("RelayState") ?? null };
}

/** No more than a message may be long, whatever it claims to unpack to. */
function inflate(text: string): Buffer | null {
  try {
    return inflateRawSync(Buffer.from(text, "base64"), {
      maxOutputLength: MESSAGE_LIMITS.maxBytes,
    });
  } catch {
    return null;
  }
}

function unescape(value: string): string | null {
  try {
    return decodeURIComponent(value.replaceAll("+", " "));
  } catch {
    return null;
  }
}
