// SPDX-License-Identifier: EUPL-1.2
import type { Federation, StrangerIdentity } from "#identity";
import { day, type Moment } from "#kernel/dates.ts";
import { seal, SealBrokenError, unseal } from "#kernel/seal.ts";
import { sessionCookieName } from "../../web/form-fields.ts";
import type { Visit } from "../../web/visit.ts";

const KEEP_MINUTES = 30;
const PURPOSE = "stranger";

const nameFor = ({ app, tenant }: Visit): string => `${sessionCookieName(app, tenant)}_ospite`;
const sealedFor = ({ tenant }: Visit) => ({ tenantId: tenant.id, purpose: PURPOSE });

/** A stranger, and when a provider said who that is, by which federation. */
export type ProvenStranger = StrangerIdentity & {
  readonly provenAt: Moment;
  readonly means: Federation;
};

interface Sealed {
  readonly subject: string;
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: string | null;
  readonly means: Federation;
  /** milliseconds: a browser may keep a cookie for longer than it was told */
  readonly provenAt: number;
}

/**
 * What a provider said of somebody unknown, kept sealed in their own browser for half an hour: they may ask the office to
 * be tied to a family, or apply for a child, in that name and no other. It opens what they sent themselves, and nothing is
 * kept here of who asks nothing.
 */
export function rememberStranger(
  visit: Visit,
  identity: StrangerIdentity,
  means: Federation,
): ProvenStranger {
  const { app, now, reply } = visit;
  const { subject, givenName, surname } = identity;
  const birthDate = identity.birthDate?.toString() ?? null;
  const provenAt = now.epochMilliseconds;
  const said: Sealed = { subject, givenName, surname, birthDate, means, provenAt };
  reply.setCookie(nameFor(visit), seal(app.sealKey, sealedFor(visit), JSON.stringify(said)), {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: app.secureCookies,
    maxAge: KEEP_MINUTES * 60,
  });
  return { ...identity, means, provenAt: now };
}

export function presentedStranger(visit: Visit): ProvenStranger | null {
  const text = visit.request.cookies[nameFor(visit)];
  if (!text) return null;
  try {
    const said = JSON.parse(unseal(visit.app.sealKey, sealedFor(visit), text)) as Sealed;
    const provenAt = Temporal.Instant.fromEpochMilliseconds(said.provenAt);
    if (Temporal.Instant.compare(provenAt.add({ minutes: KEEP_MINUTES }), visit.now) <= 0)
      return null;
    const { subject, givenName, surname, means } = said;
    const birthDate = said.birthDate === null ? null : day(said.birthDate);
    return { subject, givenName, surname, birthDate, means, provenAt };
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
