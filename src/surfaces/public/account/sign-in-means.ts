// SPDX-License-Identifier: EUPL-1.2
import {
  accountsByIds,
  addCodes,
  addPasskey,
  offerPasskey,
  type Passkey,
  passkeysOf,
  removeOwnCodes,
  removeOwnPasskey,
  secondFactorsOf,
} from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { attributes, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  actionForm,
  alert,
  card,
  errorFor,
  type FieldError,
  form,
  textField,
} from "#ui/components.ts";
import { codeField, codeOffer, typedOffer } from "../../web/code-offer.ts";
import { isMeansAdmitted } from "../../web/login-means.ts";
import {
  passkeyBrowser,
  passkeyForm,
  presentedPasskeyBrowser,
  relyingParty,
} from "../../web/passkey-party.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import { tellAccess } from "../../web/tell-access.ts";
import type { Visit } from "../../web/visit.ts";
import { ownPage } from "../public-page.ts";
import { words } from "./account-words.ts";
import { joinedCard } from "./join-access.ts";
import { isFresh, MEANS_PAGE } from "./means-page.ts";

type Session = NonNullable<Visit["session"]>;

/** Of somebody's own access: a tablet has none. */
const ownSession = ({ session }: Visit): Session | null =>
  session && session.row.means !== "device" ? session : null;

export const isOfFamilyOnly = ({ roles }: Session): boolean =>
  roles.every((role) => role === "guardian" || role === "delegate");

/** Would a passkey ever open anything for this person here (OS-17)? */
const isUseful = (visit: Visit, session: Session): boolean =>
  !isOfFamilyOnly(session) || isMeansAdmitted("passkey", visit.townSettings.login.portal);

interface Shown {
  readonly errors?: readonly FieldError[];
  readonly refused?: string;
}

/** GET `/accessi/metodi`: one's own passkeys, the children's codes that are joined, and codes for those who work here. */
export async function showMeans(visit: Visit): Promise<Answer> {
  const session = ownSession(visit);
  return session ? page(visit, session, {}) : notFound;
}

async function page(
  visit: Visit,
  session: Session,
  { errors = [], refused }: Shown,
): Promise<Html> {
  const w = words(visit.lang);
  const { accountId } = session.row;
  const { account, factors, passkeys } = await visit.town.read(async (tx) => ({
    account: (await accountsByIds(tx, [accountId]))[0],
    factors: await secondFactorsOf(tx, { accountId, date: visit.today }),
    passkeys: await passkeysOf(tx, accountId),
  }));
  const fresh = isFresh(visit, session);
  return ownPage(visit, {
    h1: w.title,
    lead: w.lead,
    back: { href: "/accessi", label: w.back },
    errors,
    body: html`${refused && alert({ tone: "warning", title: refused, body: w.nothingChanged })}
    ${!fresh && alert({ tone: "info", title: w.stale })}
    ${card({
      title: w.passkeys,
      body: html`<p>${isUseful(visit, session) ? w.passkeysWhy : w.familiesOnly}</p>
        ${isOfFamilyOnly(session) && isUseful(visit, session) && html`<p>${w.alsoFor}</p>`}
        ${passkeys.length === 0 && html`<p>${w.noneYet}</p>`}
        ${passkeys.map((passkey) => passkeyRow(visit, passkey))}
        ${fresh && isUseful(visit, session) && addForm(visit)}`,
    })}
    ${await joinedCard(visit)}
    ${account?.isStaff && codesCard(visit, { session, factors, fresh, username: account.username }, errors)}`,
  });
}

function passkeyRow(visit: Visit, passkey: Passkey): Html {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const used = passkey.lastUsedAt ? w.usedOn(f.day(dayOf(passkey.lastUsedAt))) : w.neverUsed;
  return html`<div class="service-row">
    <p class="service-line">
      <strong>${passkey.name}</strong>: ${w.madeOn(f.day(dayOf(passkey.madeAt)))}, ${used}
    </p>
    ${actionForm({
      action: `${MEANS_PAGE}/passkey/togli`,
      csrf: visit.csrf,
      fields: { passkey: passkey.credentialId },
      label: w.remove,
      ariaLabel: `${w.remove}: ${passkey.name}`,
      kind: "quiet",
    })}
  </div>`;
}

function addForm(visit: Visit): Html {
  const w = words(visit.lang);
  return html`${passkeyForm(visit, {
      kind: "create",
      action: `${MEANS_PAGE}/passkey`,
      challengePath: `${MEANS_PAGE}/passkey/sfida`,
      label: w.add,
      body: textField({
        name: "nome",
        label: w.name,
        hint: w.nameHint,
        lang: visit.lang,
        autocomplete: "off",
        maxlength: 60,
        optional: true,
      }),
    })} <noscript><p class="quiet">${w.needsScript}</p></noscript>`;
}

