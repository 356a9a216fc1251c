// SPDX-License-Identifier: EUPL-1.2
/** Asking a provider who somebody is: AuthnRequest of SPID, CIE and eIDAS, on its way by redirect or by a form. */
import type { Moment } from "#kernel/dates.ts";
import {
  ASSERTION,
  ENTITY_FORMAT,
  type Level,
  levelClass,
  PROTOCOL,
  TRANSIENT_FORMAT,
} from "./names.ts";
import {
  type OutgoingForm,
  type OutgoingRedirect,
  sendByForm,
  sendByRedirect,
} from "./send-message.ts";
import type { SamlFederation } from "./service-provider.ts";
import type { XmlSigner } from "./signed-xml.ts";
import { element, instantText, leaf, messageId } from "./write-xml.ts";

export interface AuthnRequest {
  /** begins with a letter or `_`, at least 16 signs, never used before */
  readonly id: string;
  readonly issuedAt: Moment;
  readonly protocol: SamlFederation;
  readonly entityId: string;
  /** of the provider, for the binding that is used; it becomes the Destination (Avviso 11; CIE takes nothing else) */
  readonly singleSignOnUrl: string;
  readonly level: Level;
  /** `minimum` unless a level must be met exactly */
  readonly comparison?: "minimum" | "exact";
  /** index of the attribute set: 99 or 100 for eIDAS */
  readonly attributeSet: number;
  /** position in `assertionConsumerUrls` */
  readonly assertionConsumer?: number;
  /** token that only this server can read a meaning from */
  readonly relayState: string;
}

/**
 * ForceAuthn above level 1 (providers keep no session there), and always for CIE: a shared computer's last visitor is not
 * the next one. What was asked for is also what the answer is held to.
 */
export const isForced = (protocol: SamlFederation, level: Level): boolean =>
  protocol === "cie" || level > 1;

/**
 * Without signature. No IsPassive, no AllowCreate, no Scoping.
 * @throws RangeError for ids and combinations that no provider accepts
 */
export function writeAuthnRequest(request: AuthnRequest): string {
  const { protocol, level, comparison = "minimum", entityId } = request;
  if (protocol === "cie" && comparison === "exact" && level < 3)
    throw new RangeError("CIE takes `exact` for level 3 only");
  return element(
    "samlp:AuthnRequest",
    {
      "xmlns:samlp": PROTOCOL,
      "xmlns:saml": ASSERTION,
      ID: messageId(request.id),
      Version: "2.0",
      IssueInstant: instantText(request.issuedAt),
      Destination: request.singleSignOnUrl,
      ForceAuthn: isForced(protocol, level) ? "true" : undefined,
      AssertionConsumerServiceIndex: String(request.assertionConsumer ?? 0),
      AttributeConsumingServiceIndex: String(request.attributeSet),
    },
    leaf("saml:Issuer", entityId, { Format: ENTITY_FORMAT, NameQualifier: entityId }),
    element("samlp:NameIDPolicy", { Format: TRANSIENT_FORMAT }),
    element(
      "samlp:RequestedAuthnContext",
      { Comparison: comparison },
      leaf("saml:AuthnContextClassRef", levelClass(level)),
    ),
  );
}

/** To be answered with 302. The XML has no signature, the query has. */
export const authnRequestRedirect = (request: AuthnRequest, signer: XmlSigner): OutgoingRedirect =>
  sendByRedirect(
    {
      kind: "SAMLRequest",
      xml: writeAuthnRequest(request),
      url: request.singleSignOnUrl,
      relayState: request.relayState,
    },
    signer,
  );

/** Fields of a page that posts itself. The signature is in the XML, behind the Issuer. */
export const authnRequestForm = (request: AuthnRequest, signer: XmlSigner): OutgoingForm =>
  sendByForm(
    {
      kind: "SAMLRequest",
      xml: writeAuthnRequest(request),
      url: request.singleSignOnUrl,
      relayState: request.relayState,
    },
    signer,
  );
