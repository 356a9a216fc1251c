// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import {
  beginSignIn,
  endProviderSession,
  type Federation,
  hashToken,
  recordSecurity,
  takeSignIn,
} from "#identity";
import {
  claimedIssuer,
  type IdentityProvider,
  type IncomingLogout,
  type OutgoingLogout,
  readLogoutAnswer,
  readLogoutRequest,
  sendLogoutAnswer,
  sendLogoutRequest,
} from "../../../integrations/saml/index.ts";
import { sessionCookieName } from "../../web/form-fields.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { browserToken, presentedToken } from "./browser-token.ts";
import { positionOf } from "./buttons.ts";
import { formPage } from "./form-page.ts";
import { refusedPage } from "./outcome-pages.ts";
import { type TownProvider, townProvider } from "./town-provider.ts";
import { words } from "./words.ts";

const SKEW_MS = 30_000;

const messageId = (): string => `_${randomBytes(20).toString("hex")}`;
const isMessageId = (text: string | undefined): text is string =>
  text !== undefined && /^_[0-9a-f]{40}$/.test(text);

/** GET `/spid/slo`: a provider's answer to our logout, or a logout that begins there. */
export const logoutByLink = (federation: Federation) => (visit: Visit) =>
  logout(visit, federation, {
    binding: "redirect",
    query: visit.request.url.split("?").slice(1).join("?"),
  });

/** POST `/spid/slo`: the same as a form. */
export const logoutByForm = (federation: Federation) => (visit: Visit) => {
  const message = visit.fields.text("SAMLRequest") || visit.fields.text("SAMLResponse");
  const relayState = visit.fields.text("RelayState") || null;
  return logout(visit, federation, { binding: "post", message, relayState });
};

async function logout(
  visit: Visit,
  federation: Federation,
  incoming: IncomingLogout,
): Promise<Answer> {
  const { sealKey, identityProviders } = visit.app;
  const town = await visit.town.read((tx) =>
    townProvider(tx, { federation, sealKey, which: "enabled" }),
  );
  const elsewhere = town && leftElsewhere(visit, town, incoming);
  if (elsewhere) return elsewhere;
  const issuer = claimedIssuer(incoming);
  const provider = issuer && (await identityProviders.byEntityId(federation, issuer));
  if (!town || !provider) return notFound;
  const isAnswer =
    visit.query["SAMLResponse"] !== undefined || visit.fields.text("SAMLResponse") !== "";
  return isAnswer
    ? answered(visit, federation, { town, provider, incoming })
    : asked(visit, federation, { town, provider, incoming });
}

/** A RelayState one sign longer begins with the position of the address somebody left from; the default says nothing. */
const ADDRESS = /^([1-9])[\w-]{32}$/;

/** A logout's answer comes to the one registered address: on to the one where the person was, with all it says. */
function leftElsewhere(visit: Visit, town: TownProvider, incoming: IncomingLogout): Answer | null {
  if (incoming.binding !== "redirect" || visit.query["SAMLResponse"] === undefined) return null;
  const [, position] = ADDRESS.exec(visit.query["RelayState"] ?? "") ?? [];
  const acsUrl = position === undefined ? undefined : town.acsUrls[Number(position)];
  if (acsUrl === undefined || positionOf(visit, town.acsUrls) === Number(position)) return null;
  const { origin } = new URL(acsUrl);
  return { kind: "to-provider", location: `${origin}${visit.path}?${incoming.query}` };
}

interface Logout {
  town: TownProvider;
  provider: IdentityProvider;
  incoming: IncomingLogout;
}

const expectedBy = (visit: Visit, { town, provider }: Logout) => ({
  provider,
  url: town.logoutUrl,
  now: visit.now,
  skewMs: SKEW_MS,
});

/** Our session ended before the provider was asked: whatever it answers, the person is out here. */
async function answered(visit: Visit, federation: Federation, of: Logout): Promise<Answer> {
  const { sealKey } = visit.app;
  const w = words(visit.lang);
  const token = presentedToken(visit);
  const asked = visit.request.cookies[awayCookie(visit)];
  // A cookie holds whatever somebody put there.
  const requestId = isMessageId(asked) ? asked : "";
  visit.reply.clearCookie(awayCookie(visit), { path: "/", secure: visit.app.secureCookies });
  const taken = await visit.town.write((tx) =>
    takeSignIn(tx, {
      protocol: federation,
      requestId,
      browserToken: token,
      sealKey,
      now: visit.now,
    }),
  );
  const read = readLogoutAnswer(of.incoming, requestId, expectedBy(visit, of));
  const isDone = taken?.isSameBrowser === true && read.outcome === "read";
  return seeOther(
    "/servizi",
    isDone && read.result === "logged-out" ? w.outEverywhere : w.outHereOnly,
  );
}

