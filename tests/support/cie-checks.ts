// SPDX-License-Identifier: EUPL-1.2
/**
 * The rules of CIE's federation portal, by the numbers of the Poligrafico's own list (italia/spid-sp-test, EUPL-1.2), as
 * our XPath. Rules that need somebody's register (is the entityID new, does the code exist there) are not here.
 */
import { X509Certificate } from "node:crypto";
import { XmlDocument } from "libxml2-wasm";
import { isElevenDigitCode } from "#kernel/codice-fiscale.ts";
import { isEmail } from "#kernel/email.ts";
import { verifySignedBytes } from "../../src/integrations/saml/signed-xml.ts";

const CIE = "https://www.cartaidentita.interno.gov.it/saml-extensions";
const NAMESPACES = {
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  ds: "http://www.w3.org/2000/09/xmldsig#",
  cie: CIE,
};

interface Judged {
  readonly text: string;
  readonly document: XmlDocument;
  readonly now: Date;
}
type Rule = (judged: Judged) => boolean;

const is =
  (xpath: string): Rule =>
  ({ document }) =>
    document.eval(`boolean(${xpath})`, NAMESPACES) === true;
/** All values there; there is at least one unless it `mayMiss`. */
const values =
  (xpath: string, fits: (value: string) => boolean, mayMiss = false): Rule =>
  ({ document }) => {
    const found = document.find(xpath, NAMESPACES).map(({ content }) => content.trim());
    return (mayMiss || found.length > 0) && found.every(fits);
  };
const each = (path: string, has: string): string => `${path} and not(${path}[not(${has})])`;
const both =
  (...rules: readonly Rule[]): Rule =>
  (judged) =>
    rules.every((rule) => rule(judged));

const ENTITY = "/md:EntityDescriptor";
const SP = `${ENTITY}/md:SPSSODescriptor`;
const ACS = `${SP}/md:AssertionConsumerService`;
const SLO = `${SP}/md:SingleLogoutService`;
const SETS = `${SP}/md:AttributeConsumingService`;
const CONTACT = `${ENTITY}/md:ContactPerson`;
const EXTENSIONS = `${CONTACT}/md:Extensions`;
const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-";
const binding = `(@Binding = '${BINDING}POST' or @Binding = '${BINDING}Redirect')`;
const isHttps = (value: string): boolean => URL.parse(value)?.protocol === "https:";
const isUrl = (value: string): boolean => /^https?:$/.test(URL.parse(value)?.protocol ?? "");
const once = (of: string, name: string): Rule =>
  is(`not(${EXTENSIONS}[cie:${of}][count(cie:${name}) != 1 or normalize-space(cie:${name}) = ''])`);
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const ADMINISTRATIVE = `count(${CONTACT}[@contactType='administrative']) = 1`;

function certificateOf({ document }: Judged): X509Certificate | null {
  const found = document.get(`${ENTITY}/ds:Signature//ds:X509Certificate`, NAMESPACES);
  try {
    return found ? new X509Certificate(Buffer.from(found.content, "base64")) : null;
  } catch {
    return null;
  }
}
const certified =
  (fits: (certificate: X509Certificate, now: Date) => boolean): Rule =>
  (judged) => {
    const certificate = certificateOf(judged);
    return certificate !== null && fits(certificate, judged.now);
  };
const FORBIDDEN_NAMES = /^(name|SN|surname|initials|generationQualifier|pseudonym|2\.5\.4\.64)=/m;

