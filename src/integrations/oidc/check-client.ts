// SPDX-License-Identifier: EUPL-1.2
import { readAddress } from "../oidc-federation/addresses.ts";
import { callOutside, type Outside } from "../oidc-federation/call-outside.ts";
import { readKeySet } from "../oidc-federation/key-set.ts";
import type { Refusal } from "../oidc-federation/refusal.ts";
import {
  discoverStaffProvider,
  type StaffFault,
  type StaffProviderSettings,
} from "./staff-login.ts";

/** May that address be asked at all? https on a public name; in demo mode this machine, too. */
export const isCallable = (address: string, { allowLoopbackHttp = false }: Outside): boolean =>
  readAddress(address, allowLoopbackHttp) !== null;

export type CheckedProvider =
  | {
      outcome: "answers";
      /** at least one key that signatures can be checked with */
      hasKeys: boolean;
      /** `unknown`: what the provider answered says neither */
      client: "known" | "refused" | "unknown";
    }
  | Refusal<StaffFault>;

/**
 * Asks a provider what can be asked without a person: its addresses, its keys, and whether it knows this client and its
 * secret. For the last it is shown a code that cannot be one: who knows the client refuses the code, who does not, the client.
 */
export async function checkStaffProvider(
  settings: StaffProviderSettings,
  of: { redirectUri: string; outside: Outside },
): Promise<CheckedProvider> {
  const { outside } = of;
  const found = await discoverStaffProvider(settings, outside);
  if (found.outcome === "refused") return found;
  const { metadata } = found;
  const keys = await callOutside(outside, metadata.jwks_uri ?? "", { accept: "application/json" });
  if (keys.outcome === "refused") return keys;
  const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const { clientId, clientSecret } = settings;
  const isPosted = methods.includes("client_secret_post");
  const asked = await callOutside(outside, metadata.token_endpoint ?? "", {
    method: "POST",
    accept: "application/json",
    ...(isPosted ? {} : { authorization: basic(clientId, clientSecret) }),
    form: new URLSearchParams({
      grant_type: "authorization_code",
      code: "prova-di-collegamento",
      redirect_uri: of.redirectUri,
      code_verifier: "0".repeat(64),
      ...(isPosted ? { client_id: clientId, client_secret: clientSecret } : {}),
    }),
  });
  if (asked.outcome === "refused") return asked;
  const error = errorOf(asked.text);
  const client =
    error === "invalid_grant"
      ? "known"
      : error === "invalid_client" || error === "unauthorized_client" || asked.status === 401
        ? "refused"
        : "unknown";
  return { outcome: "answers", hasKeys: readKeySet(jsonOf(keys.text)) !== null, client };
}

/** RFC 6749, 2.3.1: both are form-encoded first. */
function basic(clientId: string, clientSecret: string): string {
  const [id, secret] = [clientId, clientSecret].map((text) =>
    new URLSearchParams({ a: text }).toString().slice(2),
  );
  return `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function errorOf(text: string): string {
  const given = jsonOf(text);
  const { error } = (typeof given === "object" && given !== null ? given : {}) as {
    error?: unknown;
  };
  return typeof error === "string" ? error : "";
}
