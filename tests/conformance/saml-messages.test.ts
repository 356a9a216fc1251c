// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { XmlDocument } from "libxml2-wasm";
import { moment } from "#kernel/dates.ts";
import {
  type AuthnRequest,
  authnRequestForm,
  authnRequestRedirect,
  sendLogoutAnswer,
  sendLogoutRequest,
} from "../../src/integrations/saml/index.ts";
import { verifyQuery } from "../../src/integrations/saml/signed-query.ts";
import { verifySignedBytes } from "../../src/integrations/saml/signed-xml.ts";
import { isSignedBy } from "../support/check-signature.ts";
import { cieTown, eidasTown, newSigner, spidTown, townSigner } from "../support/saml-samples.ts";
import { identitySpecsMissing, samlSchemaJudge } from "../support/saml-schemas.ts";

const SSO = "https://idp.example/sso";
const asked: AuthnRequest = {
  id: "_0f3c9a8e6b5d4c21a0e7",
  issuedAt: moment("2026-11-20T09:00:00.123Z"),
  protocol: "spid",
  entityId: spidTown.entityId,
  singleSignOnUrl: SSO,
  level: 2,
  attributeSet: 0,
  relayState: "Vm9nbGlvX3Zpdm8tYmFnbm8tMTIz",
};
const NAMESPACES = {
  samlp: "urn:oasis:names:tc:SAML:2.0:protocol",
  saml: "urn:oasis:names:tc:SAML:2.0:assertion",
  ds: "http://www.w3.org/2000/09/xmldsig#",
};
function ask(xml: string, xpath: string): unknown {
  const document = XmlDocument.fromString(xml);
  try {
    return document.eval(xpath, NAMESPACES);
  } finally {
    document.dispose();
  }
}
const has = (xml: string, ...paths: string[]): void => {
  for (const path of paths) assert.equal(ask(xml, `boolean(${path})`), true, path);
};
const isValid = identitySpecsMissing
  ? (): void => undefined
  : samlSchemaJudge("saml-schema-protocol-2.0.xsd");

describe("asking who somebody is", () => {
  it("OS-03 by redirect: the query is signed, the XML is not, the order is that of the binding", () => {
    const { url, xml } = authnRequestRedirect(asked, townSigner);
    assert.ok(url.startsWith(`${SSO}?SAMLRequest=`));
    const names = [...new URL(url).searchParams.keys()];
    assert.deepEqual(names, ["SAMLRequest", "RelayState", "SigAlg", "Signature"]);
    assert.match(url, /SigAlg=http%3A%2F%2Fwww\.w3\.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&/);
    const verified = verifyQuery(url.slice(SSO.length + 1), [townSigner.certificatePem]);
    assert.ok(verified.outcome === "verified");
    assert.equal(verified.xml.toString(), xml);
    assert.equal(verified.relayState, asked.relayState);
    assert.equal(ask(xml, "count(//ds:Signature)"), 0);
    const other = authnRequestRedirect({ ...asked, singleSignOnUrl: `${SSO}?a=1` }, townSigner);
    assert.ok(other.url.startsWith(`${SSO}?a=1&SAMLRequest=`));
  });

  it("OS-03 by form: the signature is in the XML, behind the Issuer, made by the town's key", () => {
    const form = authnRequestForm(asked, townSigner);
    assert.equal(form.action, SSO);
    assert.deepEqual(
      form.fields.map(({ name }) => name),
      ["SAMLRequest", "RelayState"],
    );
    const sent = Buffer.from(form.fields[0]?.value ?? "", "base64").toString();
    assert.equal(sent, form.xml);
    assert.equal(verifySignedBytes(sent, [townSigner.certificatePem]).outcome, "verified");
    assert.ok(isSignedBy(sent, townSigner.certificatePem));
    assert.equal(verifySignedBytes(sent, [newSigner("Altri").certificatePem]).outcome, "refused");
    has(sent, "/*/saml:Issuer/following-sibling::*[1][self::ds:Signature]");
  });

  it("OS-03 SPID: forced above level 1, Destination is where it goes, nothing that SPID forbids", () => {
    const xmlOf = (changes: Partial<AuthnRequest>): string =>
      authnRequestRedirect({ ...asked, ...changes }, townSigner).xml;
    for (const level of [1, 2, 3] as const) {
      const xml = xmlOf({ level });
      assert.equal(ask(xml, "string(/*/@ForceAuthn)"), level === 1 ? "" : "true");
      has(
        xml,
        `//saml:AuthnContextClassRef = 'https://www.spid.gov.it/SpidL${level}'`,
        `/*/@Destination = '${SSO}'`,
        "/*/@IssueInstant = '2026-11-20T09:00:00.123Z'",
        "//samlp:RequestedAuthnContext/@Comparison = 'minimum'",
        `/*/saml:Issuer[. = '${asked.entityId}' and @NameQualifier = '${asked.entityId}']`,
        "not(//@AllowCreate) and not(//@IsPassive) and not(//samlp:Scoping)",
      );
      isValid(xml);
    }
    has(xmlOf({ comparison: "exact", level: 2 }), "//@Comparison = 'exact'");
    has(xmlOf({ assertionConsumer: 1 }), "/*/@AssertionConsumerServiceIndex = '1'");
  });

  it("OS-03 CIE: always forced, and `exact` for level 3 only", () => {
    const cie = { ...asked, protocol: "cie", entityId: cieTown.entityId } as const;
    for (const level of [1, 2, 3] as const) {
      const { xml } = authnRequestForm({ ...cie, level }, townSigner);
      has(xml, "/*/@ForceAuthn = 'true'", "not(//@IsPassive)", "//@Comparison = 'minimum'");
      isValid(xml);
    }
    const exact = { ...cie, comparison: "exact" } as const;
    assert.throws(() => authnRequestForm({ ...exact, level: 2 }, townSigner), RangeError);
    has(authnRequestForm({ ...exact, level: 3 }, townSigner).xml, "//@Comparison = 'exact'");
  });

  it("OS-03 eIDAS: one of the two fixed sets is asked for", () => {
    const eidas = { ...asked, protocol: "eidas", entityId: eidasTown.entityId } as const;
    const { xml } = authnRequestRedirect({ ...eidas, attributeSet: 99 }, townSigner);
    has(xml, "/*/@AttributeConsumingServiceIndex = '99'", "/*/@ForceAuthn = 'true'");
    isValid(xml);
  });

  it("OS-03 a RelayState that says something, a short ID, an address that is not https are refused", () => {
    const wrong: Partial<AuthnRequest>[] = [
      { relayState: "https://scuola.example/famiglia" },
      { relayState: "/famiglia/pagamenti" },
      { relayState: "breve" },
      { relayState: "x".repeat(81) },
      { id: "_1" },
      { id: "0f3c9a8e6b5d4c21a0e7" },
      { singleSignOnUrl: "http://idp.example/sso" },
      { singleSignOnUrl: "javascript:alert(1)" },
    ];
    for (const changes of wrong) {
      const request = { ...asked, ...changes };
      assert.throws(() => authnRequestRedirect(request, townSigner), RangeError);
      assert.throws(() => authnRequestForm(request, townSigner), RangeError);
    }
  });
});

