// SPDX-License-Identifier: EUPL-1.2
import {
  finishSignIn,
  finishWithPasskey,
  type HalfSignIn,
  offerPasskey,
  standingHalf,
} from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { alert, errorFor, type FieldError, form, linkButton } from "#ui/components.ts";
import { codeField, codeOffer, typedOffer } from "../../web/code-offer.ts";
import { rememberBrowser } from "../../web/known-browser.ts";
import {
  passkeyBrowser,
  passkeyForm,
  presentedPasskeyBrowser,
  relyingParty,
} from "../../web/passkey-party.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import { tellAccess } from "../../web/tell-access.ts";
import type { Visit } from "../../web/visit.ts";
import { seenAs } from "../federation/seen-as.ts";
import { publicPage } from "../public-page.ts";
import { returnPath } from "./areas.ts";
import { forgetHalf, halfToken, SECOND_FACTOR } from "./half-cookie.ts";
import { passkeyDoor } from "./passkey-door.ts";
import { words } from "./second-factor-words.ts";
import { noteSignIn } from "./note-sign-in.ts";
import { startSignedIn } from "./sign-in.ts";

/** Where a passkey takes the place of an app's codes, at the first sign-in. */
export const FIRST_PASSKEY = `${SECOND_FACTOR}/passkey`;

interface Shown {
  readonly errors?: readonly FieldError[];
  readonly refused?: string;
}

/** GET `/accedi/codice`: the second half of a sign-in, or the place where a second factor is set up first. */
export async function secondFactorPage(visit: Visit): Promise<Answer> {
  const token = halfToken(visit);
  const half = token && (await standingHalf(visit.town, { token, now: visit.now }));
  return token && half ? page(visit, { half, token }, {}) : fromTheBeginning(visit);
}

function fromTheBeginning(visit: Visit): Answer {
  const hadHalf = halfToken(visit) !== null;
  forgetHalf(visit);
  return seeOther("/accedi", hadHalf ? words(visit.lang).over : undefined);
}

function page(
  visit: Visit,
  { half, token }: { half: HalfSignIn; token: string },
  { errors = [], refused }: Shown,
): Html {
  const w = words(visit.lang);
  const wanted = returnPath(visit.query["poi"] ?? visit.fields.text("poi"));
  const isNew = half.has === "none";
  return publicPage(visit, {
    current: "enter",
    h1: isNew ? w.setUp : w.secondFactor,
    lead: leadOf(w, half),
    errors,
    body: html`${refused && alert({ tone: "warning", title: refused, body: w.nothingChanged })}
      ${half.has === "passkeys" ? passkeyDoor(visit, wanted) : codeForm(visit, { half, token, wanted }, errors)}
      <p class="quiet">${isNew ? w.noPhone : w.lost}</p>
      ${isNew && firstPasskeyForm(visit, wanted)}
      ${linkButton({ href: "/accedi", label: w.back, kind: "quiet" })}`,
  });
}

function leadOf(w: ReturnType<typeof words>, { has, means, displayName }: HalfSignIn): string {
  const first = means === "oidc" ? w.knownAtWork : w.rightPassword;
  const next = { none: w.setUpLead, codes: w.nowCode, passkeys: w.nowPasskey }[has];
  return `${displayName}: ${first} ${next}`;
}

function codeForm(
  visit: Visit,
  of: { half: HalfSignIn; token: string; wanted: string | null },
  errors: readonly FieldError[],
): Html {
  const w = words(visit.lang);
  const { username, has } = of.half;
  const offer = has === "none" ? codeOffer(visit, { username, token: of.token }) : null;
  return form({
    action: SECOND_FACTOR,
    csrf: visit.csrf,
    lang: visit.lang,
    fields: { poi: of.wanted, ...offer?.fields },
    body: [offer?.body, codeField(visit.lang, errorFor(errors, "cifre"))],
    submit: { label: w.enter },
  });
}

