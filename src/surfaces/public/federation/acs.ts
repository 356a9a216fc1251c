// SPDX-License-Identifier: EUPL-1.2
import {
  acceptOnce,
  endSessions,
  type Federation,
  hashToken,
  journalSignIn,
  type TakenSignIn,
  takeSignIn,
} from "#identity";
import type { WriteTx } from "#kernel/db/index.ts";
import { seal } from "#kernel/seal.ts";
import {
  type Acceptance,
  type IdentityProvider,
  type Judgement,
  judgeResponse,
  readResponseHints,
} from "../../../integrations/saml/index.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { forgetBrowser, presentedToken } from "./browser-token.ts";
import { enterPerson } from "./enter-person.ts";
import { positionOf } from "./buttons.ts";
import { answerEnded, type Ended, recordRefusal } from "./ended.ts";
import { formPage } from "./form-page.ts";
import { type TownProvider, townProvider } from "./town-provider.ts";

/** Two clocks may differ by so much (specs: acceptedClockSkewMs 30000). */
const SKEW_MS = 30_000;

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
    if (browserToken === null && isAtOther(visit, town)) return onceMoreFromHere(visit, town);
    // Before the transaction: the list has one of its own.
    const providers = await visit.app.identityProviders.all(federation);
    const { ended, lang } = await visit.town.write(async (tx) => {
      const taken = await takeSignIn(tx, {
        ...{ protocol: federation, requestId, browserToken, sealKey },
        now: visit.now,
      });
      if (taken?.isSameBrowser) forgetBrowser(visit);
      const judged = judge(visit, federation, { samlResponse, town, taken, providers });
      const result: Ended = await enter(tx, visit, federation, { judged, taken });
      if (taken) await journal(tx, visit, federation, { taken, judged, xml: hints?.xml ?? "" });
      if (result.outcome !== "entered") await recordRefusal(tx, visit, federation, result);
      return { ended: result, lang: taken?.details.lang };
    });
    return answerEnded(lang ? { ...visit, lang } : visit, federation, ended);
  };

/** Marks the form that our own page sends on. */
const ONCE_MORE = "ancora";

const isAtOther = (visit: Visit, { acsUrls }: TownProvider): boolean =>
  positionOf(visit, acsUrls) > 0 && visit.fields.text(ONCE_MORE) === "";

/**
 * The demo's second address is another site than its provider and has no https: a browser brings the answer without the
 * cookie that it left with. Sent once more by a page of this address, it brings both.
 */
function onceMoreFromHere(visit: Visit, { acsUrls }: TownProvider): Answer {
  const names = ["SAMLResponse", "RelayState"];
  const fields = names.map((name) => ({ name, value: visit.fields.text(name) }));
  const action = acsUrls[positionOf(visit, acsUrls)]!;
  return formPage(visit, { action, fields: [...fields, { name: ONCE_MORE, value: "1" }] }, "back");
}

function judge(
  visit: Visit,
  federation: Federation,
  of: {
    samlResponse: string;
    town: TownProvider;
    taken: TakenSignIn | undefined;
    providers: readonly IdentityProvider[];
  },
): Judgement {
  const { town, taken, samlResponse } = of;
  const idp = of.providers.find(({ entityId }) => entityId === taken?.provider);
  // Nothing was asked, or no longer: what the answer says does not matter.
  if (!taken || !idp || taken.isExpired)
    return { outcome: "refused", reason: "request-unknown", detail: "" };
  const asked = taken.details.assertionConsumer ?? 0;
  const isRelayed = taken.details.relayState === visit.fields.text("RelayState");
  return judgeResponse({
    samlResponse,
    now: visit.now,
    protocol: federation,
    idp,
    sp: { entityId: town.provider.entityId, acsUrl: town.acsUrls[asked] ?? town.acsUrls[0]! },
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
  // The answer comes from another site: the browser kept its Lax cookie to itself, so the session is ended by its id.
  const { former } = taken.details;
  if (former) await endSessions(tx, { ...former, at: now });
  const entered = await enterPerson(tx, visit, {
    person: judged,
    means: federation,
    provider,
    ...logoutOf(tx, visit, judged),
  });
  return entered.outcome === "identity-refused"
    ? entered
    : { ...entered, returnPath: taken.returnPath };
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
