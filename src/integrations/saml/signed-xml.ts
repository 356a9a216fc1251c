// SPDX-License-Identifier: EUPL-1.2
/**
 * Enveloped XML signatures: making them, and the gate that judges them. What passes the gate are the canonical BYTES
 * the signature covers; callers parse those again and read nothing else, so moving elements about gains nothing.
 * `xml-crypto` computes; what may be in a signature is decided here, before it is asked.
 */
import { createHash, createSign, createVerify, type KeyObject, X509Certificate } from "node:crypto";
import { SignedXml } from "xml-crypto";
import {
  attributeOf,
  childrenNamed,
  childrenOf,
  isNamed,
  type ParsedXml,
  type XmlFault,
  type XmlLimits,
  parseXml,
} from "./parse-xml.ts";

export const DS = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED = `${DS}enveloped-signature`;

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

/** The allowed signature algorithm of a URI, for both bindings. */
export const signatureHashOf = (uri: string): RsaHash | null =>
  Object.hasOwn(SIGNATURE_METHODS, uri) ? (SIGNATURE_METHODS[uri] ?? null) : null;

export const signatureUriOf = (hash: RsaHash): string =>
  `http://www.w3.org/2001/04/xmldsig-more#rsa-${hash}`;

const digestUriOf = (hash: RsaHash): string =>
  Object.entries(DIGEST_METHODS).find(([, named]) => named === hash)?.[0] ?? "";

/** No key shorter than SPID's least. */
const MIN_KEY_BITS = 2048;
const ID_SHAPE = /^[A-Za-z_][\w.-]{0,255}$/;

export type SignatureFault =
  | "unsigned"
  | "several-signatures"
  | "signature-malformed"
  | "algorithm-refused"
  | "transform-refused"
  | "reference-refused"
  | "no-trusted-key"
  | "signature-wrong";

export type VerifySigned =
  | { readonly outcome: "verified"; readonly canonical: string }
  | { readonly outcome: "refused"; readonly reason: SignatureFault };

/** Both, when bytes are judged at once. */
export type VerifySignedBytes =
  | { readonly outcome: "verified"; readonly canonical: string }
  | { readonly outcome: "refused"; readonly reason: SignatureFault | XmlFault };

/** Parses and verifies the signature of the root element (metadata, requests). */
export function verifySignedBytes(
  bytes: Uint8Array | string,
  certificates: readonly string[],
  limits?: XmlLimits,
  scope?: SignatureScope,
): VerifySignedBytes {
  const parsed = parseXml(bytes, limits);
  return parsed.outcome === "parsed"
    ? verifySigned(parsed, parsed.root, certificates, scope)
    : parsed;
}

/** `document`: an empty URI is taken too, when the element is the root (the metadata of CIE has no ID). */
export type SignatureScope = "element" | "document";

/**
 * Judges the one signature that is a direct child of `element` and must cover exactly `element`. `certificates`: the
 * trusted ones, PEM or bare base64; what KeyInfo holds is not looked at. `canonical` is what was signed: parse that.
 */
export function verifySigned(
  parsed: ParsedXml,
  element: Element,
  certificates: readonly string[],
  scope: SignatureScope = "element",
): VerifySigned {
  const signatures = childrenNamed(element, DS, "Signature");
  const [signature] = signatures;
  if (!signature) return { outcome: "refused", reason: "unsigned" };
  if (signatures.length > 1) return { outcome: "refused", reason: "several-signatures" };
  const fault = findFault(signature, element, scope);
  if (fault) return { outcome: "refused", reason: fault };
  const keys = trustedKeysOf(certificates);
  if (keys.length === 0) return { outcome: "refused", reason: "no-trusted-key" };
  for (const key of keys) {
    const canonical = check(parsed.text, signature, key);
    if (canonical !== null) return { outcome: "verified", canonical };
  }
  return { outcome: "refused", reason: "signature-wrong" };
}

