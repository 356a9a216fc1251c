// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { enableProvider, providerVersions, putStaffEmail, saveProvider } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { baseUrlsOf } from "../surfaces/public/federation/buttons.ts";
import { returnAddress } from "../surfaces/web/staff-provider.ts";
import { demoTowns } from "./cast.ts";
import { demoTenants, isDemoAddress } from "./join-federations.ts";
import { staffAddresses } from "./people-of-providers.ts";

const PROTOCOL = "staff-oidc";

interface Joining {
  readonly addressesOf: (slug: string) => readonly string[];
  readonly sealKey: string;
  readonly now: Moment;
}

const clientOf = (slug: string, { sealKey }: Pick<Joining, "sealKey">) => ({
  clientId: `campanella-${slug}`,
  clientSecret: createHash("sha256").update(`client ${slug} ${sealKey}`).digest("hex"),
});

/** What the simulator has to know to play the provider of the one town hall that has its own; `undefined`: none has. */
export async function staffProviderOptions(of: Pick<Joining, "addressesOf" | "sealKey">) {
  const town = (await demoTowns()).find(({ staffProvider }) => staffProvider);
  const addresses = town ? of.addressesOf(town.profile) : [];
  if (!town || addresses.length === 0) return undefined;
  return {
    ...clientOf(town.profile, of),
    redirectUris: addresses.map(returnAddress),
    amr: ["mfa"],
  };
}

/**
 * Lets that town's staff in by its own provider: found by their addresses the first time. What somebody typed at the
 * settings page, or switched off, stays as it is.
 */
export async function joinStaffProvider(
  db: Database,
  simulatorUrl: string,
  of: Joining,
): Promise<void> {
  const issuer = `${simulatorUrl}/staff`;
  for (const { id, town } of await demoTenants(db)) {
    const [baseUrl, ...otherBaseUrls] = of.addressesOf(town.profile);
    if (!town.staffProvider || baseUrl === undefined) continue;
    const by = { actor: systemActor, protocol: PROTOCOL, now: of.now } as const;
    const { clientId, clientSecret } = clientOf(town.profile, of);
    await db.forTenant(id).write(async (tx) => {
      const [newest] = await providerVersions(tx, PROTOCOL);
      if (newest && !isDemoAddress(newest.settings.issuer)) return;
      const known = newest && [newest.settings.issuer, ...baseUrlsOf(newest.settings)];
      if (String(known) === String([issuer, baseUrl, ...otherBaseUrls])) return;
      for (const address of await staffAddresses(tx)) await putStaffEmail(tx, address);
      const settings = {
        ...{ issuer, clientId, baseUrl, otherBaseUrls, label: "l'account del Comune" },
        trustsSecondFactor: true,
      };
      const saved = await saveProvider(tx, {
        ...{ ...by, settings, secret: clientSecret, sealKey: of.sealKey },
      });
      if (saved.outcome === "wrong") throw new Error(`demo staff: ${JSON.stringify(saved)}`);
      const isOff = newest && (newest.enabledAt === null || newest.disabledAt !== null);
      if (!isOff) await enableProvider(tx, { ...by, version: saved.version });
    });
  }
}
