// SPDX-License-Identifier: EUPL-1.2
import { journalSignIn, type TakenSignIn, takeSignIn } from "#identity";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  type Accepted,
  type Anomaly,
  callbackState,
  completeLogin,
  type Exchange,
  judgeCallback,
  revokeToken,
} from "../../../../integrations/oidc-federation/index.ts";
import { networkOf, type TownParty } from "../../../web/oidc-party.ts";
import { type Answer, notFound } from "../../../web/route.ts";
import { leaveVisitSession } from "../../../web/start-session.ts";
import type { Visit } from "../../../web/visit.ts";
import { forgetBrowser, presentedToken } from "../browser-token.ts";
import { type AnomalyCode, answerEnded, type Ended, recordRefusal } from "../ended.ts";
import { enterPerson } from "../enter-person.ts";
import { townParty, trustedProvider } from "./town-party.ts";

interface Judged {
  result: Accepted | Anomaly | { outcome: "refused"; reason: string };
  exchanges: readonly Exchange[];
}

/**
 * GET `/oidc/cie/callback`. The request is taken out of its store first, in a transaction of its own: the code is shown to
 * the provider once, and nothing is held open while it answers.
 */
export async function callback(visit: Visit): Promise<Answer> {
  const town = await townParty(visit, "enabled");
  if (!town) return notFound;
  const { sealKey } = visit.app;
  const requestId = callbackState(visit.query);
  const browserToken = presentedToken(visit);
  const taken =
    requestId === null
      ? undefined
      : await visit.town.write((tx) =>
          takeSignIn(tx, {
            protocol: "cie-oidc",
            requestId,
            browserToken,
            sealKey,
            now: visit.now,
          }),
        );
  if (taken?.isSameBrowser) forgetBrowser(visit);
  const judged = await judge(visit, town, taken);
  const ended = await visit.town.write(async (tx): Promise<Ended> => {
    const result = await conclude(tx, visit, judged, taken);
    if (taken) await journal(tx, visit, { taken, judged });
    if (result.outcome !== "entered") await recordRefusal(tx, visit, "cie", result);
    return result;
  });
  const isStranger = judged.result.outcome === "accepted" && ended.outcome !== "entered";
  return answerEnded(isStranger ? await leaveVisitSession(visit) : visit, "cie", ended);
}

const refused = (reason: string): Judged => ({
  result: { outcome: "refused", reason },
  exchanges: [],
});

async function judge(
  visit: Visit,
  town: TownParty,
  taken: TakenSignIn | undefined,
): Promise<Judged> {
  if (!taken || taken.isExpired) return refused("request-unknown");
  if (!taken.isSameBrowser) return refused("other-browser");
  const { nonce = "", codeVerifier = "", redirectUri = "", relayState } = taken.details;
  const pending = {
    ...{ issuer: taken.provider, state: relayState, nonce, codeVerifier, redirectUri },
    level: taken.level,
    issuedAt: taken.issuedAt,
  };
  const came = judgeCallback(visit.query, pending);
  if (came.outcome !== "code") return { result: came, exchanges: [] };
  const provider = await trustedProvider(visit, town);
  if (provider?.issuer !== pending.issuer) return refused("unreachable");
  const outside = networkOf(visit);
  const caller = { relyingParty: town.party, provider, outside, now: visit.now, jti: newId() };
  const login = await completeLogin(caller, came.code, pending);
  if (login.result.outcome !== "accepted") return login;
  // Nothing more is asked with it: closed at once rather than at the end of the session (rules, logout).
  await revokeToken({ ...caller, jti: newId() }, login.result.accessToken);
  return login;
}

async function conclude(
  tx: WriteTx,
  visit: Visit,
  { result }: Judged,
  taken: TakenSignIn | undefined,
): Promise<Ended> {
  if (result.outcome === "anomaly") return { outcome: "anomaly", code: codeOf(result) };
  if (result.outcome === "refused") return { outcome: "refused", reason: result.reason };
  const entered = await enterPerson(tx, visit, {
    person: result,
    means: "cie",
    provider: result.issuer,
  });
  return entered.outcome === "identity-refused"
    ? entered
    : { ...entered, returnPath: taken?.returnPath ?? null };
}

/** The same words as for the numbered anomalies of SAML: 25 cancelled, 22 no consent; and what is ours to mend. */
function codeOf({ kind, error }: Anomaly): AnomalyCode {
  if (kind === "our-fault") return kind;
  return error === "access_denied" ? 25 : error === "consent_required" ? 22 : null;
}

/** An error that the browser brought has nobody's signature; where no call of ours was made, that is what it is. */
function outcomeOf({ result, exchanges }: Judged): string {
  if (result.outcome === "anomaly")
    return `anomaly ${result.error}${exchanges.length === 0 ? " unsigned" : ""}`;
  return result.outcome === "refused" ? result.reason : result.outcome;
}

async function journal(
  tx: WriteTx,
  visit: Visit,
  of: { taken: TakenSignIn; judged: Judged },
): Promise<void> {
  const { taken, judged } = of;
  const { result } = judged;
  await journalSignIn(tx, {
    protocol: "cie-oidc",
    provider: taken.provider,
    requestId: taken.requestId,
    responseId: null,
    assertionId: null,
    requestIssuedAt: taken.issuedAt,
    responseIssuedAt: visit.now,
    assertionIssuedAt: null,
    codiceFiscale: result.outcome === "accepted" ? result.fiscalNumber : null,
    outcome: outcomeOf(judged),
    request: taken.details.request,
    response: JSON.stringify({ callback: visit.query, exchanges: judged.exchanges }),
    recordedAt: visit.now,
    sealKey: visit.app.sealKey,
  });
}
