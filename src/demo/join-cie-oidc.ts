// SPDX-License-Identifier: EUPL-1.2
import {
  addProviderKey,
  disableProvider,
  enabledProvider,
  enableProvider,
  type OidcFederationSettings,
  providerKeys,
  providerVersions,
  saveProvider,
  suggestOidcSettings,
} from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { Database, WriteTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { newOwnKey, publicKeys, readTrustMark } from "../integrations/oidc-federation/index.ts";
import { demoTenants, isDemoAddress } from "./join-federations.ts";

/** Made for a demo: quickly. */
const BITS = 2048;
const PROTOCOL = "cie-oidc";

/** CIE's federation, as the simulator plays it. */
interface DemoFederation {
  readonly anchor: {
    readonly entityId: string;
    readonly jwks: { readonly keys: readonly object[] };
  };
  readonly provider: { readonly id: string };
  readonly federation: {
    onboard(
      entityId: string,
      of: { jwks: { keys: Record<string, string>[] }; role: "openid_relying_party" },
    ): Promise<{ id: string; token: string }>;
  };
}

interface Joining {
  readonly addressesOf: (slug: string) => readonly string[];
  readonly sealKey: string;
  readonly now: Moment;
}

/**
 * Registers the towns that speak OpenID Connect with CIE's federation of the demo, which knows nobody when it starts.
 * Another address, or a mark that ends, is another version; what somebody typed or switched off stays as it is.
 */
export async function joinCieOidc(db: Database, demo: DemoFederation, of: Joining): Promise<void> {
  for (const { id, town } of await demoTenants(db)) {
    const [baseUrl, ...otherBaseUrls] = of.addressesOf(town.profile);
    if (baseUrl === undefined || town.cie !== "oidc") continue;
    const tenant = db.forTenant(id);
    const isKnown = await tenant.read(
      async (tx) => (await providerKeys(tx, { protocol: PROTOCOL })).length > 0,
    );
    const fresh = isKnown ? [] : await newKeys();
    await tenant.write(async (tx) => {
      for (const key of fresh)
        await addProviderKey(tx, { ...by(of), ...key, notAfter: null, sealKey: of.sealKey });
      await join(tx, demo, { ...of, baseUrl, otherBaseUrls });
    });
  }
}

const by = ({ now }: Joining) => ({ actor: systemActor, protocol: PROTOCOL, now }) as const;

const newKeys = () =>
  Promise.all(
    (["federation", "sign", "decrypt"] as const).map(async (use) => {
      const key = await newOwnKey(use === "decrypt" ? "enc" : "sig", "current", BITS);
      const publicPart = JSON.stringify(publicKeys([key]).keys[0]);
      return { use, publicPart, privatePart: JSON.stringify(key.privateJwk) };
    }),
  );

async function join(
  tx: WriteTx,
  demo: DemoFederation,
  of: Joining & { baseUrl: string; otherBaseUrls: readonly string[] },
): Promise<void> {
  const [newest] = await providerVersions(tx, PROTOCOL);
  const known = newest?.settings.trustAnchor ?? demo.anchor.entityId;
  if (known !== demo.anchor.entityId && !isDemoAddress(known)) return;
  const settings = await datedSettings(tx);
  const today = dayOf(of.now);
  const { baseUrl } = of;
  const office = settings.town("office", today);
  const suggested = suggestOidcSettings({ baseUrl, town: settings.town("town", today), office });
  const entityId =
    newest?.settings.baseUrl === baseUrl ? newest.settings.entityId : suggested.entityId;
  const keys = (await providerKeys(tx, { protocol: PROTOCOL })).filter(
    ({ use }) => use === "federation",
  );
  const jwks = { keys: keys.map((key) => JSON.parse(key.publicPart) as Record<string, string>) };
  const mark = await demo.federation.onboard(entityId, { jwks, role: "openid_relying_party" });
  const wanted = {
    baseUrl,
    otherBaseUrls: [...of.otherBaseUrls],
    provider: demo.provider.id,
    trustAnchor: demo.anchor.entityId,
    trustAnchorKeys: demo.anchor.jwks,
  };
  if (newest && isStill(newest.settings, wanted, of.now)) return;
  const saved = await saveProvider(tx, {
    ...{ ...by(of), sealKey: of.sealKey },
    settings: {
      ...suggested,
      ...{ ...wanted, entityId, authorityHints: [wanted.trustAnchor] },
      contact: suggested.contact || "cie@esempio.it",
      trustMarks: [{ id: mark.id, trustMark: mark.token }],
    },
  });
  if (saved.outcome === "wrong") throw new Error(`demo CIE: ${JSON.stringify(saved)}`);
  if (newest && !(await enabledProvider(tx, PROTOCOL))) return;
  await enableProvider(tx, { ...by(of), version: saved.version });
  // A demo that was loaded before this way was there has the other one: its own, and only once.
  const saml = newest ? undefined : await enabledProvider(tx, "cie");
  if (saml && isDemoAddress(saml.settings.baseUrl))
    await disableProvider(tx, { ...by(of), protocol: "cie" });
}

/** Nothing to tell anew, and the mark lasts for another day. */
function isStill(
  known: OidcFederationSettings,
  wanted: Pick<OidcFederationSettings, "baseUrl" | "otherBaseUrls" | "provider" | "trustAnchor"> & {
    readonly trustAnchorKeys: { readonly keys: readonly object[] };
  },
  now: Moment,
): boolean {
  const said = (of: typeof wanted): string =>
    JSON.stringify([of.baseUrl, of.otherBaseUrls ?? [], of.provider, of.trustAnchor, kids(of)]);
  const tomorrow = now.add({ hours: 24 }).epochMilliseconds / 1000;
  const ends = known.trustMarks.map(({ trustMark }) => readTrustMark(trustMark)?.expiresAt ?? 0);
  return said(known) === said(wanted) && ends.length > 0 && Math.max(...ends) > tomorrow;
}

const kids = (of: { readonly trustAnchorKeys: { readonly keys: readonly object[] } }): unknown[] =>
  of.trustAnchorKeys.keys.map((key) => ("kid" in key ? key.kid : null));
