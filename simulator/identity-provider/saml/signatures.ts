// SPDX-License-Identifier: EUPL-1.2
/** Signatures of what services send, by redirect and by form, and of what this provider sends back by redirect. */
import { createSign, createVerify } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { SignedXml } from "xml-crypto";
import type { SigningKey } from "../keys.ts";
import { child, DS, rootOf } from "./xml.ts";

const MAX_BYTES = 256 * 1024;
const HASHES: Readonly<Record<string, string>> = {
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": "sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": "sha384",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": "sha512",
};
const SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/** What came in: the XML, and who is said to have signed it. */
export interface Incoming {
  readonly xml: string;
  readonly relayState: string | null;
  /** `null`: right; otherwise what is wrong with the signature */
  signatureFault(certificates: readonly string[]): string | null;
}

const pem = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/\s/g, "").replaceAll(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`;

/** `query`: as it arrived, without `?`. `null`: no message in it. */
export function readQuery(query: string, name: "SAMLRequest" | "SAMLResponse"): Incoming | null {
  const raw = new Map(query.split("&").map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
  const fields = new URLSearchParams(query);
  const packed = fields.get(name);
  if (!packed) return null;
  let xml: string;
  try {
    xml = inflateRawSync(Buffer.from(packed, "base64"), { maxOutputLength: MAX_BYTES }).toString();
  } catch {
    return null;
  }
  return {
    xml,
    relayState: fields.get("RelayState"),
    signatureFault(certificates) {
      const hash = HASHES[fields.get("SigAlg") ?? ""];
      const signature = fields.get("Signature");
      if (!signature) return "Manca la firma (parametro Signature)";
      if (!hash) return "Algoritmo di firma non ammesso (parametro SigAlg)";
      const signed = [name, "RelayState", "SigAlg"]
        .filter((key) => raw.has(key))
        .map((key) => `${key}=${raw.get(key)}`)
        .join("&");
      const isRight = certificates.some((certificate) =>
        createVerify(hash).update(signed).verify(pem(certificate), signature, "base64"),
      );
      return isRight ? null : "La firma non è di un certificato del metadata";
    },
  };
}

export function readForm(message: string, relayState: string | null): Incoming | null {
  const xml = Buffer.from(message, "base64").toString("utf8");
  const root = message.length > MAX_BYTES * 1.5 ? null : rootOf(xml);
  if (!root) return null;
  return {
    xml,
    relayState,
    signatureFault(certificates) {
      const signature = child(root, DS, "Signature");
      if (!signature) return "Manca la firma (elemento ds:Signature)";
      const isRight = certificates.some((certificate) =>
        isSignedWith(xml, signature, pem(certificate), root.getAttribute("ID") ?? ""),
      );
      return isRight ? null : "La firma non è di un certificato del metadata";
    },
  };
}

function isSignedWith(xml: string, signature: Element, publicCert: string, id: string): boolean {
  try {
    const judge = new SignedXml({ publicCert, getCertFromKeyInfo: () => null });
    judge.loadSignature(signature as unknown as Node);
    if (!Object.hasOwn(HASHES, judge.signatureAlgorithm ?? "")) return false;
    if (!judge.checkSignature(xml)) return false;
    const [signed] = judge.getSignedReferences();
    return signed !== undefined && rootOf(signed)?.getAttribute("ID") === id;
  } catch {
    return false;
  }
}

/** The address with message, state and signature behind it. */
export function redirectTo(
  url: string,
  message: {
    readonly name: "SAMLRequest" | "SAMLResponse";
    readonly xml: string;
    readonly relayState: string | null;
  },
  key: SigningKey,
): string {
  const pairs: [string, string][] = [
    [message.name, deflateRawSync(Buffer.from(message.xml)).toString("base64")],
    ...(message.relayState === null
      ? []
      : [["RelayState", message.relayState] as [string, string]]),
    ["SigAlg", SHA256],
  ];
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const signature = createSign("sha256").update(query).sign(key.privateKeyPem, "base64");
  const whole = `${query}&Signature=${encodeURIComponent(signature)}`;
  return `${url}${url.includes("?") ? "&" : "?"}${whole}`;
}
