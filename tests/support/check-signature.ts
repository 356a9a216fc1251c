// SPDX-License-Identifier: EUPL-1.2
/** An enveloped signature judged by another implementation than ours: libxml2's canonical form, OpenSSL's RSA. */
import { createHash, createVerify, X509Certificate } from "node:crypto";
import { XmlC14NMode, XmlDocument, XmlElement } from "libxml2-wasm";

const DS = { ds: "http://www.w3.org/2000/09/xmldsig#" };
const EXCLUSIVE = { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 };

/** SHA-256 only; the root's own signature, by a certificate that is known. */
export function isSignedBy(xml: string, certificatePem: string): boolean {
  const document = XmlDocument.fromString(xml);
  try {
    const signature = document.get("/*/ds:Signature", DS);
    const info = document.get("/*/ds:Signature/ds:SignedInfo", DS);
    if (!(signature instanceof XmlElement) || !(info instanceof XmlElement)) return false;
    const textAt = (path: string): string =>
      document.get(`/*/ds:Signature/${path}`, DS)?.content.replaceAll(/\s/g, "") ?? "";
    const digest = textAt("ds:SignedInfo/ds:Reference/ds:DigestValue");
    const value = textAt("ds:SignatureValue");
    const signed = info.canonicalizeToString(EXCLUSIVE);
    signature.remove();
    const content = document.canonicalizeToString(EXCLUSIVE);
    const key = new X509Certificate(certificatePem).publicKey;
    return (
      createHash("sha256").update(content).digest("base64") === digest &&
      createVerify("sha256").update(signed).verify(key, value, "base64")
    );
  } finally {
    document.dispose();
  }
}
