// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import { beginSignIn, type Federation } from "#identity";
import {
  type AuthnRequest,
  authnRequestForm,
  authnRequestRedirect,
  type IdentityProvider,
  requestedSet,
} from "../../../integrations/saml/index.ts";
import { returnPath } from "../sign-in/areas.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { browserToken } from "./browser-token.ts";
import { positionOf } from "./buttons.ts";
import { formPage } from "./form-page.ts";
import { type TownProvider, townProvider } from "./town-provider.ts";

/** GET `/spid/entra?idp=…`: to the provider that was chosen. CIE has one, which need not be named. */
export const enterWith =
  (federation: Federation) =>
  async (visit: Visit): Promise<Answer> => {
    const { sealKey, identityProviders } = visit.app;
    const town = await visit.town.read((tx) =>
      townProvider(tx, { federation, sealKey, which: "enabled" }),
    );
    const listed = await identityProviders.all(federation);
    const wanted = visit.query["idp"];
    const provider =
      wanted === undefined && listed.length === 1
        ? listed[0]
        : listed.find(({ entityId }) => entityId === wanted);
    if (!town || !provider) return notFound;
    return depart(visit, federation, { town, provider });
  };

async function depart(
  visit: Visit,
  federation: Federation,
  of: { town: TownProvider; provider: IdentityProvider },
): Promise<Answer> {
  const { town, provider } = of;
  const { redirect, post } = provider.singleSignOn;
  const { level } = town.settings;
  // What the host says only chooses among what was registered: back to where the person left from.
  const assertionConsumer = positionOf(visit, town.acsUrls);
  const request: AuthnRequest = {
    id: `_${randomBytes(20).toString("hex")}`,
    issuedAt: visit.now,
    protocol: federation,
    entityId: town.provider.entityId,
    singleSignOnUrl: redirect ?? post ?? "",
    level,
    attributeSet: requestedSet(federation),
    assertionConsumer,
    relayState: randomBytes(24).toString("base64url"),
  };
  const token = browserToken(visit);
  const { row } = visit.session ?? {};
  const former = row ? { former: { accountId: row.accountId, id: row.id } } : {};
  const remember = (xml: string): Promise<void> =>
    visit.town.write((tx) =>
      beginSignIn(tx, {
        protocol: federation,
        provider: provider.entityId,
        requestId: request.id,
        browserToken: token,
        returnPath: returnPath(visit.query["poi"]),
        level,
        details: {
          ...{ relayState: request.relayState, request: xml, lang: visit.lang },
          ...{ assertionConsumer, ...former },
        },
        sealKey: visit.app.sealKey,
        now: visit.now,
      }),
    );
  if (redirect) {
    const { url, xml } = authnRequestRedirect(request, town.signer);
    await remember(xml);
    return { kind: "to-provider", location: url };
  }
  const form = authnRequestForm(request, town.signer);
  await remember(form.xml);
  return formPage(visit, form);
}
