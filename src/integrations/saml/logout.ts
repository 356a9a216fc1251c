// SPDX-License-Identifier: EUPL-1.2
/**
 * Single logout, both ways round. Ours: LogoutRequest out, LogoutResponse in. The provider's: LogoutRequest in,
 * LogoutResponse out. What comes in is always signed, and only what the signature covers is read. CIE takes a request
 * and never answers it.
 */
import type { Moment } from "#kernel/dates.ts";
import {
  ASSERTION,
  type Binding,
  ENTITY_FORMAT,
  PROTOCOL,
  SUCCESS,
  TRANSIENT_FORMAT,
} from "./names.ts";
import {
  type OutgoingForm,
  type OutgoingMessage,
  type OutgoingRedirect,
  sendByForm,
  sendByRedirect,
} from "./send-message.ts";
import type { XmlSigner } from "./signed-xml.ts";
import { element, instantText, leaf, messageId } from "./write-xml.ts";

export interface LogoutHead {
  readonly id: string;
  readonly issuedAt: Moment;
  /** of the town */
  readonly entityId: string;
  /** request: the provider's logout address; response: the address it wants answers at */
  readonly url: string;
  readonly relayState?: string;
}

export interface LogoutRequest extends LogoutHead {
  /** as the assertion gave it */
  readonly nameId: { readonly value: string; readonly nameQualifier: string };
  /** of the assertion's AuthnStatement; without one there is no session to end at the provider */
  readonly sessionIndex: string;
}

export interface LogoutAnswer extends LogoutHead {
  /** the ID of the request */
  readonly inResponseTo: string;
}

const headOf = ({ id, issuedAt, url, entityId }: LogoutHead) => ({
  attributes: {
    "xmlns:samlp": PROTOCOL,
    "xmlns:saml": ASSERTION,
    ID: messageId(id),
    Version: "2.0",
    IssueInstant: instantText(issuedAt),
    Destination: url,
  },
  issuer: leaf("saml:Issuer", entityId, { Format: ENTITY_FORMAT, NameQualifier: entityId }),
});

/** @throws RangeError for ids that are none */
export function writeLogoutRequest(request: LogoutRequest): string {
  const { attributes, issuer } = headOf(request);
  const { value, nameQualifier } = request.nameId;
  return element(
    "samlp:LogoutRequest",
    attributes,
    issuer,
    leaf("saml:NameID", value, { Format: TRANSIENT_FORMAT, NameQualifier: nameQualifier }),
    leaf("samlp:SessionIndex", request.sessionIndex),
  );
}

/**
 * Always that it is done: a provider wants to hear so of a session that ended before, or never was (SPID, Single Logout).
 * @throws RangeError for ids that are none
 */
export function writeLogoutAnswer(answer: LogoutAnswer): string {
  const { attributes, issuer } = headOf(answer);
  return element(
    "samlp:LogoutResponse",
    { ...attributes, InResponseTo: answer.inResponseTo },
    issuer,
    element("samlp:Status", {}, element("samlp:StatusCode", { Value: SUCCESS })),
  );
}

const outgoing = (
  kind: OutgoingMessage["kind"],
  xml: string,
  { url, relayState }: LogoutHead,
): OutgoingMessage => ({ kind, xml, url, ...(relayState === undefined ? {} : { relayState }) });

export type OutgoingLogout =
  | ({ readonly binding: "redirect" } & OutgoingRedirect)
  | ({ readonly binding: "post" } & OutgoingForm);

export const sendLogoutRequest = (
  request: LogoutRequest,
  binding: Binding,
  signer: XmlSigner,
): OutgoingLogout =>
  send(outgoing("SAMLRequest", writeLogoutRequest(request), request), binding, signer);

export const sendLogoutAnswer = (
  answer: LogoutAnswer,
  binding: Binding,
  signer: XmlSigner,
): OutgoingLogout =>
  send(outgoing("SAMLResponse", writeLogoutAnswer(answer), answer), binding, signer);

function send(message: OutgoingMessage, binding: Binding, signer: XmlSigner): OutgoingLogout {
  return binding === "redirect"
    ? { binding, ...sendByRedirect(message, signer) }
    : { binding, ...sendByForm(message, signer) };
}
