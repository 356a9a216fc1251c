// SPDX-License-Identifier: EUPL-1.2
/** What a response is judged against, and what may come of it. */
import type { Day, Moment } from "#kernel/dates.ts";
import type { Level } from "./names.ts";
import type { XmlFault } from "./parse-xml.ts";
import type { SignatureFault } from "./signed-xml.ts";

/** `eidas`: the Italian node speaks SPID's profile, but may know no fiscal number. */
export type Protocol = "spid" | "cie" | "eidas";
export type Comparison = "exact" | "minimum" | "better" | "maximum";

export interface SentRequest {
  readonly id: string;
  readonly issuedAt: Moment;
  readonly requestedLevel: Level;
  readonly comparison: Comparison;
  /** the browser that posts the answer is the one that was sent away */
  readonly bindingOk: boolean;
}

export interface JudgeInput {
  /** the form field as it was posted */
  readonly samlResponse: string;
  readonly now: Moment;
  readonly protocol: Protocol;
  /** the provider the request went to; `certificates`: those of its metadata, PEM or bare base64 */
  readonly idp: { readonly entityId: string; readonly certificates: readonly string[] };
  readonly sp: { readonly entityId: string; readonly acsUrl: string };
  /** `null`: no open request has the id that the response names */
  readonly request: SentRequest | null;
  /** how far the two clocks may be apart */
  readonly skewMs: number;
}

/** One word per check. */
export type RefusalReason =
  | "base64"
  | `xml:${XmlFault}`
  | "not-a-response"
  /** that of the Response may be missing; that of the Assertion may not */
  | `response-signature:${Exclude<SignatureFault, "unsigned">}`
  | `assertion-signature:${SignatureFault}`
  | EnvelopeReason
  | AssertionReason
  | AttributeReason;

export type EnvelopeReason =
  | "response-id"
  | "response-version"
  | "response-issue-instant"
  | "in-response-to"
  | "request-unknown"
  | "request-other"
  | "other-browser"
  | "response-before-request"
  | "response-in-future"
  | "destination"
  | "response-issuer"
  | "response-issuer-format"
  | "signature-misplaced"
  | "grant-unrequested"
  | "status-missing"
  | "status-code"
  | "assertion-with-error"
  | "encrypted"
  | "assertion-missing"
  | "several-assertions"
  | "assertion-misplaced";

export type AssertionReason =
  | "assertion-id"
  | "assertion-version"
  | "assertion-issue-instant"
  | "assertion-before-request"
  | "assertion-in-future"
  | "assertion-issuer"
  | "assertion-issuer-format"
  | "subject"
  | "name-id"
  | "name-id-format"
  | "name-id-qualifier"
  | "subject-confirmation"
  | "subject-confirmation-method"
  | "subject-confirmation-data"
  | "recipient"
  | "confirmation-in-response-to"
  | "confirmation-not-before"
  | "confirmation-not-on-or-after"
  | "confirmation-expired"
  | "conditions"
  | "condition-unknown"
  | "not-before"
  | "not-yet-valid"
  | "not-on-or-after"
  | "expired"
  | "audience-restriction"
  | "audience"
  | "authn-statement"
  | "authn-instant"
  | "authn-in-future"
  | "authn-before-request"
  | "session-expired"
  | "authn-context"
  | "authn-context-class"
  | "level-too-low";

export type AttributeReason =
  | "attribute-statement"
  | "attribute-malformed"
  | "attribute-duplicated"
  | "legal-person"
  | "fiscal-number-missing"
  | "fiscal-number-wrong"
  | "identifier-missing"
  | "name-missing"
  | "family-name-missing"
  | "date-of-birth";

export interface Refusal<Reason extends RefusalReason = RefusalReason> {
  readonly outcome: "refused";
  readonly reason: Reason;
  /** what was there instead, shortened; never a person's data */
  readonly detail: string;
}

export interface PersonAttributes {
  /** codice fiscale without its prefix; `null` only where eIDAS knows none */
  readonly fiscalNumber: string | null;
  readonly name: string;
  readonly familyName: string;
  readonly dateOfBirth: Day;
  readonly email: string | null;
  /** the provider's own name for the person; with eIDAS the cross-border one */
  readonly spidCode: string | null;
}

export interface Acceptance extends PersonAttributes {
  readonly outcome: "accepted";
  readonly level: Level;
  /** with its qualifier, what a logout must say */
  readonly nameId: string;
  readonly nameQualifier: string;
  readonly sessionIndex: string | null;
  readonly responseId: string;
  readonly assertionId: string;
  readonly responseIssuedAt: Moment;
  readonly assertionIssuedAt: Moment;
  readonly notOnOrAfter: Moment;
}

export interface Anomaly {
  readonly outcome: "anomaly";
  /** nn of `ErrorCode nrnn`; `null` when the provider names none */
  readonly code: number | null;
  /** last part of the outer and the inner status code: `Responder`, `AuthnFailed` */
  readonly status: string;
  readonly subStatus: string | null;
  readonly responseId: string;
  readonly responseIssuedAt: Moment;
  readonly isSigned: boolean;
}

export type Judgement = Acceptance | Anomaly | Refusal;

const MAX_DETAIL = 200;

/** A check: what must hold, its word, and what was seen instead. */
export type Check<Reason extends RefusalReason> = readonly [
  holds: boolean,
  reason: Reason,
  seen?: string | null,
];

export const refuse = <Reason extends RefusalReason>(
  reason: Reason,
  seen?: string | null,
): Refusal<Reason> => ({ outcome: "refused", reason, detail: (seen ?? "").slice(0, MAX_DETAIL) });

/** The first check that does not hold. */
export function firstFault<Reason extends RefusalReason>(
  checks: readonly Check<Reason>[],
): Refusal<Reason> | null {
  const failed = checks.find(([holds]) => !holds);
  return failed ? refuse(failed[1], failed[2]) : null;
}

/** SAML's instants are UTC and say so (core 1.3.3); a part of a second is allowed. */
export function readInstant(text: string | null): Moment | null {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return null;
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}

/** How long after `from` another moment comes; negative when before. */
const sinceMs = (from: Moment, to: Moment): number => to.epochMilliseconds - from.epochMilliseconds;

/** Not earlier than `limit`, the clocks' difference granted. */
export const isNotBefore = (at: Moment, limit: Moment, skewMs: number): boolean =>
  sinceMs(limit, at) >= -skewMs;

/** Not later than `limit`, the clocks' difference granted. */
export const isNotAfter = (at: Moment, limit: Moment, skewMs: number): boolean =>
  sinceMs(limit, at) <= skewMs;

/** NotOnOrAfter: the instant itself is out. */
export const isStillValid = (until: Moment, now: Moment, skewMs: number): boolean =>
  sinceMs(until, now) < skewMs;
