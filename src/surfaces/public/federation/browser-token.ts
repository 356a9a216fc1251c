// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import { sessionCookieName } from "../../web/form-fields.ts";
import type { Visit } from "../../web/visit.ts";

const AWAY_SECONDS = 15 * 60;

const nameFor = (visit: Visit): string => `${sessionCookieName(visit.app, visit.tenant)}_andata`;

/**
 * Binds the way to a provider and the answer to one browser: an answer that somebody else was made to bring opens nothing
 * (login CSRF). The answer is a POST from another site, so over https the cookie is SameSite=None; `__Host-` keeps other
 * hosts from setting it. Two tabs share it.
 */
export function browserToken(visit: Visit): string {
  const known = presentedToken(visit);
  const token = known ?? randomBytes(32).toString("base64url");
  visit.reply.setCookie(nameFor(visit), token, {
    path: "/",
    httpOnly: true,
    secure: visit.app.secureCookies,
    sameSite: visit.app.secureCookies ? "none" : "lax",
    maxAge: AWAY_SECONDS,
  });
  return token;
}

export function presentedToken(visit: Visit): string | null {
  const token = visit.request.cookies[nameFor(visit)];
  return token && /^[\w-]{43}$/.test(token) ? token : null;
}

/** Once its own answer is there: what another site makes a browser post cuts nobody's way in short. */
export const forgetBrowser = (visit: Visit): void => {
  visit.reply.clearCookie(nameFor(visit), { path: "/", secure: visit.app.secureCookies });
};
