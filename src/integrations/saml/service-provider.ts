// SPDX-License-Identifier: EUPL-1.2
/** What a town is to a federation: the shape that is stored, and what would be wrong with handing it in. */
import { isElevenDigitCode } from "#kernel/codice-fiscale.ts";
import { isEmail } from "#kernel/email.ts";
import { readCertificate } from "./certificate.ts";
import type { Binding } from "./names.ts";

export type SamlFederation = "spid" | "cie" | "eidas";

export interface ServiceProvider {
  readonly protocol: SamlFederation;
  /** never taken from a request: it is what the federation knows the town by */
  readonly entityId: string;
  /** HTTP-POST; the first is the default and has index 0 */
  readonly assertionConsumerUrls: readonly string[];
  readonly singleLogout: readonly LogoutEndpoint[];
  readonly attributeSets: readonly AttributeSet[];
  readonly organization: Organization;
  readonly contact: Contact;
  /** code of the Indice PA: `c_h501` */
  readonly ipaCode: string;
  /** of the town, eleven digits; optional everywhere */
  readonly fiscalCode?: string;
  /** CIE only: where the seat is */
  readonly seat?: Seat;
  /** CIE only: who does the technical work, when it is not the town */
  readonly technicalPartner?: TechnicalPartner;
  /** SPID only: `direct`, or through an aggregator of public services (Avviso 19 v4) */
  readonly kind:
    | { readonly type: "direct" }
    | { readonly type: "aggregated"; readonly aggregator: Aggregator };
  /** one, or two while keys change (PEM); the metadata shows all, requests are signed with the first */
  readonly certificates: readonly string[];
}

export interface LogoutEndpoint {
  readonly binding: Binding;
  readonly url: string;
  readonly responseUrl?: string;
}

/** In Italian: the one language that both federations require. */
export interface Organization {
  /** as public registers have it; equal to the certificate's organizationName */
  readonly name: string;
  /** what providers show to people */
  readonly displayName: string;
  readonly url: string;
}

export interface Contact {
  /** of an office, not of a person */
  readonly email: string;
  /** `+390612345678`, no spaces */
  readonly phone?: string;
}

export interface Seat {
  readonly belfioreCode: string;
  /** `RM` */
  readonly province?: string;
}

export interface Aggregator {
  readonly company: string;
  readonly vatNumber: string;
  readonly fiscalCode: string;
  readonly ipaCode?: string;
  readonly contact: Contact;
  /** of a light aggregator, PEM: what it confirms the aggregated body with. A full one runs the service, and has none */
  readonly validationCertificate?: string;
}

export interface TechnicalPartner {
  readonly company: string;
  readonly contact: Contact;
  readonly seat: Seat;
  readonly body:
    | { readonly type: "public"; readonly ipaCode: string }
    | {
        readonly type: "private";
        readonly vatNumber: string;
        readonly fiscalCode: string;
        /** ATECO */
        readonly activityCodes: readonly string[];
      };
}

export interface AttributeSet {
  readonly index: number;
  /** CIE: a `urn:uuid:` of version 4 */
  readonly name: string;
  readonly description?: string;
  readonly attributes: readonly string[];
}

const COMMON = ["name", "familyName", "dateOfBirth"] as const;

/** What each federation may be asked for. */
const ATTRIBUTES: Readonly<Record<SamlFederation, readonly string[]>> = {
  spid: [
    ...COMMON,
    ...["spidCode", "fiscalNumber", "email", "placeOfBirth", "countyOfBirth", "gender"],
    ...["companyName", "companyFiscalNumber", "registeredOffice", "ivaCode", "idCard"],
    ...["mobilePhone", "address", "domicileStreetAddress", "domicilePostalCode"],
    ...["domicileMunicipality", "domicileProvince", "domicileNation", "expirationDate"],
    ...["digitalAddress"],
  ],
  cie: [...COMMON, "fiscalNumber"],
  // No codice fiscale: persons of other states have none.
  eidas: [...COMMON, "spidCode", "placeOfBirth", "address", "gender"],
};

