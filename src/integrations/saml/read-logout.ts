// SPDX-License-Identifier: EUPL-1.2
/** Logout messages of providers, judged as strictly as answers to a sign-in: one reason for each check. */
import { inflateRawSync } from "node:zlib";
import type { Moment } from "#kernel/dates.ts";
import {
  ASSERTION,
  ENTITY_FORMAT,
  PARTIAL_LOGOUT,
  PROTOCOL,
  SUCCESS,
  TRANSIENT_FORMAT,
} from "./names.ts";
import {
  attributeOf,
  childrenNamed,
  isNamed,
  MESSAGE_LIMITS,
  parseXml,
  textOf,
  type XmlFault,
} from "./parse-xml.ts";
import { type QueryFault, verifyQuery } from "./signed-query.ts";
import { type SignatureFault, verifySignedBytes } from "./signed-xml.ts";

/** As it arrived: the raw query without `?`, or the fields of a form. */
export type IncomingLogout =
  | { readonly binding: "redirect"; readonly query: string }
  | {
      readonly binding: "post";
      readonly message: string;
      readonly relayState: string | null;
    };

export interface LogoutExpectation {
  readonly provider: { readonly entityId: string; readonly certificates: readonly string[] };
  /** our own address for logouts, as the metadata has it */
  readonly url: string;
  readonly now: Moment;
  /** how far clocks may differ, milliseconds */
  readonly skewMs: number;
}

/** A message is fresh for as long as a browser needs to bring it. */
const MAX_AGE_MS = 5 * 60_000;

export type LogoutFault =
  | QueryFault
  | SignatureFault
  | XmlFault
  | "not-base64"
  | "wrong-message"
  | "version"
  | "id"
  | "issue-instant"
  | "too-old"
  | "from-the-future"
  | "destination"
  | "issuer"
  | "issuer-format"
  | "in-response-to"
  | "status"
  | "name-id"
  | "name-id-format"
  | "session-index"
  | "no-longer-valid";

export type ReadLogoutAnswer =
  | {
      readonly outcome: "read";
      readonly id: string;
      readonly relayState: string | null;
      /** `failed`: neither done nor partly; the words are for the log */
      readonly result: "logged-out" | "partial" | "failed";
      readonly status: readonly string[];
    }
  | { readonly outcome: "refused"; readonly reason: LogoutFault };

export type ReadLogoutRequest =
  | {
      readonly outcome: "read";
      readonly id: string;
      readonly relayState: string | null;
      readonly nameId: { readonly value: string; readonly nameQualifier: string | null };
      readonly sessionIndexes: readonly string[];
    }
  | { readonly outcome: "refused"; readonly reason: LogoutFault };

/** The answer to the request with that id. Never throws, whatever arrives. */
export function readLogoutAnswer(
  incoming: IncomingLogout,
  requestId: string,
  expected: LogoutExpectation,
): ReadLogoutAnswer {
  const opened = open(incoming, "LogoutResponse", expected);
  if ("reason" in opened) return { outcome: "refused", reason: opened.reason };
  const { root, id, relayState } = opened;
  const refused = (reason: LogoutFault): ReadLogoutAnswer => ({ outcome: "refused", reason });
  if (attributeOf(root, "InResponseTo") !== requestId) return refused("in-response-to");
  const [status, ...others] = childrenNamed(root, PROTOCOL, "Status");
  if (!status || others.length > 0) return refused("status");
  const codes = statusCodes(status);
  if (codes.length === 0) return refused("status");
  const isPartial = codes.includes(PARTIAL_LOGOUT);
  const result = isPartial ? "partial" : codes[0] === SUCCESS ? "logged-out" : "failed";
  return { outcome: "read", id, relayState, result, status: codes };
}

/** A logout that begins at the provider. Never throws, whatever arrives. */
export function readLogoutRequest(
  incoming: IncomingLogout,
  expected: LogoutExpectation,
): ReadLogoutRequest {
  const opened = open(incoming, "LogoutRequest", expected);
  if ("reason" in opened) return { outcome: "refused", reason: opened.reason };
  const { root, id, relayState } = opened;
  const refused = (reason: LogoutFault): ReadLogoutRequest => ({ outcome: "refused", reason });
  const until = attributeOf(root, "NotOnOrAfter");
  const end = until === null ? null : instantOf(until);
  if (until !== null && (!end || !isBeforeEnd(expected, end))) return refused("no-longer-valid");
  const [nameId, ...others] = childrenNamed(root, ASSERTION, "NameID");
  const value = nameId ? textOf(nameId) : null;
  if (!nameId || others.length > 0 || !value) return refused("name-id");
  if (attributeOf(nameId, "Format") !== TRANSIENT_FORMAT) return refused("name-id-format");
  const sessionIndexes = childrenNamed(root, PROTOCOL, "SessionIndex").map(
    (one) => textOf(one) ?? "",
  );
  if (sessionIndexes.includes("")) return refused("session-index");
  const nameQualifier = attributeOf(nameId, "NameQualifier");
  return { outcome: "read", id, relayState, nameId: { value, nameQualifier }, sessionIndexes };
}

