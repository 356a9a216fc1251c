// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { moment } from "#kernel/dates.ts";
import {
  claimedIssuer,
  type IncomingLogout,
  type LogoutExpectation,
  type LogoutFault,
  readLogoutAnswer,
  readLogoutRequest,
  type XmlSigner,
} from "../../src/integrations/saml/index.ts";
import { signQuery } from "../../src/integrations/saml/signed-query.ts";
import { signXml } from "../../src/integrations/saml/signed-xml.ts";
import { newSigner } from "../support/saml-samples.ts";

const IDP = "https://idp.example";
const SLO = "https://scuola.borgofiore.example/spid/slo";
const REQUEST_ID = "_9c1b7a5d3e2f4a6b8c0d";
const idpSigner = newSigner("Gestore di prova", IDP);
const otherSigner = newSigner("Un altro gestore", "https://altro.example");
const expected: LogoutExpectation = {
  provider: { entityId: IDP, certificates: [idpSigner.certificatePem] },
  url: SLO,
  now: moment("2026-11-20T09:30:00Z"),
  skewMs: 30_000,
};

const HEAD = `xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_answer-0123456789" Version="2.0" IssueInstant="2026-11-20T09:29:50Z" Destination="${SLO}"`;
const ISSUER = `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">${IDP}</saml:Issuer>`;
const ANSWER = `<samlp:LogoutResponse ${HEAD} InResponseTo="${REQUEST_ID}">${ISSUER}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`;
const ASKED = `<samlp:LogoutRequest ${HEAD} NotOnOrAfter="2026-11-20T09:35:00Z">${ISSUER}<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient" NameQualifier="${IDP}">_transient-1</saml:NameID><samlp:SessionIndex>_s1</samlp:SessionIndex><samlp:SessionIndex>_s2</samlp:SessionIndex></samlp:LogoutRequest>`;

const byForm = (xml: string, signer: XmlSigner | null = idpSigner): IncomingLogout => ({
  binding: "post",
  message: Buffer.from(signer ? signXml(xml, signer, { after: "Issuer" }) : xml).toString("base64"),
  relayState: "gettone-di-ritorno-1",
});
const byQuery = (
  xml: string,
  kind: "SAMLRequest" | "SAMLResponse",
  signer: XmlSigner = idpSigner,
): IncomingLogout => ({
  binding: "redirect",
  query: signQuery({ kind, xml, relayState: "gettone-di-ritorno-1" }, signer),
});
const answered = (incoming: IncomingLogout, changes: Partial<LogoutExpectation> = {}) =>
  readLogoutAnswer(incoming, REQUEST_ID, { ...expected, ...changes });
const swap = (xml: string, from: string | RegExp, to: string): string => {
  const changed = xml.replace(from, to);
  assert.notEqual(changed, xml, `nothing to change: ${from}`);
  return changed;
};

