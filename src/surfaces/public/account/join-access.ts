// SPDX-License-Identifier: EUPL-1.2
import {
  childrenInReach,
  joinAccess,
  joinedAccesses,
  mayJoin,
  people,
  splitAccess,
} from "#families";
import { accountForLogin, typedUsername } from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { assertNever } from "#kernel/outcome.ts";
import { actionForm, alert, card, type FieldError, form, linkButton } from "#ui/components.ts";
import { knownBrowser } from "../../web/known-browser.ts";
import { typedPassword } from "../../web/new-password.ts";
import { originHash } from "../../web/origin-hash.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { ownPage } from "../public-page.ts";
import { credentialFields } from "../sign-in/credential-fields.ts";
import { noteSignIn } from "../sign-in/note-sign-in.ts";
import { words as accountWords } from "./account-words.ts";
import { isFresh, JOIN_PAGE, MEANS_PAGE } from "./means-page.ts";
import { joinWords } from "./join-words.ts";

export const SPLIT = "/accessi/dividi";

interface Shown {
  readonly errors?: readonly FieldError[];
  readonly refused?: string;
  readonly username?: string;
}

/** GET `/accessi/unisci` (PE-04, OS-08): of families; whoever sees every child already is told so. */
export async function joinPage(visit: Visit): Promise<Answer> {
  const { actor, lang } = visit;
  if (actor?.role !== "guardian") return seeOther(MEANS_PAGE);
  if (mayJoin(actor)) return page(visit, actor, {});
  const w = joinWords(lang);
  return ownPage(visit, {
    h1: w.title,
    back: { href: MEANS_PAGE, label: w.back },
    body: alert({ tone: "info", title: w.whole }),
  });
}

async function page(visit: Visit, actor: Actor, shown: Shown): Promise<Html> {
  const { lang, session } = visit;
  const w = joinWords(lang);
  const { errors = [], refused, username = "" } = shown;
  const children = await visit.town.read((tx) => childrenInReach(tx, actor, visit.today));
  const names = formats(lang).list(children.map(({ givenName }) => givenName));
  const fresh = session !== null && isFresh(visit, session);
  return ownPage(visit, {
    h1: w.title,
    lead: w.lead,
    back: { href: MEANS_PAGE, label: w.back },
    errors,
    body: html`${refused && alert({ tone: "warning", title: refused, body: w.nothingChanged })}
      ${!fresh && alert({ tone: "info", title: accountWords(lang).stale })}
      ${children.length > 0 && html`<p>${w.shows(names)}</p>`}
      ${fresh && joinForm(visit, { errors, username })}
      <p>${w.noPassword} <a href="/accedi/attiva">${w.activate}</a>.</p>
      <p class="quiet">${w.ends}</p>`,
  });
}

function joinForm(
  visit: Visit,
  { errors, username }: { errors: readonly FieldError[]; username: string },
): Html {
  const { lang } = visit;
  const w = joinWords(lang);
  return form({
    action: JOIN_PAGE,
    csrf: visit.csrf,
    lang,
    body: credentialFields({ lang, labels: w, username, isOwn: false, errors }),
    submit: { label: w.submit },
  });
}