/**
 * Who a message claims to be from, so that the right certificates can be fetched. It proves nothing: only a verified
 * message may be acted upon. `null`: nothing that could be read.
 */
export function claimedIssuer(incoming: IncomingLogout): string | null {
  const xml = incoming.binding === "post" ? decode(incoming.message) : inflated(incoming.query);
  if (!xml) return null;
  const parsed = parseXml(xml);
  if (parsed.outcome === "refused") return null;
  const [issuer] = childrenNamed(parsed.root, ASSERTION, "Issuer");
  return issuer ? textOf(issuer) : null;
}

interface Opened {
  readonly root: Element;
  readonly id: string;
  readonly relayState: string | null;
}
interface Fault {
  readonly reason: LogoutFault;
}

function open(
  incoming: IncomingLogout,
  name: "LogoutRequest" | "LogoutResponse",
  expected: LogoutExpectation,
): Opened | Fault {
  const verified = verify(incoming, name, expected.provider.certificates);
  if ("reason" in verified) return verified;
  const parsed = parseXml(verified.xml);
  if (parsed.outcome === "refused") return { reason: parsed.reason };
  const { root } = parsed;
  if (!isNamed(root, PROTOCOL, name)) return { reason: "wrong-message" };
  const reason = headFault(root, expected);
  if (reason) return { reason };
  return { root, id: attributeOf(root, "ID") ?? "", relayState: verified.relayState };
}

function verify(
  incoming: IncomingLogout,
  name: "LogoutRequest" | "LogoutResponse",
  certificates: readonly string[],
): { readonly xml: string | Buffer; readonly relayState: string | null } | Fault {
  if (incoming.binding === "redirect") {
    const verified = verifyQuery(incoming.query, certificates);
    if (verified.outcome === "refused") return { reason: verified.reason };
    const kind = name === "LogoutRequest" ? "SAMLRequest" : "SAMLResponse";
    if (verified.kind !== kind) return { reason: "wrong-message" };
    return { xml: verified.xml, relayState: verified.relayState };
  }
  const bytes = decode(incoming.message);
  if (!bytes) return { reason: "not-base64" };
  const verified = verifySignedBytes(bytes, certificates);
  if (verified.outcome === "refused") return { reason: verified.reason };
  return { xml: verified.canonical, relayState: incoming.relayState };
}

function headFault(root: Element, expected: LogoutExpectation): LogoutFault | null {
  if (attributeOf(root, "Version") !== "2.0") return "version";
  if (!/^[A-Za-z_][\w.-]{0,255}$/.test(attributeOf(root, "ID") ?? "")) return "id";
  const issuedAt = instantOf(attributeOf(root, "IssueInstant") ?? "");
  if (!issuedAt) return "issue-instant";
  const ageMs = expected.now.epochMilliseconds - issuedAt.epochMilliseconds;
  if (ageMs > MAX_AGE_MS + expected.skewMs) return "too-old";
  if (ageMs < -expected.skewMs) return "from-the-future";
  if (attributeOf(root, "Destination") !== expected.url) return "destination";
  const [issuer, ...others] = childrenNamed(root, ASSERTION, "Issuer");
  if (!issuer || others.length > 0 || textOf(issuer) !== expected.provider.entityId)
    return "issuer";
  const format = attributeOf(issuer, "Format");
  return format === null || format === ENTITY_FORMAT ? null : "issuer-format";
}

/** The first code and the one inside it, if any. */
function statusCodes(status: Element): string[] {
  const codes: string[] = [];
  let at: Element | undefined = status;
  while (codes.length < 3) {
    const found: Element[] = childrenNamed(at, PROTOCOL, "StatusCode");
    at = found[0];
    const value = at && found.length === 1 ? attributeOf(at, "Value") : null;
    if (!at || !value) break;
    codes.push(value);
  }
  return codes;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decode(text: string): Buffer | null {
  if (text.length > MESSAGE_LIMITS.maxBytes * 1.5) return null;
  const compact = text.replaceAll(/\s/g, "");
  return compact !== "" && BASE64.test(compact) ? Buffer.from(compact, "base64") : null;
}

function inflated(query: string): Buffer | null {
  if (query.length > MESSAGE_LIMITS.maxBytes) return null;
  const fields = new URLSearchParams(query);
  const message = fields.get("SAMLRequest") ?? fields.get("SAMLResponse");
  if (!message) return null;
  try {
    return inflateRawSync(Buffer.from(message, "base64"), {
      maxOutputLength: MESSAGE_LIMITS.maxBytes,
    });
  } catch {
    return null;
  }
}

/** UTC only, as SAML has it (core 1.3.3). */
function instantOf(text: string): Moment | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text)) return null;
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}

const isBeforeEnd = ({ now, skewMs }: LogoutExpectation, end: Moment): boolean =>
  now.epochMilliseconds < end.epochMilliseconds + skewMs;
