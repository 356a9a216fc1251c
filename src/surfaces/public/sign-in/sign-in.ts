// SPDX-License-Identifier: EUPL-1.2
import {
  accountForLogin,
  type SignedIn,
  signIn,
  signInAsPersona,
  type SignInMeans,
  typedUsername,
} from "#identity";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { assertNever } from "#kernel/outcome.ts";
import { seenAs } from "../federation/seen-as.ts";
import { forgetStrangerHere } from "../federation/stranger.ts";
import { knownBrowser, rememberBrowser } from "../../web/known-browser.ts";
import { typedPassword } from "../../web/new-password.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import { endsAtProvider, type StartedSession, startVisitSession } from "../../web/start-session.ts";
import type { Visit } from "../../web/visit.ts";
import { landing, returnPath } from "./areas.ts";
import { askSecondFactor } from "./half-cookie.ts";
import { noteSignIn } from "./note-sign-in.ts";
import { signInPage } from "./sign-in-page.ts";
import { words } from "./words.ts";

/** POST `/accedi`: user code and password. Unknown users and wrong passwords read the same. */
export async function signInWithPassword(visit: Visit): Promise<Answer> {
  const username = visit.fields.text("codice").slice(0, 80);
  // A password is taken as typed: spaces at its ends are part of it.
  const password = typedPassword(visit);
  const w = words(visit.lang);
  const errors = [
    ...(username === "" ? [{ field: "codice", message: w.usernameMissing }] : []),
    ...(password === "" ? [{ field: "password", message: w.passwordMissing }] : []),
  ];
  if (errors.length > 0) return signInPage(visit, { errors, username, status: 422 });
  const result = await signIn(visit.town, {
    ...{ username, password, origin: visit.request.ip, now: visit.now },
    knownBrowser: knownBrowser(visit, username),
    seenAs: seenAs(visit.request.headers["user-agent"]),
  });
  switch (result.outcome) {
    case "signed-in": {
      const answer = await startSignedIn(visit, result, "password");
      rememberBrowser(visit, username);
      return answer;
    }
    case "second-factor": {
      const { accountId, token } = result;
      return (await endsAtProvider(visit, accountId))
        ? refuseRight(visit, { accountId, means: "password", why: "provider-only" })
        : askSecondFactor(visit, token);
    }
    case "wrong": {
      await noteWrong(visit, username);
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

/**
 * Whose user code it was, if anybody's: the answer is the same, and so is the work. Whoever has to wait was not looked at,
 * and leaves no line.
 */
async function noteWrong(visit: Visit, username: string): Promise<void> {
  const account = await visit.town.read((tx) => accountForLogin(tx, typedUsername(username)));
  await noteSignIn(visit, {
    kind: "sign-in-refused",
    accountId: account?.id ?? null,
    details: { means: "password", why: "wrong" },
  });
}

/** POST `/accedi/persona`: demo mode only; elsewhere the address does not exist. */
export async function signInWithPersona(visit: Visit): Promise<Answer> {
  const accountId = visit.fields.text("persona");
  if (!visit.app.demo || !isUuid(accountId)) return notFound;
  const browser = seenAs(visit.request.headers["user-agent"]);
  const persona = { accountId, seenAs: browser, now: visit.now };
  const result = await visit.town.write((tx) => signInAsPersona(tx, persona));
  return result.outcome === "signed-in" ? startSignedIn(visit, result, "persona") : notFound;
}

/**
 * `isNoted`: the security log has it already. OS-17, BI-01: where the town wants SPID or CIE of families, a password opens
 * staff pages only.
 */
export async function startSignedIn(
  visit: Visit,
  signedIn: Extract<SignedIn, { outcome: "signed-in" }> & { isNoted?: boolean },
  means: SignInMeans,
): Promise<Answer> {
  const { token, accountId, isNoted = false } = signedIn;
  const started = await startVisitSession(visit, { token, means });
  if (started.outcome !== "started")
    return refuseRight(started.anonymous, { accountId, means, why: started.outcome });
  forgetStrangerHere(visit);
  if (!isNoted) await noteUnlessPersona(visit, { kind: "signed-in", accountId, means });
  return seeOther(landing(started.roles, returnPath(visit.fields.text("poi"))));
}

/** Personas are of the demo: nobody signed in. */
async function noteUnlessPersona(
  visit: Visit,
  of: {
    kind: "signed-in" | "sign-in-refused";
    accountId: string;
    means: SignInMeans;
    why?: string;
  },
): Promise<void> {
  const { kind, accountId, ...details } = of;
  if (of.means !== "persona") await noteSignIn(visit, { kind, accountId, details });
}

/** The right word of somebody who may not come in with it. */
async function refuseRight(
  visit: Visit,
  of: { accountId: string; means: SignInMeans; why: Exclude<StartedSession["outcome"], "started"> },
): Promise<Answer> {
  await noteUnlessPersona(visit, { kind: "sign-in-refused", ...of });
  const w = words(visit.lang);
  const refused = {
    "no-role": w.noRole,
    "means-not-admitted": w.notWithPassword,
    "provider-only": w.providerOnly,
  }[of.why];
  return signInPage(visit, { refused, status: 403 });
}