/** The two sets that the Italian eIDAS node knows, by their fixed numbers and names. */
export const EIDAS_MINIMUM: AttributeSet = {
  index: 99,
  name: "eIDAS Natural Person Minimum Attribute Set",
  attributes: ["spidCode", ...COMMON],
};
export const EIDAS_FULL: AttributeSet = {
  index: 100,
  name: "eIDAS Natural Person Full Attribute Set",
  attributes: ["spidCode", ...COMMON, "placeOfBirth", "address", "gender"],
};

/** What the entityID of an aggregated body contains. */
const AGGREGATION_PATHS = { full: "/pub-ag-full/", light: "/pub-ag-lite/" } as const;

export const isLight = (aggregator: Aggregator): boolean =>
  aggregator.validationCertificate !== undefined;

export type ProviderField =
  | "entityId"
  | "assertionConsumerUrls"
  | "singleLogout"
  | "attributeSets"
  | "organization"
  | "contact"
  | "ipaCode"
  | "fiscalCode"
  | "seat"
  | "technicalPartner"
  | "kind"
  | "certificates";

export type ProviderReason =
  | "missing"
  | "not-https"
  | "has-query"
  | "too-long"
  | "malformed"
  | "not-for-this-federation"
  | "no-redirect"
  | "too-many"
  | "repeated"
  | "unknown-attribute"
  | "without-aggregation-path"
  | "with-aggregation-path";

export interface ProviderFault {
  readonly field: ProviderField;
  readonly reason: ProviderReason;
}

/** Everything that a federation would send the metadata back for, as far as one can know without asking registers. */
export function findProviderFaults(provider: ServiceProvider): readonly ProviderFault[] {
  const faults: ProviderFault[] = [];
  const add = (field: ProviderField, reason: ProviderReason | null): void => {
    if (reason && !faults.some((one) => one.field === field && one.reason === reason))
      faults.push({ field, reason });
  };
  add("entityId", entityFault(provider));
  add("assertionConsumerUrls", listFault(provider.assertionConsumerUrls));
  add("singleLogout", logoutFault(provider));
  for (const reason of setFaults(provider)) add("attributeSets", reason);
  add("organization", organizationFault(provider.organization));
  add("contact", contactFault(provider.contact));
  add("ipaCode", isIpaCode(provider.ipaCode) ? null : "malformed");
  const { fiscalCode } = provider;
  add("fiscalCode", fiscalCode && !isElevenDigitCode(fiscalCode) ? "malformed" : null);
  add("seat", seatFault(provider));
  add("technicalPartner", partnerFault(provider));
  add("kind", kindFault(provider));
  const { length } = provider.certificates;
  add("certificates", length === 0 ? "missing" : length > 2 ? "too-many" : null);
  return faults;
}

const LOCAL = /^(([a-z0-9-]+\.)?localhost|127\.0\.0\.1|\[::1\])$/;

/** https; plain http only to this machine, for trying things out. */
export function isSecureUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password || url.hash || /\s/.test(text)) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOCAL.test(url.hostname));
}

function entityFault({ entityId, kind }: ServiceProvider): ProviderReason | null {
  if (!isSecureUrl(entityId)) return "not-https";
  if (entityId.includes("?")) return "has-query";
  if (entityId.length > 1024) return "too-long";
  const { full, light } = AGGREGATION_PATHS;
  if (kind.type === "direct")
    return entityId.includes(full) || entityId.includes(light) ? "with-aggregation-path" : null;
  const wanted = isLight(kind.aggregator) ? light : full;
  return entityId.includes(wanted) ? null : "without-aggregation-path";
}

function listFault(urls: readonly string[]): ProviderReason | null {
  if (urls.length === 0) return "missing";
  if (!urls.every(isSecureUrl)) return "not-https";
  return new Set(urls).size === urls.length ? null : "repeated";
}

function logoutFault({ singleLogout, protocol }: ServiceProvider): ProviderReason | null {
  if (singleLogout.length === 0) return "missing";
  const urls = singleLogout.flatMap(({ url, responseUrl }) => [url, responseUrl ?? url]);
  if (!urls.every(isSecureUrl)) return "not-https";
  const hasRedirect = singleLogout.some(({ binding }) => binding === "redirect");
  return protocol === "cie" && !hasRedirect ? "no-redirect" : null;
}

