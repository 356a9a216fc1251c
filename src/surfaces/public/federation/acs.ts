// SPDX-License-Identifier: EUPL-1.2
import { enterWithIdentity } from "#families";
import {
  acceptOnce,
  type Federation,
  hashToken,
  journalSignIn,
  noteIdentityToLink,
  openEidas,
  openSession,
  recordSecurity,
  type TakenSignIn,
  takeSignIn,
} from "#identity";
import type { WriteTx } from "#kernel/db/index.ts";
import { seal } from "#kernel/seal.ts";
import {
  type Acceptance,
  type Judgement,
  judgeResponse,
  readResponseHints,
} from "../../../integrations/saml/index.ts";
import { landing } from "../sign-in/areas.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import { startVisitSession } from "../../web/start-session.ts";
import type { Visit } from "../../web/visit.ts";
import { forgetBrowser, presentedToken } from "./browser-token.ts";
import { anomalyPage, refusedPage, unknownPage } from "./outcome-pages.ts";
import { seenAs } from "./seen-as.ts";
import { type TownProvider, townProvider } from "./town-provider.ts";

/** Two clocks may differ by so much (specs: acceptedClockSkewMs 30000). */
const SKEW_MS = 30_000;

type Ended =
  | { outcome: "entered"; token: string; returnPath: string | null }
  | { outcome: "unknown" }
  /** eIDAS: noted, the office will say who that is */
  | { outcome: "to-link" }
  | { outcome: "identity-refused"; fault: "codice-fiscale" | "minor" | "birth-date" }
  | { outcome: "anomaly"; code: number | null }
  | { outcome: "refused"; reason: string };

/**
 * POST `/spid/acs`: what the provider says. The request is taken out, the answer judged, the session opened and the pair
 * kept in one transaction: of two equal answers at once, one opens a session. A refusal never says more than it must.
 */
export const acs =
  (federation: Federation) =>
  async (visit: Visit): Promise<Answer> => {
    const { sealKey } = visit.app;
    const samlResponse = visit.fields.text("SAMLResponse");
    const town = await visit.town.read((tx) =>
      townProvider(tx, { federation, sealKey, which: "enabled" }),
    );
    if (!town) return notFound;
    const hints = readResponseHints(samlResponse);
    const requestId = hints?.inResponseTo ?? "";
    const browserToken = presentedToken(visit);
    const ended = await visit.town.write(async (tx): Promise<Ended> => {
      const taken = await takeSignIn(tx, {
        ...{ protocol: federation, requestId, browserToken, sealKey },
        now: visit.now,
      });
      const judged = await judge(visit, federation, { samlResponse, town, taken });
      const result = await enter(tx, visit, federation, { judged, taken });
      if (taken) await journal(tx, visit, federation, { taken, judged, xml: hints?.xml ?? "" });
      if (result.outcome !== "entered") await recordRefusal(tx, visit, federation, result);
      return result;
    });
    forgetBrowser(visit);
    return answer(visit, federation, ended);
  };

async function judge(
  visit: Visit,
  federation: Federation,
  of: { samlResponse: string; town: TownProvider; taken: TakenSignIn | undefined },
): Promise<Judgement> {
  const { town, taken, samlResponse } = of;
  const idp = taken && (await visit.app.identityProviders.byEntityId(federation, taken.provider));
  // Nothing was asked, or no longer: what the answer says does not matter.
  if (!taken || !idp || taken.isExpired)
    return { outcome: "refused", reason: "request-unknown", detail: "" };
  const isRelayed = taken.details.relayState === visit.fields.text("RelayState");
  return judgeResponse({
    samlResponse,
    now: visit.now,
    protocol: federation,
    idp,
    sp: { entityId: town.provider.entityId, acsUrl: town.acsUrl },
    request: {
      id: taken.requestId,
      issuedAt: taken.issuedAt,
      requestedLevel: taken.level,
      comparison: "minimum",
      bindingOk: taken.isSameBrowser && isRelayed,
    },
    skewMs: SKEW_MS,
  });
}

async function enter(
  tx: WriteTx,
  visit: Visit,
  federation: Federation,
  of: { judged: Judgement; taken: TakenSignIn | undefined },
): Promise<Ended> {
  const { judged, taken } = of;
  const { now } = visit;
  if (judged.outcome === "anomaly") return { outcome: "anomaly", code: judged.code };
  if (judged.outcome === "refused") return { outcome: "refused", reason: judged.reason };
  if (!taken) return { outcome: "refused", reason: "request-unknown" };
  const { provider } = taken;
  if (!(await acceptOnce(tx, { provider, assertionId: judged.assertionId, at: now })))
    return { outcome: "refused", reason: "replayed" };
  const account = await accountOf(tx, visit, judged);
  if (account.outcome !== "known") return account;
  const means = federation;
  const token = await openSession(tx, {
    accountId: account.accountId,
    means,
    level: judged.level,
    provider,
    ...logoutOf(tx, visit, judged),
    seenAs: seenAs(visit.request.headers["user-agent"]),
    now,
  });
  await recordSecurity(tx, {
    kind: "signed-in",
    at: now,
    accountId: account.accountId,
    actorName: `${judged.name} ${judged.familyName}`,
    details: { means, level: judged.level, isFirst: account.isFirst },
  });
  return { outcome: "entered", token, returnPath: taken.returnPath };
}

