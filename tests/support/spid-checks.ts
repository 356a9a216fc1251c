// SPDX-License-Identifier: EUPL-1.2
/**
 * What AgID's suite asks of a service provider's metadata and requests, as our own XPath. The names are those that
 * italia/spid-sp-test (EUPL-1.2, v1.2.17) reports, so that its report and ours can be laid side by side.
 */
import { X509Certificate } from "node:crypto";
import type { XmlDocument } from "libxml2-wasm";
import { isEmail } from "#kernel/email.ts";
import { verifyQuery } from "../../src/integrations/saml/signed-query.ts";
import { verifySignedBytes } from "../../src/integrations/saml/signed-xml.ts";

const NAMESPACES = {
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  ds: "http://www.w3.org/2000/09/xmldsig#",
  spid: "https://spid.gov.it/saml-extensions",
  samlp: "urn:oasis:names:tc:SAML:2.0:protocol",
  saml: "urn:oasis:names:tc:SAML:2.0:assertion",
};

/** What is judged: both documents, and how the request travelled. */
export interface Evidence {
  readonly metadata: { readonly text: string; readonly document: XmlDocument };
  readonly request: { readonly text: string; readonly document: XmlDocument };
  /** redirect: the query; form: the XML carries the signature */
  readonly query: string | null;
  readonly relayState: string;
  readonly certificatePem: string;
  readonly singleSignOnUrl: string;
  readonly providerEntityId: string;
  readonly now: Date;
  /** `null` where the schemas are not at hand */
  readonly isValidBySchema: ((xml: string) => boolean) | null;
}

export interface Check {
  readonly area: "metadata" | "authn-request";
  readonly check: string;
  readonly holds: (evidence: Evidence) => boolean;
}

const ask = (document: XmlDocument, xpath: string): boolean =>
  document.eval(`boolean(${xpath})`, NAMESPACES) === true;
const textAt = (document: XmlDocument, xpath: string): string =>
  String(document.eval(`string(${xpath})`, NAMESPACES));

const metadata: Check[] = [];
const request: Check[] = [];
const md = (check: string, xpath: string): void => {
  metadata.push({
    area: "metadata",
    check,
    holds: ({ metadata: { document } }) => ask(document, xpath),
  });
};
const mdBy = (check: string, holds: Check["holds"]): void => {
  metadata.push({ area: "metadata", check, holds });
};
const rq = (check: string, xpath: string): void => {
  request.push({
    area: "authn-request",
    check,
    holds: ({ request: { document } }) => ask(document, xpath),
  });
};
const rqBy = (check: string, holds: Check["holds"]): void => {
  request.push({ area: "authn-request", check, holds });
};
/** Every one of them has it, and there is one. */
const each = (path: string, has: string): string => `${path} and not(${path}[not(${has})])`;
const hasText = "normalize-space(.) != ''";

const ENTITY = "/md:EntityDescriptor";
const SP = `${ENTITY}/md:SPSSODescriptor`;
const ACS = `${SP}/md:AssertionConsumerService`;
const SLO = `${SP}/md:SingleLogoutService`;
const ATTRIBUTES = `${SP}/md:AttributeConsumingService`;
const REQUESTED = `${ATTRIBUTES}/md:RequestedAttribute`;
const ORGANIZATION = `${ENTITY}/md:Organization`;
const SIGNATURE = `${ENTITY}/ds:Signature`;
const CONTACT = `${ENTITY}/md:ContactPerson[@contactType='other']`;
const BINDINGS = ["POST", "Redirect"]
  .map((name) => `@Binding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${name}'`)
  .join(" or ");
const NAMES =
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST, urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

