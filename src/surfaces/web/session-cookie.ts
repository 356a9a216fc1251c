// SPDX-License-Identifier: EUPL-1.2
import { sessionCookieName } from "./form-fields.ts";
import type { Visit } from "./visit.ts";

/** The browser's proof of a session. Lax: a link from an e-mail finds the person signed in, a foreign form does not. */
export function setSessionCookie(
  visit: Visit,
  token: string,
  /** also when the browser was closed in between: tablets and screens */
  keepSeconds?: number,
): void {
  visit.reply.setCookie(sessionCookieName(visit.app, visit.tenant), token, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: visit.app.secureCookies,
    ...(keepSeconds === undefined ? {} : { maxAge: keepSeconds }),
  });
}

export function clearSessionCookie(visit: Visit): void {
  visit.reply.clearCookie(sessionCookieName(visit.app, visit.tenant), {
    path: "/",
    secure: visit.app.secureCookies,
  });
}