/** Rule number of the list → does it hold. */
export const CIE_RULES: Readonly<Record<string, Rule>> = {
  "2": is(ENTITY),
  "2.1": is(`${ENTITY}/namespace::*[. = '${CIE}']`),
  "3": is(`${ENTITY}/ds:Signature`),
  "3.1": certified(({ subject }) => !FORBIDDEN_NAMES.test(subject)),
  "3.2": certified(
    ({ validFromDate, validToDate }, now) => validFromDate <= now && now < validToDate,
  ),
  "3.3": is(
    `${ENTITY}/ds:Signature//ds:DigestMethod[contains(@Algorithm, '#sha256') or contains(@Algorithm, '#sha512')]`,
  ),
  "3.4": certified(({ publicKey }) => (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= 1024),
  "3.5": (judged) => {
    const certificate = certificateOf(judged)?.toString();
    const verified = certificate ? verifySignedBytes(judged.text, [certificate]) : null;
    return verified?.outcome === "verified";
  },
  "4": is(SP),
  "4.1": is(`count(${SP}) = 1`),
  "4.2": is(`${SP}/@AuthnRequestsSigned`),
  "4.3": is(`${SP}/@AuthnRequestsSigned = 'true'`),
  "4.4": is(`${SP}/@WantAssertionsSigned`),
  "4.5": is(`${SP}/@WantAssertionsSigned = 'true'`),
  "4.6": is(`${SP}/@protocolSupportEnumeration = 'urn:oasis:names:tc:SAML:2.0:protocol'`),
  "4.7": is(`${SP}/md:KeyDescriptor`),
  "4.8": is(`${SP}/md:KeyDescriptor/@use = 'signing'`),
  "4.9": is(`${SLO}/@Binding = '${BINDING}Redirect'`),
  "4.10": is(each(SLO, binding)),
  "4.11": values(`${SLO}/@Location`, isHttps),
  "4.12": is(`${SP} and count(${SP}/md:NameIDFormat) <= 1`),
  "4.13": values(
    `${SP}/md:NameIDFormat`,
    (value) => value === "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    true,
  ),
  "4.14": is(ACS),
  "4.15": is(each(ACS, binding)),
  "4.16": values(`${ACS}/@Location`, isHttps),
  "4.17": is(`count(${ACS}[@isDefault='true']) = 1`),
  "4.18": both(
    values(`${ACS}/@index`, (value) => /^\d+$/.test(value)),
    is(`not(${ACS}[@index = following-sibling::md:AssertionConsumerService/@index])`),
  ),
  "4.19": is(SETS),
  "4.20": both(
    values(`${SETS}/@index`, (value) => /^\d+$/.test(value)),
    is(`not(${SETS}[@index = following-sibling::md:AttributeConsumingService/@index])`),
  ),
  "4.21": values(`${SETS}/md:ServiceName`, (value) => UUID.test(value)),
  // The list says fiscalCode where the manual and every sample say fiscalNumber.
  "4.22": both(
    is(each(SETS, "count(md:RequestedAttribute) >= 1 and count(md:RequestedAttribute) <= 4")),
    values(`${SETS}/md:RequestedAttribute/@Name`, (value) =>
      ["name", "familyName", "dateOfBirth", "fiscalNumber"].includes(value),
    ),
  ),
  "5": is(`${ENTITY}/md:Organization`),
  "5.2": values(`${ENTITY}/md:Organization/md:OrganizationURL`, isUrl),
  "6": is(CONTACT),
  "6.1": is(`${CONTACT} and count(${CONTACT}) <= 2`),
  "6.2": is(`${CONTACT}/@contactType = 'administrative'`),
  "6.3": is(
    `(count(${CONTACT}) = 1 and ${ADMINISTRATIVE}) or (count(${CONTACT}) = 2 and ${ADMINISTRATIVE} and ${CONTACT}/@contactType = 'technical')`,
  ),
  "6.4": is(each(CONTACT, "md:Extensions")),
  "6.5": is(each(EXTENSIONS, "count(cie:Public | cie:Private) = 1")),
  "6.6": once("Public", "IPACode"),
  "6.7": once("Public", "Municipality"),
  "6.8": once("Public", "Country"),
  "6.9": once("Private", "VATNumber"),
  "6.10": once("Private", "FiscalCode"),
  "6.11": is(`not(${EXTENSIONS}[cie:Private][not(cie:NACE2Code)])`),
  "6.12": once("Private", "Municipality"),
  "6.13": once("Private", "Country"),
  "6.14": is(each(CONTACT, "count(md:Company) = 1")),
  "6.15": is(each(CONTACT, "count(md:EmailAddress) = 1")),
  "6.17": values(`${EXTENSIONS}/cie:IPACategory`, (value) => /^[LCS]\d{1,2}$/.test(value), true),
  "6.18": values(
    `${EXTENSIONS}/cie:VATNumber`,
    (value) => value.startsWith("IT") && isElevenDigitCode(value.slice(2)),
    true,
  ),
  "6.19": values(`${EXTENSIONS}/cie:FiscalCode`, isElevenDigitCode, true),
  "6.20": values(
    `${EXTENSIONS}/cie:NACE2Code`,
    (value) => /^\d{2}(\.\d{1,2}){0,2}$/.test(value),
    true,
  ),
  "6.21": values(`${EXTENSIONS}/cie:Municipality`, (value) => /^[A-Z]\d{3}$/.test(value)),
  "6.22": values(`${EXTENSIONS}/cie:Province`, (value) => /^[A-Z]{2}$/.test(value), true),
  "6.23": values(`${EXTENSIONS}/cie:Country`, (value) => /^[A-Z]{2}$/.test(value)),
  "6.25": values(`${CONTACT}/md:EmailAddress`, isEmail),
  "6.26": values(`${CONTACT}/md:TelephoneNumber`, (value) => /^\+[1-9]\d{5,14}$/.test(value), true),
};

/** Numbers of the rules that a document breaks. */
export function brokenCieRules(text: string, now: Date): string[] {
  const document = XmlDocument.fromString(text);
  try {
    return Object.entries(CIE_RULES)
      .filter(([, rule]) => !rule({ text, document, now }))
      .map(([number]) => number);
  } finally {
    document.dispose();
  }
}
