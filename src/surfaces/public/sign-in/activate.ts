// SPDX-License-Identifier: EUPL-1.2
import { isLeftApart } from "#families";
import { activateAccount, type ChosenPassword, openSession, typedCode } from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { alert, errorFor, type FieldError, form, textField } from "#ui/components.ts";
import { knownBrowser, rememberBrowser } from "../../web/known-browser.ts";
import { newPasswordFields, passwordFaultError, readNewPassword } from "../../web/new-password.ts";
import { type Answer, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { seenAs } from "../federation/seen-as.ts";
import { publicPage } from "../public-page.ts";
import { credentialWords } from "./credential-words.ts";
import { startSignedIn } from "./sign-in.ts";

/** Do families of this town have credentials at all? */
export const familiesHaveCredentials = (visit: Visit): boolean =>
  visit.townSettings.login.portal.includes("credentials");

interface Shown {
  readonly username: string;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly refused?: string;
}

/** GET `/accedi/attiva`: the first password, with the letter in one's hand (BO-01). */
export const activatePage = (visit: Visit): Html =>
  page(visit, { username: visit.query["codice"]?.slice(0, 80) ?? "", code: "", errors: [] });

function page(visit: Visit, { username, code, errors, refused }: Shown): Html {
  const w = credentialWords(visit.lang);
  const { lang } = visit;
  const { office } = visit.townSettings;
  return publicPage(visit, {
    current: "enter",
    h1: w.activate,
    lead: w.activateLead,
    back: { href: "/accedi", label: w.enter },
    errors,
    body: html`${refused && alert({ tone: "warning", title: refused, body: w.nothingChanged })}
      ${form({
        action: "/accedi/attiva",
        csrf: visit.csrf,
        lang,
        body: [
          textField({
            name: "codice",
            label: w.username,
            hint: w.usernameHint,
            lang,
            value: username,
            autocomplete: "username",
            maxlength: 80,
            error: errorFor(errors, "codice"),
          }),
          textField({
            name: "attivazione",
            label: w.code,
            hint: w.codeHint,
            lang,
            value: code,
            autocomplete: "one-time-code",
            maxlength: 40,
            error: errorFor(errors, "attivazione"),
          }),
          newPasswordFields(lang, errors),
        ],
        submit: { label: w.activateNow },
      })}
      <p>
        ${w.letterLost}
        ${office.name}${office.phones[0] && html`, <strong>${office.phones[0]}</strong>`}.
        <a href="/sportello">${w.contacts}</a>
      </p>`,
  });
}

/** POST `/accedi/attiva`: the code is used up only when the password is taken. */
export async function activateNow(visit: Visit): Promise<Answer> {
  const w = credentialWords(visit.lang);
  const username = visit.fields.text("codice").slice(0, 80);
  const typed = visit.fields.text("attivazione").slice(0, 40);
  const { given, errors } = readNewPassword(visit);
  if (typed === "") errors.unshift({ field: "attivazione", message: w.codeMissing });
  if (username === "") errors.unshift({ field: "codice", message: w.usernameMissing });
  const again = (status: number, more: Partial<Shown>): Answer =>
    withStatus(status, page(visit, { username, code: typed, errors: [], ...more }));
  if (errors.length > 0) return again(422, { errors });
  const chosen = await activateAccount(visit.town, {
    ...given,
    username,
    // A text that is no code at all is a wrong one.
    code: typedCode(typed) ?? "",
    origin: visit.request.ip,
    knownBrowser: knownBrowser(visit, username),
    sealKey: visit.app.sealKey,
    forFamilies: familiesHaveCredentials(visit),
    now: visit.now,
  });
  switch (chosen.outcome) {
    case "chosen":
      return enterChosen(visit, chosen);
    case "weak":
      return again(422, { errors: [passwordFaultError(visit.lang, chosen.fault)] });
    case "wrong":
      return again(401, { errors: [{ field: "attivazione", message: w.codeWrong }] });
    case "wait":
      return again(429, {
        refused: w.wait(formats(visit.lang).timeWithSeconds(chosen.until)),
      });
  }
}

/** A family is in at once. Staff sign in with what they have chosen, and with their second factor. */
export async function enterChosen(
  visit: Visit,
  chosen: Extract<ChosenPassword, { outcome: "chosen" }>,
): Promise<Answer> {
  const w = credentialWords(visit.lang);
  if (chosen.isStaff) return seeOther("/accedi", w.chosenSignIn);
  const { accountId, username } = chosen;
  const session = {
    ...({ accountId, means: "password", now: visit.now } as const),
    seenAs: seenAs(visit.request.headers["user-agent"]),
  };
  const { token, isApart } = await visit.town.write(async (tx) => ({
    token: await openSession(tx, session),
    isApart: await isLeftApart(tx, accountId),
  }));
  const answer = await startSignedIn(visit, { outcome: "signed-in", token, accountId }, "password");
  rememberBrowser(visit, username);
  const flash = isApart ? w.chosenApart : w.chosen;
  return "kind" in answer && answer.kind === "see-other" ? { ...answer, flash } : answer;
}
