// SPDX-License-Identifier: EUPL-1.2
import type { OidcFederationSettings, OpenedKey, ServiceProviderVersion } from "#identity";
import {
  type Outside,
  readKeySet,
  readOwnKeys,
  type RelyingParty,
  type TrustAnchor,
} from "../../integrations/oidc-federation/index.ts";
import type { Visit } from "./visit.ts";

/** Paths below the registered base; the entity id is the base with `/oidc/cie`, unless it was registered otherwise. */
export const OIDC_PATH = "/oidc/cie";

/** A town as CIE's federation knows it. */
export interface TownParty {
  readonly version: number;
  readonly settings: OidcFederationSettings;
  readonly party: RelyingParty;
  /** the default first */
  readonly redirectUris: readonly [string, ...string[]];
  readonly anchor: TrustAnchor;
}

/** A version as the federation would see it, enabled or not. `null`: a key is missing. */
export function partyOf(
  row: ServiceProviderVersion<"cie-oidc">,
  keys: readonly OpenedKey[],
): TownParty | null {
  const own = readOwnKeys(keys);
  const pinned = readKeySet(row.settings.trustAnchorKeys);
  if (!pinned || own.federation.length === 0 || own.core.length === 0) return null;
  const { settings, version } = row;
  const home = settings.baseUrl.replace(/\/+$/, "");
  const base = home + OIDC_PATH;
  const callbackAt = (url: string): string => `${url.replace(/\/+$/, "")}${OIDC_PATH}/callback`;
  const others = settings.otherBaseUrls ?? [];
  const redirectUris = [callbackAt(home), ...others.map(callbackAt)] as const;
  return {
    version,
    settings,
    redirectUris,
    anchor: { entityId: settings.trustAnchor, keys: pinned },
    party: {
      entityId: settings.entityId,
      redirectUris,
      keys: own,
      authorityHints: settings.authorityHints,
      trustMarks: settings.trustMarks,
      organization: {
        name: settings.organizationName,
        homepageUrl: settings.homepageUrl ?? home,
        policyUrl: settings.policyUrl ?? `${home}/privacy`,
        logoUrl: settings.logoUrl ?? null,
        contacts: [settings.contact],
      },
      resolveUrl: `${base}/resolve`,
    },
  };
}

const NETWORK: Outside = { fetch: (url, init) => fetch(url, init) };

/** How the federation is asked. */
export const networkOf = (visit: Visit): Outside => visit.app.outside ?? NETWORK;
