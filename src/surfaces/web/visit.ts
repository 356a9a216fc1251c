// SPDX-License-Identifier: EUPL-1.2
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { delegationsInForce, familyStanding, holderNames } from "#families";
import { hashToken, IDLE_MINUTES, type SessionRow, sessionByToken, touchSession } from "#identity";
import { type Actor, isOfficeRole, type Role } from "#kernel/actor.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { newId } from "#kernel/ids.ts";
import { datedSettings, type Tenant, type TownSettings } from "#tenancy";
import type { App } from "./app.ts";
import { Fields, flashCookie, sessionCookieName, withoutNul } from "./form-fields.ts";
import { heldArrival } from "./held-arrival.ts";
import { languageOf } from "./language.ts";

export { cookieName, Fields, parseDay } from "./form-fields.ts";

/** One request, as handlers see it. Everything about time, town and person has been settled before. */
export interface Visit {
  readonly app: App;
  readonly tenant: Tenant;
  readonly town: TenantDb;
  readonly townSettings: Pick<TownSettings, "town" | "office" | "login">;
  readonly actor: Actor | null;
  readonly session: { token: string; row: SessionRow; roles: Role[] } | null;
  /** surname of the family the desk is open on */
  readonly deskFamily: string | null;
  readonly lang: Lang;
  /** may the reader choose another language? */
  readonly hasLanguages: boolean;
  readonly nonce: string;
  /** when the request's headers arrived: the instant that counts for cut-offs */
  readonly receivedAt: Moment;
  readonly now: Moment;
  readonly today: Day;
  /** for `actionForm` and `form`; the key makes a double tap harmless */
  readonly csrf: string;
  newKey(): string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly fields: Fields;
  /** something said once on the page a POST led to */
  readonly flash: string | null;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const TOUCH_AFTER_MINUTES = 2;

/** Settles who and when; `roles` are those the route admits, the first one the account has decides. */
export async function makeVisit(
  app: App,
  tenant: Tenant,
  request: FastifyRequest,
  reply: FastifyReply,
  roles: readonly Role[],
): Promise<Visit> {
  const town = app.db.forTenant(tenant.id);
  const now = app.clock.now();
  const today = dayOf(now);
  const token = request.cookies[sessionCookieName(app, tenant)];
  const read = await town.read(async (tx) => {
    const idleSince = now.subtract({ minutes: IDLE_MINUTES });
    const [settings, session] = await Promise.all([
      datedSettings(tx),
      token
        ? sessionByToken(tx, { tokenHash: hashToken(token), now, idleSince, today, demo: app.demo })
        : undefined,
    ]);
    const townSettings = {
      town: settings.town("town", today),
      office: settings.town("office", today),
      login: settings.town("login", today),
    };
    const codiceFiscale = session?.codiceFiscale;
    const [family, delegations] = await Promise.all([
      session && familyStanding(tx, session.accountId, codiceFiscale),
      codiceFiscale ? delegationsInForce(tx, { codiceFiscale, date: today }) : [],
    ]);
    const holderId = session?.deskHolderId;
    const deskFamily = holderId ? (await holderNames(tx, [holderId])).get(holderId)?.surname : null;
    const standing = { personId: null, onlyChildIds: null, ...family, delegations };
    return { townSettings, session, standing, deskFamily };
  });
  const { session } = read;
  if (token && session) {
    const idle = session.lastSeenAt.until(now, { largestUnit: "minutes" }).minutes;
    if (idle >= TOUCH_AFTER_MINUTES)
      await town.write((tx) => touchSession(tx, { tokenHash: hashToken(token), at: now }));
  }
  const held = session ? session.grants.map(({ role }) => role) : [];
  const hasLanguages = isForFamilies(roles) && !isStaff(held) && !session?.deskHolderId;
  return {
    app,
    tenant,
    town,
    townSettings: read.townSettings,
    actor: session ? actorOf(session, roles, read.standing) : null,
    deskFamily: read.deskFamily ?? null,
    session: token && session ? { token, row: session, roles: held } : null,
    lang: hasLanguages ? languageOf(request) : "it",
    hasLanguages,
    nonce: reply.cspNonce.script,
    receivedAt:
      (session && heldArrival({ app, tenant, request, now }, session.accountId)) ??
      arrivalOf(app, request),
    now,
    today,
    csrf: csrfToken(app, tenant, {
      token: session && token ? token : "",
      desk: roles.includes("guardian") ? session?.deskHolderId : null,
    }),
    newKey: newId,
    path: request.url.split("?")[0]!,
    query: plainText(request.query),
    params: plainText(request.params),
    fields: new Fields(request.body),
    flash: request.cookies[flashCookie(app, tenant)]?.slice(0, 300) ?? null,
    request,
    reply,
  };
}

const isStaff = (held: readonly Role[]): boolean =>
  held.length > 0 && !held.includes("guardian") && !held.includes("delegate");

/** Staff work in Italian, at their desk too; the families' and the public pages have a choice. */
const isForFamilies = (roles: readonly Role[]): boolean =>
  roles.length === 0 || roles.includes("guardian");

function plainText(source: unknown): Record<string, string> {
  const result: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(source ?? {}))
    if (typeof value === "string") result[name] = withoutNul(value);
  return result;
}