mdBy("xsd_check", ({ isValidBySchema, metadata: { text } }) => isValidBySchema?.(text) ?? true);
md("Only one EntityDescriptor element MUST be present", `count(//md:EntityDescriptor) = 1`);
md("The entityID attribute MUST be present", `${ENTITY}/@entityID`);
md("The entityID attribute MUST have a value", `${ENTITY}/@entityID != ''`);
md("Only one SPSSODescriptor element MUST be present", `count(${SP}) = 1`);
md(
  "The NameIDFormat MUST be urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
  `${SP}/md:NameIDFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'`,
);
mdBy(
  "the metadata signature MUST be valid",
  ({ metadata: { text }, certificatePem }) =>
    verifySignedBytes(text, [certificatePem]).outcome === "verified",
);
md("The Signature element MUST be present", SIGNATURE);
const METHOD = `${SIGNATURE}/ds:SignedInfo/ds:SignatureMethod`;
const DIGEST = `${SIGNATURE}/ds:SignedInfo/ds:Reference/ds:DigestMethod`;
md("The SignatureMethod element MUST be present", METHOD);
md("The Algorithm attribute MUST be present in SignatureMethod element", `${METHOD}/@Algorithm`);
md(
  "The signature algorithm MUST be valid",
  `${METHOD}/@Algorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'`,
);
md("The DigestMethod element MUST be present", DIGEST);
md("The Algorithm attribute MUST be present in DigestMethod element", `${DIGEST}/@Algorithm`);
md(
  "The digest algorithm MUST be valid",
  `${DIGEST}/@Algorithm = 'http://www.w3.org/2001/04/xmlenc#sha256'`,
);
const KEY = `${SP}/md:KeyDescriptor[@use='signing']`;
md("At least one signing KeyDescriptor MUST be present", KEY);
md("At least one signing x509 MUST be present", `${KEY}/ds:KeyInfo/ds:X509Data/ds:X509Certificate`);

md("One or more SingleLogoutService elements MUST be present", SLO);
for (const name of ["Binding", "Location"]) {
  const of = `The ${name} attribute in SingleLogoutService element`;
  md(`${of} MUST be present`, each(SLO, `@${name}`));
  md(`${of} MUST have a value`, each(SLO, `@${name} != ''`));
}
md(
  `The Binding attribute in SingleLogoutService element MUST be one of [${NAMES}]`,
  each(SLO, BINDINGS),
);
md(
  "The Location attribute in SingleLogoutService element MUST be a valid HTTP URL",
  each(SLO, "starts-with(@Location, 'https://') and not(contains(@Location, ' '))"),
);

md("At least one AssertionConsumerService MUST be present", ACS);
md("The index attribute MUST be present", each(ACS, "@index"));
md("The index attribute MUST be >= 0", each(ACS, "number(@index) >= 0"));
md("The Binding attribute MUST be present", each(ACS, "@Binding"));
md(`The Binding attribute MUST be one of [${NAMES}]`, each(ACS, BINDINGS));
md("The Location attribute MUST be present", each(ACS, "@Location"));
md(
  "Only one default AssertionConsumerService MUST be present",
  `count(${ACS}[@isDefault='true']) = 1`,
);
md(
  "Must be present the default AssertionConsumerService with index = 0",
  `${ACS}[@isDefault='true']/@index = '0'`,
);

md("One or more AttributeConsumingService elements MUST be present", ATTRIBUTES);
md(
  "The index attribute in AttributeConsumigService element MUST be present",
  each(ATTRIBUTES, "@index"),
);
md(
  "The index attribute in AttributeConsumigService element MUST be >= 0",
  each(ATTRIBUTES, "number(@index) >= 0"),
);
md("The ServiceName element MUST be present", each(ATTRIBUTES, "md:ServiceName"));
md("The ServiceName element MUST have a value", each(`${ATTRIBUTES}/md:ServiceName`, hasText));
md(
  "One or more RequestedAttribute elements MUST be present",
  each(ATTRIBUTES, "md:RequestedAttribute"),
);
md("The Name attribute in RequestedAttribute element MUST be present", each(REQUESTED, "@Name"));
const KNOWN = ["name", "familyName", "fiscalNumber", "email", "dateOfBirth"];
for (const name of ["name", "familyName", "fiscalNumber", "email"]) {
  md(
    `The "${name}" attribute in RequestedAttribute element MUST be valid`,
    `${REQUESTED}[@Name='${name}'] and ${each(REQUESTED, KNOWN.map((one) => `@Name='${one}'`).join(" or "))}`,
  );
}
md(
  "AttributeConsumigService MUST not contain duplicated RequestedAttribute",
  `${REQUESTED} and not(${REQUESTED}[@Name = following-sibling::md:RequestedAttribute/@Name])`,
);