/** POST `/accessi/unisci`: counted, slowed down and answered as a sign-in with that code is. */
export async function joinNow(visit: Visit): Promise<Answer> {
  const { actor, session, now } = visit;
  if (!actor || !session || session.row.deskHolderId || !mayJoin(actor)) return notFound;
  const w = joinWords(visit.lang);
  const username = visit.fields.text("codice").slice(0, 80);
  const password = typedPassword(visit);
  const again = async (status: number, shown: Shown): Promise<Answer> =>
    withStatus(status, await page(visit, actor, { username, ...shown }));
  const errors = [
    ...(username === "" ? [{ field: "codice", message: w.usernameMissing }] : []),
    ...(password === "" ? [{ field: "password", message: w.passwordMissing }] : []),
  ];
  if (!isFresh(visit, session) || errors.length > 0) return again(422, { errors });
  const joined = await joinAccess(visit.town, {
    ...{ actor, username, password, now, sessionToken: session.token },
    ...{ origin: visit.request.ip, originHash: originHash(visit) },
    knownBrowser: knownBrowser(visit, username),
  });
  switch (joined.outcome) {
    case "joined": {
      const [child] = await visit.town.read((tx) => people(tx, [joined.childId]));
      return seeOther(MEANS_PAGE, w.joined(child?.givenName ?? ""));
    }
    case "already-joined":
      return seeOther(MEANS_PAGE, w.already);
    case "not-allowed":
      return notFound;
    case "wrong":
      await noteRefused(visit, { username, why: "wrong" });
      return again(401, { errors: [{ field: "codice", message: w.wrong }] });
    case "same":
      return again(422, { errors: [{ field: "codice", message: w.same }] });
    case "not-theirs":
      await noteRefused(visit, { username, why: "other-holder" });
      return again(403, { errors: [{ field: "codice", message: w.notTheirs }] });
    case "wait":
      return again(429, { refused: w.wait(formats(visit.lang).timeWithSeconds(joined.until)) });
    default:
      return assertNever(joined);
  }
}

/** In the log of the code that was typed, if it is anybody's: as at the sign-in. */
async function noteRefused(visit: Visit, of: { username: string; why: string }): Promise<void> {
  const username = typedUsername(of.username);
  const account = await visit.town.read((tx) => accountForLogin(tx, username));
  await noteSignIn(visit, {
    kind: "sign-in-refused",
    accountId: account?.id ?? null,
    details: { means: "password", why: of.why },
  });
}

/** POST `/accessi/dividi`: undoes it, from either code. */
export async function splitNow(visit: Visit): Promise<Answer> {
  const { actor, session, now } = visit;
  const accountId = visit.fields.text("accesso");
  if (!actor || !session || session.row.deskHolderId || !mayJoin(actor) || !isUuid(accountId))
    return notFound;
  const w = joinWords(visit.lang);
  const { split, child } = await visit.town.write(async (tx) => {
    const joined = (await joinedAccesses(tx, actor)).find((one) => one.accountId === accountId);
    const [known] = joined ? await people(tx, [joined.childId]) : [];
    const of = { actor, accountId, now, originHash: originHash(visit) };
    return { split: await splitAccess(tx, of), child: known?.givenName ?? "" };
  });
  return seeOther(MEANS_PAGE, split.outcome === "split" ? w.splitNow(child) : w.notSplit);
}

/** On the page of one's ways to sign in; nothing for whoever has no code of one child. */
export async function joinedCard(visit: Visit): Promise<Html | null> {
  const { actor, lang } = visit;
  if (!actor || !mayJoin(actor)) return null;
  const { joined, names } = await visit.town.read(async (tx) => {
    const joined = await joinedAccesses(tx, actor);
    const known = await people(tx, [
      ...actor.onlyChildIds,
      ...joined.map(({ childId }) => childId),
    ]);
    return { joined, names: new Map(known.map(({ id, givenName }) => [id, givenName])) };
  });
  const w = joinWords(lang);
  const f = formats(lang);
  const shown = actor.onlyChildIds.flatMap((id) => names.get(id) ?? []);
  return card({
    title: w.card,
    body: html`<p>${w.shows(f.list(shown))}</p>
      ${joined.length === 0 && html`<p>${w.alone}</p>`}
      ${joined.map(({ accountId, childId, joinedAt, username }) => {
        const child = names.get(childId) ?? "";
        return html`<div class="service-row">
          <p class="service-line">
            <strong>${child}</strong>:
            ${w.joinedOn(username, joinedAt ? f.day(dayOf(joinedAt)) : "")}
          </p>
          ${actionForm({
            action: SPLIT,
            csrf: visit.csrf,
            fields: { accesso: accountId },
            label: w.split,
            ariaLabel: `${w.split}: ${child}`,
            kind: "quiet",
          })}
        </div>`;
      })}`,
    actions: linkButton({ href: JOIN_PAGE, label: w.title, kind: "secondary" }),
  });
}
