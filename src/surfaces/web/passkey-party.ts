// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import type { RelyingParty } from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { catalogue } from "#kernel/i18n.ts";
import { sessionCookieName } from "./form-fields.ts";
import type { Visit } from "./visit.ts";

/**
 * Whose passkeys are made and asked for here; `null`: nobody's. A passkey belongs to a host name: only the town's own ones
 * count, never what a request says beside them.
 */
export function relyingParty({ app, tenant, request }: Visit): RelyingParty | null {
  const host = (request.headers.host ?? "").toLowerCase();
  const id = host.replace(/:\d+$/, "");
  const isOurs =
    tenant.hosts.includes(id) ||
    id === `${tenant.slug}.localhost` ||
    (app.demo && id === "localhost");
  return isOurs ? { id, origin: `${app.secureCookies ? "https" : "http"}://${host}` } : null;
}

const KEEP_SECONDS = 5 * 60;
const nameFor = ({ app, tenant }: Visit): string => `${sessionCookieName(app, tenant)}_passkey`;

/** Binds a challenge to the browser that asked for it. */
export function passkeyBrowser(visit: Visit): string {
  const token = presentedPasskeyBrowser(visit) ?? randomBytes(32).toString("base64url");
  visit.reply.setCookie(nameFor(visit), token, {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: visit.app.secureCookies,
    maxAge: KEEP_SECONDS,
  });
  return token;
}

export function presentedPasskeyBrowser(visit: Visit): string | null {
  const token = visit.request.cookies[nameFor(visit)];
  return token && /^[\w-]{43}$/.test(token) ? token : null;
}

const it = {
  notUsed: "La passkey non è stata usata: si può riprovare, o entrare in un altro modo.",
  notMade: "La passkey non è stata aggiunta: si può riprovare.",
  alreadyHere: "Questo dispositivo ha già una passkey per questo accesso. Nulla è cambiato.",
};
const en: typeof it = {
  notUsed: "The passkey was not used: try again, or sign in another way.",
  notMade: "The passkey was not added: try again.",
  alreadyHere: "This device has a passkey for this access already. Nothing has changed.",
};
const words = catalogue<typeof it>({ it, en });

/**
 * A form that only a browser with passkeys shows (`client/passkey.js`): its button asks for the challenge at `challengePath`,
 * lets the authenticator answer, and sends the answer.
 */
export function passkeyForm(
  visit: Visit,
  of: {
    kind: "get" | "create";
    action: string;
    challengePath: string;
    label: string;
    /** hidden fields */
    fields?: Record<string, string | null>;
    body?: Html;
  },
): Html {
  const w = words(visit.lang);
  const isNew = of.kind === "create";
  const fields = Object.entries({ csrf: visit.csrf, ...of.fields }).filter(
    ([, value]) => value !== null,
  );
  return html`<form
    method="post"
    action="${of.action}"
    class="form"
    hidden
    data-passkey="${of.kind}"
    data-challenge="${of.challengePath}"
    data-failed="${isNew ? w.notMade : w.notUsed}"
    data-already="${w.alreadyHere}"
  >
    ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <input type="hidden" name="risposta" value="" />
    ${of.body}
    <p class="field-error" role="alert" hidden></p>
    <div class="form-actions">
      <button type="submit" class="btn ${isNew ? "btn-primary" : "btn-outline-primary"}">
        <span>${of.label}</span>
      </button>
    </div>
  </form>`;
}
