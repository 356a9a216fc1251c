// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SignedXml } from "xml-crypto";
import { moment } from "#kernel/dates.ts";
import { readRegistry, type RegistryFault } from "../../src/integrations/saml/index.ts";
import { signXml, verifySignedBytes } from "../../src/integrations/saml/signed-xml.ts";
import { newSigner } from "../support/saml-samples.ts";
import { IDENTITY_SPECS } from "../support/saml-schemas.ts";

const NOW = moment("2026-11-20T09:00:00Z");
const agency = newSigner("Agenzia di prova", "https://registro.example");
const stranger = newSigner("Un altro", "https://altro.example");
const firstIdp = newSigner("Gestore uno", "https://uno.example");
const secondIdp = newSigner("Gestore due", "https://due.example");
const bare = (pem: string): string => pem.replaceAll(/-----[A-Z ]+-----|\s/g, "");

const keyOf = (pem: string, use = ' use="signing"'): string =>
  `<md:KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${bare(pem)}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
const BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings";
const SSO = `<md:SingleSignOnService Binding="${BINDINGS}:HTTP-Redirect" Location="https://uno.example/sso/redirect"/><md:SingleSignOnService Binding="${BINDINGS}:HTTP-POST" Location="https://uno.example/sso/post"/>`;
const UNO = `<md:EntityDescriptor entityID="https://uno.example"><md:Extensions><spid:SupportedAgeLimit/></md:Extensions><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:Extensions><mdui:UIInfo><mdui:Logo height="60" width="60">https://uno.example/logo.svg</mdui:Logo></mdui:UIInfo></md:Extensions>${keyOf(firstIdp.certificatePem)}${keyOf(secondIdp.certificatePem)}${keyOf(stranger.certificatePem, ' use="encryption"')}<md:SingleLogoutService Binding="${BINDINGS}:HTTP-POST" Location="https://uno.example/slo" ResponseLocation="https://uno.example/slo/risposta"/><md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>${SSO}<saml:Attribute Name="name"/><saml:Attribute Name="fiscalNumber"/></md:IDPSSODescriptor><md:Organization><md:OrganizationName xml:lang="en">Provider One</md:OrganizationName><md:OrganizationName xml:lang="it"> Gestore\n Uno S.p.A. </md:OrganizationName><md:OrganizationDisplayName xml:lang="it">Uno ID</md:OrganizationDisplayName><md:OrganizationURL xml:lang="it">https://www.uno.example</md:OrganizationURL></md:Organization></md:EntityDescriptor>`;
const DUE = `<md:EntityDescriptor entityID="https://due.example"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keyOf(secondIdp.certificatePem, "")}<md:SingleSignOnService Binding="${BINDINGS}:HTTP-POST" Location="https://due.example/sso"/></md:IDPSSODescriptor><md:Organization><md:OrganizationName xml:lang="en">Two</md:OrganizationName><md:OrganizationDisplayName xml:lang="en">https://due.example</md:OrganizationDisplayName><md:OrganizationURL xml:lang="en">https://due.example</md:OrganizationURL></md:Organization></md:EntityDescriptor>`;
const NAMESPACES =
  'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:spid="https://spid.gov.it/saml-extensions" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"';
const listOf = (content: string, attributes = ""): string =>
  `<md:EntitiesDescriptor ${NAMESPACES} ID="_registro-0123456789"${attributes}>${content}</md:EntitiesDescriptor>`;
const LIST = listOf(UNO + DUE);
const read = (xml: string | Uint8Array, pinned = [agency.certificatePem]) =>
  readRegistry(xml, pinned, NOW);
const reasonOf = (xml: string, pinned?: string[]): RegistryFault | "read" => {
  const result = read(xml, pinned);
  return result.outcome === "refused" ? result.reason : "read";
};
const signed = (xml: string): string => signXml(xml, agency);
const swap = (xml: string, from: string | RegExp, to: string): string => {
  const changed = xml.replace(from, to);
  assert.notEqual(changed, xml, `nothing to change: ${from}`);
  return changed;
};