describe("single logout, what the town sends", () => {
  const head = {
    id: "_9c1b7a5d3e2f4a6b8c0d",
    issuedAt: moment("2026-11-20T09:30:00Z"),
    entityId: spidTown.entityId,
    url: "https://idp.example/slo",
  };
  const request = {
    ...head,
    nameId: { value: "_transient-1", nameQualifier: "https://idp.example" },
    sessionIndex: "_session-1",
  };

  it("OS-03 a request names whom and which session; redirect and form are both signed", () => {
    const byForm = sendLogoutRequest(request, "post", townSigner);
    assert.ok(byForm.binding === "post");
    has(
      byForm.xml,
      "/samlp:LogoutRequest[@Destination = 'https://idp.example/slo' and @Version = '2.0']",
      "/*/saml:NameID[. = '_transient-1' and @NameQualifier = 'https://idp.example']",
      "/*/saml:NameID/@Format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'",
      "/*/samlp:SessionIndex = '_session-1'",
      `/*/saml:Issuer[@NameQualifier = '${spidTown.entityId}']`,
    );
    isValid(byForm.xml);
    assert.equal(byForm.fields[0]?.name, "SAMLRequest");
    assert.equal(byForm.fields.length, 1);
    assert.equal(verifySignedBytes(byForm.xml, [townSigner.certificatePem]).outcome, "verified");
    const byQuery = sendLogoutRequest(request, "redirect", townSigner);
    assert.ok(byQuery.binding === "redirect");
    isValid(byQuery.xml);
    const query = byQuery.url.split("?")[1] ?? "";
    assert.equal(verifyQuery(query, [townSigner.certificatePem]).outcome, "verified");
  });

  it("OS-03 an answer says that it is done, by form and by redirect", () => {
    const answer = { ...head, inResponseTo: "_request-of-the-provider" };
    for (const binding of ["post", "redirect"] as const) {
      const done = sendLogoutAnswer(answer, binding, townSigner);
      has(
        done.xml,
        "/samlp:LogoutResponse[@InResponseTo = '_request-of-the-provider']",
        "/*/samlp:Status/samlp:StatusCode[@Value = 'urn:oasis:names:tc:SAML:2.0:status:Success']",
      );
      isValid(done.xml);
      if (done.binding === "redirect") assert.ok(done.url.includes("?SAMLResponse="));
    }
  });

  it("OS-03 an answer gives the provider's RelayState back as it came, or none when nothing could carry it", () => {
    const answer = { ...head, inResponseTo: "_request-of-the-provider" };
    const stateOf = (relayState: string): string | null => {
      const sent = sendLogoutAnswer({ ...answer, relayState }, "redirect", townSigner);
      assert.ok(sent.binding === "redirect");
      const query = sent.url.split("?")[1] ?? "";
      assert.equal(verifyQuery(query, [townSigner.certificatePem]).outcome, "verified");
      return new URL(sent.url).searchParams.get("RelayState");
    };
    for (const state of ["x", "https://idp.example/?a=1&b=2", "con spazi + é", "y".repeat(1024)])
      assert.equal(stateOf(state), state);
    for (const state of ["y".repeat(1025), "a\u0000b", "\ud800"])
      assert.equal(stateOf(state), null);
    const form = sendLogoutAnswer({ ...answer, relayState: '"><b>' }, "post", townSigner);
    assert.ok(form.binding === "post");
    assert.deepEqual(form.fields[1], { name: "RelayState", value: '"><b>' });
  });
});
