// SPDX-License-Identifier: EUPL-1.2
/** A message of ours on its way through the person's browser: HTTP-Redirect and HTTP-POST (SAML bindings 3.4, 3.5). */
import { isSecureUrl } from "./service-provider.ts";
import { type SamlMessageKind, signQuery } from "./signed-query.ts";
import { signXml, type XmlSigner } from "./signed-xml.ts";

export interface OutgoingMessage {
  readonly kind: SamlMessageKind;
  readonly xml: string;
  readonly url: string;
  readonly relayState?: string;
}

export interface OutgoingRedirect {
  readonly url: string;
  /** what was sent, for the journal */
  readonly xml: string;
}

export interface OutgoingForm {
  readonly action: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** what was sent, signature included, for the journal */
  readonly xml: string;
}

/** Long enough not to be guessed, at most the 80 bytes SAML allows, and nothing a reader could understand. */
const TOKEN = /^[A-Za-z0-9_-]{16,80}$/;
/** Providers do not keep to the 80 bytes. */
const MAX_FOREIGN_STATE = 1024;

export function sendByRedirect(message: OutgoingMessage, signer: XmlSigner): OutgoingRedirect {
  const { url, kind, xml, relayState } = checked(message);
  const query = signQuery(
    { kind, xml, ...(relayState === undefined ? {} : { relayState }) },
    { privateKeyPem: signer.privateKeyPem, ...(signer.hash ? { hash: signer.hash } : {}) },
  );
  return { url: `${url}${url.includes("?") ? "&" : "?"}${query}`, xml };
}

export function sendByForm(message: OutgoingMessage, signer: XmlSigner): OutgoingForm {
  const { url, kind, relayState } = checked(message);
  const xml = signXml(message.xml, signer, { after: "Issuer" });
  const fields: { name: string; value: string }[] = [];
  fields.push({ name: kind, value: Buffer.from(xml).toString("base64") });
  if (relayState !== undefined) fields.push({ name: "RelayState", value: relayState });
  return { action: url, fields, xml };
}

/** Of ours, a token or nothing. Of a provider, given back as it came when it can be carried at all. */
function checked(message: OutgoingMessage): OutgoingMessage {
  const { kind, url, relayState, ...rest } = message;
  if (!isSecureUrl(url)) throw new RangeError("a provider is reached by https only");
  if (relayState === undefined) return message;
  if (kind === "SAMLRequest" && !TOKEN.test(relayState))
    throw new RangeError("RelayState is a token, never an address");
  const isCarried =
    relayState.length <= MAX_FOREIGN_STATE &&
    relayState.isWellFormed() &&
    !/\p{Cc}/u.test(relayState);
  return isCarried ? message : { kind, url, ...rest };
}