function actorOf(
  session: SessionRow,
  roles: readonly Role[],
  standing: Pick<Actor, "personId" | "onlyChildIds" | "delegations">,
): Actor | null {
  const { deskHolderId, deskReason } = session;
  // An open desk is office work, also where the same person is a parent: the office's role decides first.
  const atDesk = deskHolderId ? roles.filter(isOfficeRole) : [];
  const role = [...atDesk, ...roles].find((wanted) =>
    session.grants.some((grant) => grant.role === wanted),
  );
  if (!role) return null;
  const grants = session.grants.filter((grant) => grant.role === role);
  // One grant for everywhere is enough, whatever narrower ones stand beside it.
  const isEverywhere = grants.some(({ siteId, classId }) => siteId === null && classId === null);
  const narrowed = isEverywhere ? [] : grants;
  const sites = narrowed.map(({ siteId }) => siteId).filter((id) => id !== null);
  const classes = narrowed.map(({ classId }) => classId).filter((id) => id !== null);
  return {
    role,
    id: session.accountId,
    name: session.displayName,
    ...(role === "guardian" || role === "delegate" ? standing : { personId: null }),
    siteIds: sites.length > 0 ? sites : null,
    classIds: classes.length > 0 ? classes : null,
    ...(role === "driver"
      ? { lineIds: grants.map(({ lineId }) => lineId).filter((id) => id !== null) }
      : {}),
    desk:
      isOfficeRole(role) && deskHolderId
        ? { holderId: deskHolderId, reason: deskReason ?? "" }
        : null,
  };
}

/** A trusted proxy may have queued the request: its own stamp counts, if it is not absurd. */
function arrivalOf(app: App, request: FastifyRequest): Moment {
  const own = request.arrivedAt;
  if (!app.trustProxy) return own;
  const stamp = /^(?:t=)?(\d{10})(?:[.,]?(\d{3}))?\d*$/.exec(
    String(request.headers["x-request-start"] ?? ""),
  );
  if (!stamp) return own;
  const at = Temporal.Instant.fromEpochMilliseconds(
    Number(stamp[1]) * 1000 + Number(stamp[2] ?? 0),
  );
  const queued = at.until(own, { largestUnit: "seconds" }).seconds;
  return queued >= 0 && queued <= 120 ? at : own;
}

/**
 * Bound to session and town; without a session it is bound to the town only and the origin check carries the rest. On
 * a family's page also to the desk: a form of one family is never taken for another, whose child may have the same name.
 */
export function csrfToken(
  app: App,
  tenant: Tenant,
  of: { token: string; desk?: string | null | undefined },
): string {
  const bound = [tenant.id, of.token, ...(of.desk ? [of.desk] : [])].join(":");
  return createHmac("sha256", app.formKey).update(bound).digest("base64url");
}

/** `anyDesk`: the act is the person's own (signing out, closing the desk), also from a family's page. */
export function isCsrfRight(visit: Visit, options: { anyDesk?: boolean } = {}): boolean {
  const given = Buffer.from(visit.fields.text("csrf"));
  const { app, tenant, session } = visit;
  const desk = options.anyDesk && session ? session.row.deskHolderId : null;
  const tokens = [
    visit.csrf,
    ...(desk && session ? [csrfToken(app, tenant, { token: session.token, desk })] : []),
  ];
  return tokens.some((token) => {
    const expected = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