function codesCard(
  visit: Visit,
  of: { session: Session; factors: { hasCodes: boolean }; fresh: boolean; username: string },
  errors: readonly FieldError[],
): Html {
  const w = words(visit.lang);
  if (of.factors.hasCodes)
    return card({
      title: w.codes,
      body: html`<p>${w.codesOn}</p>`,
      actions: actionForm({
        action: `${MEANS_PAGE}/codici/togli`,
        csrf: visit.csrf,
        label: w.remove,
        ariaLabel: `${w.remove}: ${w.codes}`,
        kind: "secondary",
      }),
    });
  const offer = codeOffer(visit, { username: of.username, token: of.session.token });
  return card({
    title: w.codes,
    body: html`<p>${w.codesOff}</p>
      ${
        of.fresh &&
        html`<details class="more" ${attributes({ open: errors.length > 0 })}>
          <summary>${w.codesSetUp}</summary>
          ${form({
            action: `${MEANS_PAGE}/codici`,
            csrf: visit.csrf,
            lang: visit.lang,
            fields: offer.fields,
            body: [offer.body, codeField(visit.lang, errorFor(errors, "cifre"))],
            submit: { label: w.codesAdd },
          })}
        </details>`
      }`,
  });
}

/** POST: what the browser asks an authenticator for, as JSON. */
export async function newPasskeyChallenge(visit: Visit): Promise<Answer> {
  const session = ownSession(visit);
  const party = relyingParty(visit);
  if (!session || !party || !isFresh(visit, session) || !isUseful(visit, session)) return notFound;
  const options = await offerPasskey(visit.town, {
    ...{ party, browserToken: passkeyBrowser(visit), now: visit.now },
    accountId: session.row.accountId,
    townName: visit.townSettings.town.shortName,
  });
  if (!options) return notFound;
  return { kind: "text", contentType: "application/json", text: JSON.stringify(options) };
}

export async function addPasskeyNow(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const session = ownSession(visit);
  if (!session) return notFound;
  const party = relyingParty(visit);
  const browserToken = presentedPasskeyBrowser(visit);
  const again = async (): Promise<Answer> =>
    withStatus(422, await page(visit, session, { refused: w.refused }));
  if (!party || !browserToken || !isFresh(visit, session) || !isUseful(visit, session))
    return again();
  const { accountId, displayName: by } = session.row;
  const added = await addPasskey(visit.town, {
    ...{ party, browserToken, now: visit.now, accountId, by },
    answer: visit.fields.text("risposta"),
    name: visit.fields.text("nome"),
    tell: tellAccess(visit.app, visit.now),
  });
  return added.outcome === "added" ? seeOther(MEANS_PAGE, w.added) : again();
}

export async function removePasskeyNow(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const session = ownSession(visit);
  if (!session) return notFound;
  const { accountId, displayName: by } = session.row;
  const credentialId = visit.fields.text("passkey").slice(0, 2000);
  const tell = tellAccess(visit.app, visit.now);
  const removed = await visit.town.write((tx) =>
    removeOwnPasskey(tx, { accountId, credentialId, by, tell, now: visit.now }),
  );
  switch (removed.outcome) {
    case "removed":
      return seeOther(MEANS_PAGE, w.removed);
    case "needed":
      return withStatus(409, await page(visit, session, { refused: w.needed }));
    case "not-found":
      return notFound;
  }
}

export async function addCodesNow(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const session = ownSession(visit);
  if (!session || !isFresh(visit, session)) return notFound;
  const again = async (message: string): Promise<Answer> =>
    withStatus(422, await page(visit, session, { errors: [{ field: "cifre", message }] }));
  const [code, offer] = [visit.fields.text("cifre").slice(0, 20), typedOffer(visit)];
  if (code === "" || !offer) return again(w.missing);
  const added = await addCodes(visit.town, {
    ...{ token: session.token, code, offer, accountId: session.row.accountId },
    ...{ sealKey: visit.app.sealKey, origin: visit.request.ip, now: visit.now },
    tell: tellAccess(visit.app, visit.now),
  });
  return added.outcome === "added" ? seeOther(MEANS_PAGE, w.codesAdded) : again(w.wrong);
}

export async function removeCodesNow(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const session = ownSession(visit);
  if (!session) return notFound;
  const { accountId, displayName: name } = session.row;
  const tell = tellAccess(visit.app, visit.now);
  const removed = await visit.town.write((tx) =>
    removeOwnCodes(tx, { accountId, name, tell, now: visit.now }),
  );
  return removed.outcome === "removed"
    ? seeOther(MEANS_PAGE, w.codesRemoved)
    : withStatus(409, await page(visit, session, { refused: w.needed }));
}
