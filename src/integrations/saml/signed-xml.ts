// SPDX-License-Identifier: EUPL-1.2
/**
 * Enveloped XML signatures: making them, and the gate that judges them. What passes the gate are the canonical BYTES
 * the signature covers; callers parse those again and read nothing else, so moving elements about gains nothing.
 * `xml-crypto` computes; what may be in a signature is decided here, before it is asked.
 */
import { createVerify, type KeyObject } from "node:crypto";
import { SignedXml } from "xml-crypto";
import {
  attributeOf,
  childrenNamed,
  childrenOf,
  isNamed,
  type ParsedXml,
  textOf,
  type XmlFault,
  type XmlLimits,
  parseXml,
} from "./parse-xml.ts";
import {
  digestHashOf,
  digestUriOf,
  DS,
  ENVELOPED,
  EXCLUSIVE,
  restricted,
  type RsaHash,
  signatureHashOf,
  signatureUriOf,
  trustedKeysOf,
} from "./signature-algorithms.ts";

export { DS } from "./signature-algorithms.ts";

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
  const key = signerOf(signature, keys);
  const canonical = key ? check(parsed.text, signature, key) : null;
  return canonical === null
    ? { outcome: "refused", reason: "signature-wrong" }
    : { outcome: "verified", canonical };
}

/**
 * Whose signature it is, by what is small: a stranger's message, however long, costs no more than this, and of several
 * trusted keys one alone has the whole looked through.
 */
function signerOf(signature: Element, keys: readonly KeyObject[]): KeyObject | null {
  const [info, value] = childrenOf(signature);
  const method = info ? childrenOf(info)[1] : undefined;
  const hash = method ? signatureHashOf(attributeOf(method, "Algorithm") ?? "") : null;
  if (!info || !value || !hash) return null;
  const canonical = restricted(new SignedXml()).getCanonXml([EXCLUSIVE], info);
  const bytes = Buffer.from(textOf(value) ?? "", "base64");
  return keys.find((key) => createVerify(hash).update(canonical).verify(key, bytes)) ?? null;
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
  const isExclusive = attributeOf(canonicalization, "Algorithm") === EXCLUSIVE;
  if (!isExclusive || childrenOf(canonicalization).length > 0) return "algorithm-refused";
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
  if (!isExclusiveTransform(exclusive)) return "transform-refused";
  return digestHashOf(attributeOf(method, "Algorithm") ?? "") ? null : "algorithm-refused";
}

/** Exclusive canonicalization without comments; OpenSAML adds a list of prefixes, which only adds declarations. */
function isExclusiveTransform(element: Element): boolean {
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
