// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Mutation } from "../../../simulator/identity-provider/mutate.ts";
import {
  ADA,
  base64,
  goodInput,
  IDP_ENTITY_ID,
  idpKey,
  judgeLogin,
  type LoginCase,
  responseOf,
  SP_ENTITY_ID,
  wordOf,
} from "../../../tests/support/saml-provider.ts";
import { judgeResponse } from "./judge-response.ts";
import type { Level } from "./names.ts";
import { MESSAGE_LIMITS } from "./parse-xml.ts";
import type { RefusalReason } from "./response-types.ts";

const RESPONSE_PATH = "/samlp:Response";
const ASSERTION_PATH = `${RESPONSE_PATH}/saml:Assertion`;
const SUBJECT = `${ASSERTION_PATH}/saml:Subject`;
const CONFIRMATION = `${SUBJECT}/saml:SubjectConfirmation`;
const DATA = `${CONFIRMATION}/saml:SubjectConfirmationData`;
const CONDITIONS = `${ASSERTION_PATH}/saml:Conditions`;
const AUTHN = `${ASSERTION_PATH}/saml:AuthnStatement`;
const ATTRIBUTES = `${ASSERTION_PATH}/saml:AttributeStatement`;

const set = (path: string, attr: string, value: string): Mutation => ({
  op: "set-attr",
  path,
  attr,
  value,
});
const drop = (path: string, attr: string): Mutation => ({ op: "remove-attr", path, attr });
const remove = (path: string): Mutation => ({ op: "remove-element", path });
const add = (path: string, text = "", attrs: Record<string, string> = {}): Mutation => ({
  op: "add-element",
  path,
  attrs,
  text,
});
const write = (path: string, value: string): Mutation => ({ op: "set-text", path, value });

/** One thing wrong on the message, everything else good and signed. */
const spoilt = (...mutations: Mutation[]): LoginCase => ({ mutations });
const saying = (attributes: Record<string, string>): LoginCase => ({ answer: { attributes } });
const without = (name: keyof typeof ADA): Record<string, string> =>
  Object.fromEntries(Object.entries(ADA).filter(([known]) => known !== name));

/** The first signature of the text is the Response's, the last the Assertion's. */
const inFirst = (from: string, to: string) => (xml: string) => xml.replace(from, to);
const inLast = (from: string, to: string) => (xml: string) => {
  const at = xml.lastIndexOf(from);
  assert.ok(at >= 0, from);
  return xml.slice(0, at) + to + xml.slice(at + from.length);
};
const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const ENVELOPED = 'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"';
const XPATH = 'Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"';
const untrusted = { idp: { entityId: IDP_ENTITY_ID, certificates: [] } };
const GRANT = `${RESPONSE_PATH}/samlp:Extensions`;

