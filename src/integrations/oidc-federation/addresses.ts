// SPDX-License-Identifier: EUPL-1.2
/** Which addresses others may send this installation to, and where an entity publishes what it says of itself. */

const MAX_ADDRESS_LENGTH = 2048;
const LOOPBACK = /^(([a-z0-9-]+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const IP_LITERAL = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/;

/**
 * An https address on a public name, without credentials or fragment; `null` for anything else: statements of others name
 * addresses to call, and neither this machine nor its neighbours are any of their business.
 * @param allowLoopbackHttp tests and demonstration: plain http to this machine, too
 */
export function readAddress(text: unknown, allowLoopbackHttp: boolean): URL | null {
  if (typeof text !== "string" || text.length > MAX_ADDRESS_LENGTH) return null;
  const url = URL.parse(text);
  if (!url || url.username !== "" || url.password !== "" || text.includes("#")) return null;
  if (url.protocol === "http:")
    return allowLoopbackHttp && LOOPBACK.test(url.hostname) ? url : null;
  if (url.protocol !== "https:" || IP_LITERAL.test(url.hostname)) return null;
  return url.hostname.includes(".") ? url : null;
}

/** The two ends of one identifier differ in a trailing slash only, as they often do in this federation. */
export const sameButForSlash = (a: string, b: string): boolean =>
  a.replace(/\/$/, "") === b.replace(/\/$/, "");

/** Where an entity publishes its configuration (trust_negotiation, "Accesso alla Entity Configuration"). */
export const configurationUrl = (entityId: string): string =>
  `${entityId}${entityId.endsWith("/") ? "" : "/"}.well-known/openid-federation`;
