// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { XmlDocument } from "libxml2-wasm";
import { moment } from "#kernel/dates.ts";
import { selfSignedCertificate } from "../../src/integrations/saml/certificate.ts";
import {
  type AuthnRequest,
  authnRequestForm,
  authnRequestRedirect,
  type ServiceProvider,
  writeMetadata,
} from "../../src/integrations/saml/index.ts";
import {
  eidasTown,
  rotatingTown,
  spidTown,
  townCertificate,
  townSigner,
} from "../support/saml-samples.ts";
import { IDENTITY_SPECS, identitySpecsMissing, samlSchemaJudge } from "../support/saml-schemas.ts";
import { type Evidence, SPID_CHECKS } from "../support/spid-checks.ts";
import {
  attributeSpoils,
  type Edit,
  edit,
  emptied,
  gone,
  tags,
  twice,
} from "../support/spoil-xml.ts";

const SSO = "https://idp.example/sso";
const authnRequest: AuthnRequest = {
  id: "_0f3c9a8e6b5d4c21a0e7",
  issuedAt: moment("2026-11-20T09:00:00.123Z"),
  protocol: "spid",
  entityId: spidTown.entityId,
  singleSignOnUrl: SSO,
  level: 2,
  attributeSet: 0,
  relayState: "Vm9nbGlvX3Zpdm8tYmFnbm8tMTIz",
};
const isValidBySchema = identitySpecsMissing
  ? null
  : (xml: string): boolean => {
      try {
        schema(xml);
        return true;
      } catch {
        return false;
      }
    };
const schema = identitySpecsMissing
  ? () => undefined
  : samlSchemaJudge("saml-schema-metadata-sp-spid-av29.xsd");

interface Spoils {
  readonly metadata?: (xml: string) => string;
  readonly request?: (xml: string) => string;
  readonly evidence?: Partial<Evidence>;
}

const metadataOf = new Map<ServiceProvider, string>();

/** Judges by every check; gives back the names of those that do not hold. */
function failing(
  town: ServiceProvider,
  binding: "redirect" | "form",
  changes: Partial<AuthnRequest> = {},
  spoils: Spoils = {},
): string[] {
  const asked = { ...authnRequest, protocol: town.protocol, entityId: town.entityId, ...changes };
  const sent =
    binding === "redirect"
      ? authnRequestRedirect(asked, townSigner)
      : authnRequestForm(asked, townSigner);
  const good = metadataOf.get(town) ?? writeMetadata(town, townSigner.privateKeyPem);
  metadataOf.set(town, good);
  const text = (spoils.metadata ?? String)(good);
  const requestText = (spoils.request ?? String)(sent.xml);
  const metadata = { text, document: XmlDocument.fromString(text) };
  const request = { text: requestText, document: XmlDocument.fromString(requestText) };
  const evidence: Evidence = {
    metadata,
    request,
    query: "url" in sent ? (sent.url.split("?")[1] ?? "") : null,
    relayState: asked.relayState,
    certificatePem: townSigner.certificatePem,
    singleSignOnUrl: SSO,
    providerEntityId: "https://idp.example",
    now: new Date("2026-11-20T09:00:00Z"),
    isValidBySchema,
    ...spoils.evidence,
  };
  try {
    return SPID_CHECKS.filter(({ holds }) => !holds(evidence)).map(
      ({ area, check }) => `${area}: ${check}`,
    );
  } finally {
    metadata.document.dispose();
    request.document.dispose();
  }
}

const SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP";
const bare = (pem: string): string => pem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
const { privateKey: shortKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
const { privateKey: curveKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ended = { ...townCertificate, notAfter: moment("2026-06-01T00:00:00Z") };
/** sha256WithRSAEncryption made sha1WithRSAEncryption, by its last byte. */
const sha1Certificate = Buffer.from(
  Buffer.from(bare(townSigner.certificatePem), "base64")
    .toString("hex")
    .replaceAll("2a864886f70d01010b", "2a864886f70d010105"),
  "hex",
).toString("base64");
const CERTIFICATE_SPOILS = [
  bare(selfSignedCertificate(ended, shortKey)),
  bare(selfSignedCertificate(townCertificate, curveKey)),
  sha1Certificate,
].map((certificate) => edit(/(?<=<ds:X509Certificate>)[^<]+/g, certificate));

/** One wrong thing each. Together they must make every check speak. */
const METADATA_SPOILS: readonly Edit[] = [
  edit(/Borgofiore &amp;/g, "Altrove &amp;"),
  edit(/<\/md:EntityDescriptor>/g, '<md:EntityDescriptor entityID="x"/>$&'),
  ...attributeSpoils("md:EntityDescriptor", "entityID"),
  edit(/<md:Organization>/g, "<md:SPSSODescriptor/>$&"),
  edit(/nameid-format:transient/g, "nameid-format:persistent"),
  gone("ds:Signature"),
  gone("ds:SignatureMethod"),
  ...attributeSpoils(
    "ds:SignatureMethod",
    "Algorithm",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
  ),
  gone("ds:DigestMethod"),
  ...attributeSpoils("ds:DigestMethod", "Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1"),
  tags("md:KeyDescriptor", /signing/, "encryption"),
  gone("ds:X509Certificate"),
  ...CERTIFICATE_SPOILS,
  gone("md:SingleLogoutService"),
  ...attributeSpoils("md:SingleLogoutService", "Binding", SOAP),
  ...attributeSpoils("md:SingleLogoutService", "Location", "/slo"),
  gone("md:AssertionConsumerService"),
  ...attributeSpoils("md:AssertionConsumerService", "Binding", SOAP),
  ...attributeSpoils("md:AssertionConsumerService", "Location"),
  ...attributeSpoils("md:AssertionConsumerService", "index", "-1"),
  ...attributeSpoils("md:AssertionConsumerService", "isDefault", "false"),
  gone("md:AttributeConsumingService"),
  ...attributeSpoils("md:AttributeConsumingService", "index", "-1"),
  gone("md:ServiceName"),
  emptied("md:ServiceName"),
  gone("md:RequestedAttribute"),
  ...attributeSpoils("md:RequestedAttribute", "Name", "shoeSize"),
  twice("md:RequestedAttribute"),
  gone("md:Organization"),
  twice("md:Organization"),
  ...["OrganizationName", "OrganizationDisplayName", "OrganizationURL"].flatMap((name) => [
    gone(`md:${name}`),
    emptied(`md:${name}`),
    tags(`md:${name}`, / xml:lang="it"/, ""),
    tags(`md:${name}`, / xml:lang="it"/, ' xml:lang="de"'),
  ]),
  ...attributeSpoils("md:SPSSODescriptor", "protocolSupportEnumeration", "urn:x"),
  ...attributeSpoils("md:SPSSODescriptor", "AuthnRequestsSigned", "false"),
  ...attributeSpoils("md:SPSSODescriptor", "WantAssertionsSigned", "false"),
  gone("md:ContactPerson"),
  twice("md:ContactPerson"),
  ...attributeSpoils("md:ContactPerson", "contactType", "technical"),
  twice("md:Extensions"),
  emptied("md:EmailAddress"),
  edit(/(?<=<md:Company>)/g, "Altro "),
  gone("spid:Public"),
  edit(/<spid:Public\/>/g, "<spid:Public>sì</spid:Public>"),
  ...[
    ...["PublicServicesFullAggregator", "PublicServicesLightAggregator"],
    ...["PrivateServicesFullAggregator", "PrivateServicesLightAggregator"],
    ...["PublicServicesFullOperator", "PublicServicesLightOperator", "Private", "PublicOperator"],
  ].map((name) => edit(/<spid:Public\/>/g, `$&<spid:${name}/>`)),
];

const REQUEST_SPOILS: readonly Edit[] = [
  edit(/<samlp:NameIDPolicy/g, "<samlp:AuthnRequest/>$&"),
  ...["ID", "Version", "IssueInstant", "Destination"].flatMap((name) =>
    attributeSpoils("samlp:AuthnRequest", name, "ieri"),
  ),
  edit(/ForceAuthn="true"/g, 'ForceAuthn="true" IsPassive="false"'),
  ...attributeSpoils("samlp:AuthnRequest", "ForceAuthn", "false"),
  ...attributeSpoils("samlp:AuthnRequest", "AssertionConsumerServiceIndex", "-7"),
  ...attributeSpoils("samlp:AuthnRequest", "AttributeConsumingServiceIndex", "-7"),
  gone("saml:Issuer"),
  emptied("saml:Issuer"),
  ...attributeSpoils("saml:Issuer", "Format", "urn:x"),
  ...attributeSpoils("saml:Issuer", "NameQualifier"),
  gone("samlp:NameIDPolicy"),
  ...attributeSpoils("samlp:NameIDPolicy", "Format", "urn:x"),
  edit(/<samlp:NameIDPolicy/g, '$& AllowCreate="true"'),
  twice("samlp:RequestedAuthnContext"),
  ...attributeSpoils("samlp:RequestedAuthnContext", "Comparison", "greatest"),
  twice("saml:AuthnContextClassRef"),
  emptied("saml:AuthnContextClassRef"),
];

describe("AgID's checks of metadata and requests", () => {
  it("OS-03 SPID by redirect and by form, at every level, with one key and with two: every check holds", () => {
    for (const town of [spidTown, rotatingTown])
      for (const binding of ["redirect", "form"] as const)
        for (const level of [1, 2, 3] as const)
          assert.deepEqual(failing(town, binding, { level }), []);
  });

  it("OS-03 eIDAS: what does not hold is what persons of other states do not have", () => {
    const attributeSet = eidasTown.attributeSets[0]?.index ?? 0;
    assert.deepEqual(
      failing(eidasTown, "redirect", { attributeSet }),
      ["name", "familyName", "fiscalNumber", "email"].map(
        (name) => `metadata: The "${name}" attribute in RequestedAttribute element MUST be valid`,
      ),
    );
  });

  it("OS-03 every check speaks when its one thing is wrong", () => {
    const spoken = new Set([
      ...METADATA_SPOILS.flatMap((metadata) => failing(spidTown, "form", {}, { metadata })),
      ...REQUEST_SPOILS.flatMap((request) => failing(spidTown, "form", {}, { request })),
      ...failing(spidTown, "form", {}, { evidence: { relayState: "https://altrove.example" } }),
    ]);
    const silent = SPID_CHECKS.filter(({ area, check }) => !spoken.has(`${area}: ${check}`));
    assert.deepEqual(
      silent.map(({ check }) => check),
      identitySpecsMissing ? ["xsd_check"] : [],
    );
  });

  it("OS-03 all 135 checks of the suite are here", { skip: identitySpecsMissing }, () => {
    const path = join(IDENTITY_SPECS, "cases/spid-metadata-and-request-checks.json");
    const { checks } = JSON.parse(readFileSync(path, "utf8")) as {
      checks: { area: string; check: string }[];
    };
    assert.equal(checks.length, 135);
    const ours = new Set(SPID_CHECKS.map(({ area, check }) => `${area}: ${check}`));
    const theirs = new Set(checks.map(({ area, check }) => `${area}: ${check}`));
    assert.deepEqual(
      [...theirs].filter((one) => !ours.has(one)),
      [],
    );
    assert.deepEqual(
      [...ours].filter((one) => !theirs.has(one)),
      [],
    );
    assert.equal(ours.size, 133);
  });
});
