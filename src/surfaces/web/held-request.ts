// SPDX-License-Identifier: EUPL-1.2
import { accountOfSession, hashToken } from "#identity";
import { moment } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import { actionForm, linkButton, problem } from "#ui/components.ts";
import { sessionCookieName } from "./form-fields.ts";
import { visitPage } from "./frame.ts";
import { ARRIVAL_FIELD, KEEPS_MINUTES, plainFields, seal, unseal } from "./held-arrival.ts";
import { type Answer, FAMILY_ROLES, type Route, seeOther } from "./route.ts";
import type { Visit } from "./visit.ts";
import { words } from "./words.ts";

/** browsers drop cookies above 4 KB */
const MAX_BYTES = 3000;
const RESUME_PATH = "/riprendi";

const heldCookie = ({ app, tenant }: Pick<Visit, "app" | "tenant">): string =>
  `${sessionCookieName(app, tenant)}_attesa`;

/** Holds the form of an expired session and leads to the login; `null` when there is nothing worth holding. */
export async function holdRequest(visit: Visit): Promise<Answer | null> {
  const { app, tenant, request, reply } = visit;
  const token = request.cookies[sessionCookieName(app, tenant)];
  if (!token) return null;
  const accountId = await visit.town.read((tx) => accountOfSession(tx, hashToken(token)));
  const fields = plainFields(request.body);
  if (!accountId || !fields) return null;
  const arrivedAt = visit.receivedAt.toString();
  const sealed = seal(app, tenant, { path: visit.path, fields, arrivedAt, accountId });
  if (sealed.length > MAX_BYTES) return null;
  reply.setCookie(heldCookie(visit), sealed, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    maxAge: KEEPS_MINUTES * 60,
    secure: app.secureCookies,
  });
  return seeOther(`/accedi?poi=${encodeURIComponent(RESUME_PATH)}`, words(visit.lang).held);
}

/** An office desk is closed when its session ends: there is no family to go back to. */
const firstPage = ({ actor }: Visit): string =>
  actor?.role === "guardian" || actor?.desk ? "/oggi" : "/ufficio";

async function resumePage(visit: Visit): Promise<Answer> {
  const sealed = visit.request.cookies[heldCookie(visit)] ?? "";
  const held = sealed === "" ? null : unseal(visit.app, visit.tenant, sealed, visit.now);
  if (!held || held.accountId !== visit.actor?.id) return seeOther(firstPage(visit));
  visit.reply.clearCookie(heldCookie(visit), { path: "/", secure: visit.app.secureCookies });
  const w = words(visit.lang);
  const time = formats(visit.lang).timeWithSeconds(moment(held.arrivedAt));
  return visitPage(visit, {
    surface: "portal",
    h1: w.resume,
    focusHeading: true,
    body: problem({
      text: w.resumeWhy(time),
      actions: [
        actionForm({
          action: held.path,
          csrf: visit.csrf,
          fields: { ...held.fields, [ARRIVAL_FIELD]: sealed },
          label: w.resumeIt,
        }),
        linkButton({ href: firstPage(visit), label: w.leaveIt, kind: "secondary" }),
      ],
    }),
  });
}

export const resumeRoute: Route = {
  method: "GET",
  path: RESUME_PATH,
  access: FAMILY_ROLES,
  handle: resumePage,
};