/**
 * The person left at the provider: the sessions it opened here end too. One that ended before, or never was, is closed as
 * well, and that is what the rules want to hear (SPID, Single Logout, "Sessioni individuali").
 */
async function asked(visit: Visit, federation: Federation, of: Logout): Promise<Answer> {
  const { provider, town } = of;
  const read = readLogoutRequest(of.incoming, expectedBy(visit, of));
  if (read.outcome === "refused") return refusedPage(visit, federation, read.reason);
  await visit.town.write(async (tx) => {
    const providerSessionHash = hashToken(read.nameId.value);
    const of = { provider: provider.entityId, providerSessionHash, at: visit.now };
    const sessions = await endProviderSession(tx, of);
    await recordSecurity(tx, {
      kind: "signed-out",
      at: visit.now,
      details: { means: federation, by: "provider", sessions },
    });
  });
  const address = provider.singleLogout.redirect ?? provider.singleLogout.post;
  if (!address) return seeOther("/servizi", words(visit.lang).outHereOnly);
  const answer = sendLogoutAnswer(
    {
      id: messageId(),
      issuedAt: visit.now,
      entityId: town.provider.entityId,
      url: address.responseUrl,
      inResponseTo: read.id,
      ...(read.relayState === null ? {} : { relayState: read.relayState }),
    },
    provider.singleLogout.redirect ? "redirect" : "post",
    town.signer,
  );
  return toProvider(visit, answer);
}

const toProvider = (visit: Visit, out: OutgoingLogout): Answer =>
  out.binding === "redirect" ? { kind: "to-provider", location: out.url } : formPage(visit, out);

const awayCookie = ({ app, tenant }: Visit): string => `${sessionCookieName(app, tenant)}_uscita`;

/** What a session's provider has to be told, as `acs` sealed it. */
export interface LogoutTold {
  readonly nameId: string;
  readonly nameQualifier: string;
  readonly sessionIndex: string;
}

/** On to the provider, after our own session has ended. `null`: it offers no logout. */
export async function leaveProvider(
  visit: Visit,
  federation: Federation,
  of: { providerId: string; told: LogoutTold },
): Promise<Answer | null> {
  const { sealKey, identityProviders } = visit.app;
  const [town, provider] = await Promise.all([
    visit.town.read((tx) => townProvider(tx, { federation, sealKey, which: "enabled" })),
    identityProviders.byEntityId(federation, of.providerId),
  ]);
  const address = provider && (provider.singleLogout.redirect ?? provider.singleLogout.post);
  if (!town || !provider || !address) return null;
  const id = messageId();
  const position = positionOf(visit, town.acsUrls);
  const relayState = (position > 0 ? String(position) : "") + randomBytes(24).toString("base64url");
  const { nameId: value, nameQualifier, sessionIndex } = of.told;
  const out = sendLogoutRequest(
    {
      ...{
        id,
        issuedAt: visit.now,
        entityId: town.provider.entityId,
        url: address.url,
        relayState,
      },
      nameId: { value, nameQualifier },
      sessionIndex,
    },
    provider.singleLogout.redirect ? "redirect" : "post",
    town.signer,
  );
  await visit.town.write((tx) =>
    beginSignIn(tx, {
      ...{ protocol: federation, provider: provider.entityId, requestId: id, sealKey },
      browserToken: browserToken(visit),
      returnPath: null,
      level: town.settings.level,
      details: { relayState, request: out.xml },
      now: visit.now,
    }),
  );
  visit.reply.setCookie(awayCookie(visit), id, {
    path: "/",
    httpOnly: true,
    // The answer may come as a POST from the provider's site.
    sameSite: visit.app.secureCookies ? "none" : "lax",
    secure: visit.app.secureCookies,
    maxAge: 600,
  });
  return toProvider(visit, out);
}
