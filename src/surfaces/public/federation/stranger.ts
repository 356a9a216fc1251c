// SPDX-License-Identifier: EUPL-1.2
import type { StrangerIdentity } from "#identity";
import { day } from "#kernel/dates.ts";
import { seal, SealBrokenError, unseal } from "#kernel/seal.ts";
import { sessionCookieName } from "../../web/form-fields.ts";
import type { Visit } from "../../web/visit.ts";

const KEEP_MINUTES = 30;
const PURPOSE = "stranger";

const nameFor = ({ app, tenant }: Visit): string => `${sessionCookieName(app, tenant)}_ospite`;
const sealedFor = ({ tenant }: Visit) => ({ tenantId: tenant.id, purpose: PURPOSE });

interface Sealed {
  readonly subject: string;
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: string | null;
  /** milliseconds: a browser may keep a cookie for longer than it was told */
  readonly until: number;
}

/**
 * What a provider said of somebody unknown, kept sealed in their own browser for half an hour: they may ask the office to
 * be tied to a family, in that name and no other. It opens nothing, and nothing is kept here of who asks nothing.
 */
export function rememberStranger(visit: Visit, identity: StrangerIdentity): void {
  const { app, now, reply } = visit;
  const { subject, givenName, surname } = identity;
  const birthDate = identity.birthDate?.toString() ?? null;
  const until = now.epochMilliseconds + KEEP_MINUTES * 60_000;
  const said: Sealed = { subject, givenName, surname, birthDate, until };
  reply.setCookie(nameFor(visit), seal(app.sealKey, sealedFor(visit), JSON.stringify(said)), {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: app.secureCookies,
    maxAge: KEEP_MINUTES * 60,
  });
}

export function presentedStranger(visit: Visit): StrangerIdentity | null {
  const text = visit.request.cookies[nameFor(visit)];
  if (!text) return null;
  try {
    const said = JSON.parse(unseal(visit.app.sealKey, sealedFor(visit), text)) as Sealed;
    if (said.until <= visit.now.epochMilliseconds) return null;
    const { subject, givenName, surname, birthDate } = said;
    return { subject, givenName, surname, birthDate: birthDate === null ? null : day(birthDate) };
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}

/** Whoever got in, or left, is not that stranger any more. */
export function forgetStrangerHere(visit: Visit): void {
  if (visit.request.cookies[nameFor(visit)] !== undefined)
    visit.reply.clearCookie(nameFor(visit), { path: "/", secure: visit.app.secureCookies });
}
