// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { XmlDocument } from "libxml2-wasm";
import {
  findProviderFaults,
  type ProviderFault,
  type ServiceProvider,
  writeMetadata,
} from "../../src/integrations/saml/index.ts";
import { verifySignedBytes } from "../../src/integrations/saml/signed-xml.ts";
import { isSignedBy } from "../support/check-signature.ts";
import { brokenCieRules, CIE_RULES } from "../support/cie-checks.ts";
import {
  aggregatedTown,
  cieTown,
  cieTownWithPartner,
  eidasTown,
  lightlyAggregatedTown,
  newSigner,
  rotatingTown,
  spidTown,
  townSigner,
} from "../support/saml-samples.ts";
import { IDENTITY_SPECS, identitySpecsMissing, samlSchemaJudge } from "../support/saml-schemas.ts";
import { type Edit, edit, emptied, gone, tags, twice } from "../support/spoil-xml.ts";

const NOW = new Date("2026-11-20T09:00:00Z");
const CHAIN = townSigner.certificatePem.repeat(2);
const written = (town: ServiceProvider): string => writeMetadata(town, townSigner.privateKeyPem);
const NAMESPACES = {
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  ds: "http://www.w3.org/2000/09/xmldsig#",
  spid: "https://spid.gov.it/saml-extensions",
  cie: "https://www.cartaidentita.interno.gov.it/saml-extensions",
};
function ask(xml: string, xpath: string): unknown {
  const document = XmlDocument.fromString(xml);
  try {
    return document.eval(xpath, NAMESPACES);
  } finally {
    document.dispose();
  }
}

const ALL: readonly (readonly [string, ServiceProvider, string])[] = [
  ["SPID, the town for itself", spidTown, "saml-schema-metadata-sp-spid-av29.xsd"],
  ["SPID, two keys", rotatingTown, "saml-schema-metadata-sp-spid-av29.xsd"],
  ["SPID, through an aggregator", aggregatedTown, "saml-schema-metadata-aggregated-spid.xsd"],
  ["SPID, light", lightlyAggregatedTown, "saml-schema-metadata-aggregated-spid.xsd"],
  ["eIDAS", eidasTown, "saml-schema-metadata-sp-spid-av29.xsd"],
  ["CIE", cieTown, "cie/saml-schema-metadata-sp-cie.xsd"],
  ["CIE with a technical partner", cieTownWithPartner, "cie/saml-schema-metadata-sp-cie.xsd"],
];

