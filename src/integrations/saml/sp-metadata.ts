// SPDX-License-Identifier: EUPL-1.2
/**
 * Metadata of a service provider: what the town hands to AgID (SPID, eIDAS) and to the Ministry (CIE). Sources: technical
 * rules of SPID, Avviso 29 v3 and 19 v4; CIE's technical manual. The same provider makes the same bytes.
 */
import { createHash } from "node:crypto";
import {
  BASIC_NAME_FORMAT,
  BINDING,
  CIE_EXTENSIONS,
  METADATA,
  PROTOCOL,
  SPID_EXTENSIONS,
  TRANSIENT_FORMAT,
} from "./names.ts";
import {
  type Contact,
  findProviderFaults,
  type Organization,
  type Seat,
  type ServiceProvider,
  type TechnicalPartner,
} from "./service-provider.ts";
import { DS, signXml } from "./signed-xml.ts";
import { element, leaf } from "./write-xml.ts";

const IT = { "xml:lang": "it" };

/**
 * @param privateKeyPem belongs to the first of the provider's certificates
 * @throws RangeError for a provider with faults: ask `findProviderFaults` before
 */
export function writeMetadata(provider: ServiceProvider, privateKeyPem: string): string {
  const faults = findProviderFaults(provider);
  const [certificatePem] = provider.certificates;
  if (faults.length > 0 || certificatePem === undefined) {
    const listed = faults.map(({ field, reason }) => `${field} ${reason}`).join(", ");
    throw new RangeError(`metadata of a provider with faults: ${listed}`);
  }
  const content = [
    writeDescriptor(provider),
    writeOrganization(provider.organization),
    ...(provider.protocol === "cie" ? writeCieContacts(provider) : writeSpidContacts(provider)),
  ];
  const extensions =
    provider.protocol === "cie"
      ? { "xmlns:cie": CIE_EXTENSIONS }
      : { "xmlns:spid": SPID_EXTENSIONS };
  const namespaces = { "xmlns:md": METADATA, "xmlns:ds": DS, ...extensions };
  const digest = createHash("sha256").update(provider.entityId).update(content.join(""));
  const unsigned = element(
    "md:EntityDescriptor",
    { ...namespaces, ID: `_${digest.digest("hex").slice(0, 40)}`, entityID: provider.entityId },
    ...content,
  );
  const signed = signXml(unsigned, { privateKeyPem, certificatePem });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${signed}`;
}

function writeDescriptor(provider: ServiceProvider): string {
  return element(
    "md:SPSSODescriptor",
    {
      AuthnRequestsSigned: "true",
      WantAssertionsSigned: "true",
      protocolSupportEnumeration: PROTOCOL,
    },
    ...provider.certificates.map(writeKey),
    ...provider.singleLogout.map(({ binding, url, responseUrl }) =>
      element("md:SingleLogoutService", {
        Binding: BINDING[binding],
        Location: url,
        ResponseLocation: responseUrl,
      }),
    ),
    leaf("md:NameIDFormat", TRANSIENT_FORMAT),
    ...provider.assertionConsumerUrls.map((url, index) =>
      element("md:AssertionConsumerService", {
        Binding: BINDING.post,
        Location: url,
        index: String(index),
        isDefault: index === 0 ? "true" : "false",
      }),
    ),
    ...provider.attributeSets.map(({ index, name, description, attributes }) =>
      element(
        "md:AttributeConsumingService",
        { index: String(index) },
        leaf("md:ServiceName", name, IT),
        leaf("md:ServiceDescription", description, IT),
        ...attributes.map((one) =>
          element("md:RequestedAttribute", { Name: one, NameFormat: BASIC_NAME_FORMAT }),
        ),
      ),
    ),
  );
}

function writeKey(certificatePem: string): string {
  return element("md:KeyDescriptor", { use: "signing" }, writeKeyInfo(certificatePem));
}

function writeKeyInfo(certificatePem: string): string {
  const base64 = certificatePem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  const certificate = element("ds:X509Certificate", {}, base64);
  return element("ds:KeyInfo", {}, element("ds:X509Data", {}, certificate));
}

const writeOrganization = ({ name, displayName, url }: Organization): string =>
  element(
    "md:Organization",
    {},
    leaf("md:OrganizationName", name, IT),
    leaf("md:OrganizationDisplayName", displayName, IT),
    leaf("md:OrganizationURL", url, IT),
  );

const writeContact = (
  attributes: Readonly<Record<string, string>>,
  extensions: readonly string[],
  company: string | undefined,
  { email, phone }: Contact,
): string =>
  element(
    "md:ContactPerson",
    attributes,
    element("md:Extensions", {}, ...extensions),
    leaf("md:Company", company),
    leaf("md:EmailAddress", email),
    leaf("md:TelephoneNumber", phone),
  );

/** Avviso 29: one `other`. Avviso 19: the aggregator before the aggregated, each with its kind. */
function writeSpidContacts(provider: ServiceProvider): string[] {
  const { contact, ipaCode, fiscalCode, kind, organization } = provider;
  const own = [
    leaf("spid:IPACode", ipaCode),
    leaf("spid:FiscalCode", fiscalCode),
    element("spid:Public"),
  ];
  if (kind.type === "direct")
    return [writeContact({ contactType: "other" }, own, organization.name, contact)];
  const { aggregator } = kind;
  const { validationCertificate: light } = aggregator;
  const activity =
    light === undefined
      ? [element("spid:PublicServicesFullAggregator")]
      : [
          element("spid:PublicServicesLightAggregator"),
          element("spid:KeyDescriptor", { use: "spid:validation" }, writeKeyInfo(light)),
        ];
  const extensions = [
    leaf("spid:IPACode", aggregator.ipaCode),
    leaf("spid:VATNumber", aggregator.vatNumber),
    leaf("spid:FiscalCode", aggregator.fiscalCode),
    ...activity,
  ];
  const as = (entityType: string) => ({ contactType: "other", "spid:entityType": entityType });
  return [
    writeContact(as("spid:aggregator"), extensions, aggregator.company, aggregator.contact),
    writeContact(as("spid:aggregated"), own, organization.name, contact),
  ];
}

const writeSeat = (seat: Seat | undefined): string[] => [
  leaf("cie:Municipality", seat?.belfioreCode),
  leaf("cie:Province", seat?.province),
  leaf("cie:Country", "IT"),
];

/** `administrative` for the town, `technical` only when somebody else does that part. */
function writeCieContacts(provider: ServiceProvider): string[] {
  const { contact, ipaCode, fiscalCode, seat, organization, technicalPartner } = provider;
  const own = [
    element("cie:Public"),
    leaf("cie:IPACode", ipaCode),
    leaf("cie:FiscalCode", fiscalCode),
    ...writeSeat(seat),
  ];
  const town = writeContact({ contactType: "administrative" }, own, organization.name, contact);
  return technicalPartner ? [town, writePartner(technicalPartner)] : [town];
}

function writePartner({ body, seat, company, contact }: TechnicalPartner): string {
  const census =
    body.type === "public"
      ? [element("cie:Public"), leaf("cie:IPACode", body.ipaCode)]
      : [
          element("cie:Private"),
          leaf("cie:VATNumber", body.vatNumber),
          leaf("cie:FiscalCode", body.fiscalCode),
          ...body.activityCodes.map((code) => leaf("cie:NACE2Code", code)),
        ];
  return writeContact(
    { contactType: "technical" },
    [...census, ...writeSeat(seat)],
    company,
    contact,
  );
}
