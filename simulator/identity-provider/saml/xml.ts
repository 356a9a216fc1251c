// SPDX-License-Identifier: EUPL-1.2
/** Reading what services send. Written apart from the product's own reading: they must not be wrong alike. */
import { DOMParser } from "@xmldom/xmldom";

export const SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol";
export const SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
export const MD = "urn:oasis:names:tc:SAML:2.0:metadata";
export const DS = "http://www.w3.org/2000/09/xmldsig#";
export const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
export const POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/** `null`: no XML, or with a document type. */
export function rootOf(xml: string): Element | null {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) return null;
  let isBroken = false;
  const broken = (): void => {
    isBroken = true;
  };
  try {
    const errorHandler = { warning: broken, error: broken, fatalError: broken };
    const document = new DOMParser({ errorHandler }).parseFromString(xml, "text/xml");
    return isBroken ? null : (document?.documentElement ?? null);
  } catch {
    return null;
  }
}

export const children = (of: Element, namespace: string, name: string): Element[] =>
  Array.from(of.childNodes).filter(
    (node): node is Element =>
      node.nodeType === 1 &&
      (node as Element).namespaceURI === namespace &&
      (node as Element).localName === name,
  );

export const child = (of: Element, namespace: string, name: string): Element | undefined =>
  children(of, namespace, name)[0];

export const all = (of: Element, namespace: string, name: string): Element[] =>
  Array.from(of.getElementsByTagNameNS(namespace, name));

export const textOf = (element: Element | undefined): string => element?.textContent?.trim() ?? "";

/** `null`: it is not there. */
export const attribute = (element: Element | undefined, name: string): string | null =>
  element?.hasAttribute(name) ? element.getAttribute(name) : null;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] ?? "");
