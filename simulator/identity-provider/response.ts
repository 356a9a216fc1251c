// SPDX-License-Identifier: EUPL-1.2
/** What a good provider answers: SPID's and CIE's profile of a SAML 2 Response, written out. */
import type { Moment } from "#kernel/dates.ts";

const NAMESPACES =
  'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
const FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
const BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const STATUS = "urn:oasis:names:tc:SAML:2.0:status:";

export interface Answer {
  readonly responseId: string;
  readonly assertionId: string;
  readonly inResponseTo: string;
  /** of response, assertion and authentication */
  readonly issueInstant: string;
  readonly notOnOrAfter: string;
  /** where it is posted to: the service's assertion consumer */
  readonly destination: string;
  /** entityID of the provider */
  readonly issuer: string;
  /** entityID of the service */
  readonly audience: string;
  readonly nameId: string;
  /** level 1 alone has one */
  readonly sessionIndex: string | null;
  readonly classReference: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** SPID says what an issuer is; CIE does not */
  readonly saysIssuerFormat: boolean;
  readonly saysNameFormat: boolean;
}

export interface AskedAnswer {
  readonly requestId: string;
  readonly acsUrl: string;
  readonly spEntityId: string;
  readonly level: 1 | 2 | 3;
  readonly protocol: "spid" | "cie" | "eidas";
}

const LIFETIME_MINUTES = 5;

/** A login that went well. `unique`: what makes the ids of this answer its own. */
export function answerTo(
  asked: AskedAnswer,
  by: { readonly entityId: string; readonly at: Moment; readonly unique: string },
  attributes: Readonly<Record<string, string>>,
): Answer {
  const at = by.at.round("second");
  return {
    responseId: `_r${by.unique}`,
    assertionId: `_a${by.unique}`,
    inResponseTo: asked.requestId,
    issueInstant: at.toString(),
    notOnOrAfter: at.add({ minutes: LIFETIME_MINUTES }).toString(),
    destination: asked.acsUrl,
    issuer: by.entityId,
    audience: asked.spEntityId,
    nameId: `_n${by.unique}`,
    sessionIndex: asked.level === 1 || asked.protocol === "cie" ? `_s${by.unique}` : null,
    classReference: `https://www.spid.gov.it/SpidL${asked.level}`,
    attributes,
    saysIssuerFormat: asked.protocol === "spid",
    saysNameFormat: true,
  };
}

/** Unsigned: see `sign.ts`. */
export function writeResponse(answer: Answer): string {
  return `<samlp:Response ${NAMESPACES} ${headOf(answer, answer.responseId)} InResponseTo="${escape(answer.inResponseTo)}" Destination="${escape(answer.destination)}">${issuerOf(answer)}<samlp:Status><samlp:StatusCode Value="${STATUS}Success"/></samlp:Status>${writeAssertion(answer)}</samlp:Response>`;
}

/** A login that ended otherwise: `code` of the table of anomalies. */
export function writeFailure(
  answer: Answer,
  failure: { readonly code: number; readonly status: string; readonly subStatus: string | null },
): string {
  const inner = failure.subStatus
    ? `<samlp:StatusCode Value="${STATUS}${failure.subStatus}"/>`
    : "";
  const number = String(failure.code).padStart(2, "0");
  return `<samlp:Response ${NAMESPACES} ${headOf(answer, answer.responseId)} InResponseTo="${escape(answer.inResponseTo)}" Destination="${escape(answer.destination)}">${issuerOf(answer)}<samlp:Status><samlp:StatusCode Value="${STATUS}${failure.status}">${inner}</samlp:StatusCode><samlp:StatusMessage>ErrorCode nr${number}</samlp:StatusMessage></samlp:Status></samlp:Response>`;
}

function writeAssertion(answer: Answer): string {
  const attributes = Object.entries(answer.attributes).map(([name, value]) => {
    const format = answer.saysNameFormat ? ` NameFormat="${BASIC}"` : "";
    const type = name === "dateOfBirth" ? "xs:date" : "xs:string";
    return `<saml:Attribute Name="${escape(name)}"${format}><saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">${escape(value)}</saml:AttributeValue></saml:Attribute>`;
  });
  return [
    `<saml:Assertion ${headOf(answer, answer.assertionId)}>`,
    issuerOf(answer),
    `<saml:Subject><saml:NameID Format="${FORMAT}transient" NameQualifier="${escape(answer.issuer)}">${escape(answer.nameId)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="${escape(answer.inResponseTo)}" NotOnOrAfter="${answer.notOnOrAfter}" Recipient="${escape(answer.destination)}"/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${answer.issueInstant}" NotOnOrAfter="${answer.notOnOrAfter}"><saml:AudienceRestriction><saml:Audience>${escape(answer.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${answer.issueInstant}"${answer.sessionIndex ? ` SessionIndex="${escape(answer.sessionIndex)}"` : ""}>`,
    `<saml:AuthnContext><saml:AuthnContextClassRef>${escape(answer.classReference)}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributes.join("")}</saml:AttributeStatement></saml:Assertion>`,
  ].join("");
}

const headOf = (answer: Answer, id: string): string =>
  `ID="${escape(id)}" Version="2.0" IssueInstant="${answer.issueInstant}"`;

function issuerOf(answer: Answer): string {
  const format = answer.saysIssuerFormat ? ` Format="${FORMAT}entity"` : "";
  return `<saml:Issuer${format}>${escape(answer.issuer)}</saml:Issuer>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] ?? "");
