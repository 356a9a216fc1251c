// SPDX-License-Identifier: EUPL-1.2
/**
 * Judges the answer of an identity provider. The order is the proof: the message is parsed strictly; if the Response is
 * signed, it is replaced by the bytes its signature covers; the Assertion is always signed, and is replaced by the
 * bytes ITS signature covers. Who the person is comes from those last bytes and from nowhere else.
 */
import { judgeAssertion } from "./judge-assertion.ts";
import { findStructureFault, judgeEnvelope } from "./judge-envelope.ts";
import { ASSERTION as SAML, PROTOCOL as SAMLP } from "./names.ts";
import {
  attributeOf,
  childrenNamed,
  isNamed,
  MESSAGE_LIMITS,
  type ParsedXml,
  parseXml,
} from "./parse-xml.ts";
import { readAttributes } from "./read-attributes.ts";
import { type JudgeInput, type Judgement, refuse, type Refusal } from "./response-types.ts";
import { DS } from "./signature-algorithms.ts";
import { verifySigned } from "./signed-xml.ts";

/** Never throws, whatever was posted. Replay is the caller's: the request is taken from its store once. */
export function judgeResponse(input: JudgeInput): Judgement {
  const message = readMessage(input.samlResponse);
  if (message.outcome === "refused") return message;
  const misplaced = findStructureFault(message.root);
  if (misplaced) return misplaced;
  const isSigned = childrenNamed(message.root, DS, "Signature").length > 0;
  const signed = isSigned ? signedPart(message, message.root, input, "response") : message;
  if (signed.outcome === "refused") return signed;
  const envelope = judgeEnvelope(signed.root, input);
  if (envelope.outcome === "refused") return envelope;
  const { responseId, issuedAt, request, status } = envelope;
  if (!status.succeeded) {
    const { code, subStatus } = status;
    const said = { code, status: status.status, subStatus };
    return { outcome: "anomaly", ...said, responseId, responseIssuedAt: issuedAt, isSigned };
  }
  const [carried] = childrenNamed(signed.root, SAML, "Assertion");
  if (!carried) return refuse("assertion-missing");
  const proven = signedPart(signed, carried, input, "assertion");
  if (proven.outcome === "refused") return proven;
  const assertion = judgeAssertion(proven.root, { ...input, request });
  if (assertion.outcome === "refused") return assertion;
  const person = readAttributes(proven.root, input.protocol);
  if (person.outcome === "refused") return person;
  const { issuedAt: assertionIssuedAt, ...proof } = assertion;
  return {
    ...proof,
    ...person,
    outcome: "accepted",
    responseId,
    responseIssuedAt: issuedAt,
    assertionIssuedAt,
  };
}

function readMessage(samlResponse: string): ParsedXml | Refusal {
  const tidy = samlResponse.replace(/[\r\n\t ]/g, "");
  /** a third is added by the encoding */
  if (tidy.length > MESSAGE_LIMITS.maxBytes * 1.4) return refuse("xml:too-large");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(tidy)) return refuse("base64");
  const parsed = parseXml(Buffer.from(tidy, "base64"));
  if (parsed.outcome === "refused") return refuse(`xml:${parsed.reason}`);
  if (!isNamed(parsed.root, SAMLP, "Response")) {
    return refuse("not-a-response", parsed.root.localName);
  }
  return parsed;
}

/** The bytes that the signature of `element` covers, parsed anew; they are that element and no other. */
function signedPart(
  within: ParsedXml,
  element: Element,
  input: JudgeInput,
  part: "response" | "assertion",
): ParsedXml | Refusal {
  const verified = verifySigned(within, element, input.idp.certificates);
  if (verified.outcome === "refused") {
    return part === "response" && verified.reason !== "unsigned"
      ? refuse(`response-signature:${verified.reason}`)
      : refuse(`assertion-signature:${verified.reason}`);
  }
  const parsed = parseXml(verified.canonical);
  if (parsed.outcome === "refused") return refuse(`xml:${parsed.reason}`);
  const isSame =
    isNamed(parsed.root, element.namespaceURI ?? "", element.localName) &&
    attributeOf(parsed.root, "ID") === attributeOf(element, "ID");
  return isSame ? parsed : refuse(`${part}-signature:reference-refused`);
}

/** What a message says of itself, for finding its request and for the journal. NOT proven: nothing may rest on it. */
export interface ResponseHints {
  readonly responseId: string | null;
  readonly inResponseTo: string | null;
  readonly issuer: string | null;
  readonly xml: string;
}

const MAX_HINT = 256;

/** `null` when it cannot even be read. */
export function readResponseHints(samlResponse: string): ResponseHints | null {
  const message = readMessage(samlResponse);
  if (message.outcome === "refused") return null;
  const { root, text } = message;
  const short = (value: string | null | undefined): string | null =>
    value && value.length <= MAX_HINT ? value : null;
  const [issuer] = childrenNamed(root, SAML, "Issuer");
  return {
    responseId: short(attributeOf(root, "ID")),
    inResponseTo: short(attributeOf(root, "InResponseTo")),
    issuer: short(issuer?.textContent?.trim()),
    xml: text,
  };
}
