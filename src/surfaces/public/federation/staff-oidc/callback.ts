// SPDX-License-Identifier: EUPL-1.2
import {
  enterAsStaff,
  type EnteredStaff,
  openOrHalve,
  recordSecurity,
  type TakenSignIn,
  takeSignIn,
} from "#identity";
import type { WriteTx } from "#kernel/db/index.ts";
import {
  finishStaffLogin,
  saysTwoFactors,
  type StaffIdentity,
} from "../../../../integrations/oidc/index.ts";
import { callbackState } from "../../../../integrations/oidc-federation/index.ts";
import { originHash } from "../../../web/origin-hash.ts";
import { type Answer, notFound, seeOther } from "../../../web/route.ts";
import { leaveVisitSession, startVisitSession } from "../../../web/start-session.ts";
import type { Visit } from "../../../web/visit.ts";
import { landing } from "../../sign-in/areas.ts";
import { askSecondFactor } from "../../sign-in/half-cookie.ts";
import { noteSignIn } from "../../sign-in/note-sign-in.ts";
import { forgetBrowser, presentedToken } from "../browser-token.ts";
import { networkOf } from "../../../web/oidc-party.ts";
import { seenAs } from "../seen-as.ts";
import { staffOutcome } from "./outcome-page.ts";
import { providerMetadata, type StaffDoor, staffDoor } from "../../../web/staff-provider.ts";

type Judged = StaffIdentity | { outcome: "not-believed"; why: string };

/**
 * GET `/accedi/comune/ritorno`. The request is taken out of its store first, in a transaction of its own: the code is shown
 * to the provider once, and nothing is held open while it answers.
 */
export async function returnFromWork(visit: Visit): Promise<Answer> {
  const door = await staffDoor(visit, "enabled");
  if (!door) return notFound;
  const taken = await takeOwn(visit);
  if (taken?.isSameBrowser) forgetBrowser(visit);
  const judged = await judge(visit, door, taken);
  if (judged.outcome === "not-believed") {
    // What nobody asked for leaves no line: anybody may send that as often as they like.
    if (judged.why !== "request-unknown") await noteRefused(visit, judged.why);
    return staffOutcome(visit, judged.why);
  }
  const entered = await visit.town.write((tx) => enter(tx, visit, { door, person: judged }));
  const wanted = taken?.returnPath ?? null;
  switch (entered.outcome) {
    case "turned-away":
      await noteRefused(visit, entered.why);
      return staffOutcome(await leaveVisitSession(visit), entered.why);
    case "second-factor":
      return askSecondFactor(visit, entered.token, wanted);
    case "signed-in":
      return start(visit, entered, wanted);
  }
}

function takeOwn(visit: Visit): Promise<TakenSignIn | undefined> {
  const requestId = callbackState(visit.query);
  const { sealKey } = visit.app;
  const of = { protocol: "staff-oidc", browserToken: presentedToken(visit), sealKey } as const;
  return requestId === null
    ? Promise.resolve(undefined)
    : visit.town.write((tx) => takeSignIn(tx, { ...of, requestId, now: visit.now }));
}

async function judge(
  visit: Visit,
  door: StaffDoor,
  taken: TakenSignIn | undefined,
): Promise<Judged> {
  const not = (why: string): Judged => ({ outcome: "not-believed", why });
  // Another version may be of another provider: who set out for the one does not arrive by the other.
  if (!taken || taken.isExpired || taken.provider !== door.client.issuer)
    return not("request-unknown");
  if (!taken.isSameBrowser) return not("other-browser");
  const metadata = await providerMetadata(visit, door);
  if (!metadata) return not("unreachable");
  const { relayState: state, nonce = "", codeVerifier = "", redirectUri = "" } = taken.details;
  const end = await finishStaffLogin({
    settings: door.client,
    metadata,
    pending: { state, nonce, codeVerifier, redirectUri },
    query: visit.query,
    now: visit.now,
    outside: networkOf(visit),
  });
  if (end.outcome === "anomaly") return not(end.kind === "denied" ? "cancelled" : "anomaly");
  return end.outcome === "accepted" ? end : not(end.reason);
}

type Entered =
  | Extract<EnteredStaff, { outcome: "turned-away" }>
  | Awaited<ReturnType<typeof openOrHalve>>;

async function enter(
  tx: WriteTx,
  visit: Visit,
  of: { door: StaffDoor; person: StaffIdentity },
): Promise<Entered> {
  const { settings } = of.door;
  const { issuer, subject, name, email, emailVerified } = of.person;
  const isBelieved = emailVerified ?? settings.addressesAssigned;
  const vouched = { issuer, subject, name, email: isBelieved ? email : null };
  const entered = await enterAsStaff(tx, vouched, visit.now);
  if (entered.outcome === "turned-away") return entered;
  const hasShownTwo = settings.trustsSecondFactor && saysTwoFactors(of.person, settings.acrValue);
  return openOrHalve(tx, {
    accountId: entered.accountId,
    ...{ means: "oidc", provider: issuer, hasShownTwo, now: visit.now },
    seenAs: seenAs(visit.request.headers["user-agent"]),
  });
}

async function start(
  visit: Visit,
  { token, accountId }: { token: string; accountId: string },
  wanted: string | null,
): Promise<Answer> {
  const started = await startVisitSession(visit, { token, means: "oidc" });
  const why = started.outcome === "started" ? null : started.outcome;
  await noteSignIn(visit, {
    kind: why === null ? "signed-in" : "sign-in-refused",
    accountId,
    details: { means: "oidc", ...(why === null ? {} : { why }) },
  });
  return started.outcome === "started"
    ? seeOther(landing(started.roles, wanted))
    : staffOutcome(started.anonymous, started.outcome);
}

const noteRefused = (visit: Visit, why: string): Promise<number> =>
  visit.town.write((tx) =>
    recordSecurity(tx, {
      ...{ kind: "sign-in-refused", at: visit.now, originHash: originHash(visit) },
      details: { means: "oidc", why },
    }),
  );