const UUID_NAME = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function* setFaults({ attributeSets, protocol }: ServiceProvider): Generator<ProviderReason> {
  if (attributeSets.length === 0) yield "missing";
  const indexes = new Set(attributeSets.map(({ index }) => index));
  if (indexes.size < attributeSets.length) yield "repeated";
  for (const { index, name, attributes } of attributeSets) {
    if (!Number.isInteger(index) || index < 0 || index > 65_535) yield "malformed";
    if (!isText(name) || attributes.length === 0) yield "missing";
    if (new Set(attributes).size < attributes.length) yield "repeated";
    const isForeign = index === EIDAS_MINIMUM.index || index === EIDAS_FULL.index;
    // A SPID provider may carry the two sets of eIDAS as well; the node of eIDAS is asked for nothing else.
    const known = ATTRIBUTES[protocol === "spid" && isForeign ? "eidas" : protocol];
    if (!attributes.every((one) => known.includes(one))) yield "unknown-attribute";
    if (protocol === "eidas" && !isForeign) yield "not-for-this-federation";
    if (protocol === "cie" && !UUID_NAME.test(name)) yield "malformed";
  }
}

function organizationFault({ name, displayName, url }: Organization): ProviderReason | null {
  if (!isText(name) || !isText(displayName)) return "missing";
  return isWebPage(url) ? null : "malformed";
}

function contactFault({ email, phone }: Contact): ProviderReason | null {
  if (!isEmail(email)) return "malformed";
  return phone === undefined || /^\+[1-9]\d{5,14}$/.test(phone) ? null : "malformed";
}

function seatFault({ seat, protocol }: ServiceProvider): ProviderReason | null {
  if (protocol !== "cie") return seat ? "not-for-this-federation" : null;
  if (!seat) return "missing";
  return isSeat(seat) ? null : "malformed";
}

function partnerFault({ technicalPartner, protocol }: ServiceProvider): ProviderReason | null {
  if (!technicalPartner) return null;
  if (protocol !== "cie") return "not-for-this-federation";
  const { company, contact, seat, body } = technicalPartner;
  if (!isText(company)) return "missing";
  if (contactFault(contact) || !isSeat(seat)) return "malformed";
  if (body.type === "public") return isIpaCode(body.ipaCode) ? null : "malformed";
  const { vatNumber, fiscalCode, activityCodes } = body;
  if (activityCodes.length === 0) return "missing";
  const isRight = isVatNumber(vatNumber) && isCompanyCode(fiscalCode);
  return isRight && activityCodes.every((code) => /^\d{2}(\.\d{1,2}){0,2}$/.test(code))
    ? null
    : "malformed";
}

function kindFault({ kind, protocol }: ServiceProvider): ProviderReason | null {
  if (kind.type === "direct") return null;
  if (protocol === "cie") return "not-for-this-federation";
  const { company, vatNumber, fiscalCode, ipaCode, contact, validationCertificate } =
    kind.aggregator;
  if (!isText(company)) return "missing";
  const isRight =
    isVatNumber(vatNumber) &&
    isCompanyCode(fiscalCode) &&
    (ipaCode === undefined || isIpaCode(ipaCode)) &&
    (validationCertificate === undefined || isOneCertificate(validationCertificate)) &&
    !contactFault(contact);
  return isRight ? null : "malformed";
}

/** Nothing beside it: metadata is public, and files often carry the private key as well. */
const isOneCertificate = (pem: string): boolean =>
  ONE_CERTIFICATE.test(pem) && readCertificate(pem).outcome === "read";
const ONE_CERTIFICATE =
  /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

const isText = (text: string): boolean =>
  text !== "" && text.trim() === text && text.length <= 255 && !/\p{C}/u.test(text);
const isIpaCode = (text: string): boolean => /^[\w.-]{1,20}$/.test(text);
const isSeat = ({ belfioreCode, province }: Seat): boolean =>
  /^[A-Z]\d{3}$/.test(belfioreCode) && (province === undefined || /^[A-Z]{2}$/.test(province));
const isVatNumber = (text: string): boolean =>
  text.startsWith("IT") && isElevenDigitCode(text.slice(2));
const isCompanyCode = (text: string): boolean =>
  isElevenDigitCode(text) || /^[A-Z0-9]{16}$/.test(text);
const isWebPage = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? "");
