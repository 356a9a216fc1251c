// SPDX-License-Identifier: EUPL-1.2
import type { SigningKey } from "../keys.ts";
import type { Federation, ServiceMetadata } from "./types.ts";
import {
  all,
  attribute,
  child,
  children,
  DS,
  escapeXml,
  MD,
  POST,
  REDIRECT,
  rootOf,
  textOf,
} from "./xml.ts";

export const NAMES: Readonly<Record<Federation, string>> = {
  spid: "Provider di prova",
  cie: "CIE di prova",
  eidas: "Nodo eIDAS di prova",
};

/** CIE takes a request to log out and never answers it: the pretended one has no address for it. */
const HAS_LOGOUT: Readonly<Record<Federation, boolean>> = { spid: true, cie: false, eidas: true };

const ATTRIBUTES: Readonly<Record<Federation, readonly string[]>> = {
  spid: ["spidCode", "name", "familyName", "fiscalNumber", "dateOfBirth", "email"],
  cie: ["name", "familyName", "fiscalNumber", "dateOfBirth"],
  eidas: ["spidCode", "name", "familyName", "dateOfBirth"],
};

export interface ProviderAddresses {
  readonly entityId: string;
  readonly signOn: string;
  readonly logout: string;
}

export function addressesOf(base: string, federation: Federation): ProviderAddresses {
  const entityId = `${base}/idp/${federation}`;
  return { entityId, signOn: `${entityId}/sso`, logout: `${entityId}/slo` };
}

/** As a registry would list it. Unsigned: whoever trusts it got it from this process. */
export function providerMetadata(base: string, federation: Federation, key: SigningKey): string {
  const { entityId, signOn, logout } = addressesOf(base, federation);
  const certificate = key.certificatePem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  const at = (name: string, binding: string, url: string): string =>
    `<md:${name} Binding="${binding}" Location="${escapeXml(url)}"/>`;
  const attributes = ATTRIBUTES[federation].map(
    (name) =>
      `<saml:Attribute Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"/>`,
  );
  return [
    `<md:EntityDescriptor xmlns:md="${MD}" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:ds="${DS}" entityID="${escapeXml(entityId)}">`,
    '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAuthnRequestsSigned="true">',
    `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    ...(HAS_LOGOUT[federation] ? [at("SingleLogoutService", REDIRECT, logout)] : []),
    "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>",
    at("SingleSignOnService", REDIRECT, signOn),
    at("SingleSignOnService", POST, signOn),
    ...attributes,
    "</md:IDPSSODescriptor>",
    `<md:Organization><md:OrganizationName xml:lang="it">${NAMES[federation]}</md:OrganizationName><md:OrganizationDisplayName xml:lang="it">${NAMES[federation]}</md:OrganizationDisplayName><md:OrganizationURL xml:lang="it">${escapeXml(entityId)}</md:OrganizationURL></md:Organization>`,
    "</md:EntityDescriptor>",
  ].join("");
}

/** `null`: no metadata of a service. */
export function readServiceMetadata(xml: string): ServiceMetadata | null {
  const root = rootOf(xml);
  const role = root && child(root, MD, "SPSSODescriptor");
  if (!root || !role) return null;
  const signing = children(role, MD, "KeyDescriptor").filter(
    (one) => (attribute(one, "use") ?? "signing") === "signing",
  );
  const consumers = children(role, MD, "AssertionConsumerService");
  const sets = children(role, MD, "AttributeConsumingService");
  const logout = children(role, MD, "SingleLogoutService").find(
    (one) => attribute(one, "Binding") === REDIRECT,
  );
  return {
    entityId: attribute(root, "entityID") ?? "",
    certificates: signing.flatMap((one) => all(one, DS, "X509Certificate").map(textOf)),
    assertionConsumers: new Map(
      consumers.map((one) => [attribute(one, "index") ?? "", attribute(one, "Location") ?? ""]),
    ),
    attributeSets: new Map(
      sets.map((one) => [
        attribute(one, "index") ?? "",
        children(one, MD, "RequestedAttribute").map((asked) => attribute(asked, "Name") ?? ""),
      ]),
    ),
    logoutUrl: attribute(logout, "ResponseLocation") ?? attribute(logout, "Location"),
    isSigned: child(root, DS, "Signature") !== undefined,
  };
}
