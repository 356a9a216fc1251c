// SPDX-License-Identifier: EUPL-1.2
/** An AuthnRequest, judged by the technical rules: every fault in words, not only the first. */
import type { Moment } from "#kernel/dates.ts";
import type { ProviderAddresses } from "./metadata.ts";
import type { Incoming } from "./signatures.ts";
import type { Federation, ServiceMetadata } from "./types.ts";
import { attribute, child, children, rootOf, SAML, SAMLP, textOf } from "./xml.ts";

/** A request is answered while it is fresh. */
const FRESH_MS = 5 * 60_000;
const FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
const LEVEL = /^https:\/\/www\.spid\.gov\.it\/SpidL([123])$/;

export interface GoodRequest {
  readonly id: string;
  readonly level: 1 | 2 | 3;
  readonly acsUrl: string;
  /** names of the attributes that were asked for */
  readonly asked: readonly string[];
}

export type CheckedRequest =
  | { readonly outcome: "good"; readonly request: GoodRequest }
  | { readonly outcome: "faults"; readonly faults: readonly string[] };

/** Who asks, before anything is believed. */
export function issuerOf(incoming: Incoming): string | null {
  const root = rootOf(incoming.xml);
  return root ? textOf(child(root, SAML, "Issuer")) || null : null;
}

export function checkRequest(
  incoming: Incoming,
  of: {
    readonly federation: Federation;
    readonly service: ServiceMetadata;
    readonly addresses: ProviderAddresses;
    readonly isKnownId: (id: string) => boolean;
    readonly now: Moment;
  },
): CheckedRequest {
  const { service, federation } = of;
  const root = rootOf(incoming.xml);
  if (root?.localName !== "AuthnRequest" || root.namespaceURI !== SAMLP)
    return { outcome: "faults", faults: ["Il messaggio non è una AuthnRequest"] };
  const context = child(root, SAMLP, "RequestedAuthnContext");
  const [, level] =
    LEVEL.exec(textOf(context && child(context, SAML, "AuthnContextClassRef"))) ?? [];
  const acsIndex = attribute(root, "AssertionConsumerServiceIndex");
  const acsUrl =
    acsIndex === null
      ? attribute(root, "AssertionConsumerServiceURL")
      : (service.assertionConsumers.get(acsIndex) ?? null);
  const set = attribute(root, "AttributeConsumingServiceIndex");
  const asked = set === null ? undefined : service.attributeSets.get(set);
  const id = attribute(root, "ID") ?? "";
  const faults = [
    service.isSigned ? null : "Il metadata del servizio non è firmato",
    incoming.signatureFault(service.certificates),
    ...headFaults(root, of),
    /^[A-Za-z_][\w.-]{15,}$/.test(id) ? null : "ID assente o troppo corto",
    of.isKnownId(id) ? "ID già usato da un'altra richiesta" : null,
    ...issuerFaults(root, service.entityId),
    ...policyFaults(root),
    ...contextFaults(root, level, federation),
    /^(true|1)$/.test(attribute(root, "IsPassive") ?? "") ? "IsPassive non deve essere true" : null,
    acsUrl && [...service.assertionConsumers.values()].includes(acsUrl)
      ? null
      : "AssertionConsumerService non registrato nel metadata",
    set !== null && !asked ? "AttributeConsumingServiceIndex non registrato nel metadata" : null,
    ...relayFaults(incoming.relayState),
  ].filter((fault) => fault !== null);
  if (faults.length > 0 || !acsUrl) return { outcome: "faults", faults };
  const request = { id, level: Number(level) as 1 | 2 | 3, acsUrl, asked: asked ?? [] };
  return { outcome: "good", request };
}

function contextFaults(
  root: Element,
  level: string | undefined,
  federation: Federation,
): (string | null)[] {
  const context = child(root, SAMLP, "RequestedAuthnContext");
  const comparison = attribute(context, "Comparison") ?? "exact";
  const mustForce = Number(level ?? 1) > 1 || federation === "cie";
  return [
    level ? null : "AuthnContextClassRef assente o diverso da SpidL1, SpidL2, SpidL3",
    /^(exact|minimum|better|maximum)$/.test(comparison)
      ? null
      : "Comparison di RequestedAuthnContext non ammesso",
    mustForce && attribute(root, "ForceAuthn") !== "true" ? "ForceAuthn deve essere true" : null,
  ];
}

function headFaults(
  root: Element,
  { addresses, federation, now }: Parameters<typeof checkRequest>[1],
): (string | null)[] {
  const destination = attribute(root, "Destination");
  // CIE takes its sign-on address alone; SPID the entityID too (Avviso 11).
  const isHere =
    destination === addresses.signOn ||
    (federation !== "cie" && destination === addresses.entityId);
  const issued = attribute(root, "IssueInstant") ?? "";
  return [
    attribute(root, "Version") === "2.0" ? null : "Version diversa da 2.0",
    isHere ? null : "Destination diversa dall'indirizzo del provider",
    isFresh(issued, now) ? null : "IssueInstant assente, malformato o troppo lontano dall'ora",
  ];
}

function isFresh(text: string, now: Moment): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text)) return false;
  const at = Date.parse(text);
  return Math.abs(now.epochMilliseconds - at) <= FRESH_MS;
}

function issuerFaults(root: Element, entityId: string): (string | null)[] {
  const issuers = children(root, SAML, "Issuer");
  const [issuer] = issuers;
  return [
    issuers.length === 1 && textOf(issuer) === entityId
      ? null
      : "Issuer diverso dall'entityID del metadata",
    attribute(issuer, "Format") === `${FORMAT}entity` ? null : "Format di Issuer assente o errato",
    attribute(issuer, "NameQualifier") ? null : "NameQualifier di Issuer assente",
  ];
}

function policyFaults(root: Element): (string | null)[] {
  const policy = child(root, SAMLP, "NameIDPolicy");
  return [
    attribute(policy, "Format") === `${FORMAT}transient`
      ? null
      : "NameIDPolicy assente o Format diverso da transient",
    attribute(policy, "AllowCreate") === null ? null : "AllowCreate non deve essere presente",
    child(root, SAMLP, "Scoping") ? "Scoping non deve essere presente" : null,
  ];
}

function relayFaults(relayState: string | null): (string | null)[] {
  if (relayState === null) return ["Manca RelayState"];
  return [
    Buffer.byteLength(relayState) > 80 ? "RelayState oltre 80 byte" : null,
    /https?:|\//i.test(relayState) ? "RelayState non deve essere un indirizzo" : null,
  ];
}