/** POST `/accedi/codice`: a code counts once; after five wrong ones the password is asked for again. */
export async function finishNow(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const token = halfToken(visit);
  const half = token && (await standingHalf(visit.town, { token, now: visit.now }));
  if (!token || !half) return fromTheBeginning(visit);
  const again = (status: number, shown: Shown): Answer =>
    withStatus(status, page(visit, { half, token }, shown));
  const code = visit.fields.text("cifre").slice(0, 20);
  if (code === "") return again(422, { errors: [{ field: "cifre", message: w.missing }] });
  const { sealKey } = visit.app;
  const done = await finishSignIn(visit.town, {
    ...{ token, code, sealKey, now: visit.now, origin: visit.request.ip },
    offer: typedOffer(visit),
    tell: tellAccess(visit.app, visit.now),
    seenAs: seenAs(visit.request.headers["user-agent"]),
  });
  switch (done.outcome) {
    case "signed-in": {
      forgetHalf(visit);
      const { token: opened, accountId } = done;
      const signedIn = { outcome: "signed-in", token: opened, accountId, isNoted: true } as const;
      const answer = await startSignedIn(visit, signedIn, half.means);
      rememberBrowser(visit, done.username);
      return answer;
    }
    case "wrong":
      await noteSignIn(visit, {
        kind: "sign-in-refused",
        accountId: half.accountId,
        details: { means: half.means, why: "second-factor" },
      });
      return again(401, { errors: [{ field: "cifre", message: w.wrong }] });
    case "wait":
      return again(429, { refused: w.wait(formats(visit.lang).timeWithSeconds(done.until)) });
    case "over":
      return fromTheBeginning(visit);
  }
}

/** Hidden until a script finds that the browser has passkeys. */
function firstPasskeyForm(visit: Visit, wanted: string | null): Html {
  const w = words(visit.lang);
  return passkeyForm(visit, {
    kind: "create",
    action: FIRST_PASSKEY,
    challengePath: `${FIRST_PASSKEY}/sfida`,
    label: w.makePasskey,
    fields: { poi: wanted },
    body: html`<h2 class="card-heading">${w.orPasskey}</h2>
      <p>${w.passkeyWhy}</p>`,
  });
}

/** Whoever stands here without any second factor; `null`: nobody. */
async function halfWithout(visit: Visit): Promise<{ half: HalfSignIn; token: string } | null> {
  const token = halfToken(visit);
  const half = token && (await standingHalf(visit.town, { token, now: visit.now }));
  return token && half && half.has === "none" ? { half, token } : null;
}

/** POST `/accedi/codice/passkey/sfida`: what the browser asks an authenticator for, as JSON. */
export async function firstPasskeyChallenge(visit: Visit): Promise<Answer> {
  const standing = await halfWithout(visit);
  const party = relyingParty(visit);
  if (!standing || !party) return notFound;
  const options = await offerPasskey(visit.town, {
    ...{ party, browserToken: passkeyBrowser(visit), now: visit.now },
    accountId: standing.half.accountId,
    townName: visit.townSettings.town.shortName,
  });
  if (!options) return notFound;
  return { kind: "text", contentType: "application/json", text: JSON.stringify(options) };
}

/** POST `/accedi/codice/passkey`: the passkey is kept, and opens the session it was made for. */
export async function finishWithFirstPasskey(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const standing = await halfWithout(visit);
  if (!standing) return fromTheBeginning(visit);
  const { half, token } = standing;
  const again = (): Answer => withStatus(422, page(visit, standing, { refused: w.passkeyRefused }));
  const party = relyingParty(visit);
  const browserToken = presentedPasskeyBrowser(visit);
  const answer = visit.fields.text("risposta");
  if (!party || !browserToken || answer === "") return again();
  const done = await finishWithPasskey(visit.town, {
    ...{ token, party, browserToken, answer, now: visit.now },
    tell: tellAccess(visit.app, visit.now),
    ...{ name: "", seenAs: seenAs(visit.request.headers["user-agent"]) },
  });
  switch (done.outcome) {
    case "signed-in": {
      forgetHalf(visit);
      const answered = await startSignedIn(visit, { ...done, isNoted: true }, half.means);
      rememberBrowser(visit, done.username);
      return answered;
    }
    case "refused":
      return again();
    case "over":
      return fromTheBeginning(visit);
  }
}
