// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import { beginSignIn } from "#identity";
import { authorizationRequest } from "../../../../integrations/oidc-federation/index.ts";
import { type Answer, notFound } from "../../../web/route.ts";
import type { Visit } from "../../../web/visit.ts";
import { returnPath } from "../../sign-in/areas.ts";
import { browserToken } from "../browser-token.ts";
import { positionOf } from "../buttons.ts";
import { unreachablePage } from "../outcome-pages.ts";
import { townParty, trustedProvider } from "./town-party.ts";

const secret = (): string => randomBytes(32).toString("hex");

/** GET `/oidc/cie/entra`: to CIE's provider, once the federation has vouched for it. */
export async function enterWithOidc(visit: Visit): Promise<Answer> {
  const town = await townParty(visit, "enabled");
  if (!town) return notFound;
  const provider = await trustedProvider(visit, town);
  if (!provider) return unreachablePage(visit, "cie");
  const secrets = { state: secret(), nonce: secret(), codeVerifier: secret() };
  const { level } = town.settings;
  const { redirectUris } = town;
  const redirectUri = redirectUris[positionOf(visit, redirectUris)] ?? redirectUris[0];
  const request = await authorizationRequest({
    relyingParty: town.party,
    ...{ provider, redirectUri, level, secrets },
    language: visit.lang,
    now: visit.now,
  });
  await visit.town.write((tx) =>
    beginSignIn(tx, {
      protocol: "cie-oidc",
      provider: provider.issuer,
      requestId: secrets.state,
      browserToken: browserToken(visit),
      returnPath: returnPath(visit.query["poi"]),
      level,
      details: {
        relayState: secrets.state,
        request: request.requestObject,
        nonce: secrets.nonce,
        codeVerifier: secrets.codeVerifier,
        redirectUri,
      },
      sealKey: visit.app.sealKey,
      now: visit.now,
    }),
  );
  return { kind: "to-provider", location: request.url };
}