type Account = { outcome: "known"; accountId: string; isFirst: boolean };

async function accountOf(
  tx: WriteTx,
  visit: Visit,
  judged: Acceptance,
): Promise<Account | Extract<Ended, { outcome: "unknown" | "to-link" | "identity-refused" }>> {
  const { fiscalNumber, name: givenName, familyName: surname, dateOfBirth: birthDate } = judged;
  if (fiscalNumber === null) {
    const subject = judged.spidCode;
    if (subject === null) throw new Error("an eIDAS identity without its identifier was accepted");
    const known = await openEidas(tx, subject);
    if (known) return { outcome: "known", accountId: known, isFirst: false };
    const identity = { subject: `eidas:${subject}`, givenName, surname, birthDate };
    await noteIdentityToLink(tx, { ...identity, at: visit.now });
    return { outcome: "to-link" };
  }
  const identity = { codiceFiscale: fiscalNumber, givenName, surname, birthDate };
  const entered = await enterWithIdentity(tx, identity, visit.now);
  return entered.outcome === "refused"
    ? { outcome: "identity-refused", fault: entered.fault }
    : entered;
}

/** For the single logout: what to say to the provider, sealed; and by what its own logout finds this session. */
function logoutOf(tx: WriteTx, visit: Visit, judged: Acceptance) {
  const { nameId, nameQualifier, sessionIndex } = judged;
  // Transient: the NameID is this session's alone.
  const providerSessionHash = hashToken(nameId);
  if (sessionIndex === null) return { providerSessionHash };
  const sealedFor = { tenantId: tx.tenantId, purpose: "logout" };
  const said = JSON.stringify({ nameId, nameQualifier, sessionIndex });
  return {
    sealedLogout: seal(visit.app.sealKey, sealedFor, said),
    providerSessionHash,
  };
}

async function journal(
  tx: WriteTx,
  visit: Visit,
  federation: Federation,
  of: { taken: TakenSignIn; judged: Judgement; xml: string },
): Promise<void> {
  const { taken, judged, xml } = of;
  const isAccepted = judged.outcome === "accepted";
  await journalSignIn(tx, {
    protocol: federation,
    provider: taken.provider,
    requestId: taken.requestId,
    responseId: judged.outcome === "refused" ? null : judged.responseId,
    assertionId: isAccepted ? judged.assertionId : null,
    requestIssuedAt: taken.issuedAt,
    responseIssuedAt: judged.outcome === "refused" ? null : judged.responseIssuedAt,
    assertionIssuedAt: isAccepted ? judged.assertionIssuedAt : null,
    codiceFiscale: isAccepted ? judged.fiscalNumber : null,
    outcome: outcomeWord(judged),
    request: taken.details.request,
    response: xml,
    recordedAt: visit.now,
    sealKey: visit.app.sealKey,
  });
}

function outcomeWord(judged: Judgement): string {
  if (judged.outcome === "anomaly") return `anomaly ${judged.code ?? judged.status}`;
  return judged.outcome === "refused" ? judged.reason : judged.outcome;
}

async function recordRefusal(
  tx: WriteTx,
  visit: Visit,
  federation: Federation,
  ended: Exclude<Ended, { outcome: "entered" }>,
): Promise<void> {
  const why =
    ended.outcome === "refused"
      ? ended.reason
      : ended.outcome === "anomaly"
        ? `anomaly ${ended.code ?? ""}`
        : ended.outcome === "identity-refused"
          ? ended.fault
          : ended.outcome;
  await recordSecurity(tx, {
    kind: "sign-in-refused",
    at: visit.now,
    details: { means: federation, why },
  });
}

async function answer(visit: Visit, federation: Federation, ended: Ended): Promise<Answer> {
  switch (ended.outcome) {
    case "entered": {
      const { token, returnPath } = ended;
      const started = await startVisitSession(visit, { token, means: federation });
      if (started.outcome !== "started")
        return refusedPage(started.anonymous, federation, started.outcome);
      return seeOther(landing(started.roles, returnPath));
    }
    case "unknown":
    case "to-link":
      return unknownPage(visit, ended.outcome);
    case "anomaly":
      return anomalyPage(visit, federation, ended.code);
    case "identity-refused":
      return refusedPage(visit, federation, ended.fault);
    case "refused":
      return refusedPage(visit, federation, ended.reason);
  }
}