/** The shape is exactly that of SAML 2 (core 5.4): whatever else a signature could say is refused. */
function findFault(
  signature: Element,
  element: Element,
  scope: SignatureScope,
): SignatureFault | null {
  const [info, value, ...rest] = childrenOf(signature);
  if (!info || !isNamed(info, DS, "SignedInfo")) return "signature-malformed";
  if (!value || !isNamed(value, DS, "SignatureValue")) return "signature-malformed";
  if (rest.length > 1 || !rest.every((child) => isNamed(child, DS, "KeyInfo"))) {
    return "signature-malformed";
  }
  const [canonicalization, method, ...references] = childrenOf(info);
  if (!canonicalization || !isNamed(canonicalization, DS, "CanonicalizationMethod")) {
    return "signature-malformed";
  }
  if (!method || !isNamed(method, DS, "SignatureMethod")) return "signature-malformed";
  if (!isPlainExclusive(canonicalization)) return "algorithm-refused";
  if (!signatureHashOf(attributeOf(method, "Algorithm") ?? "")) return "algorithm-refused";
  if (childrenOf(method).length > 0) return "signature-malformed";
  const [reference, ...more] = references;
  if (!reference || !isNamed(reference, DS, "Reference")) return "signature-malformed";
  if (more.length > 0) return "reference-refused";
  return findReferenceFault(reference, element, scope);
}

function findReferenceFault(
  reference: Element,
  element: Element,
  scope: SignatureScope,
): SignatureFault | null {
  const uri = attributeOf(reference, "URI");
  const isRoot = element === element.ownerDocument.documentElement;
  if (scope !== "document" || uri !== "" || !isRoot) {
    const id = attributeOf(element, "ID") ?? "";
    if (!ID_SHAPE.test(id) || uri !== `#${id}`) return "reference-refused";
  }
  const [transforms, method, value, ...more] = childrenOf(reference);
  if (!transforms || !isNamed(transforms, DS, "Transforms")) return "transform-refused";
  if (!method || !isNamed(method, DS, "DigestMethod")) return "signature-malformed";
  if (!value || !isNamed(value, DS, "DigestValue")) return "signature-malformed";
  if (more.length > 0 || childrenOf(method).length > 0) return "signature-malformed";
  const [enveloped, exclusive, ...others] = childrenOf(transforms);
  if (!enveloped || !exclusive || others.length > 0) return "transform-refused";
  if (!isNamed(enveloped, DS, "Transform") || !isNamed(exclusive, DS, "Transform")) {
    return "transform-refused";
  }
  const isEnveloped = attributeOf(enveloped, "Algorithm") === ENVELOPED;
  if (!isEnveloped || childrenOf(enveloped).length > 0) return "transform-refused";
  if (!isPlainExclusive(exclusive)) return "transform-refused";
  const digest = attributeOf(method, "Algorithm") ?? "";
  return Object.hasOwn(DIGEST_METHODS, digest) ? null : "algorithm-refused";
}

/** Exclusive canonicalization without comments; OpenSAML adds a list of prefixes, which only adds declarations. */
function isPlainExclusive(element: Element): boolean {
  if (attributeOf(element, "Algorithm") !== EXCLUSIVE) return false;
  const children = childrenOf(element);
  return (
    children.length === 0 ||
    (children.length === 1 && isNamed(children[0] as Element, EXCLUSIVE, "InclusiveNamespaces"))
  );
}

/** `null`: not signed with this key, or not this content. */
function check(text: string, signature: Element, key: KeyObject): string | null {
  const judge = restricted(new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null }));
  try {
    judge.loadSignature(signature);
    if (!judge.checkSignature(text)) return null;
    const [canonical, ...more] = judge.getSignedReferences();
    return canonical !== undefined && more.length === 0 ? canonical : null;
  } catch {
    return null;
  }
}

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
function restricted(signedXml: SignedXml): SignedXml {
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

export interface XmlSigner {
  readonly privateKeyPem: string;
  /** put into KeyInfo */
  readonly certificatePem: string;
  readonly hash?: RsaHash;
}

/**
 * Signs one element of a document of OUR making. `reference`: XPath of the element, which carries an `ID`; the
 * signature becomes its first child, or follows the child that `after` names (SAML: behind the Issuer).
 */
export function signXml(
  xml: string,
  signer: XmlSigner,
  where: { readonly reference?: string; readonly after?: string } = {},
): string {
  const { reference = "/*", after } = where;
  const hash = signer.hash ?? "sha256";
  const signed = restricted(
    new SignedXml({
      privateKey: signer.privateKeyPem,
      publicCert: signer.certificatePem,
      signatureAlgorithm: signatureUriOf(hash),
      canonicalizationAlgorithm: EXCLUSIVE,
      idAttribute: "ID",
    }),
  );
  signed.addReference({
    xpath: reference,
    transforms: [ENVELOPED, EXCLUSIVE],
    digestAlgorithm: digestUriOf(hash),
  });
  signed.computeSignature(xml, {
    prefix: "ds",
    location: after
      ? { reference: `${reference}/*[local-name()='${after}']`, action: "after" }
      : { reference, action: "prepend" },
  });
  return signed.getSignedXml();
}
