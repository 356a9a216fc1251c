// SPDX-License-Identifier: EUPL-1.2
import { askForPasskey, signInWithPasskey } from "#identity";
import { passkeyBrowser, presentedPasskeyBrowser, relyingParty } from "../../web/passkey-party.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { seenAs } from "../federation/seen-as.ts";
import { forgetHalf, halfToken } from "./half-cookie.ts";
import { words } from "./passkey-words.ts";
import { startSignedIn } from "./sign-in.ts";
import { signInPage } from "./sign-in-page.ts";

export const PASSKEY = "/accedi/passkey";

/** POST `/accedi/passkey/sfida`: what the browser asks an authenticator, as JSON. */
export async function passkeyChallenge(visit: Visit): Promise<Answer> {
  const party = relyingParty(visit);
  if (!party) return notFound;
  const asked = { party, browserToken: passkeyBrowser(visit), now: visit.now };
  const options = await askForPasskey(visit.town, asked);
  return { kind: "text", contentType: "application/json", text: JSON.stringify(options) };
}

/** POST `/accedi/passkey`: two factors at once, so no code follows. */
export async function enterWithPasskey(visit: Visit): Promise<Answer> {
  const party = relyingParty(visit);
  const browserToken = presentedPasskeyBrowser(visit);
  const refused = words(visit.lang).refused;
  const answer = visit.fields.text("risposta");
  if (answer === "") return signInPage(visit, { refused, status: 422 });
  if (!party || !browserToken) return signInPage(visit, { refused, status: 401 });
  const done = await signInWithPasskey(visit.town, {
    ...{ party, browserToken, now: visit.now },
    ...{ answer, half: halfToken(visit) },
    seenAs: seenAs(visit.request.headers["user-agent"]),
  });
  if (done.outcome !== "signed-in") return signInPage(visit, { refused, status: 401 });
  forgetHalf(visit);
  return startSignedIn(visit, done, done.means);
}