md("Only one Organization element can be present", `count(${ORGANIZATION}) = 1`);
md("An Organization MUST be present", ORGANIZATION);
const PARTS = ["OrganizationName", "OrganizationDisplayName", "OrganizationURL"];
for (const part of PARTS) {
  const path = `${ORGANIZATION}/md:${part}`;
  md(`One or more ${part} elements MUST be present`, path);
  md(`The lang attribute in ${part} element MUST be present`, each(path, "@xml:lang"));
  md(`The ${part} element MUST have a value`, each(path, hasText));
}
md(
  "An IT localised Organization Name MUST be present",
  `${ORGANIZATION}/md:OrganizationName[@xml:lang='it']`,
);
md(
  "An IT localised Organization URL MUST be present",
  `${ORGANIZATION}/md:OrganizationURL[@xml:lang='it']`,
);
md(
  "An IT localised Organization DisplayName MUST be present",
  `${ORGANIZATION}/md:OrganizationDisplayName[@xml:lang='it']`,
);
const [first = "", ...others] = PARTS.map((part) => `count(${ORGANIZATION}/md:${part}/@xml:lang)`);
md(
  "The elements OrganizationName, OrganizationDisplayName and OrganizationURL MUST have the same number of lang attributes",
  others.map((one) => `${first} = ${one}`).join(" and "),
);
md(
  "The elements OrganizationName, OrganizationDisplayName and OrganizationURL MUST have at least an it language enabled",
  PARTS.map((part) => `${ORGANIZATION}/md:${part}/@xml:lang = 'it'`).join(" and "),
);

for (const [name, value] of [
  ["protocolSupportEnumeration", "urn:oasis:names:tc:SAML:2.0:protocol"],
  ["AuthnRequestsSigned", "true"],
  ["WantAssertionsSigned", "true"],
] as const) {
  md(`The ${name} attribute MUST be present`, `${SP}/@${name}`);
  md(`The ${name} attribute MUST have a value`, `${SP}/@${name} != ''`);
  md(`The ${name} attribute MUST be ${value}`, `${SP}/@${name} = '${value}'`);
}

