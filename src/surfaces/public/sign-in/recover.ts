// SPDX-License-Identifier: EUPL-1.2
import { accountsToRecover, people, type RecoverableAccount } from "#families";
import {
  codesMadeSince,
  makeCodes,
  RECOVERY_MINUTES,
  recordSecurityAll,
  resetPassword,
  standingRecovery,
} from "#identity";
import type { WriteTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { planSealedEmails } from "#messaging";
import { errorFor, type FieldError, form, linkButton, problem, textField } from "#ui/components.ts";
import { afterAnswer } from "../../web/after-answer.ts";
import { newPasswordFields, passwordFaultError, readNewPassword } from "../../web/new-password.ts";
import { originHash } from "../../web/origin-hash.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { enterChosen, familiesHaveCredentials } from "./activate.ts";
import { credentialWords } from "./credential-words.ts";

/** Nobody's letter box is filled by somebody else. */
const MOST_AN_HOUR = 3;

/** GET `/accedi/recupero` (MC-09): towns without credentials have no such page. */
export const recoverPage = (visit: Visit): Answer =>
  familiesHaveCredentials(visit) ? askPage(visit, "", []) : notFound;

function askPage(visit: Visit, who: string, errors: readonly FieldError[]): Html {
  const w = credentialWords(visit.lang);
  return publicPage(visit, {
    current: "enter",
    h1: w.recover,
    lead: w.recoverLead,
    back: { href: "/accedi", label: w.enter },
    errors,
    body: html`${form({
        action: "/accedi/recupero",
        csrf: visit.csrf,
        lang: visit.lang,
        body: textField({
          name: "chi",
          label: w.who,
          lang: visit.lang,
          value: who,
          autocomplete: "username",
          maxlength: 254,
          error: errorFor(errors, "chi"),
        }),
        submit: { label: w.send },
      })}
      <p><a href="/accedi/attiva">${w.hasLetter}</a></p>`,
  });
}

/**
 * POST `/accedi/recupero`: the same answer after the same work, whoever was named. Who it is, and whether there is an
 * address, is looked up once the answer is out.
 */
export function recoverNow(visit: Visit): Answer {
  if (!familiesHaveCredentials(visit)) return notFound;
  const who = visit.fields.text("chi").slice(0, 254);
  const w = credentialWords(visit.lang);
  if (who === "")
    return withStatus(422, askPage(visit, who, [{ field: "chi", message: w.whoMissing }]));
  afterAnswer(visit.app, () => visit.town.write((tx) => sendLinks(tx, visit, who)));
  return seeOther("/accedi/recupero/inviato");
}

export function sentPage(visit: Visit): Answer {
  if (!familiesHaveCredentials(visit)) return notFound;
  const w = credentialWords(visit.lang);
  return publicPage(visit, {
    current: "enter",
    h1: w.sent,
    lead: w.sentWhy(RECOVERY_MINUTES),
    back: { href: "/accedi", label: w.enter },
    body: html`<p>${w.sentNot}</p>
      <div class="button-row">
        ${linkButton({ href: "/accedi/recupero", label: w.again })}
        ${linkButton({ href: "/sportello", label: w.contacts, kind: "quiet" })}
      </div>`,
  });
}

async function sendLinks(tx: WriteTx, visit: Visit, text: string): Promise<void> {
  const { now, app } = visit;
  const accounts = await accountsToRecover(tx, { text, date: visit.today });
  const since = now.subtract({ hours: 1 });
  const accountIds = accounts.map(({ accountId }) => accountId);
  const made = await codesMadeSince(tx, { accountIds, purpose: "recovery", since });
  const asked = accounts.filter(({ accountId }) => (made.get(accountId) ?? 0) < MOST_AN_HOUR);
  if (asked.length === 0) return;
  const expiresAt = now.add({ minutes: RECOVERY_MINUTES });
  // A link that is out already stays: otherwise whoever asks again and again would break each one.
  const tokens = await makeCodes(tx, {
    accountIds: asked.map(({ accountId }) => accountId),
    ...{ purpose: "recovery", kind: "link", replaces: false, expiresAt, now },
    by: "recupero",
    sealKey: app.sealKey,
  });
  const childIds = asked.flatMap(({ childId }) => childId ?? []);
  const children = new Map((await people(tx, childIds)).map((child) => [child.id, child]));
  await planSealedEmails(
    tx,
    asked.map((account) => {
      const token = tokens.get(account.accountId) ?? "";
      const child = children.get(account.childId ?? "");
      const initials = child ? `${child.givenName[0]}.${child.surname[0]}.` : null;
      return {
        ...{ holderId: account.holderId, personId: account.personId, kind: "recovery" as const },
        address: account.email,
        lang: account.language,
        ...mailText(account, { initials, until: formats(account.language).time(expiresAt) }),
        path: `/accedi/recupero/${token}`,
        dedupeKey: `recovery:${account.accountId}:${now.toString()}`,
        expiresAt,
      };
    }),
    { sealKey: app.sealKey, now },
  );
  await recordSecurityAll(
    tx,
    asked.map(({ accountId }) => ({
      ...{ kind: "recovery-asked", at: now, accountId },
      originHash: originHash(visit),
    })),
  );
}

function mailText(
  { username, language }: RecoverableAccount,
  of: { initials: string | null; until: string },
): { subject: string; body: string } {
  const { initials, until } = of;
  const whose: Record<Lang, string> = {
    it: initials ? ` (bambino con iniziali ${initials})` : "",
    en: initials ? ` (child with the initials ${initials})` : "",
  };
  return language === "en"
    ? {
        subject: "School services: choose a new password",
        body: `For the user code ${username}${whose.en} a new password was asked for. With the address below it can be chosen, once, by ${until}. If nobody in the family asked for it, there is nothing to do: the password stays as it is.`,
      }
    : {
        subject: "Servizi scolastici: scegliere una nuova password",
        body: `Per il codice utente ${username}${whose.it} è stata chiesta una nuova password. Si sceglie dall'indirizzo qui sotto, una volta sola, entro le ${until}. Se nessuno in famiglia l'ha chiesta, non c'è niente da fare: la password resta quella di prima.`,
      };
}

const tokenOf = (visit: Visit): string => visit.params["token"] ?? "";

/** GET `/accedi/recupero/{token}`: looking at it uses nothing up; mail programs look at every link. */
export async function resetPage(visit: Visit): Promise<Answer> {
  return showReset(visit, 200, []);
}

async function showReset(
  visit: Visit,
  status: number,
  errors: readonly FieldError[],
): Promise<Answer> {
  const w = credentialWords(visit.lang);
  const { sealKey } = visit.app;
  const token = tokenOf(visit);
  const found = familiesHaveCredentials(visit)
    ? await standingRecovery(visit.town, { token, sealKey, now: visit.now })
    : null;
  if (!found) return linkOver(visit);
  const page = publicPage(visit, {
    current: "enter",
    h1: w.reset,
    lead: w.resetFor(found.username),
    errors,
    body: form({
      action: `/accedi/recupero/${encodeURIComponent(token)}`,
      csrf: visit.csrf,
      lang: visit.lang,
      body: html`<input
          type="text"
          name="codice"
          value="${found.username}"
          autocomplete="username"
          hidden
        />
        ${newPasswordFields(visit.lang, errors)}`,
      submit: { label: w.resetNow },
    }),
  });
  return withStatus(status, page);
}

function linkOver(visit: Visit): Answer {
  const w = credentialWords(visit.lang);
  const page = publicPage(visit, {
    current: "enter",
    h1: w.linkOver,
    body: problem({
      text: w.linkOverWhy,
      actions: html`${linkButton({ href: "/accedi/recupero", label: w.askAgain })}
      ${linkButton({ href: "/sportello", label: w.contacts, kind: "secondary" })}`,
      phone: visit.townSettings.office.phones[0],
      lang: visit.lang,
    }),
  });
  return withStatus(404, page);
}

/** POST `/accedi/recupero/{token}` */
export async function resetNow(visit: Visit): Promise<Answer> {
  const { given, errors } = readNewPassword(visit);
  if (errors.length > 0) return showReset(visit, 422, errors);
  const chosen = await resetPassword(visit.town, {
    ...given,
    token: tokenOf(visit),
    sealKey: visit.app.sealKey,
    forFamilies: familiesHaveCredentials(visit),
    now: visit.now,
  });
  switch (chosen.outcome) {
    case "chosen":
      return enterChosen(visit, chosen);
    case "weak":
      return showReset(visit, 422, [passwordFaultError(visit.lang, chosen.fault)]);
    case "wrong":
    case "wait":
      return linkOver(visit);
  }
}
