// SPDX-License-Identifier: EUPL-1.2
import {
  hashToken,
  IDLE_MINUTES,
  sessionByToken,
  type SignedIn,
  signIn,
  signInAsPersona,
  signOut,
} from "#identity";
import type { Role } from "#kernel/actor.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { assertNever } from "#kernel/outcome.ts";
import { datedSettings } from "#tenancy";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import { cookieName, csrfToken, type Visit } from "../../web/visit.ts";
import { landing, returnPath } from "./areas.ts";
import { signInPage } from "./sign-in-page.ts";
import { words } from "./words.ts";

/** POST `/accedi`: user code and password. Unknown users and wrong passwords read the same. */
export async function signInWithPassword(visit: Visit): Promise<Answer> {
  const username = visit.fields.text("codice").slice(0, 80);
  // A password is taken as typed: spaces at its ends are part of it.
  const password = (visit.fields.all("password")[0] ?? "").slice(0, 200);
  const w = words(visit.lang);
  const errors = [
    ...(username === "" ? [{ field: "codice", message: w.usernameMissing }] : []),
    ...(password === "" ? [{ field: "password", message: w.passwordMissing }] : []),
  ];
  if (errors.length > 0) return signInPage(visit, { errors, username, status: 422 });
  const origin = visit.request.ip;
  const result = await signIn(visit.town, { username, password, origin, now: visit.now });
  switch (result.outcome) {
    case "signed-in":
      return start(visit, result, "password");
    case "wrong": {
      const message = w.wrong;
      return signInPage(visit, { errors: [{ field: "codice", message }], username, status: 401 });
    }
    case "wait": {
      const until = formats(visit.lang).timeWithSeconds(result.until);
      const refused = w.wait(until);
      return signInPage(visit, { refused, username, status: 429 });
    }
    default:
      return assertNever(result);
  }
}

/** POST `/accedi/persona`: demo mode only; elsewhere the address does not exist. */
export async function signInWithPersona(visit: Visit): Promise<Answer> {
  const accountId = visit.fields.text("persona");
  if (!visit.app.demo || !isUuid(accountId)) return notFound;
  const result = await visit.town.write((tx) => signInAsPersona(tx, { accountId, now: visit.now }));
  return result.outcome === "signed-in" ? start(visit, result, "persona") : notFound;
}

/** A new token at each sign-in; the one the browser had before ends (no session fixation). */
async function start(
  visit: Visit,
  signedIn: Extract<SignedIn, { outcome: "signed-in" }>,
  means: "password" | "persona",
): Promise<Answer> {
  const { token } = signedIn;
  const { now, today } = visit;
  const { roles, admitted } = await visit.town.write(async (tx) => {
    if (visit.session) await signOut(tx, { token: visit.session.token, now });
    const idleSince = now.subtract({ minutes: IDLE_MINUTES });
    const session = await sessionByToken(tx, {
      tokenHash: hashToken(token),
      now,
      idleSince,
      today,
    });
    const held: Role[] = (session?.grants ?? []).map(({ role }) => role);
    const ways = (await datedSettings(tx)).town("login", today).portal;
    // OS-17, BI-01: where the town wants SPID or CIE of families, a password opens staff pages only.
    const familyOnly = held.every((role) => role === "guardian" || role === "delegate");
    const refused = means === "password" && familyOnly && !ways.includes("credentials");
    if (refused || held.length === 0) await signOut(tx, { token, now });
    return { roles: held, admitted: !refused && held.length > 0 };
  });
  if (!admitted) {
    visit.reply.clearCookie(cookieName(visit.tenant), { path: "/" });
    const w = words(visit.lang);
    const refused = roles.length === 0 ? w.noRole : w.notWithPassword;
    const anonymous = {
      ...visit,
      session: null,
      csrf: csrfToken(visit.app, visit.tenant, { token: "" }),
    };
    return signInPage(anonymous, { refused, status: 403 });
  }
  visit.reply.setCookie(cookieName(visit.tenant), token, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: visit.app.secureCookies,
  });
  return seeOther(landing(roles, returnPath(visit.fields.text("poi"))));
}

/** POST `/esci`. */
export async function signOutHere(visit: Visit): Promise<Answer> {
  const { session, now } = visit;
  if (session) await visit.town.write((tx) => signOut(tx, { token: session.token, now }));
  visit.reply.clearCookie(cookieName(visit.tenant), { path: "/" });
  return seeOther("/servizi", words(visit.lang).signedOut);
}
