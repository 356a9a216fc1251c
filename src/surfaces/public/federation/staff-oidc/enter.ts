// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import { beginSignIn } from "#identity";
import { staffAuthorizationUrl } from "../../../../integrations/oidc/index.ts";
import { type Answer, notFound } from "../../../web/route.ts";
import type { Visit } from "../../../web/visit.ts";
import { returnPath } from "../../sign-in/areas.ts";
import { browserToken } from "../browser-token.ts";
import { baseUrlsOf, positionOf } from "../buttons.ts";
import { staffOutcome } from "./outcome-page.ts";
import { providerMetadata, returnAddress, staffDoor } from "../../../web/staff-provider.ts";

const secret = (): string => randomBytes(32).toString("hex");
/** The column wants one; what a municipality's provider asks of its people is its own affair. */
const NO_LEVEL = 1;

/** GET `/accedi/comune`: to the municipality's own provider. */
export async function enterAtWork(visit: Visit): Promise<Answer> {
  const door = await staffDoor(visit, "enabled");
  if (!door) return notFound;
  const metadata = await providerMetadata(visit, door);
  if (!metadata) return staffOutcome(visit, "unreachable");
  const secrets = { state: secret(), nonce: secret(), codeVerifier: secret() };
  const returns = baseUrlsOf(door.settings).map(returnAddress);
  const redirectUri = returns[positionOf(visit, returns)] ?? door.redirectUri;
  const location = staffAuthorizationUrl(door.client, metadata, { redirectUri, ...secrets });
  await visit.town.write((tx) =>
    beginSignIn(tx, {
      protocol: "staff-oidc",
      provider: door.client.issuer,
      requestId: secrets.state,
      browserToken: browserToken(visit),
      returnPath: returnPath(visit.query["poi"]),
      level: NO_LEVEL,
      details: {
        ...{ relayState: secrets.state, request: "", redirectUri },
        ...{ nonce: secrets.nonce, codeVerifier: secrets.codeVerifier },
      },
      sealKey: visit.app.sealKey,
      now: visit.now,
    }),
  );
  return { kind: "to-provider", location };
}
