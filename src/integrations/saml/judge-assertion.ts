// SPDX-License-Identifier: EUPL-1.2
/** Checks on the assertion, read from its signed bytes only: SPID rules "Assertion", test suite cases 33–97. */
import type { Moment } from "#kernel/dates.ts";
import { isForced } from "./authn-request.ts";
import { ASSERTION as SAML, ENTITY_FORMAT, type Level, TRANSIENT_FORMAT } from "./names.ts";
import { attributeOf, childrenNamed, childrenOf, isNamed, textOf } from "./parse-xml.ts";
import {
  type AssertionReason,
  type Comparison,
  firstFault,
  isNotAfter,
  isNotBefore,
  isStillValid,
  type JudgeInput,
  readInstant,
  refuse,
  type Refusal,
  type SentRequest,
} from "./response-types.ts";

const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const LEVEL = /^https:\/\/www\.spid\.gov\.it\/SpidL([123])$/;
/** Conditions that ask nothing more of us; one we do not know makes the assertion void (core 2.5.1). */
const KNOWN_CONDITIONS = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];

export interface JudgedAssertion {
  readonly outcome: "read";
  readonly assertionId: string;
  readonly issuedAt: Moment;
  readonly nameId: string;
  readonly nameQualifier: string;
  readonly notOnOrAfter: Moment;
  readonly level: Level;
  readonly sessionIndex: string | null;
}

/** What every check is told. */
interface Asked extends JudgeInput {
  readonly request: SentRequest;
}

type Fault = Refusal<AssertionReason>;

export function judgeAssertion(assertion: Element, asked: Asked): JudgedAssertion | Fault {
  const head = judgeHead(assertion, asked);
  if (head.outcome === "refused") return head;
  const subject = judgeSubject(assertion, asked);
  if (subject.outcome === "refused") return subject;
  const conditions = judgeConditions(assertion, asked);
  if (conditions) return conditions;
  const authn = judgeAuthentication(assertion, asked);
  if (authn.outcome === "refused") return authn;
  return { ...head, ...subject, ...authn };
}

function judgeHead(assertion: Element, asked: Asked) {
  const version = attributeOf(assertion, "Version");
  const instant = attributeOf(assertion, "IssueInstant");
  const issuedAt = readInstant(instant);
  if (version !== "2.0") return refuse("assertion-version", version);
  if (!issuedAt) return refuse("assertion-issue-instant", instant);
  const [issuer, ...more] = childrenNamed(assertion, SAML, "Issuer");
  const text = issuer ? textOf(issuer) : null;
  const format = issuer ? attributeOf(issuer, "Format") : null;
  /** CIE leaves the format out; another one is wrong there too. */
  const mayLackFormat = asked.protocol !== "spid";
  const fault = firstFault<AssertionReason>([
    [
      isNotBefore(issuedAt, asked.request.issuedAt, asked.skewMs),
      "assertion-before-request",
      instant,
    ],
    [isNotAfter(issuedAt, asked.now, asked.skewMs), "assertion-in-future", instant],
    [more.length === 0 && text === asked.idp.entityId, "assertion-issuer", text],
    [
      format === ENTITY_FORMAT || (mayLackFormat && format === null),
      "assertion-issuer-format",
      format,
    ],
  ]);
  const assertionId = attributeOf(assertion, "ID") ?? "";
  return fault ?? { outcome: "read" as const, assertionId, issuedAt };
}

function judgeSubject(assertion: Element, asked: Asked) {
  const [subject, ...more] = childrenNamed(assertion, SAML, "Subject");
  if (!subject || more.length > 0 || childrenOf(subject).length === 0) return refuse("subject");
  const [nameId, ...others] = childrenNamed(subject, SAML, "NameID");
  const name = nameId && others.length === 0 ? textOf(nameId) : null;
  if (!nameId || !name) return refuse("name-id");
  const format = attributeOf(nameId, "Format");
  if (format !== TRANSIENT_FORMAT) return refuse("name-id-format", format);
  const nameQualifier = attributeOf(nameId, "NameQualifier");
  if (!nameQualifier) return refuse("name-id-qualifier");
  const confirmation = judgeConfirmation(subject, asked);
  return confirmation.outcome === "refused"
    ? confirmation
    : { ...confirmation, nameId: name, nameQualifier };
}

