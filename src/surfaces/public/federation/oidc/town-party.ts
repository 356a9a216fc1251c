// SPDX-License-Identifier: EUPL-1.2
import {
  enabledProvider,
  type OidcFederationSettings,
  openProviderKeys,
  providerVersions,
} from "#identity";
import {
  type Outside,
  type Provider,
  readKeySet,
  readOwnKeys,
  readProvider,
  type RelyingParty,
  resolveTrustChain,
  type TrustAnchor,
  type Trusted,
} from "../../../../integrations/oidc-federation/index.ts";
import type { Visit } from "../../../web/visit.ts";

/** Paths below the registered base; the entity id is the base with `/oidc/cie`, unless it was registered otherwise. */
export const OIDC_PATH = "/oidc/cie";

/** A town as CIE's federation knows it. */
export interface TownParty {
  readonly version: number;
  readonly settings: OidcFederationSettings;
  readonly party: RelyingParty;
  readonly redirectUri: string;
  readonly anchor: TrustAnchor;
}

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
  const own = readOwnKeys(keys);
  const pinned = row && readKeySet(row.settings.trustAnchorKeys);
  if (!row || !pinned || own.federation.length === 0 || own.core.length === 0) return null;
  const { settings, version } = row;
  const base = `${settings.baseUrl.replace(/\/+$/, "")}${OIDC_PATH}`;
  const redirectUri = `${base}/callback`;
  return {
    version,
    settings,
    redirectUri,
    anchor: { entityId: settings.trustAnchor, keys: pinned },
    party: {
      entityId: settings.entityId,
      redirectUris: [redirectUri],
      keys: own,
      authorityHints: settings.authorityHints,
      trustMarks: settings.trustMarks,
      organization: {
        name: settings.organizationName,
        homepageUrl: settings.baseUrl,
        policyUrl: `${settings.baseUrl.replace(/\/+$/, "")}/privacy`,
        logoUrl: null,
        contacts: [settings.contact],
      },
      resolveUrl: `${base}/resolve`,
    },
  };
}

const NETWORK: Outside = { fetch: (url, init) => fetch(url, init) };

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
  const outside = visit.app.outside ?? NETWORK;
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
    outside: visit.app.outside ?? NETWORK,
  });
  if (resolved.outcome === "refused") return null;
  trusted.set(key, resolved);
  return resolved;
}

export const networkOf = (visit: Visit): Outside => visit.app.outside ?? NETWORK;
