// SPDX-License-Identifier: EUPL-1.2
/** The way back (authorization_endpoint, "Response"): what the browser brings is anybody's text until it fits a pending login. */
import type { PendingLogin } from "./authorization-request.ts";
import { type Refusal, refused } from "./refusal.ts";

export type CallbackFault =
  | "callback-malformed"
  | "state"
  | "issuer-missing"
  | "issuer"
  | "callback-empty";

/** What a person can be told about a login that the provider ended (authorization_endpoint, "Codici di errore"). */
export type AnomalyKind = "denied" | "not-consented" | "unavailable" | "our-fault";

export interface Anomaly {
  readonly outcome: "anomaly";
  readonly kind: AnomalyKind;
  /** as the table has it; `other` for words that are not in it */
  readonly error: string;
}

const KINDS: Readonly<Record<string, AnomalyKind>> = {
  access_denied: "denied",
  login_required: "denied",
  consent_required: "not-consented",
  interaction_required: "not-consented",
  server_error: "unavailable",
  temporarily_unavailable: "unavailable",
  unauthorized_client: "our-fault",
  invalid_request: "our-fault",
  invalid_scope: "our-fault",
  unsupported_response_type: "our-fault",
  request_uri_not_supported: "our-fault",
  registration_not_supported: "our-fault",
  invalid_request_object: "our-fault",
  // errors_federation
  invalid_client: "our-fault",
};

/** What only we can put right, `other` among it; the office's board tells of it. */
export const OUR_FAULTS: readonly string[] = [
  ...Object.entries(KINDS).flatMap(([error, kind]) => (kind === "our-fault" ? [error] : [])),
  "other",
];

const MAX_VALUE_LENGTH = 4096;
const MAX_PARAMETERS = 20;

/** `state` of an answer, to look for the pending login with; `null` when the answer has none that could be ours. */
export function callbackState(query: unknown): string | null {
  const read = readParameters(query);
  const state = read?.get("state");
  return state !== undefined && /^[A-Za-z0-9]{32,128}$/.test(state) ? state : null;
}

/**
 * Judges an answer against the login it claims to belong to. `iss` is mandatory and must be the provider that was asked
 * (mix-up, RFC 9207); where the provider reports an error the rules let it leave `iss` out.
 * @param query parameters as the server read them; a name given twice refuses
 */
export function judgeCallback(
  query: unknown,
  pending: Pick<PendingLogin, "issuer" | "state">,
): { outcome: "code"; code: string } | Anomaly | Refusal<CallbackFault> {
  const parameters = readParameters(query);
  if (!parameters) return refused("callback-malformed");
  if (parameters.get("state") !== pending.state) return refused("state");
  const issuer = parameters.get("iss");
  if (issuer !== undefined && issuer !== pending.issuer) return refused("issuer");
  const [code, error] = [parameters.get("code"), parameters.get("error")];
  if (code !== undefined && error !== undefined)
    return refused("callback-malformed", "code, error");
  if (error !== undefined) return anomalyOf(error);
  if (issuer === undefined) return refused("issuer-missing");
  return code === undefined || code === "" ? refused("callback-empty") : { outcome: "code", code };
}

export function anomalyOf(error: string): Anomaly {
  const known = Object.hasOwn(KINDS, error) ? KINDS[error] : undefined;
  return { outcome: "anomaly", kind: known ?? "our-fault", error: known ? error : "other" };
}

/** `null` for crowds, values that are no text or too long, and names given twice. */
export function readParameters(query: unknown): ReadonlyMap<string, string> | null {
  if (typeof query !== "object" || query === null) return null;
  const entries =
    query instanceof URLSearchParams ? [...query.entries()] : Object.entries(query as object);
  if (entries.length > MAX_PARAMETERS) return null;
  const read = new Map<string, string>();
  for (const [name, value] of entries) {
    if (typeof value !== "string" || value.length > MAX_VALUE_LENGTH || read.has(name)) return null;
    read.set(name, value);
  }
  return read;
}
