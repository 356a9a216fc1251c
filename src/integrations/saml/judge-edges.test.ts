// SPDX-License-Identifier: EUPL-1.2
/** At the edges of what is judged: anomalies, the last instants, what is read before anything is believed. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Mutation } from "../../../simulator/identity-provider/mutate.ts";
import { signResponse } from "../../../simulator/identity-provider/sign.ts";
import {
  base64,
  foreignKey,
  IDP_ENTITY_ID,
  idpKey,
  judgeLogin,
  type LoginCase,
  NOW,
  responseOf,
  SKEW_MS,
  wordOf,
} from "../../../tests/support/saml-provider.ts";
import { readResponseHints } from "./judge-response.ts";

const RESPONSE_PATH = "/samlp:Response";
const ASSERTION_PATH = `${RESPONSE_PATH}/saml:Assertion`;
const DATA = `${ASSERTION_PATH}/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData`;
const CONDITIONS = `${ASSERTION_PATH}/saml:Conditions`;
const AUTHN = `${ASSERTION_PATH}/saml:AuthnStatement`;

const set = (path: string, attr: string, value: string): Mutation => ({
  op: "set-attr",
  path,
  attr,
  value,
});

describe("OS-03 an anomaly", () => {
  /** What a provider's refusal looks like, without and with a message of its own. */
  const failed = (code: number, status = "Responder", message?: string): LoginCase => ({
    tamper: (xml) =>
      signResponse(message === undefined ? xml : xml.replace(/ErrorCode nr\d+/, message), {
        response: idpKey,
        assertion: null,
      }),
    sign: "none",
    failure: { code, status, subStatus: "AuthnFailed" },
  });

  it("OS-03 brings its code, signed or not; a broken signature is no anomaly", () => {
    const signed = judgeLogin(failed(25));
    assert.equal(signed.outcome, "anomaly");
    const { code, status, subStatus, isSigned } = signed;
    assert.deepEqual([code, status, subStatus, isSigned], [25, "Responder", "AuthnFailed", true]);
    const unsigned = judgeLogin({ ...failed(8, "Requester"), tamper: (xml) => xml });
    assert.equal(unsigned.outcome === "anomaly" && !unsigned.isSigned && unsigned.code, 8);
    const foreign = judgeLogin({
      ...failed(25),
      tamper: (xml) => signResponse(xml, { response: foreignKey, assertion: null }),
    });
    assert.equal(wordOf(foreign), "response-signature:signature-wrong");
  });

  it("OS-03 without a code we know of is an anomaly all the same, for the right request only", () => {
    assert.equal(wordOf(judgeLogin(failed(25, "Responder", "nr 25 &lt;b&gt;"))), "anomaly null");
    assert.equal(wordOf(judgeLogin({ ...failed(25), request: { id: "_x" } })), "request-other");
  });
});

describe("OS-03 clocks that differ", () => {
  const at = (seconds: number, fraction = "") =>
    NOW.add({ seconds }).toString().replace("Z", `${fraction}Z`);

  it("OS-03 the last instant is in, the next one out, whatever the allowance", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), (skew) => {
        const input = { skewMs: skew * 1_000 };
        const request = { issuedAt: NOW };
        const word = (mutation: Mutation) =>
          wordOf(
            judgeLogin({
              answer: { issueInstant: at(0), notOnOrAfter: at(300) },
              mutations: [mutation],
              input,
              request,
            }),
          );
        const edges: [
          path: string,
          attr: string,
          inside: string,
          outside: string,
          reason: string,
        ][] = [
          [
            RESPONSE_PATH,
            "IssueInstant",
            at(-skew),
            at(-skew - 1, ".999"),
            "response-before-request",
          ],
          [RESPONSE_PATH, "IssueInstant", at(skew), at(skew, ".001"), "response-in-future"],
          [
            ASSERTION_PATH,
            "IssueInstant",
            at(-skew),
            at(-skew - 1, ".999"),
            "assertion-before-request",
          ],
          [ASSERTION_PATH, "IssueInstant", at(skew), at(skew, ".001"), "assertion-in-future"],
          [CONDITIONS, "NotBefore", at(skew), at(skew, ".001"), "not-yet-valid"],
          [CONDITIONS, "NotOnOrAfter", at(-skew, ".001"), at(-skew), "expired"],
          [DATA, "NotOnOrAfter", at(-skew, ".001"), at(-skew), "confirmation-expired"],
          [AUTHN, "AuthnInstant", at(skew), at(skew, ".001"), "authn-in-future"],
        ];
        for (const [path, attr, inside, outside, reason] of edges) {
          assert.equal(word(set(path, attr, inside)), "accepted", `${reason} ${inside}`);
          assert.equal(word(set(path, attr, outside)), reason, outside);
        }
      }),
      { numRuns: 6, examples: [[0], [SKEW_MS / 1_000]] },
    );
  });
});

describe("OS-03 what a message says of itself", () => {
  it("OS-03 is there to find its request and for the journal; nothing that cannot be read has any", () => {
    const hints = readResponseHints(base64(responseOf({ sign: "none" })));
    assert.deepEqual(
      [hints?.responseId, hints?.inResponseTo, hints?.issuer],
      ["_r1", "_richiesta1", IDP_ENTITY_ID],
    );
    assert.match(hints?.xml ?? "", /^<samlp:Response /);
    assert.equal(readResponseHints("%"), null);
    assert.equal(readResponseHints(base64("<!DOCTYPE a><a/>")), null);
  });
});
