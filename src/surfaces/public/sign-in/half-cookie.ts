// SPDX-License-Identifier: EUPL-1.2
import { sessionCookieName } from "../../web/form-fields.ts";
import { type Answer, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { returnPath } from "./areas.ts";

export const SECOND_FACTOR = "/accedi/codice";

/** The half sign-in ends by itself long before. */
const KEEP_SECONDS = 10 * 60;

const nameFor = ({ app, tenant }: Visit): string => `${sessionCookieName(app, tenant)}_codice`;

/** The first half was right: on to the page that asks for the rest. */
export function askSecondFactor(
  visit: Visit,
  token: string,
  wanted = returnPath(visit.fields.text("poi")),
): Answer {
  visit.reply.setCookie(nameFor(visit), token, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: visit.app.secureCookies,
    maxAge: KEEP_SECONDS,
  });
  return seeOther(SECOND_FACTOR + (wanted ? `?poi=${encodeURIComponent(wanted)}` : ""));
}

export function halfToken(visit: Visit): string | null {
  const token = visit.request.cookies[nameFor(visit)];
  return token && /^[\w-]{43}$/.test(token) ? token : null;
}

export const forgetHalf = (visit: Visit): void => {
  visit.reply.clearCookie(nameFor(visit), { path: "/", secure: visit.app.secureCookies });
};
