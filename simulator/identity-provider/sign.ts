// SPDX-License-Identifier: EUPL-1.2
/** Signs responses, also in the ways a service must refuse: the product's own signer makes only good ones. */
import { DOMParser } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import type { SigningKey } from "./keys.ts";

const DS = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

export const RESPONSE = "/*[local-name()='Response']";
export const ASSERTION = `${RESPONSE}/*[local-name()='Assertion']`;

export interface SigningHow {
  readonly method?: string;
  readonly digest?: string;
  readonly transforms?: readonly string[];
  readonly canonicalization?: string;
  /** HMAC: the key is the certificate that everybody has */
  readonly isHmac?: boolean;
}

/** One enveloped signature behind the Issuer of the element that `xpath` finds, or as its first child. */
export function signElement(
  xml: string,
  xpath: string,
  key: SigningKey,
  how: SigningHow = {},
): string {
  const signed = new SignedXml({
    privateKey: how.isHmac ? key.certificatePem : key.privateKeyPem,
    publicCert: key.certificatePem,
    signatureAlgorithm: how.method ?? "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: how.canonicalization ?? EXCLUSIVE,
    idAttribute: "ID",
  });
  if (how.isHmac) signed.enableHMAC();
  const element = firstOf(xml, xpath);
  signed.addReference({
    xpath,
    transforms: [...(how.transforms ?? [`${DS}enveloped-signature`, EXCLUSIVE])],
    digestAlgorithm: how.digest ?? "http://www.w3.org/2001/04/xmlenc#sha256",
    isEmptyUri: !element?.getAttribute("ID"),
  });
  const hasIssuer = element?.firstChild?.nodeName === "saml:Issuer";
  signed.computeSignature(xml, {
    prefix: "ds",
    location: hasIssuer
      ? { reference: `${xpath}/*[local-name()='Issuer']`, action: "after" }
      : { reference: xpath, action: "prepend" },
  });
  return signed.getSignedXml();
}

/** The element of one of the two paths above, without an XPath engine. */
function firstOf(xml: string, xpath: string): Element | undefined {
  const root = new DOMParser().parseFromString(xml, "text/xml").documentElement;
  if (xpath === RESPONSE) return root;
  return Array.from(root.childNodes).find(
    (node): node is Element => node.nodeName === "saml:Assertion",
  );
}

/** Inner signature first: the outer one covers it. */
export function signResponse(
  xml: string,
  keys: { readonly response: SigningKey | null; readonly assertion: SigningKey | null },
): string {
  const inner = keys.assertion ? signElement(xml, ASSERTION, keys.assertion) : xml;
  return keys.response ? signElement(inner, RESPONSE, keys.response) : inner;
}