/** Those in use: every certificate that the metadata shows. */
const everyCertificate = (
  { metadata: { document } }: Evidence,
  fits: (certificate: X509Certificate) => boolean,
): boolean => {
  const found = document.find(`${KEY}//ds:X509Certificate`, NAMESPACES);
  const certificates = found.flatMap(({ content }) => {
    try {
      return [new X509Certificate(Buffer.from(content, "base64"))];
    } catch {
      return [];
    }
  });
  return found.length > 0 && certificates.length === found.length && certificates.every(fits);
};
mdBy(
  "The certificate #0 MUST not use weak signature algorithm: sha256withrsaencryption",
  (evidence) =>
    everyCertificate(evidence, ({ signatureAlgorithm }) =>
      /sha(256|384|512)/i.test(signatureAlgorithm ?? ""),
    ),
);
mdBy(
  "The key type of certificate #0 MUST be one of [rsaEncryption, id-ecPublicKey] - TR pag. 19",
  (evidence) =>
    everyCertificate(evidence, ({ publicKey }) => publicKey.asymmetricKeyType === "rsa"),
);
mdBy("The key length of certificate #0 MUST be >= 2048. Instead it is 3072", (evidence) =>
  everyCertificate(
    evidence,
    ({ publicKey }) => (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048,
  ),
);
mdBy(
  "The certificate #0 is expired or datetime is not valid. It was valid till Nov 19 04:48:31 2028",
  (evidence) =>
    everyCertificate(
      evidence,
      ({ validFromDate, validToDate }) =>
        validFromDate <= evidence.now && evidence.now < validToDate,
    ),
);

const EMAIL = `${CONTACT}/md:EmailAddress`;
md(
  "The //ContactPerson[@contactType='other']/EmailAddress element MUST have a value",
  each(EMAIL, hasText),
);
mdBy(
  "The //ContactPerson[@contactType='other']/EmailAddress element MUST be a valid email address",
  ({ metadata: { document } }) => isEmail(textAt(document, EMAIL)),
);
md("ContactPerson MUST be present", `${ENTITY}/md:ContactPerson`);
md(
  "Missing contactType in {'contactType': 'other'}: The contactType attribute MUST be present",
  each(`${ENTITY}/md:ContactPerson`, "@contactType"),
);
md(
  "The contactType attribute MUST have a value",
  each(`${ENTITY}/md:ContactPerson`, "@contactType != ''"),
);
md('The contactType must be "other"', each(`${ENTITY}/md:ContactPerson`, "@contactType = 'other'"));
md(
  'Only one ContactPerson element of contactType "other" MUST be present',
  `count(${CONTACT}) = 1`,
);
md(
  "Only one Extensions element inside ContactPerson element MUST be present",
  each(CONTACT, "count(md:Extensions) = 1"),
);
// A public body for itself may leave it out; if it is there it says what the Organization says.
md(
  "The Company element MUST be present None",
  `${CONTACT} and not(${CONTACT}/md:Company != ${ORGANIZATION}/md:OrganizationName)`,
);
const extension = (name: string): string => `${CONTACT}/md:Extensions/spid:${name}`;
const said = (name: string): string =>
  `The //ContactPerson[@contactType='other']/Extensions/${name} element`;
for (const name of [
  ...["PublicServicesFullAggregator", "PublicServicesLightAggregator"],
  ...["PrivateServicesFullAggregator", "PrivateServicesLightAggregator"],
  ...["PublicServicesFullOperator", "PublicServicesLightOperator", "Private", "PublicOperator"],
])
  md(`${said(name)} MUST not be present`, `${CONTACT} and not(${extension(name)})`);
md(`${said("Public")} MUST be present`, extension("Public"));
md(`${said("Public")} MUST be empty`, `${extension("Public")}[not(node())]`);

const REQUEST = "/samlp:AuthnRequest";
const ISSUER = `${REQUEST}/saml:Issuer`;
const CONTEXT = `${REQUEST}/samlp:RequestedAuthnContext`;
const CLASS = `${CONTEXT}/saml:AuthnContextClassRef`;
const isAboveOne = `(${CLASS} = 'https://www.spid.gov.it/SpidL2' or ${CLASS} = 'https://www.spid.gov.it/SpidL3')`;

rq("One AuthnRequest element MUST be present", `count(//samlp:AuthnRequest) = 1`);
for (const name of ["ID", "Version", "IssueInstant", "Destination"])
  rq(`The ${name} attribute MUST be present`, `${REQUEST}/@${name}`);
for (const name of ["ID", "IssueInstant", "Destination"])
  rq(`The ${name} attribute MUST have a value`, `${REQUEST}/@${name} != ''`);
rq("The Version attribute MUST be 2.0", `${REQUEST}/@Version = '2.0'`);
rqBy("The IssueInstant attribute MUST be a valid UTC string", ({ request: { document } }) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(
    textAt(document, `${REQUEST}/@IssueInstant`),
  ),
);
rqBy(
  "The Destination attribute SHOULD be the address to which the request has been sent but can also be the EntityID of IdP (Av. SPID n.11)",
  ({ request: { document }, singleSignOnUrl, providerEntityId }) =>
    [singleSignOnUrl, providerEntityId].includes(textAt(document, `${REQUEST}/@Destination`)),
);
rq(
  "The IsPassive attribute MUST not be present - TR pag. 9 ",
  `${REQUEST} and not(${REQUEST}/@IsPassive)`,
);
rq("One Issuer element MUST be present", `count(${ISSUER}) = 1`);
rq("The Issuer element MUST have a value", `normalize-space(${ISSUER}) != ''`);
rqBy(
  "The Issuer's value MUST be equal to entityID",
  (evidence) =>
    textAt(evidence.request.document, ISSUER) ===
    textAt(evidence.metadata.document, `${ENTITY}/@entityID`),
);
// The suite asks this of the Issuer and again of NameIDPolicy, under one name.
const formats = [ISSUER, `${REQUEST}/samlp:NameIDPolicy`];
rq("The Format attribute MUST be present", formats.map((path) => `${path}/@Format`).join(" and "));
rq(
  "The Format attribute MUST have a value",
  formats.map((path) => `${path}/@Format != ''`).join(" and "),
);
rq(
  "The Format attribute MUST be urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
  `${ISSUER}/@Format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'`,
);
rq("The NameQualifier attribute MUST be present", `${ISSUER}/@NameQualifier`);
rq("The NameQualifier attribute MUST have a value", `${ISSUER}/@NameQualifier != ''`);
rqBy(
  "RelayState MUST not be immediately intelligible",
  ({ relayState }) => /^[A-Za-z0-9_-]{16,80}$/.test(relayState) && !relayState.includes("http"),
);
rqBy("AuthnRequest Signature validation", ({ query, request: { text }, certificatePem }) =>
  query === null
    ? verifySignedBytes(text, [certificatePem]).outcome === "verified"
    : verifyQuery(query, [certificatePem]).outcome === "verified",
);
const forced = `(${REQUEST}/@ForceAuthn = 'true' or ${REQUEST}/@ForceAuthn = '1')`;
rq(
  "The ForceAuthn attribute MUST be present if SPID level > 1",
  `${REQUEST} and (not(${isAboveOne}) or ${REQUEST}/@ForceAuthn)`,
);
rq(
  "The ForceAuthn attribute MUST be true or 1 - TR pag. 8 ",
  `${REQUEST} and (not(${REQUEST}/@ForceAuthn) or ${forced}) and (not(${isAboveOne}) or ${forced})`,
);
const isMinimum = `${CONTEXT}/@Comparison = 'minimum' and ${CLASS} = 'https://www.spid.gov.it/SpidL2'`;
rq(
  "The ForceAuthn attribute MUST be present because of minimum/SpidL2",
  `${REQUEST} and (not(${isMinimum}) or ${REQUEST}/@ForceAuthn)`,
);
rq(
  "The ForceAuthn attribute MUST be True because of minimum/SpidL2",
  `${REQUEST} and (not(${isMinimum}) or ${forced})`,
);
for (const [name, listed] of [
  ["AssertionConsumerService", ACS],
  ["AttributeConsumingService", ATTRIBUTES],
] as const) {
  const attribute = `${REQUEST}/@${name}Index`;
  rq(`The ${name}Index attribute MUST have a value`, `${attribute} != ''`);
  rq(`The ${name}Index attribute MUST be >= 0`, `number(${attribute}) >= 0`);
  rqBy(`The ${name}Index attribute MUST be equal to an ${name} index`, (evidence) =>
    ask(
      evidence.metadata.document,
      `${listed}/@index = '${textAt(evidence.request.document, attribute).replaceAll("'", "")}'`,
    ),
  );
}
rq("One NameIDPolicy element MUST be present", `count(${REQUEST}/samlp:NameIDPolicy) = 1`);
rq(
  "The Format attribute MUST be urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
  `${REQUEST}/samlp:NameIDPolicy/@Format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'`,
);
rq(
  "The AllowCreate attribute MUST not be present",
  `${REQUEST} and not(${REQUEST}/samlp:NameIDPolicy/@AllowCreate)`,
);
rq("Only one RequestedAuthnContext element MUST be present", `count(${CONTEXT}) = 1`);
rq("The Comparison attribute MUST be present", `${CONTEXT}/@Comparison`);
rq("The Comparison attribute MUST have a value", `${CONTEXT}/@Comparison != ''`);
rq(
  "Attribute not valid",
  ["exact", "minimum", "better", "maximum"]
    .map((value) => `${CONTEXT}/@Comparison = '${value}'`)
    .join(" or "),
);
rq("Only one AuthnContexClassRef element MUST be present", `count(${CLASS}) = 1`);
rq("The AuthnContexClassRef element MUST have a value", `normalize-space(${CLASS}) != ''`);
rq(
  "The AuthnContextClassRef element MUST have a valid SPID level",
  [1, 2, 3].map((level) => `${CLASS} = 'https://www.spid.gov.it/SpidL${level}'`).join(" or "),
);

/** One for each name; what the suite reports twice (for two documents of AgID) is asked once. */
export const SPID_CHECKS: readonly Check[] = [...metadata, ...request];
