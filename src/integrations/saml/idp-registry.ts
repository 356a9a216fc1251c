// SPDX-License-Identifier: EUPL-1.2
/**
 * The federation's list of identity providers (AgID's registry, CIE's own metadata), believed only when its signature is
 * of a pinned certificate. What is given back was read from the signed bytes.
 */
import { X509Certificate } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";
import { ASSERTION, BINDING, type Binding, METADATA, PROTOCOL } from "./names.ts";
import {
  attributeOf,
  childrenNamed,
  everyElement,
  isNamed,
  parseXml,
  textOf,
  type XmlFault,
  type XmlLimits,
} from "./parse-xml.ts";
import { isSecureUrl } from "./service-provider.ts";
import { DS, type SignatureFault, verifySignedBytes } from "./signed-xml.ts";

export interface IdentityProvider {
  readonly entityId: string;
  /** in Italian where there is Italian; CIE's metadata has none of these three */
  readonly organizationName: string | null;
  readonly displayName: string | null;
  readonly organizationUrl: string | null;
  /** what the registry names, https only; to be copied, never linked */
  readonly logoUrl: string | null;
  /** at least one of the two */
  readonly singleSignOn: Readonly<Record<Binding, string | null>>;
  readonly singleLogout: Readonly<Record<Binding, LogoutAddress | null>>;
  /** PEM, every one that may sign; at least one */
  readonly certificates: readonly string[];
  /** names of the attributes it can give, when it lists them */
  readonly attributes: readonly string[];
  /** it tells persons under age apart (`spid:SupportedAgeLimit`) */
  readonly knowsAgeLimit: boolean;
}

export interface LogoutAddress {
  readonly url: string;
  /** where answers to its own requests go; the same when it names none */
  readonly responseUrl: string;
}

export type RegistryFault =
  | SignatureFault
  | XmlFault
  | "not-metadata"
  | "expired"
  | "nested-lists"
  | "entity-repeated"
  | "no-provider";

export type LeftOutReason =
  | "no-entity-id"
  | "no-provider-role"
  | "no-certificate"
  | "no-sign-on-address";

export interface Registry {
  readonly providers: readonly IdentityProvider[];
  /** entities of the list that nobody can sign in with */
  readonly leftOut: readonly { readonly entityId: string; readonly reason: LeftOutReason }[];
  /** it says until when it may be used; `null`: it does not say */
  readonly validUntil: Moment | null;
}

export type ReadRegistry =
  | ({ readonly outcome: "read" } & Registry)
  | { readonly outcome: "refused"; readonly reason: RegistryFault };

/** Twelve providers take 140 KB. */
const REGISTRY_LIMITS: XmlLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 32, maxNodes: 60_000 };
const UI = "urn:oasis:names:tc:SAML:metadata:ui";
const SPID = "https://spid.gov.it/saml-extensions";

/**
 * A list (`EntitiesDescriptor`) or a single `EntityDescriptor`. Never throws, whatever the bytes.
 * @param pinned PEM or bare base64 of the certificates the federation signs with
 */
export function readRegistry(
  bytes: Uint8Array | string,
  pinned: readonly string[],
  now: Moment,
): ReadRegistry {
  const verified = verifySignedBytes(bytes, pinned, REGISTRY_LIMITS, "document");
  if (verified.outcome === "refused") return verified;
  const parsed = parseXml(verified.canonical, REGISTRY_LIMITS);
  if (parsed.outcome === "refused") return parsed;
  return readEntities(parsed.root, now);
}

/** A copy whose signature was verified when it was fetched, and which nobody but us has kept since. */
export function readVerifiedRegistry(document: string, now: Moment): ReadRegistry {
  const parsed = parseXml(document, REGISTRY_LIMITS);
  return parsed.outcome === "refused" ? parsed : readEntities(parsed.root, now);
}

function readEntities(root: Element, now: Moment): ReadRegistry {
  const refused = (reason: RegistryFault): ReadRegistry => ({ outcome: "refused", reason });
  const isList = isNamed(root, METADATA, "EntitiesDescriptor");
  if (!isList && !isNamed(root, METADATA, "EntityDescriptor")) return refused("not-metadata");
  if (isList && childrenNamed(root, METADATA, "EntitiesDescriptor").length > 0)
    return refused("nested-lists");
  const until = attributeOf(root, "validUntil");
  const validUntil = until === null ? null : instantOf(until);
  if (until !== null && !validUntil) return refused("not-metadata");
  if (validUntil && Temporal.Instant.compare(validUntil, now) <= 0) return refused("expired");
  const entities = isList ? childrenNamed(root, METADATA, "EntityDescriptor") : [root];
  const ids = entities.map((entity) => attributeOf(entity, "entityID") ?? "");
  if (new Set(ids).size < ids.length) return refused("entity-repeated");
  const providers: IdentityProvider[] = [];
  const leftOut: Registry["leftOut"][number][] = [];
  for (const entity of entities) {
    const provider = readProvider(entity, now);
    if (typeof provider !== "string") providers.push(provider);
    else leftOut.push({ entityId: attributeOf(entity, "entityID") ?? "", reason: provider });
  }
  if (providers.length === 0) return refused("no-provider");
  return { outcome: "read", providers, leftOut, validUntil };
}

