// SPDX-License-Identifier: EUPL-1.2
import {
  type Federation,
  FEDERATIONS,
  logoutOf,
  hashToken,
  recordSecurity,
  signOut,
} from "#identity";
import { SealBrokenError, unseal } from "#kernel/seal.ts";
import { linkButton } from "#ui/components.ts";
import { html } from "#kernel/html.ts";
import { publicPage } from "../public-page.ts";
import { sessionCookieName } from "../../web/form-fields.ts";
import { type Answer, seeOther } from "../../web/route.ts";
import { originHash } from "../../web/origin-hash.ts";
import { clearSessionCookie } from "../../web/session-cookie.ts";
import type { Visit } from "../../web/visit.ts";
import { staffWords } from "./staff-oidc/words.ts";
import { leaveProvider, type LogoutTold } from "./slo.ts";
import { forgetStrangerHere } from "./stranger.ts";
import { words } from "./words.ts";

const TICKET_SECONDS = 600;
const ticketCookie = ({ app, tenant }: Visit): string =>
  `${sessionCookieName(app, tenant)}_congedo`;

/**
 * POST `/esci`: out at once. Whoever came by SPID may close the provider's session too, by a link on the page that
 * follows: a form may not lead to another site. What to say there stays sealed in the browser for ten minutes.
 */
export async function signOutHere(visit: Visit): Promise<Answer> {
  const { session, now } = visit;
  const w = words(visit.lang);
  const said = session && (await endSession(visit, session.token));
  clearSessionCookie(visit);
  forgetStrangerHere(visit);
  if (session)
    await visit.town.write((tx) =>
      recordSecurity(tx, {
        ...{ kind: "signed-out", at: now, accountId: session.row.accountId },
        ...{ actorName: session.row.displayName, originHash: originHash(visit) },
      }),
    );
  if (said?.means === "oidc") return seeOther("/servizi", staffWords(visit.lang).stillThere);
  const federation = FEDERATIONS.find((one) => one === said?.means);
  if (!federation || !said?.sealedLogout || !said.provider || federation === "cie")
    return seeOther("/servizi", w.signedOut);
  const ticket = Buffer.from(JSON.stringify([federation, said.provider, said.sealedLogout]));
  visit.reply.setCookie(ticketCookie(visit), ticket.toString("base64url"), {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: visit.app.secureCookies,
    maxAge: TICKET_SECONDS,
  });
  return seeOther("/uscita");
}

const endSession = (visit: Visit, token: string) =>
  visit.town.write(async (tx) => {
    const said = await logoutOf(tx, hashToken(token));
    await signOut(tx, { token, now: visit.now });
    return said;
  });

/** `/uscita` */
export function leftPage(visit: Visit): Answer {
  const w = words(visit.lang);
  const isOpenThere = visit.request.cookies[ticketCookie(visit)] !== undefined;
  return publicPage(visit, {
    current: null,
    h1: w.signedOut,
    body: html`<p class="lead-text">${isOpenThere ? w.stillThere : w.outHereOnly}</p>
      <div class="button-row">
        ${isOpenThere && linkButton({ href: "/uscita/provider", label: w.leaveThere })}
        ${linkButton({ href: "/servizi", label: w.toServices, kind: "secondary" })}
      </div>`,
  });
}

/** `/uscita/provider` */
export async function leaveThere(visit: Visit): Promise<Answer> {
  const ticket = readTicket(visit);
  visit.reply.clearCookie(ticketCookie(visit), { path: "/", secure: visit.app.secureCookies });
  const answer =
    ticket &&
    (await leaveProvider(visit, ticket.federation, {
      providerId: ticket.providerId,
      told: ticket.told,
    }));
  return answer ?? seeOther("/servizi", words(visit.lang).outHereOnly);
}

function readTicket(
  visit: Visit,
): { federation: Federation; providerId: string; told: LogoutTold } | null {
  const text = visit.request.cookies[ticketCookie(visit)] ?? "";
  try {
    const [named, providerId, sealed] = JSON.parse(
      Buffer.from(text, "base64url").toString("utf8"),
    ) as unknown[];
    const federation = FEDERATIONS.find((one) => one === named);
    if (!federation || typeof providerId !== "string" || typeof sealed !== "string") return null;
    const sealedFor = { tenantId: visit.tenant.id, purpose: "logout" };
    const told = JSON.parse(unseal(visit.app.sealKey, sealedFor, sealed)) as LogoutTold;
    return { federation, providerId, told };
  } catch (error) {
    // Not ours, or of another town: there is nothing to say anywhere.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}