describe("metadata of a service provider", () => {
  for (const [name, town, schema] of ALL) {
    it(`OS-03 ${name}: signed by the first key, the same bytes each time, no faults`, () => {
      const xml = written(town);
      assert.equal(written(town), xml);
      assert.deepEqual(findProviderFaults(town), []);
      const [first = ""] = town.certificates;
      assert.equal(verifySignedBytes(xml, [first]).outcome, "verified");
      assert.ok(isSignedBy(xml, first));
      const foreign = newSigner("Altri").certificatePem;
      assert.deepEqual(verifySignedBytes(xml, [foreign]), {
        outcome: "refused",
        reason: "signature-wrong",
      });
    });

    it(`OS-03 ${name}: valid by its schema`, { skip: identitySpecsMissing }, () => {
      samlSchemaJudge("saml-schema-metadata-2.0.xsd")(written(town));
      samlSchemaJudge(schema)(written(town));
    });
  }

  it("OS-03 while keys change both are shown and the first signs; another content has another ID", () => {
    const xml = written(rotatingTown);
    const keys = "//md:SPSSODescriptor/md:KeyDescriptor[@use='signing']//ds:X509Certificate";
    assert.equal(ask(xml, `count(${keys})`), 2);
    assert.equal(ask(xml, `boolean(${keys}[1] = //ds:Signature//ds:X509Certificate)`), true);
    const [, next = ""] = rotatingTown.certificates;
    assert.equal(verifySignedBytes(xml, [next]).outcome, "refused");
    assert.notEqual(ask(xml, "string(/*/@ID)"), ask(written(spidTown), "string(/*/@ID)"));
  });

  it("OS-03 an aggregated town: the aggregator before the aggregated, each with what is its own", () => {
    const xml = written(aggregatedTown);
    const aggregator = "/*/md:ContactPerson[1][@spid:entityType='spid:aggregator']";
    const aggregated = "/*/md:ContactPerson[2][@spid:entityType='spid:aggregated']";
    for (const xpath of [
      `${aggregator}/md:Extensions/spid:PublicServicesFullAggregator[not(node())]`,
      `${aggregator}/md:Extensions[spid:VATNumber = 'IT01234567897']`,
      `${aggregator}[md:Company = 'Aggregatore di prova S.p.A.']`,
      `${aggregated}/md:Extensions[spid:IPACode = 'c_x999']/spid:Public[not(node())]`,
      `${aggregated}[md:Company = /*/md:Organization/md:OrganizationName]`,
      "/*[contains(@entityID, '/pub-ag-full/')]",
    ])
      assert.equal(ask(xml, `boolean(${xpath})`), true, xpath);
    assert.equal(ask(xml, `count(${aggregated}//spid:PublicServicesFullAggregator)`), 0);
    assert.equal(ask(xml, "count(/*/md:ContactPerson)"), 2);
  });

  it("OS-03 BI-01 a light aggregator shows the certificate it confirms with; requests are signed by the town's own key", () => {
    const xml = written(lightlyAggregatedTown);
    const extensions = "/*/md:ContactPerson[@spid:entityType='spid:aggregator']/md:Extensions";
    const key = `${extensions}/spid:KeyDescriptor[@use='spid:validation']//ds:X509Certificate`;
    assert.equal(ask(xml, `count(${extensions}/spid:PublicServicesLightAggregator)`), 1);
    assert.equal(ask(xml, "count(//spid:PublicServicesFullAggregator)"), 0);
    assert.equal(ask(xml, `count(${key})`), 1);
    assert.equal(ask(xml, `boolean(${key} = //md:SPSSODescriptor//ds:X509Certificate)`), false);
    assert.equal(ask(xml, "contains(/*/@entityID, '/pub-ag-lite/')"), true);
  });

  it("OS-03 eIDAS asks for the two sets by their numbers and never for a codice fiscale", () => {
    const xml = written(eidasTown);
    const sets = "//md:AttributeConsumingService";
    assert.equal(ask(xml, `boolean(${sets}[@index='99'] and ${sets}[@index='100'])`), true);
    assert.equal(ask(xml, `count(${sets})`), 2);
    assert.equal(ask(xml, "count(//md:RequestedAttribute[@Name='fiscalNumber'])"), 0);
  });

  it("OS-03 names with every sign that XML treats specially arrive as they are", () => {
    const name = `Comune "d'Àbòlì" <&> ]]>`;
    const xml = written({ ...spidTown, organization: { ...spidTown.organization, name } });
    assert.equal(ask(xml, "string(//md:OrganizationName)"), name);
    assert.equal(verifySignedBytes(xml, [townSigner.certificatePem]).outcome, "verified");
    assert.ok(isSignedBy(xml, townSigner.certificatePem));
    assert.ok(!isSignedBy(edit(/Borgofiore &amp;/, "x")(xml), townSigner.certificatePem));
  });

  it("OS-03 metadata signed by others' tools verify here", { skip: identitySpecsMissing }, () => {
    const samples = [
      ...["spid/public-sp", "spid/pub-ag-full", "spid/pub-ag-lite", "spid/pub-op-full"],
      ...["eidas/public-sp-eidas", "cie/public-sp-cie"],
    ];
    for (const name of samples) {
      const path = join(IDENTITY_SPECS, `metadata-samples/${name}_signed.xml`);
      const xml = readFileSync(path, "utf8");
      const certificate = /X509Certificate>([^<]+)</.exec(xml)?.[1] ?? "";
      assert.equal(verifySignedBytes(xml, [certificate]).outcome, "verified", name);
      const touched = edit(/EmailAddress>/, "EmailAddress>x")(xml);
      assert.deepEqual(verifySignedBytes(touched, [certificate]), {
        outcome: "refused",
        reason: "signature-wrong",
      });
    }
  });

  it("OS-03 a provider that a federation would send back is not written: every fault has its reason", () => {
    const { organization, contact, kind } = spidTown;
    const [set = { index: 0, name: "", attributes: [] }] = spidTown.attributeSets;
    const aggregator = aggregatedTown.kind.type === "aggregated" ? aggregatedTown.kind : null;
    const light = lightlyAggregatedTown;
    const partner = cieTownWithPartner.technicalPartner;
    assert.ok(aggregator && partner && partner.body.type === "private");
    const wrong: [ServiceProvider, ProviderFault["field"], ProviderFault["reason"]][] = [
      [{ ...spidTown, entityId: "http://scuola.example/spid" }, "entityId", "not-https"],
      [{ ...spidTown, entityId: "https://a@scuola.example/" }, "entityId", "not-https"],
      [{ ...spidTown, entityId: "https://scuola.example/?a=1" }, "entityId", "has-query"],
      [{ ...spidTown, entityId: `https://a.example/${"x".repeat(1024)}` }, "entityId", "too-long"],
      [{ ...aggregatedTown, kind }, "entityId", "with-aggregation-path"],
      [{ ...spidTown, kind: aggregator }, "entityId", "without-aggregation-path"],
      [{ ...light, kind: aggregator }, "entityId", "without-aggregation-path"],
      [{ ...aggregatedTown, kind: light.kind }, "entityId", "without-aggregation-path"],
      [{ ...light, kind }, "entityId", "with-aggregation-path"],
      [{ ...spidTown, assertionConsumerUrls: [] }, "assertionConsumerUrls", "missing"],
      [{ ...spidTown, assertionConsumerUrls: ["/acs"] }, "assertionConsumerUrls", "not-https"],
      [
        { ...spidTown, assertionConsumerUrls: ["https://a.example", "https://a.example"] },
        "assertionConsumerUrls",
        "repeated",
      ],
      [{ ...spidTown, singleLogout: [] }, "singleLogout", "missing"],
      [
        { ...spidTown, singleLogout: [{ binding: "post", url: "ftp://a.example" }] },
        "singleLogout",
        "not-https",
      ],
      [
        { ...cieTown, singleLogout: [{ binding: "post", url: "https://a.example" }] },
        "singleLogout",
        "no-redirect",
      ],
      [{ ...spidTown, attributeSets: [] }, "attributeSets", "missing"],
      [{ ...spidTown, attributeSets: [set, set] }, "attributeSets", "repeated"],
      [{ ...spidTown, attributeSets: [{ ...set, index: -1 }] }, "attributeSets", "malformed"],
      [
        { ...spidTown, attributeSets: [{ ...set, attributes: ["shoeSize"] }] },
        "attributeSets",
        "unknown-attribute",
      ],
      [
        { ...eidasTown, attributeSets: [{ ...set, index: 99 }] },
        "attributeSets",
        "unknown-attribute",
      ],
      [
        { ...eidasTown, attributeSets: [{ ...set, attributes: ["name"] }] },
        "attributeSets",
        "not-for-this-federation",
      ],
      [
        { ...cieTown, attributeSets: [{ ...set, attributes: ["name"] }] },
        "attributeSets",
        "malformed",
      ],
      [{ ...spidTown, organization: { ...organization, name: "" } }, "organization", "missing"],
      [{ ...spidTown, organization: { ...organization, url: "x" } }, "organization", "malformed"],
      [{ ...spidTown, contact: { email: "nessuno" } }, "contact", "malformed"],
      [{ ...spidTown, contact: { ...contact, phone: "055 123" } }, "contact", "malformed"],
      [{ ...spidTown, ipaCode: "c h501" }, "ipaCode", "malformed"],
      [{ ...spidTown, fiscalCode: "01234567890" }, "fiscalCode", "malformed"],
      [{ ...spidTown, seat: { belfioreCode: "H501" } }, "seat", "not-for-this-federation"],
      [{ ...cieTown, seat: { belfioreCode: "058091" } }, "seat", "malformed"],
      [{ ...spidTown, technicalPartner: partner }, "technicalPartner", "not-for-this-federation"],
      [
        {
          ...cieTown,
          technicalPartner: { ...partner, body: { ...partner.body, activityCodes: [] } },
        },
        "technicalPartner",
        "missing",
      ],
      [
        {
          ...cieTown,
          technicalPartner: { ...partner, body: { ...partner.body, vatNumber: "IT1" } },
        },
        "technicalPartner",
        "malformed",
      ],
      [
        { ...cieTown, entityId: aggregatedTown.entityId, kind: aggregator },
        "kind",
        "not-for-this-federation",
      ],
      [
        {
          ...aggregatedTown,
          kind: { type: "aggregated", aggregator: { ...aggregator.aggregator, vatNumber: "1" } },
        },
        "kind",
        "malformed",
      ],
      // The document is public: a file as servers have it, with the key, is refused, and so is a chain.
      ...["-", townSigner.certificatePem + townSigner.privateKeyPem, CHAIN].map(
        (validationCertificate): (typeof wrong)[number] => [
          {
            ...light,
            kind: {
              type: "aggregated",
              aggregator: { ...aggregator.aggregator, validationCertificate },
            },
          },
          "kind",
          "malformed",
        ],
      ),
      [{ ...spidTown, certificates: [] }, "certificates", "missing"],
      [
        { ...spidTown, certificates: [...rotatingTown.certificates, townSigner.certificatePem] },
        "certificates",
        "too-many",
      ],
    ];
    for (const [town, field, reason] of wrong) {
      const faults = findProviderFaults(town);
      const isFound = faults.some((one) => one.field === field && one.reason === reason);
      assert.ok(isFound, `${field} ${reason}: ${JSON.stringify(faults)}`);
      assert.throws(() => written(town), RangeError);
    }
    const { seat, ...seatless } = cieTown;
    assert.ok(seat);
    assert.deepEqual(findProviderFaults(seatless), [{ field: "seat", reason: "missing" }]);
  });
});

