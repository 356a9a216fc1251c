// SPDX-License-Identifier: EUPL-1.2
/** Checks on the Response around the assertion: SPID rules "Response", test suite cases 8–32 and 104–113. */
import type { Moment } from "#kernel/dates.ts";
import { ASSERTION as SAML, ENTITY_FORMAT, PROTOCOL as SAMLP } from "./names.ts";
import {
  attributeOf,
  childrenNamed,
  childrenOf,
  everyElement,
  isNamed,
  textOf,
} from "./parse-xml.ts";
import {
  type EnvelopeReason,
  firstFault,
  isNotAfter,
  isNotBefore,
  type JudgeInput,
  readInstant,
  refuse,
  type Refusal,
  type SentRequest,
} from "./response-types.ts";
import { DS } from "./signature-algorithms.ts";

const STATUS = "urn:oasis:names:tc:SAML:2.0:status:";
/** What SAML lets stand outside; everything finer stands inside. */
const FAILED = ["Requester", "Responder", "VersionMismatch"];
const MESSAGE_ID = /^[A-Za-z_][\w.-]{0,255}$/;

export const isMessageId = (id: string | null): id is string => id !== null && MESSAGE_ID.test(id);

/**
 * What must be seen on the message as it came, before any signature is asked: ids, and that signatures and assertions
 * stand only where they belong. A second one anywhere is a try to have one judged and the other read.
 */
export function findStructureFault(
  response: Element,
): Refusal<EnvelopeReason | "assertion-id"> | null {
  const id = attributeOf(response, "ID");
  if (!isMessageId(id)) return refuse("response-id", id);
  const assertions = childrenNamed(response, SAML, "Assertion");
  const all = [...everyElement(response)];
  const signed = new Set<Node | null>([response, ...assertions]);
  const isAt = (name: string) => all.some((element) => isNamed(element, SAML, name));
  return firstFault([
    [
      !isAt("EncryptedAssertion") && !isAt("EncryptedID") && !isAt("EncryptedAttribute"),
      "encrypted",
    ],
    [assertions.length < 2, "several-assertions"],
    [
      all.filter((element) => isNamed(element, SAML, "Assertion")).length === assertions.length,
      "assertion-misplaced",
    ],
    [
      all.every((one) => !isNamed(one, DS, "Signature") || signed.has(one.parentNode)),
      "signature-misplaced",
    ],
    [assertions.every((assertion) => isMessageId(attributeOf(assertion, "ID"))), "assertion-id"],
  ]);
}

export interface Envelope {
  readonly outcome: "read";
  readonly responseId: string;
  readonly issuedAt: Moment;
  readonly request: SentRequest;
  readonly status:
    | { readonly succeeded: true }
    | {
        readonly succeeded: false;
        readonly code: number | null;
        readonly status: string;
        readonly subStatus: string | null;
      };
}

/** `response`: of the signed bytes when it is signed, else as it came. */
export function judgeEnvelope(
  response: Element,
  input: JudgeInput,
): Envelope | Refusal<EnvelopeReason> {
  const responseId = attributeOf(response, "ID") ?? "";
  const version = attributeOf(response, "Version");
  const instant = attributeOf(response, "IssueInstant");
  const issuedAt = readInstant(instant);
  const inResponseTo = attributeOf(response, "InResponseTo");
  if (version !== "2.0") return refuse("response-version", version);
  if (!issuedAt) return refuse("response-issue-instant", instant);
  if (!inResponseTo) return refuse("in-response-to", inResponseTo);
  const { request } = input;
  if (!request) return refuse("request-unknown", inResponseTo);
  const fault =
    firstFault<EnvelopeReason>([
      [inResponseTo === request.id, "request-other", inResponseTo],
      [request.bindingOk, "other-browser"],
      [isNotBefore(issuedAt, request.issuedAt, input.skewMs), "response-before-request", instant],
      [isNotAfter(issuedAt, input.now, input.skewMs), "response-in-future", instant],
    ]) ?? findAddressFault(response, input);
  if (fault) return fault;
  const status = readStatus(response);
  if ("outcome" in status) return status;
  const assertions = childrenNamed(response, SAML, "Assertion").length;
  if (status.succeeded && assertions === 0) return refuse("assertion-missing");
  if (!status.succeeded && assertions > 0) return refuse("assertion-with-error");
  return { outcome: "read", responseId, issuedAt, request, status };
}

function findAddressFault(response: Element, input: JudgeInput): Refusal<EnvelopeReason> | null {
  const destination = attributeOf(response, "Destination");
  const [issuer, ...more] = childrenNamed(response, SAML, "Issuer");
  const issuerText = issuer ? textOf(issuer) : null;
  const format = issuer ? attributeOf(issuer, "Format") : null;
  return firstFault<EnvelopeReason>([
    [destination === input.sp.acsUrl, "destination", destination],
    [more.length === 0 && issuerText === input.idp.entityId, "response-issuer", issuerText],
    [format === null || format === ENTITY_FORMAT, "response-issuer-format", format],
    [!hasGrant(response), "grant-unrequested"],
  ]);
}

/** Tokens for attribute authorities: no request of ours asks for one. */
const hasGrant = (response: Element): boolean =>
  childrenNamed(response, SAMLP, "Extensions").some((extensions) =>
    childrenOf(extensions).some((child) => child.localName === "GrantedAttributeAuthority"),
  );

type Status = Envelope["status"];

function readStatus(response: Element): Status | Refusal<EnvelopeReason> {
  const [status, ...more] = childrenNamed(response, SAMLP, "Status");
  const codes = status ? childrenNamed(status, SAMLP, "StatusCode") : [];
  const [code] = codes;
  if (!status || !code || more.length > 0 || codes.length > 1) return refuse("status-missing");
  const value = attributeOf(code, "Value") ?? "";
  if (value === `${STATUS}Success`) return { succeeded: true };
  const word = value.startsWith(STATUS) ? value.slice(STATUS.length) : "";
  if (!FAILED.includes(word)) return refuse("status-code", value);
  const [inner] = childrenNamed(code, SAMLP, "StatusCode");
  const [message] = childrenNamed(status, SAMLP, "StatusMessage");
  const named = /^ErrorCode\s+nr\s?(\d{1,2})$/i.exec(message ? (textOf(message) ?? "") : "");
  return {
    succeeded: false,
    code: named ? Number(named[1]) : null,
    status: word,
    subStatus: inner ? wordOf(attributeOf(inner, "Value")) : null,
  };
}

const wordOf = (value: string | null): string | null =>
  /^urn:oasis:names:tc:SAML:2\.0:status:(\w{1,40})$/.exec(value ?? "")?.[1] ?? null;
