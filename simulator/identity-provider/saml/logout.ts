// SPDX-License-Identifier: EUPL-1.2
/** Single logout, begun by a service or here. By redirect, signed both ways. */
import { randomBytes } from "node:crypto";
import { escapeXml, SAML, SAMLP } from "./xml.ts";

const FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

interface Head {
  readonly entityId: string;
  readonly destination: string;
  readonly at: string;
}

const headOf = (name: string, { entityId, destination, at }: Head, more = ""): string =>
  `<samlp:${name} xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" ID="_${randomBytes(20).toString("hex")}" Version="2.0" IssueInstant="${at}" Destination="${escapeXml(destination)}"${more}><saml:Issuer Format="${FORMAT}entity" NameQualifier="${escapeXml(entityId)}">${escapeXml(entityId)}</saml:Issuer>`;

export const logoutRequest = (
  head: Head,
  of: { readonly nameId: string; readonly sessionIndex: string },
): string =>
  `${headOf("LogoutRequest", head)}<saml:NameID Format="${FORMAT}transient" NameQualifier="${escapeXml(head.entityId)}">${escapeXml(of.nameId)}</saml:NameID><samlp:SessionIndex>${escapeXml(of.sessionIndex)}</samlp:SessionIndex></samlp:LogoutRequest>`;

export const logoutResponse = (head: Head, inResponseTo: string): string =>
  `${headOf("LogoutResponse", head, ` InResponseTo="${escapeXml(inResponseTo)}"`)}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`;
