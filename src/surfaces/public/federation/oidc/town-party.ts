// SPDX-License-Identifier: EUPL-1.2
import { enabledProvider, openProviderKeys, providerVersions } from "#identity";
import {
  type Provider,
  readProvider,
  resolveTrustChain,
  type Trusted,
} from "../../../../integrations/oidc-federation/index.ts";
import { networkOf, partyOf, type TownParty } from "../../../web/oidc-party.ts";
import type { Visit } from "../../../web/visit.ts";

/** `latest`: what the federation is shown before people are let in. `null`: nothing is set up, or a key is missing. */
export async function townParty(
  visit: Visit,
  which: "enabled" | "latest",
): Promise<TownParty | null> {
  const protocol = "cie-oidc";
  const { row, keys } = await visit.town.read(async (tx) => ({
    row:
      which === "enabled"
        ? await enabledProvider(tx, protocol)
        : (await providerVersions(tx, protocol))[0],
    keys: await openProviderKeys(tx, { protocol, sealKey: visit.app.sealKey }),
  }));
  return row ? partyOf(row, keys) : null;
}

/** What was believed, until it ends: a chain costs several questions, a login must not wait for them each time. */
const trusted = new Map<string, Trusted>();

export const knownTrust = (visit: Visit): Trusted[] =>
  [...trusted].flatMap(([key, one]) => (key.startsWith(`${visit.tenant.id} `) ? [one] : []));

/** Questions on their way: whoever comes meanwhile waits for the same answer. */
const asking = new Map<string, Promise<Trusted | null>>();
/** Whoever did not answer, or was not believed, is left alone for a while, however often people press the button. */
const refusedAt = new Map<string, number>();
const LEFT_ALONE_MS = 10_000;

/** The provider of CIE, as the federation vouches for it; `null`: it cannot be believed or reached now. */
export async function trustedProvider(visit: Visit, town: TownParty): Promise<Provider | null> {
  const outside = networkOf(visit);
  const at = { now: visit.now, allowLoopbackHttp: outside.allowLoopbackHttp ?? false };
  // Of another version the anchor may have other keys: nothing that the old ones vouched for is believed.
  const key = `${visit.tenant.id} ${town.version} ${town.settings.provider} ${town.anchor.entityId}`;
  const known = trusted.get(key);
  const kept = known && readProvider(known, at);
  if (kept?.outcome === "provider") return kept.provider;
  if (performance.now() - (refusedAt.get(key) ?? Number.NEGATIVE_INFINITY) < LEFT_ALONE_MS)
    return null;
  const answer = asking.get(key) ?? ask(visit, town, key).finally(() => asking.delete(key));
  asking.set(key, answer);
  const resolved = await answer;
  const read = resolved && readProvider(resolved, at);
  if (read?.outcome === "provider") return read.provider;
  refusedAt.set(key, performance.now());
  return null;
}

async function ask(visit: Visit, town: TownParty, key: string): Promise<Trusted | null> {
  const resolved = await resolveTrustChain({
    subject: town.settings.provider,
    entityType: "openid_provider",
    anchor: town.anchor,
    trustMark: "required",
    now: visit.now,
    outside: networkOf(visit),
  });
  if (resolved.outcome === "refused") return null;
  trusted.set(key, resolved);
  return resolved;
}
