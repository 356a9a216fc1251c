// SPDX-License-Identifier: EUPL-1.2
/** Which algorithms and which keys count. Nothing here looks at a message. */
import { createHash, createSign, createVerify, type KeyObject, X509Certificate } from "node:crypto";
import { SignedXml } from "xml-crypto";

export const DS = "http://www.w3.org/2000/09/xmldsig#";
export const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
export const ENVELOPED = `${DS}enveloped-signature`;

export type RsaHash = "sha256" | "sha384" | "sha512";

const SIGNATURE_METHODS: Readonly<Record<string, RsaHash>> = {
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": "sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": "sha384",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": "sha512",
};
const DIGEST_METHODS: Readonly<Record<string, RsaHash>> = {
  "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
  "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
  "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
};

const hashOf = (methods: Readonly<Record<string, RsaHash>>, uri: string): RsaHash | null =>
  Object.hasOwn(methods, uri) ? (methods[uri] ?? null) : null;

/** The allowed signature algorithm of a URI, for both bindings. */
export const signatureHashOf = (uri: string): RsaHash | null => hashOf(SIGNATURE_METHODS, uri);

export const digestHashOf = (uri: string): RsaHash | null => hashOf(DIGEST_METHODS, uri);

export const signatureUriOf = (hash: RsaHash): string =>
  `http://www.w3.org/2001/04/xmldsig-more#rsa-${hash}`;

export const digestUriOf = (hash: RsaHash): string =>
  Object.entries(DIGEST_METHODS).find(([, named]) => named === hash)?.[0] ?? "";

/** No key shorter than SPID's least. */
const MIN_KEY_BITS = 2048;

const keysByCertificate = new Map<string, KeyObject | null>();
const MAX_REMEMBERED_KEYS = 500;

/** RSA keys of the certificates that can be read. Their end date is the registry's business, not the message's. */
export function trustedKeysOf(certificates: readonly string[]): KeyObject[] {
  return certificates.flatMap((certificate) => {
    let key = keysByCertificate.get(certificate);
    if (key === undefined) {
      key = readKey(certificate);
      if (keysByCertificate.size >= MAX_REMEMBERED_KEYS) keysByCertificate.clear();
      keysByCertificate.set(certificate, key);
    }
    return key ? [key] : [];
  });
}

function readKey(certificate: string): KeyObject | null {
  try {
    const isPem = certificate.includes("-----BEGIN");
    const der = isPem ? certificate : Buffer.from(certificate, "base64");
    const key = new X509Certificate(der).publicKey;
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === "rsa" && bits >= MIN_KEY_BITS ? key : null;
  } catch {
    return null;
  }
}

type Algorithms = Pick<
  SignedXml,
  "SignatureAlgorithms" | "HashAlgorithms" | "CanonicalizationAlgorithms"
>;

/** Leaves `xml-crypto` nothing but the allowed algorithms; SHA-384 it does not know. */
export function restricted(signedXml: SignedXml): SignedXml {
  Object.assign(signedXml, ALGORITHMS);
  return signedXml;
}

const ALGORITHMS: Algorithms = (() => {
  const all = new SignedXml().CanonicalizationAlgorithms;
  const entries = <Made>(
    uris: Readonly<Record<string, RsaHash>>,
    make: (...of: [string, RsaHash]) => Made,
  ) => Object.fromEntries(Object.entries(uris).map(([uri, hash]) => [uri, make(uri, hash)]));
  return {
    SignatureAlgorithms: entries(SIGNATURE_METHODS, signatureAlgorithm),
    HashAlgorithms: entries(DIGEST_METHODS, hashAlgorithm),
    CanonicalizationAlgorithms: Object.fromEntries(
      [EXCLUSIVE, ENVELOPED].map((uri) => [uri, all[uri] as NonNullable<(typeof all)[string]>]),
    ),
  };
})();

function signatureAlgorithm(uri: string, hash: RsaHash) {
  return class {
    getAlgorithmName = () => uri;
    getSignature = (
      info: Parameters<typeof createHash>[0],
      key: Parameters<ReturnType<typeof createSign>["sign"]>[0],
    ) => createSign(hash).update(info).sign(key, "base64");
    verifySignature = (info: string, key: KeyObject, value: string) =>
      createVerify(hash).update(info).verify(key, value, "base64");
  };
}

function hashAlgorithm(uri: string, hash: RsaHash) {
  return class {
    getAlgorithmName = () => uri;
    getHash = (xml: string) => createHash(hash).update(xml, "utf8").digest("base64");
  };
}
