// SPDX-License-Identifier: EUPL-1.2
import {
  enabledProvider,
  type Federation,
  type FederationSettings,
  openProviderKeys,
  providerVersions,
} from "#identity";
import type { ReadTx } from "#kernel/db/index.ts";
import {
  addressesOf,
  type ServiceProvider,
  serviceProviderOf,
  type XmlSigner,
} from "../../../integrations/saml/index.ts";

/** A town as a federation knows it, with what signs in its name. */
export interface TownProvider {
  readonly settings: FederationSettings;
  readonly version: number;
  readonly provider: ServiceProvider;
  readonly signer: XmlSigner;
  /** the default first; a position is what a request asks for */
  readonly acsUrls: readonly string[];
  readonly logoutUrl: string;
}

/**
 * The version that people sign in with, or (`latest`, for metadata) the newest, which may still be a draft. `null`: the
 * town is nothing to that federation yet, or has no key.
 */
export async function townProvider(
  tx: ReadTx,
  of: { federation: Federation; sealKey: string; which: "enabled" | "latest" },
): Promise<TownProvider | null> {
  const { federation } = of;
  const [row, keys] = await Promise.all([
    of.which === "enabled"
      ? enabledProvider(tx, federation)
      : providerVersions(tx, federation).then(([newest]) => newest),
    openProviderKeys(tx, { protocol: federation, sealKey: of.sealKey }),
  ]);
  const signing = keys.filter(({ use }) => use === "sign");
  const current = signing.find(({ state }) => state === "current");
  if (!row || !current) return null;
  const others = signing.filter(({ id }) => id !== current.id);
  const certificates = [current, ...others].map(({ publicPart }) => publicPart);
  return {
    settings: row.settings,
    version: row.version,
    provider: serviceProviderOf(federation, row.settings, certificates),
    signer: { privateKeyPem: current.privatePart, certificatePem: current.publicPart },
    ...addressesOf(federation, row.settings),
  };
}