function judgeConfirmation(subject: Element, asked: Asked) {
  const [confirmation, ...more] = childrenNamed(subject, SAML, "SubjectConfirmation");
  if (!confirmation || more.length > 0) return refuse("subject-confirmation");
  const method = attributeOf(confirmation, "Method");
  if (method !== BEARER) return refuse("subject-confirmation-method", method);
  const [data, ...others] = childrenNamed(confirmation, SAML, "SubjectConfirmationData");
  if (!data || others.length > 0) return refuse("subject-confirmation-data");
  const recipient = attributeOf(data, "Recipient");
  const inResponseTo = attributeOf(data, "InResponseTo");
  const until = attributeOf(data, "NotOnOrAfter");
  const fault = firstFault<AssertionReason>([
    [recipient === asked.sp.acsUrl, "recipient", recipient],
    [inResponseTo === asked.request.id, "confirmation-in-response-to", inResponseTo],
    /** Web SSO forbids it here (profiles 4.1.4.2). */
    [!data.hasAttribute("NotBefore"), "confirmation-not-before"],
  ]);
  if (fault) return fault;
  const notOnOrAfter = readInstant(until);
  if (!notOnOrAfter) return refuse("confirmation-not-on-or-after", until);
  const isValid = isStillValid(notOnOrAfter, asked.now, asked.skewMs);
  return isValid
    ? { outcome: "read" as const, notOnOrAfter }
    : refuse("confirmation-expired", until);
}

function judgeConditions(assertion: Element, asked: Asked): Fault | null {
  const [conditions, ...more] = childrenNamed(assertion, SAML, "Conditions");
  if (!conditions || more.length > 0) return refuse("conditions");
  const stranger = childrenOf(conditions).find(
    (child) => !KNOWN_CONDITIONS.some((name) => isNamed(child, SAML, name)),
  );
  if (stranger) return refuse("condition-unknown", stranger.localName);
  const from = attributeOf(conditions, "NotBefore");
  const until = attributeOf(conditions, "NotOnOrAfter");
  const notBefore = readInstant(from);
  const notOnOrAfter = readInstant(until);
  if (!notBefore) return refuse("not-before", from);
  if (!isNotAfter(notBefore, asked.now, asked.skewMs)) return refuse("not-yet-valid", from);
  if (!notOnOrAfter) return refuse("not-on-or-after", until);
  if (!isStillValid(notOnOrAfter, asked.now, asked.skewMs)) return refuse("expired", until);
  return findAudienceFault(conditions, asked);
}

/** Every restriction must name us (core 2.5.1.4). */
function findAudienceFault(conditions: Element, asked: Asked): Fault | null {
  const restrictions = childrenNamed(conditions, SAML, "AudienceRestriction").map((restriction) =>
    childrenNamed(restriction, SAML, "Audience").map(textOf),
  );
  if (restrictions.length === 0 || restrictions.some((audiences) => audiences.length === 0)) {
    return refuse("audience-restriction");
  }
  const other = restrictions.find((audiences) => !audiences.includes(asked.sp.entityId));
  return other ? refuse("audience", other.join(" ")) : null;
}

function judgeAuthentication(assertion: Element, asked: Asked) {
  const [statement, ...more] = childrenNamed(assertion, SAML, "AuthnStatement");
  if (!statement || more.length > 0) return refuse("authn-statement");
  const instant = attributeOf(statement, "AuthnInstant");
  const at = readInstant(instant);
  if (!at) return refuse("authn-instant", instant);
  if (!isNotAfter(at, asked.now, asked.skewMs)) return refuse("authn-in-future", instant);
  /** Asked to sign in anew, the person was there after we asked: an older event is somebody's who left. */
  const { issuedAt, requestedLevel, comparison } = asked.request;
  if (isForced(asked.protocol, requestedLevel) && !isNotBefore(at, issuedAt, asked.skewMs))
    return refuse("authn-before-request", instant);
  const until = attributeOf(statement, "SessionNotOnOrAfter");
  const sessionEnd = readInstant(until);
  if (until !== null && !(sessionEnd && isStillValid(sessionEnd, asked.now, asked.skewMs))) {
    return refuse("session-expired", until);
  }
  const [context, ...contexts] = childrenNamed(statement, SAML, "AuthnContext");
  if (!context || contexts.length > 0) return refuse("authn-context");
  const [reference, ...references] = childrenNamed(context, SAML, "AuthnContextClassRef");
  const text = reference && references.length === 0 ? textOf(reference) : null;
  const level = Number(LEVEL.exec(text ?? "")?.[1] ?? 0) as Level | 0;
  if (level === 0) return refuse("authn-context-class", text);
  if (!satisfies(level, requestedLevel, comparison)) return refuse("level-too-low", text);
  const sessionIndex = attributeOf(statement, "SessionIndex") || null;
  return { outcome: "read" as const, level, sessionIndex };
}

/** A provider may always use a higher level than asked (SPID rules, RequestedAuthnContext). */
function satisfies(level: Level, requested: Level, comparison: Comparison): boolean {
  switch (comparison) {
    case "exact":
    case "minimum":
      return level >= requested;
    case "better":
      return level > requested;
    case "maximum":
      return true;
  }
}