/** Rule of the list → what breaks it in a document of ours. */
const CIE_SPOILS: Readonly<Record<string, Edit>> = {
  "2": edit(/md:EntityDescriptor/g, "md:EntitiesDescriptor"),
  "2.1": edit(/cartaidentita\.interno/g, "cartaidentita.esterno"),
  "3": gone("ds:Signature"),
  "3.3": tags("ds:DigestMethod", /xmlenc#sha256/, "xmldsig#sha1"),
  "3.5": edit(/Borgofiore &amp;/g, "Altrove &amp;"),
  "4": edit(/md:SPSSODescriptor/g, "md:IDPSSODescriptor"),
  "4.1": twice("md:SPSSODescriptor"),
  "4.2": tags("md:SPSSODescriptor", /AuthnRequestsSigned="true"/, ""),
  "4.3": tags("md:SPSSODescriptor", /AuthnRequestsSigned="true"/, 'AuthnRequestsSigned="false"'),
  "4.4": tags("md:SPSSODescriptor", /WantAssertionsSigned="true"/, ""),
  "4.5": tags("md:SPSSODescriptor", /WantAssertionsSigned="true"/, 'WantAssertionsSigned="false"'),
  "4.6": tags("md:SPSSODescriptor", /SAML:2\.0:protocol/, "SAML:1.1:protocol"),
  "4.7": gone("md:KeyDescriptor"),
  "4.8": tags("md:KeyDescriptor", /signing/, "encryption"),
  "4.9": tags("md:SingleLogoutService", /HTTP-Redirect/, "HTTP-POST"),
  "4.10": tags("md:SingleLogoutService", /HTTP-POST/, "SOAP"),
  "4.11": tags("md:SingleLogoutService", /Location="https/, 'Location="http'),
  "4.12": twice("md:NameIDFormat"),
  "4.13": edit(/nameid-format:transient/g, "nameid-format:persistent"),
  "4.14": gone("md:AssertionConsumerService"),
  "4.15": tags("md:AssertionConsumerService", /HTTP-POST/, "SOAP"),
  "4.16": tags("md:AssertionConsumerService", /Location="https/, 'Location="http'),
  "4.17": twice("md:AssertionConsumerService"),
  "4.18": tags("md:AssertionConsumerService", /index="0"/, 'index="-1"'),
  "4.19": gone("md:AttributeConsumingService"),
  "4.20": twice("md:AttributeConsumingService"),
  "4.21": edit(/urn:uuid:\w+/g, "Servizi"),
  "4.22": edit(/Name="dateOfBirth"/g, 'Name="email"'),
  "5": gone("md:Organization"),
  "5.2": emptied("md:OrganizationURL"),
  "6": gone("md:ContactPerson"),
  "6.1": (xml) => twice("md:ContactPerson")(twice("md:ContactPerson")(xml)),
  "6.2": edit(/contactType="administrative"/g, 'contactType="technical"'),
  "6.3": twice("md:ContactPerson"),
  "6.4": gone("md:Extensions"),
  "6.5": edit(/<cie:Public\/>/g, "<cie:Public/><cie:Private/>"),
  "6.6": gone("cie:IPACode"),
  "6.7": gone("cie:Municipality"),
  "6.8": gone("cie:Country"),
  "6.14": gone("md:Company"),
  "6.15": gone("md:EmailAddress"),
  "6.17": edit(/<cie:IPACode>/g, "<cie:IPACategory>Comune</cie:IPACategory>$&"),
  "6.19": edit(/(?<=<cie:FiscalCode>)\d/g, "9"),
  "6.21": emptied("cie:Municipality"),
  "6.22": edit(/(?<=<cie:Province>)FI/g, "Firenze"),
  "6.23": edit(/(?<=<cie:Country>)IT/g, "Italia"),
  "6.25": edit(/scuola@borgofiore/g, "scuola borgofiore"),
  "6.26": edit(/\+39055/g, "055 "),
};
/** Of the technical partner, which is private. */
const PARTNER_SPOILS: Readonly<Record<string, Edit>> = {
  "6.9": gone("cie:VATNumber"),
  "6.10": edit(/(?<=Private.*)<cie:FiscalCode>\d+<\/cie:FiscalCode>/gs, ""),
  "6.11": gone("cie:NACE2Code"),
  "6.12": edit(/(?<=Private.*)<cie:Municipality>\w+<\/cie:Municipality>/gs, ""),
  "6.13": edit(/(?<=Private.*)<cie:Country>\w+<\/cie:Country>/gs, ""),
  "6.18": edit(/(?<=<cie:VATNumber>IT)0/g, "9"),
  "6.20": edit(/(?<=<cie:NACE2Code>)[^<]+/g, "software"),
};
/** Of the certificate: proved where certificates are made and read (certificate.test.ts), here only on our good one. */
const OF_THE_CERTIFICATE = ["3.1", "3.2", "3.4"];

describe("CIE's rules for metadata", () => {
  it("OS-03 ours keep them all, with and without a technical partner", () => {
    assert.deepEqual(brokenCieRules(written(cieTown), NOW), []);
    assert.deepEqual(brokenCieRules(written(cieTownWithPartner), NOW), []);
    const { province: _, ...seat } = cieTown.seat ?? { belfioreCode: "" };
    assert.deepEqual(brokenCieRules(written({ ...cieTown, seat }), NOW), []);
  });

  it("OS-03 each rule speaks when it is broken", () => {
    const town = written(cieTown);
    for (const [number, spoil] of Object.entries(CIE_SPOILS))
      assert.ok(brokenCieRules(spoil(town), NOW).includes(number), `${number} is silent`);
    const partner = written(cieTownWithPartner);
    for (const [number, spoil] of Object.entries(PARTNER_SPOILS))
      assert.ok(brokenCieRules(spoil(partner), NOW).includes(number), `${number} is silent`);
    assert.deepEqual(
      Object.keys(CIE_RULES).filter(
        (number) => !(number in CIE_SPOILS) && !(number in PARTNER_SPOILS),
      ),
      OF_THE_CERTIFICATE,
    );
    assert.ok(brokenCieRules(town, new Date("2037-01-01")).includes("3.2"));
  });

  const folder = join(IDENTITY_SPECS, "metadata-samples/cie-negative");
  const noSamples = existsSync(folder) ? false : "skipped: ../shared/specs/identity is not here";
  it(
    "OS-03 each of the Poligrafico's bad samples breaks the rule it is named after",
    { skip: noSamples },
    () => {
      const bad = readdirSync(folder).filter((name) => /^[1-9].*\.xml$/.test(name));
      assert.equal(bad.length, 81);
      const judge = samlSchemaJudge("cie/saml-schema-metadata-sp-cie.xsd");
      const silent: string[] = [];
      for (const name of bad) {
        const xml = readFileSync(join(folder, name), "utf8");
        // `6.3e.xml`, `3.3-sha1.xml`, `2.2b2.xml`: the rule is the number in front.
        const named = /^\d+(\.\d+)?/.exec(name)?.[0] ?? "";
        // It has a country, once: `00`, which is none.
        const number = name === "6.8a.xml" ? "6.23" : named;
        if (number === "1") assert.throws(() => judge(xml));
        else if (!brokenCieRules(xml, NOW).includes(number)) silent.push(name);
      }
      // Whether an entityID is new only the federation knows.
      assert.deepEqual(silent, ["2.2a.xml", "2.2b.xml", "2.2b2.xml"]);
    },
  );
});
