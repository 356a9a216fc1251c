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
  const { settings } = row;
  const base = `${settings.baseUrl.replace(/\/+$/, "")}${OIDC_PATH}`;
  const redirectUri = `${base}/callback`;
  return {
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

/** The provider of CIE, as the federation vouches for it; `null`: it cannot be believed or reached now. */
export async function trustedProvider(visit: Visit, town: TownParty): Promise<Provider | null> {
  const outside = visit.app.outside ?? NETWORK;
  const at = { now: visit.now, allowLoopbackHttp: outside.allowLoopbackHttp ?? false };
  const key = `${visit.tenant.id} ${town.settings.provider} ${town.anchor.entityId}`;
  const known = trusted.get(key);
  const kept = known && readProvider(known, at);
  if (kept?.outcome === "provider") return kept.provider;
  const resolved = await resolveTrustChain({
    subject: town.settings.provider,
    entityType: "openid_provider",
    anchor: town.anchor,
    trustMark: "required",
    now: visit.now,
    outside,
  });
  if (resolved.outcome === "refused") return null;
  trusted.set(key, resolved);
  const read = readProvider(resolved, at);
  return read.outcome === "provider" ? read.provider : null;
}

export const networkOf = (visit: Visit): Outside => visit.app.outside ?? NETWORK;