/** As the Ministry's software signs: the whole document by an empty URI. */
function signWhole(xml: string): string {
  const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
  const signer = new SignedXml({
    privateKey: agency.privateKeyPem,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: exclusive,
  });
  signer.addReference({
    xpath: "/*",
    transforms: ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", exclusive],
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    isEmptyUri: true,
  });
  signer.computeSignature(xml, { location: { reference: "/*", action: "prepend" } });
  return signer.getSignedXml();
}

describe("the federation's list of providers", () => {
  it("OS-03 a list signed by the pinned certificate gives names, addresses and every signing certificate", () => {
    const result = read(`<?xml version="1.0" encoding="UTF-8"?>\n${signed(LIST)}`);
    assert.ok(result.outcome === "read");
    const [uno, due] = result.providers;
    assert.deepEqual(uno, {
      entityId: "https://uno.example",
      organizationName: "Gestore Uno S.p.A.",
      displayName: "Uno ID",
      organizationUrl: "https://www.uno.example",
      logoUrl: "https://uno.example/logo.svg",
      singleSignOn: {
        redirect: "https://uno.example/sso/redirect",
        post: "https://uno.example/sso/post",
      },
      singleLogout: {
        redirect: null,
        post: {
          url: "https://uno.example/slo",
          responseUrl: "https://uno.example/slo/risposta",
        },
      },
      certificates: [firstIdp.certificatePem, secondIdp.certificatePem],
      attributes: ["name", "fiscalNumber"],
      knowsAgeLimit: true,
    });
    // A key without a use signs too; an address is no name.
    assert.deepEqual(due?.certificates, [secondIdp.certificatePem]);
    assert.equal(due?.organizationName, "Two");
    assert.equal(due?.displayName, null);
    assert.equal(due?.singleSignOn.redirect, null);
    assert.deepEqual(result.leftOut, []);
    assert.equal(result.validUntil, null);
  });

  it("OS-03 a single provider instead of a list, with the certificate pinned as bare base64", () => {
    const single = swap(
      DUE,
      "<md:EntityDescriptor",
      `<md:EntityDescriptor ${NAMESPACES} ID="_cie-0123456789"`,
    );
    const result = read(signed(single), [bare(agency.certificatePem)]);
    assert.ok(result.outcome === "read");
    assert.equal(result.providers[0]?.entityId, "https://due.example");
  });

  it("OS-03 touched, signed by others, unsigned: refused with the reason", () => {
    const good = signed(LIST);
    assert.equal(reasonOf(good), "read");
    assert.equal(reasonOf(LIST), "unsigned");
    assert.equal(reasonOf(signXml(LIST, stranger)), "signature-wrong");
    assert.equal(reasonOf(good, [stranger.certificatePem]), "signature-wrong");
    assert.equal(reasonOf(good, [stranger.certificatePem, agency.certificatePem]), "read");
    assert.equal(reasonOf(good, []), "no-trusted-key");
    assert.equal(reasonOf(good, ["niente"]), "no-trusted-key");
    assert.equal(reasonOf(swap(good, "uno.example/sso", "ladro.example/sso")), "signature-wrong");
    assert.equal(
      reasonOf(swap(good, bare(firstIdp.certificatePem), bare(stranger.certificatePem))),
      "signature-wrong",
    );
    // The signature of one entity does not stand for the list around it.
    const inner = signXml(
      swap(DUE, "<md:EntityDescriptor", `<md:EntityDescriptor ${NAMESPACES} ID="_due-0123456789"`),
      agency,
    );
    assert.equal(reasonOf(listOf(UNO + inner)), "unsigned");
    const moved = listOf(inner.match(/<ds:Signature.*<\/ds:Signature>/s)?.[0] + UNO + DUE);
    assert.equal(reasonOf(moved), "reference-refused");
  });

  it("OS-03 CIE's way of signing: no ID, an empty reference, taken for a registry and for nothing else", () => {
    const noId = swap(DUE, "<md:EntityDescriptor", `<md:EntityDescriptor ${NAMESPACES}`);
    const whole = signWhole(noId);
    const result = read(whole);
    assert.ok(result.outcome === "read");
    assert.equal(result.providers[0]?.entityId, "https://due.example");
    assert.equal(reasonOf(swap(whole, "due.example/sso", "ladro.example/sso")), "signature-wrong");
    assert.equal(reasonOf(whole, [stranger.certificatePem]), "signature-wrong");
    // As a part of something else it covers nothing.
    assert.equal(reasonOf(listOf(UNO + whole)), "unsigned");
    assert.deepEqual(verifySignedBytes(whole, [agency.certificatePem]), {
      outcome: "refused",
      reason: "reference-refused",
    });
    // One reference cannot be made into the other.
    const emptied = swap(signed(LIST), /URI="#[^"]*"/, 'URI=""');
    assert.equal(reasonOf(emptied), "signature-wrong");
  });

  it("OS-03 document types, entities, instructions and crowds are refused before anything is built", () => {
    const good = signed(LIST);
    assert.equal(
      reasonOf(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${good}`),
      "doctype",
    );
    assert.equal(reasonOf(`<?xml-stylesheet href="x"?>${good}`), "processing-instruction");
    assert.equal(reasonOf(`${good} `.repeat(2)), "not-well-formed");
    assert.equal(reasonOf("x".repeat(5 * 1024 * 1024)), "too-large");
    assert.equal(reasonOf(listOf("<a>".repeat(40))), "too-deep");
    assert.equal(reasonOf(listOf("<a/>".repeat(70_000))), "too-many-nodes");
    assert.equal(reasonOf(""), "not-well-formed");
  });

  it("OS-03 a signed document that is no list, is over, or says a provider twice is refused", () => {
    assert.equal(reasonOf(signed('<a ID="_something-0123456789"/>')), "not-metadata");
    assert.equal(reasonOf(signed(listOf(UNO, ' validUntil="2026-11-20T09:00:00Z"'))), "expired");
    assert.equal(reasonOf(signed(listOf(UNO, ' validUntil="mai"'))), "not-metadata");
    const until = read(signed(listOf(UNO, ' validUntil="2026-11-20T09:00:01Z"')));
    assert.ok(until.outcome === "read");
    assert.equal(until.validUntil?.toString(), "2026-11-20T09:00:01Z");
    assert.equal(reasonOf(signed(listOf(UNO + UNO))), "entity-repeated");
    assert.equal(reasonOf(signed(listOf(UNO + "<md:EntitiesDescriptor/>"))), "nested-lists");
    assert.equal(reasonOf(signed(listOf(""))), "no-provider");
  });

  it("OS-03 who cannot be signed in with is left out with the reason, the others stay", () => {
    const cases = [
      [swap(UNO, / entityID="[^"]*"/, ""), "no-entity-id"],
      [swap(UNO, "SAML:2.0:protocol", "SAML:1.1:protocol"), "no-provider-role"],
      [swap(UNO, " entityID", ' validUntil="2026-01-01T00:00:00Z" entityID'), "no-provider-role"],
      [
        UNO.replaceAll(/<md:KeyDescriptor use="signing">.*?<\/md:KeyDescriptor>/gs, ""),
        "no-certificate",
      ],
      [UNO.replaceAll(/(?<=X509Certificate>)[^<]+/g, "AAAA"), "no-certificate"],
      [
        UNO.replaceAll(/Location="https:..uno.example.sso/g, 'Location="http://uno.example/sso'),
        "no-sign-on-address",
      ],
      [UNO.replaceAll(/Location="https:/g, 'Location="javascript:'), "no-sign-on-address"],
    ] as const;
    for (const [entity, reason] of cases) {
      const result = read(signed(listOf(entity + DUE)));
      assert.ok(result.outcome === "read");
      assert.deepEqual(
        result.leftOut.map((one) => one.reason),
        [reason],
      );
      assert.deepEqual(
        result.providers.map(({ entityId }) => entityId),
        ["https://due.example"],
      );
    }
    const noLogo = read(
      signed(listOf(swap(UNO, "https://uno.example/logo", "http://uno.example/logo"))),
    );
    assert.ok(noLogo.outcome === "read");
    assert.equal(noLogo.providers[0]?.logoUrl, null);
  });

  it("OS-03 whatever bytes arrive, nothing throws and nobody new is trusted", () => {
    const good = signed(LIST);
    const trusted = JSON.stringify(read(good));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 4 }), (at, put) => {
        const result = read(good.slice(0, at) + put + good.slice(at + 1));
        if (result.outcome === "read") assert.equal(JSON.stringify(result), trusted);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.equal(read(bytes).outcome, "refused");
      }),
      { numRuns: 100 },
    );
  });
});

const folder = join(IDENTITY_SPECS, "metadata-samples/idp-registry");
const missing = existsSync(folder) ? false : "skipped: ../shared/specs/identity is not here";
const sample = (name: string): string => readFileSync(join(folder, name), "utf8");
const signerOf = (xml: string): string =>
  (/X509Certificate>([^<]+)</.exec(xml)?.[1] ?? "").replaceAll(/\s/g, "");

describe("the real registries, as they were in November 2025", { skip: missing }, () => {
  it("OS-03 SPID: twelve providers, names and addresses as known, at least one certificate each", () => {
    const xml = sample("spid-production-snapshot.xml");
    const result = read(xml, [signerOf(xml)]);
    assert.ok(result.outcome === "read");
    const { idps } = JSON.parse(sample("spid-idps.json")) as {
      idps: {
        entityID: string;
        org: string;
        sso: Record<string, string>;
        slo: Record<string, string>;
      }[];
    };
    assert.equal(idps.length, 12);
    const seen = result.providers.map(
      ({ entityId, organizationName, singleSignOn, singleLogout, certificates }) => {
        assert.ok(certificates.length > 0);
        return [
          entityId,
          organizationName,
          singleSignOn.redirect,
          singleSignOn.post,
          singleLogout.redirect?.url ?? null,
          singleLogout.post?.url ?? null,
        ];
      },
    );
    const known = idps.map(({ entityID, org, sso, slo }) => [
      entityID,
      org,
      sso["HTTP-Redirect"] ?? null,
      sso["HTTP-POST"] ?? null,
      slo["HTTP-Redirect"] ?? null,
      slo["HTTP-POST"] ?? null,
    ]);
    assert.deepEqual(seen.sort(), known.sort());
    assert.deepEqual(result.leftOut, []);
    const touched = swap(xml, "https://posteid.poste.it", "https://posteid.poste.example");
    assert.equal(reasonOf(touched, [signerOf(xml)]), "signature-wrong");
  });

  it("OS-03 CIE: the Ministry's one provider, signed without an ID", () => {
    const xml = sample("cie-production-snapshot.xml");
    const result = read(xml, [signerOf(xml)]);
    assert.ok(result.outcome === "read");
    assert.equal(result.providers.length, 1);
    const [provider] = result.providers;
    assert.match(provider?.singleSignOn.redirect ?? "", /Redirect\/SSO$/);
    assert.match(provider?.singleSignOn.post ?? "", /POST\/SSO$/);
    assert.equal(provider?.certificates.length, 1);
    assert.equal(
      reasonOf(swap(xml, "/Redirect/SSO", "/Redirect/SSX"), [signerOf(xml)]),
      "signature-wrong",
    );
    assert.equal(reasonOf(xml), "signature-wrong");
  });

  it("OS-03 test lists put together by hand have no signature over the list and are refused", () => {
    for (const name of [
      "spid-test-dev.xml",
      "spid-test-uat.xml",
      "cie-test-dev.xml",
      "cie-test-uat.xml",
    ]) {
      const xml = sample(name);
      assert.notEqual(reasonOf(xml, [signerOf(xml)]), "read", name);
    }
  });
});
