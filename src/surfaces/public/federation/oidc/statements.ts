// SPDX-License-Identifier: EUPL-1.2
import {
  answerResolve,
  CONFIGURATION_CONTENT_TYPE,
  entityConfiguration,
} from "../../../../integrations/oidc-federation/index.ts";
import { type Answer, notFound } from "../../../web/route.ts";
import type { Visit } from "../../../web/visit.ts";
import { knownTrust, townParty } from "./town-party.ts";

/** GET `/oidc/cie/.well-known/openid-federation`: what the town says of itself, signed; also before people are let in. */
export async function configuration(visit: Visit): Promise<Answer> {
  const town = (await townParty(visit, "enabled")) ?? (await townParty(visit, "latest"));
  if (!town) return notFound;
  const text = await entityConfiguration(town.party, visit.now);
  return { kind: "text", contentType: CONFIGURATION_CONTENT_TYPE, text };
}

/** GET `/oidc/cie/resolve`: what was believed before, never a new search. */
export async function resolve(visit: Visit): Promise<Answer> {
  const town = await townParty(visit, "enabled");
  if (!town) return notFound;
  const { status, contentType, body } = await answerResolve(
    town.party,
    knownTrust(visit),
    visit.query,
    visit.now,
  );
  visit.reply.status(status);
  return { kind: "text", contentType, text: body };
}