function readProvider(entity: Element, now: Moment): IdentityProvider | LeftOutReason {
  const entityId = attributeOf(entity, "entityID") ?? "";
  if (entityId === "" || entityId.length > 1024) return "no-entity-id";
  const until = attributeOf(entity, "validUntil");
  const isOver = until !== null && !isAfter(instantOf(until), now);
  const role = childrenNamed(entity, METADATA, "IDPSSODescriptor").find((one) =>
    (attributeOf(one, "protocolSupportEnumeration") ?? "").split(/\s+/).includes(PROTOCOL),
  );
  if (!role || isOver) return "no-provider-role";
  const certificates = readCertificates(role);
  if (certificates.length === 0) return "no-certificate";
  const singleSignOn = {
    redirect: addressOf(role, "SingleSignOnService", "redirect")?.url ?? null,
    post: addressOf(role, "SingleSignOnService", "post")?.url ?? null,
  };
  if (!singleSignOn.redirect && !singleSignOn.post) return "no-sign-on-address";
  return {
    entityId,
    organizationName: organizationPart(entity, "OrganizationName"),
    displayName: organizationPart(entity, "OrganizationDisplayName"),
    organizationUrl: organizationPart(entity, "OrganizationURL"),
    logoUrl: logoOf(role),
    singleSignOn,
    singleLogout: {
      redirect: addressOf(role, "SingleLogoutService", "redirect"),
      post: addressOf(role, "SingleLogoutService", "post"),
    },
    certificates,
    attributes: childrenNamed(role, ASSERTION, "Attribute").flatMap(
      (one) => attributeOf(one, "Name") ?? [],
    ),
    knowsAgeLimit: childrenNamed(entity, METADATA, "Extensions").some(
      (one) => childrenNamed(one, SPID, "SupportedAgeLimit").length > 0,
    ),
  };
}

/**
 * A key without a use is for all uses. Unreadable ones are passed over: another may do. End dates are not looked at: the
 * signed list says which keys count, and providers let certificates run out in it.
 */
function readCertificates(role: Element): string[] {
  const found = childrenNamed(role, METADATA, "KeyDescriptor")
    .filter((one) => (attributeOf(one, "use") ?? "signing") === "signing")
    .flatMap((one) => [...everyElement(one)])
    .filter((one) => isNamed(one, DS, "X509Certificate"))
    .flatMap((one) => pemOf(textOf(one) ?? ""));
  return [...new Set(found)];
}

function pemOf(base64: string): string[] {
  try {
    const certificate = new X509Certificate(Buffer.from(base64, "base64"));
    const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
    const isFit = certificate.publicKey.asymmetricKeyType === "rsa" && bits >= 2048;
    return isFit ? [certificate.toString()] : [];
  } catch {
    return [];
  }
}

/** The first of that binding. An address that is not https is none. */
function addressOf(role: Element, name: string, binding: Binding): LogoutAddress | null {
  for (const one of childrenNamed(role, METADATA, name)) {
    if (attributeOf(one, "Binding") !== BINDING[binding]) continue;
    const url = attributeOf(one, "Location") ?? "";
    const responseUrl = attributeOf(one, "ResponseLocation") ?? url;
    if (isSecureUrl(url) && isSecureUrl(responseUrl)) return { url, responseUrl };
  }
  return null;
}

const LANG = "xml:lang";

function organizationPart(entity: Element, name: string): string | null {
  const [organization] = childrenNamed(entity, METADATA, "Organization");
  if (!organization) return null;
  const parts = childrenNamed(organization, METADATA, name);
  const chosen = parts.find((one) => attributeOf(one, LANG) === "it") ?? parts[0];
  const text = chosen ? (textOf(chosen) ?? "").replaceAll(/\s+/g, " ") : "";
  if (text === "" || text.length > 255 || /\p{C}/u.test(text)) return null;
  // One provider of the registry writes its address where its name belongs.
  return name !== "OrganizationURL" && URL.canParse(text) ? null : text;
}

function logoOf(role: Element): string | null {
  const logos = childrenNamed(role, METADATA, "Extensions")
    .flatMap((one) => childrenNamed(one, UI, "UIInfo"))
    .flatMap((one) => childrenNamed(one, UI, "Logo"));
  const urls = logos.map((one) => textOf(one) ?? "");
  return urls.find((url) => url.length <= 1024 && isSecureUrl(url)) ?? null;
}

function instantOf(text: string): Moment | null {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}

const isAfter = (at: Moment | null, now: Moment): boolean =>
  at !== null && Temporal.Instant.compare(at, now) > 0;