/** Every reason, and the smallest message that earns it: the type makes the list complete. */
const REFUSED: Readonly<Record<RefusalReason, LoginCase>> = {
  base64: { input: {} },
  "xml:too-large": {
    tamper: (xml) => xml.replace(">Ada<", `>${"A".repeat(MESSAGE_LIMITS.maxBytes)}<`),
  },
  "xml:not-utf8": { tamper: (xml) => `<?xml version="1.0" encoding="UTF-16"?>${xml}` },
  "xml:doctype": { tamper: (xml) => `<!DOCTYPE samlp:Response>${xml}` },
  "xml:processing-instruction": { tamper: (xml) => `<?x y?>${xml}` },
  "xml:too-deep": {
    tamper: (xml) =>
      xml.replace("<saml:Assertion ", `${"<a>".repeat(40)}${"</a>".repeat(40)}<saml:Assertion `),
  },
  "xml:too-many-nodes": {
    tamper: (xml) =>
      xml.replace("<saml:Assertion ", `${"<a/>".repeat(MESSAGE_LIMITS.maxNodes)}<saml:Assertion `),
  },
  "xml:duplicate-id": { tamper: (xml) => xml.replace('ID="_a1"', 'ID="_r1"') },
  "xml:comment-in-text": { tamper: (xml) => xml.replace("RSSDAA85C41", "RSSDAA<!-- -->85C41") },
  "xml:not-well-formed": { tamper: (xml) => xml.slice(0, -1) },
  "not-a-response": {
    tamper: () => "<samlp:LogoutResponse xmlns:samlp='urn:oasis:names:tc:SAML:2.0:protocol'/>",
  },
  "response-signature:several-signatures": {
    tamper: (xml) =>
      xml.replace(
        /(<ds:Signature .*?<\/ds:Signature>)/,
        "$1<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>",
      ),
  },
  "response-signature:signature-malformed": {
    tamper: (xml) => xml.replace(/<ds:SignatureValue>.*?<\/ds:SignatureValue>/, ""),
  },
  "response-signature:algorithm-refused": { tamper: inFirst(RSA_SHA256, RSA_SHA1) },
  "response-signature:transform-refused": { tamper: inFirst(ENVELOPED, XPATH) },
  "response-signature:reference-refused": { tamper: inFirst('URI="#_r1"', 'URI=""') },
  "response-signature:no-trusted-key": { input: untrusted },
  "response-signature:signature-wrong": { isForeignKey: true },
  "assertion-signature:unsigned": { sign: "response" },
  "assertion-signature:several-signatures": {
    sign: "assertion",
    tamper: (xml) =>
      xml.replace(
        /(<ds:Signature .*?<\/ds:Signature>)/,
        "$1<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>",
      ),
  },
  "assertion-signature:signature-malformed": {
    sign: "assertion",
    tamper: (xml) => xml.replace("</ds:Signature>", "<ds:Object/></ds:Signature>"),
  },
  "assertion-signature:algorithm-refused": {
    sign: "assertion",
    tamper: inFirst(RSA_SHA256, RSA_SHA1),
  },
  "assertion-signature:transform-refused": { sign: "assertion", tamper: inFirst(ENVELOPED, XPATH) },
  "assertion-signature:reference-refused": {
    sign: "assertion",
    tamper: inFirst('URI="#_a1"', 'URI="#_r1"'),
  },
  "assertion-signature:no-trusted-key": { sign: "assertion", input: untrusted },
  "assertion-signature:signature-wrong": { sign: "assertion", tamper: inLast(">Ada<", ">Eva<") },

  "response-id": spoilt(set(RESPONSE_PATH, "ID", "1 or 1=1")),
  "response-version": spoilt(set(RESPONSE_PATH, "Version", "1.1")),
  "response-issue-instant": spoilt(set(RESPONSE_PATH, "IssueInstant", "2026-11-20T09:00:05+01:00")),
  "in-response-to": spoilt(drop(RESPONSE_PATH, "InResponseTo")),
  "request-unknown": { input: { request: null } },
  "request-other": { request: { id: "_richiesta2" } },
  "other-browser": { request: { bindingOk: false } },
  "response-before-request": spoilt(set(RESPONSE_PATH, "IssueInstant", "2026-11-20T07:59:29Z")),
  "response-in-future": spoilt(set(RESPONSE_PATH, "IssueInstant", "2026-11-20T08:00:41Z")),
  destination: {
    input: { sp: { entityId: SP_ENTITY_ID, acsUrl: "https://altro.esempio.it/spid/acs" } },
  },
  "response-issuer": {
    input: { idp: { entityId: "https://altro.esempio.it", certificates: [idpKey.certificatePem] } },
  },
  "response-issuer-format": spoilt(
    set(
      `${RESPONSE_PATH}/saml:Issuer`,
      "Format",
      "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    ),
  ),
  "signature-misplaced": spoilt(add(GRANT), add(`${GRANT}/ds:Signature`)),
  "grant-unrequested": spoilt(add(GRANT), add(`${GRANT}/spid:GrantedAttributeAuthority`)),
  "status-missing": spoilt(remove(`${RESPONSE_PATH}/samlp:Status`)),
  "status-code": spoilt(
    set(
      `${RESPONSE_PATH}/samlp:Status/samlp:StatusCode`,
      "Value",
      "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
    ),
  ),
  "assertion-with-error": spoilt(
    set(
      `${RESPONSE_PATH}/samlp:Status/samlp:StatusCode`,
      "Value",
      "urn:oasis:names:tc:SAML:2.0:status:Responder",
    ),
  ),
  encrypted: spoilt(add(`${RESPONSE_PATH}/saml:EncryptedAssertion`)),
  "assertion-missing": { mutations: [remove(ASSERTION_PATH)], sign: "response" },
  "several-assertions": {
    mutations: [add(`${ASSERTION_PATH}[2]`, "", { ID: "_a2" })],
    sign: "response",
  },
  "assertion-misplaced": spoilt(
    add(`${ASSERTION_PATH}/saml:Advice`),
    add(`${ASSERTION_PATH}/saml:Advice/saml:Assertion`),
  ),

  "assertion-id": spoilt(set(ASSERTION_PATH, "ID", "")),
  "assertion-version": spoilt(set(ASSERTION_PATH, "Version", "2")),
  "assertion-issue-instant": spoilt(set(ASSERTION_PATH, "IssueInstant", "2026-02-30T08:00:05Z")),
  "assertion-before-request": spoilt(set(ASSERTION_PATH, "IssueInstant", "2026-11-20T07:59:29Z")),
  "assertion-in-future": spoilt(set(ASSERTION_PATH, "IssueInstant", "2026-11-20T08:00:41Z")),
  "assertion-issuer": spoilt(write(`${ASSERTION_PATH}/saml:Issuer`, "https://altro.esempio.it")),
  "assertion-issuer-format": spoilt(drop(`${ASSERTION_PATH}/saml:Issuer`, "Format")),
  subject: spoilt(remove(SUBJECT)),
  "name-id": spoilt(write(`${SUBJECT}/saml:NameID`, "")),
  "name-id-format": spoilt(drop(`${SUBJECT}/saml:NameID`, "Format")),
  "name-id-qualifier": spoilt(drop(`${SUBJECT}/saml:NameID`, "NameQualifier")),
  "subject-confirmation": spoilt(add(`${CONFIRMATION}[2]`)),
  "subject-confirmation-method": spoilt(
    set(CONFIRMATION, "Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"),
  ),
  "subject-confirmation-data": spoilt(remove(DATA)),
  recipient: spoilt(set(DATA, "Recipient", "https://altro.esempio.it/spid/acs")),
  "confirmation-in-response-to": spoilt(set(DATA, "InResponseTo", "_richiesta2")),
  "confirmation-not-before": spoilt(set(DATA, "NotBefore", "2026-11-20T08:00:00Z")),
  "confirmation-not-on-or-after": spoilt(drop(DATA, "NotOnOrAfter")),
  "confirmation-expired": spoilt(set(DATA, "NotOnOrAfter", "2026-11-20T07:59:40Z")),
  conditions: spoilt(remove(CONDITIONS)),
  "condition-unknown": spoilt(add(`${CONDITIONS}/saml:Condition`)),
  "not-before": spoilt(drop(CONDITIONS, "NotBefore")),
  "not-yet-valid": spoilt(set(CONDITIONS, "NotBefore", "2026-11-20T08:00:41Z")),
  "not-on-or-after": spoilt(drop(CONDITIONS, "NotOnOrAfter")),
  expired: spoilt(set(CONDITIONS, "NotOnOrAfter", "2026-11-20T07:59:40Z")),
  "audience-restriction": spoilt(add(`${CONDITIONS}/saml:AudienceRestriction[2]`)),
  audience: spoilt(
    write(`${CONDITIONS}/saml:AudienceRestriction/saml:Audience`, "https://altro.esempio.it/spid"),
  ),
  "authn-statement": spoilt(add(`${AUTHN}[2]`)),
  "authn-instant": spoilt(drop(AUTHN, "AuthnInstant")),
  "authn-in-future": spoilt(set(AUTHN, "AuthnInstant", "2026-11-20T08:00:41Z")),
  "authn-before-request": {
    ...spoilt(set(AUTHN, "AuthnInstant", "2026-11-20T07:59:29Z")),
    request: { requestedLevel: 2 },
  },
  "session-expired": spoilt(set(AUTHN, "SessionNotOnOrAfter", "2026-11-20T07:00:00Z")),
  "authn-context": spoilt(remove(`${AUTHN}/saml:AuthnContext`)),
  "authn-context-class": spoilt(
    write(`${AUTHN}/saml:AuthnContext/saml:AuthnContextClassRef`, "https://www.spid.gov.it/SpidL4"),
  ),
  "level-too-low": { request: { requestedLevel: 2 } },

  "attribute-statement": spoilt(add(ATTRIBUTES)),
  "attribute-malformed": spoilt(add(`${ATTRIBUTES}/saml:Attribute[9]`, "", { Name: "gender" })),
  "attribute-duplicated": spoilt(
    add(`${ATTRIBUTES}/saml:Attribute[9]`, "", { Name: "fiscalNumber" }),
    add(`${ATTRIBUTES}/saml:Attribute[6]/saml:AttributeValue`, "TINIT-RSSDAA85C41H501R"),
  ),
  "legal-person": saying({
    ...without("fiscalNumber"),
    companyName: "Esempio srl",
    ivaCode: "VATIT-12345678903",
  }),
  "fiscal-number-missing": saying(without("fiscalNumber")),
  "fiscal-number-wrong": saying({ ...ADA, fiscalNumber: "TINIT-RSSDAA85C41H501A" }),
  "identifier-missing": { ...saying(without("fiscalNumber")), input: { protocol: "eidas" } },
  "name-missing": saying(without("name")),
  "family-name-missing": saying({ ...ADA, familyName: " " }),
  "date-of-birth": saying({ ...ADA, dateOfBirth: "1985-02-29" }),
};

describe("OS-03 a response that is refused", () => {
  for (const [reason, login] of Object.entries(REFUSED)) {
    if (reason === "base64") continue;
    it(`OS-03 is refused with the one word ${reason}`, () => {
      const judgement = judgeLogin(login);
      assert.equal(wordOf(judgement), reason);
      assert.ok(judgement.outcome === "refused" && !/RSSDAA|Ada|Rossi/.test(judgement.detail));
    });
  }

  it("OS-03 what is no base64 is refused before it is looked at; line breaks are none of our business", () => {
    const text = base64(responseOf({}));
    const judge = (samlResponse: string) => wordOf(judgeResponse({ ...goodInput, samlResponse }));
    for (const wrong of ["", "%", `${text.slice(0, 40)}-_${text.slice(42)}`, `${text}===`]) {
      assert.equal(judge(wrong), "base64");
    }
    assert.equal(judge(text.replace(/(.{76})/g, "$1\r\n")), "accepted");
    assert.equal(judge("A".repeat(MESSAGE_LIMITS.maxBytes * 2)), "xml:too-large");
  });
});

describe("OS-03 a response that is accepted", () => {
  it("OS-03 says who it is, at which level, and what a logout needs", () => {
    const judgement = judgeLogin({});
    assert.equal(judgement.outcome, "accepted");
    assert.deepEqual(
      {
        ...judgement,
        dateOfBirth: String(judgement.dateOfBirth),
        responseIssuedAt: "",
        assertionIssuedAt: "",
        notOnOrAfter: String(judgement.notOnOrAfter),
      },
      {
        outcome: "accepted",
        fiscalNumber: "RSSDAA85C41H501R",
        name: "Ada",
        familyName: "Rossi",
        dateOfBirth: "1985-03-01",
        email: "ada@esempio.it",
        spidCode: null,
        level: 1,
        nameId: "_n1",
        nameQualifier: IDP_ENTITY_ID,
        sessionIndex: "_s1",
        responseId: "_r1",
        assertionId: "_a1",
        responseIssuedAt: "",
        assertionIssuedAt: "",
        notOnOrAfter: "2026-11-20T08:05:05Z",
      },
    );
  });

  it("OS-03 the Response need not be signed, the Issuer's and attributes' formats need not be there, blanks do not count", () => {
    const good: LoginCase[] = [
      { sign: "assertion" },
      { answer: { saysNameFormat: false } },
      spoilt(drop(`${RESPONSE_PATH}/saml:Issuer`, "Format")),
      spoilt(write(`${ASSERTION_PATH}/saml:Issuer`, `\n  ${IDP_ENTITY_ID}\n`)),
      spoilt(drop(AUTHN, "SessionIndex")),
      spoilt(add(GRANT)),
      { tamper: (xml) => `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n` },
      saying({ ...ADA, name: "\n   Ada\n  " }),
      saying({ ...ADA, companyName: "Studio Rossi", fiscalNumber: "TINIT-RSSDAA85C41H50MJ" }),
    ];
    for (const login of good) assert.equal(wordOf(judgeLogin(login)), "accepted");
  });

  it("OS-03 asked to sign in anew (above level 1, and with CIE) the person was there after we asked, clocks granted", () => {
    const reference = `${AUTHN}/saml:AuthnContext/saml:AuthnContextClassRef`;
    const at = (instant: string) =>
      spoilt(
        set(AUTHN, "AuthnInstant", `2026-11-20T${instant}Z`),
        write(reference, "https://www.spid.gov.it/SpidL3"),
      );
    const word = (instant: string, level: 1 | 2 | 3, protocol: "spid" | "cie" = "spid") =>
      wordOf(
        judgeLogin({ ...at(instant), request: { requestedLevel: level }, input: { protocol } }),
      );
    assert.equal(word("07:00:00", 1), "accepted", "a session at the provider");
    assert.equal(word("07:00:00", 1, "cie"), "authn-before-request");
    for (const level of [2, 3] as const) {
      assert.equal(word("07:59:30", level), "accepted");
      assert.equal(word("07:59:29.999", level), "authn-before-request");
    }
  });

  it("OS-03 CIE: no Issuer format, level 3; another format is wrong there too", () => {
    const input = { protocol: "cie" as const };
    const judgement = judgeLogin({ input, request: { requestedLevel: 3 } });
    assert.equal(judgement.outcome === "accepted" && judgement.level, 3);
    const wrong = spoilt(set(`${ASSERTION_PATH}/saml:Issuer`, "Format", ""));
    assert.equal(wordOf(judgeLogin({ ...wrong, input })), "assertion-issuer-format");
  });

  it("OS-03 eIDAS alone may know no fiscal number, when it has an identifier of its own", () => {
    const attributes = { ...without("fiscalNumber"), spidCode: "ES/IT/12345" };
    const foreign = judgeLogin({ answer: { attributes }, input: { protocol: "eidas" } });
    assert.equal(foreign.outcome, "accepted");
    assert.deepEqual([foreign.fiscalNumber, foreign.spidCode], [null, "ES/IT/12345"]);
    assert.equal(wordOf(judgeLogin({ answer: { attributes } })), "fiscal-number-missing");
  });

  it("OS-03 organisations are told apart from people, and no near-code passes for a fiscal number", () => {
    const word = (fiscalNumber: string) => wordOf(judgeLogin(saying({ ...ADA, fiscalNumber })));
    assert.equal(word("VATIT-12345678903"), "legal-person");
    assert.equal(word("TINIT-12345678903"), "legal-person");
    for (const wrong of [
      "RSSDAA85C41H501R",
      "TINES-RSSDAA85C41H501R",
      "TINIT-RSS DAA 85C41 H501R",
      "TINIT-RSSDAA85C41H501R1",
      "TINIT-",
    ]) {
      assert.equal(word(wrong), "fiscal-number-wrong", wrong);
    }
  });

  it("OS-03 control and invisible characters, texts without end: no name", () => {
    for (const name of ["A\u0085da", "Ada\u202e", "A\u200bda", "A".repeat(301)]) {
      assert.equal(wordOf(judgeLogin(saying({ ...ADA, name }))), "attribute-malformed");
    }
  });

  it("OS-03 a level is enough when it is what was asked or more, whatever the comparison but `better`", () => {
    for (const returned of [1, 2, 3] as const satisfies readonly Level[]) {
      for (const requestedLevel of [1, 2, 3] as const satisfies readonly Level[]) {
        const word = (comparison: "exact" | "minimum" | "better" | "maximum") =>
          wordOf(
            judgeLogin({
              answer: { classReference: `https://www.spid.gov.it/SpidL${returned}` },
              request: { requestedLevel, comparison },
            }),
          );
        const said = (isEnough: boolean) => (isEnough ? "accepted" : "level-too-low");
        assert.equal(word("exact"), said(returned >= requestedLevel));
        assert.equal(word("minimum"), said(returned >= requestedLevel));
        assert.equal(word("better"), said(returned > requestedLevel));
        assert.equal(word("maximum"), "accepted");
      }
    }
  });
});
