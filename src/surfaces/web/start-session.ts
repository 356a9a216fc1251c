// SPDX-License-Identifier: EUPL-1.2
import {
  DEVICE_SESSION_DAYS,
  enabledProvider,
  hashToken,
  IDLE_MINUTES,
  roleGrantsOf,
  sessionByToken,
  type SignInMeans,
  signOut,
} from "#identity";
import { isOfficeRole, type Role } from "#kernel/actor.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isMeansAdmitted } from "./login-means.ts";
import { clearSessionCookie, setSessionCookie } from "./session-cookie.ts";
import { csrfToken, type Visit } from "./visit.ts";

export type StartedSession =
  | { outcome: "started"; roles: Role[] }
  /**
   * The session was ended again; `anonymous`: the same visit with nobody in it. `provider-only`: the office comes in by the
   * municipality's own provider
   */
  | { outcome: "no-role" | "means-not-admitted" | "provider-only"; anonymous: Visit };

const isFamilyRole = (role: Role): boolean => role === "guardian" || role === "delegate";

/** Operators and managers, where the town says so; the administrator has to get in when the provider does not answer. */
async function isProviderOnly(
  tx: ReadTx,
  means: SignInMeans,
  held: readonly Role[],
): Promise<boolean> {
  if (means !== "password" && means !== "passkey") return false;
  if (!held.some(isOfficeRole) || held.includes("administrator")) return false;
  return (await enabledProvider(tx, "staff-oidc"))?.settings.officeOnly ?? false;
}

/** A right password that leads nowhere: said before a second factor is asked for, or even set up. */
export const endsAtProvider = (visit: Visit, accountId: string): Promise<boolean> =>
  visit.town.read(async (tx) => {
    const held = await roleGrantsOf(tx, { accountId, date: visit.today });
    return isProviderOnly(
      tx,
      "password",
      held.map(({ role }) => role),
    );
  });

/**
 * Gives the browser a session that was just opened; the one it had before ends (no session fixation). Families come in
 * only by the ways their town admits (OS-17, BI-01), the office where the town says so only by the municipality's provider.
 */
export async function startVisitSession(
  visit: Visit,
  of: { token: string; means: SignInMeans },
): Promise<StartedSession> {
  const { now, today } = visit;
  const { demo } = visit.app;
  const tokenHash = hashToken(of.token);
  const isAdmitted = isMeansAdmitted(of.means, visit.townSettings.login.portal);
  const { roles, outcome } = await visit.town.write(async (tx) => {
    if (visit.session) await signOut(tx, { token: visit.session.token, now });
    const idleSince = now.subtract({ minutes: IDLE_MINUTES });
    const session = await sessionByToken(tx, { tokenHash, now, idleSince, today, demo });
    const held: Role[] = (session?.grants ?? []).map(({ role }) => role);
    const ended =
      held.length === 0
        ? ("no-role" as const)
        : held.every(isFamilyRole) && !isAdmitted
          ? ("means-not-admitted" as const)
          : (await isProviderOnly(tx, of.means, held))
            ? ("provider-only" as const)
            : null;
    if (ended) await signOut(tx, { token: of.token, now });
    return { roles: held, outcome: ended };
  });
  if (!outcome) {
    const isDevice = of.means === "device";
    setSessionCookie(visit, of.token, isDevice ? DEVICE_SESSION_DAYS * 24 * 3600 : undefined);
    return { outcome: "started", roles };
  }
  return { outcome, anonymous: anonymousOf(visit) };
}

function anonymousOf(visit: Visit): Visit {
  clearSessionCookie(visit);
  const csrf = csrfToken(visit.app, visit.tenant, { token: "" });
  return { ...visit, session: null, csrf };
}

/** A provider vouched for somebody who may not enter: whoever was in before on this browser is out, too. */
export async function leaveVisitSession(visit: Visit): Promise<Visit> {
  const { session, now } = visit;
  if (!session) return visit;
  await visit.town.write((tx) => signOut(tx, { token: session.token, now }));
  return anonymousOf(visit);
}