describe("single logout, what comes back", () => {
  it("OS-03 an answer by form or by redirect ends the logout, with the token that was given along", () => {
    for (const incoming of [byForm(ANSWER), byQuery(ANSWER, "SAMLResponse")])
      assert.deepEqual(answered(incoming), {
        outcome: "read",
        id: "_answer-0123456789",
        relayState: "gettone-di-ritorno-1",
        result: "logged-out",
        status: ["urn:oasis:names:tc:SAML:2.0:status:Success"],
      });
  });

  it("OS-03 partly ended and not ended are told apart", () => {
    const status = (outer: string, inner: string): string =>
      swap(
        ANSWER,
        /<samlp:StatusCode[^>]*\/>/,
        `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${outer}"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${inner}"/></samlp:StatusCode>`,
      );
    const resultOf = (xml: string) => {
      const read = answered(byForm(xml));
      return read.outcome === "read" ? read.result : read.reason;
    };
    assert.equal(resultOf(status("Requester", "PartialLogout")), "partial");
    assert.equal(resultOf(status("Responder", "PartialLogout")), "partial");
    assert.equal(resultOf(status("Responder", "RequestDenied")), "failed");
    assert.equal(resultOf(swap(ANSWER, ":Success", ":Responder")), "failed");
  });

  it("OS-03 a logout that begins at the provider names the person's session", () => {
    for (const incoming of [byForm(ASKED), byQuery(ASKED, "SAMLRequest")])
      assert.deepEqual(readLogoutRequest(incoming, expected), {
        outcome: "read",
        id: "_answer-0123456789",
        relayState: "gettone-di-ritorno-1",
        nameId: { value: "_transient-1", nameQualifier: IDP },
        sessionIndexes: ["_s1", "_s2"],
      });
  });

  it("OS-03 who it claims to be from is read before, and proves nothing", () => {
    const forged = byForm(ANSWER, otherSigner);
    assert.equal(claimedIssuer(forged), IDP);
    assert.equal(claimedIssuer(byQuery(ASKED, "SAMLRequest", otherSigner)), IDP);
    assert.deepEqual(answered(forged), { outcome: "refused", reason: "signature-wrong" });
    for (const text of ["", "%%%", "PGE+"])
      assert.equal(claimedIssuer({ binding: "post", message: text, relayState: null }), null);
    assert.equal(claimedIssuer({ binding: "redirect", query: "SAMLRequest=AAAA" }), null);
    assert.equal(claimedIssuer({ binding: "redirect", query: "" }), null);
  });

  it("OS-03 every check of the head has its reason, for answers and for requests", () => {
    const cases: [string | RegExp, string, LogoutFault][] = [
      ['Version="2.0"', 'Version="1.1"', "version"],
      ['IssueInstant="2026-11-20T09:29:50Z"', 'IssueInstant="oggi"', "issue-instant"],
      ["09:29:50Z", "09:29:50+00:00", "issue-instant"],
      ["09:29:50Z", "09:24:29Z", "too-old"],
      ["09:29:50Z", "09:30:31Z", "from-the-future"],
      [/Destination="[^"]*"/, 'Destination="https://altro.example/slo"', "destination"],
      [/Destination="[^"]*"/, "", "destination"],
      [`>${IDP}<`, ">https://altro.example<", "issuer"],
      ["nameid-format:entity", "nameid-format:persistent", "issuer-format"],
    ];
    for (const xml of [ANSWER, ASKED])
      for (const [from, to, reason] of cases) {
        const incoming = byForm(swap(xml, from, to));
        const read = xml === ANSWER ? answered(incoming) : readLogoutRequest(incoming, expected);
        assert.deepEqual(read, { outcome: "refused", reason });
      }
    const noFormat = swap(ANSWER, / Format="[^"]*"/, "");
    assert.equal(answered(byForm(noFormat)).outcome, "read");
    // The last second in, the next out.
    assert.equal(answered(byForm(swap(ANSWER, "09:29:50Z", "09:24:30Z"))).outcome, "read");
    assert.equal(answered(byForm(swap(ANSWER, "09:29:50Z", "09:30:30Z"))).outcome, "read");
  });

  it("OS-03 an answer to another request, or without a status, is none", () => {
    const reasonOf = (xml: string) => {
      const read = answered(byForm(xml));
      return read.outcome === "refused" ? read.reason : read.outcome;
    };
    assert.equal(reasonOf(swap(ANSWER, REQUEST_ID, "_another-request-of-ours")), "in-response-to");
    assert.equal(reasonOf(swap(ANSWER, / InResponseTo="[^"]*"/, "")), "in-response-to");
    assert.equal(reasonOf(swap(ANSWER, /<samlp:Status>.*<\/samlp:Status>/, "")), "status");
    assert.equal(reasonOf(swap(ANSWER, / Value="[^"]*"/, "")), "status");
    assert.equal(reasonOf(ASKED), "wrong-message");
    assert.deepEqual(readLogoutRequest(byForm(ANSWER), expected), {
      outcome: "refused",
      reason: "wrong-message",
    });
    assert.deepEqual(answered(byQuery(ANSWER, "SAMLRequest")), {
      outcome: "refused",
      reason: "wrong-message",
    });
  });

  it("OS-03 a request that is over or names nobody ends no session", () => {
    const reasonOf = (xml: string) => {
      const read = readLogoutRequest(byForm(xml), expected);
      return read.outcome === "refused" ? read.reason : read.outcome;
    };
    assert.equal(reasonOf(swap(ASKED, "09:35:00Z", "09:29:30Z")), "no-longer-valid");
    assert.equal(reasonOf(swap(ASKED, "09:35:00Z", "09:29:31Z")), "read");
    assert.equal(reasonOf(swap(ASKED, /<saml:NameID.*<\/saml:NameID>/, "")), "name-id");
    assert.equal(reasonOf(swap(ASKED, "_transient-1", "")), "name-id");
    assert.equal(reasonOf(swap(ASKED, "format:transient", "format:persistent")), "name-id-format");
    assert.equal(reasonOf(swap(ASKED, "_s2", "")), "session-index");
  });

  it("OS-03 unsigned, signed by others, touched after signing, more than signed: refused", () => {
    const signed = signXml(ANSWER, idpSigner, { after: "Issuer" });
    const sent = (xml: string): IncomingLogout => byForm(xml, null);
    const reasonOf = (incoming: IncomingLogout) => {
      const read = answered(incoming);
      return read.outcome === "refused" ? read.reason : read.outcome;
    };
    assert.equal(reasonOf(sent(ANSWER)), "unsigned");
    assert.equal(reasonOf(byForm(ANSWER, otherSigner)), "signature-wrong");
    assert.equal(reasonOf(byQuery(ANSWER, "SAMLResponse", otherSigner)), "signature-wrong");
    assert.equal(reasonOf(sent(swap(signed, ":Success", ":Requester"))), "signature-wrong");
    assert.equal(reasonOf(sent(`<!DOCTYPE a>${signed}`)), "doctype");
    assert.equal(reasonOf(sent(`<?php echo?>${signed}`)), "processing-instruction");
    assert.equal(reasonOf(sent(swap(signed, "rsa-sha256", "rsa-sha1"))), "algorithm-refused");
    assert.equal(
      reasonOf({ ...byForm(ANSWER), message: "non è base64" } as IncomingLogout),
      "not-base64",
    );
    // Wrapped: the signed message inside another one.
    const wrapped = swap(ANSWER, "<samlp:Status>", `${signed}<samlp:Status>`);
    assert.notEqual(reasonOf(sent(wrapped)), "read");
    const noQuery = answered({ binding: "redirect", query: "SAMLResponse=abc" });
    assert.deepEqual(noQuery, { outcome: "refused", reason: "unsigned" });
    const { query } = byQuery(ANSWER, "SAMLResponse") as { query: string };
    const other = query.replace("gettone-di-ritorno-1", "gettone-di-ritorno-2");
    assert.equal(reasonOf({ binding: "redirect", query: other }), "signature-wrong");
  });

  it("OS-03 whatever bytes arrive, nothing throws and nothing is taken for an answer", () => {
    const signed = signXml(ANSWER, idpSigner, { after: "Issuer" });
    fc.assert(
      fc.property(fc.nat(signed.length - 1), fc.string({ maxLength: 3 }), (at, put) => {
        const changed = signed.slice(0, at) + put + signed.slice(at + 1);
        fc.pre(changed !== signed);
        const read = answered(byForm(changed, null));
        // What a signature does not cover is white space and notation: whoever is read said the same.
        if (read.outcome === "read") assert.equal(read.result, "logged-out");
      }),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const post = { binding: "post", message: text, relayState: null } as const;
        assert.equal(answered(post).outcome, "refused");
        assert.equal(answered({ binding: "redirect", query: text }).outcome, "refused");
        assert.equal(readLogoutRequest(post, expected).outcome, "refused");
        claimedIssuer({ binding: "redirect", query: text });
      }),
      { numRuns: 150 },
    );
  });
});
