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
  type AttributeSet,
  EIDAS_FULL,
  EIDAS_MINIMUM,
  type ServiceProvider,
  type XmlSigner,
} from "../../../integrations/saml/index.ts";

/** A town as a federation knows it, with what signs in its name. */
export interface TownProvider {
  readonly settings: FederationSettings;
  readonly version: number;
  readonly provider: ServiceProvider;
  readonly signer: XmlSigner;
  readonly acsUrl: string;
  readonly logoutUrl: string;
}

/** Addresses under the base that was registered; the request's Host is never asked. */
const addressesOf = (federation: Federation, { baseUrl }: FederationSettings) => {
  const base = `${baseUrl.replace(/\/+$/, "")}/${federation}`;
  return { acsUrl: `${base}/acs`, logoutUrl: `${base}/slo` };
};

const NAMED = ["name", "familyName", "dateOfBirth", "fiscalNumber"];
const SPID_SET: AttributeSet = {
  index: 0,
  name: "Servizi scolastici",
  attributes: [...NAMED, "email"],
};
/** CIE names its sets by a UUID. */
const CIE_SET: AttributeSet = {
  index: 0,
  name: "urn:uuid:6f1d3c52-8a0e-4c57-9d21-3b7e5a9c4d10",
  attributes: NAMED,
};

const SETS: Record<Federation, readonly AttributeSet[]> = {
  spid: [SPID_SET],
  cie: [CIE_SET],
  eidas: [EIDAS_MINIMUM, EIDAS_FULL],
};

export const requestedSet = (federation: Federation): number => SETS[federation][0]!.index;

export function serviceProviderOf(
  federation: Federation,
  settings: FederationSettings,
  certificates: readonly string[],
): ServiceProvider {
  const { acsUrl, logoutUrl } = addressesOf(federation, settings);
  const { entityId, organization, contact, ipaCode, fiscalCode, seat, aggregator } = settings;
  return {
    protocol: federation,
    entityId,
    assertionConsumerUrls: [acsUrl],
    singleLogout: [
      { binding: "redirect", url: logoutUrl },
      { binding: "post", url: logoutUrl },
    ],
    attributeSets: SETS[federation],
    organization,
    contact: defined(contact),
    ipaCode,
    ...(fiscalCode ? { fiscalCode } : {}),
    ...(seat ? { seat: defined(seat) } : {}),
    kind: aggregator
      ? {
          type: "aggregated",
          aggregator: {
            ...defined(aggregator),
            contact: defined(aggregator.contact),
          },
        }
      : { type: "direct" },
    certificates: certificates.slice(0, 2),
  };
}

/** What is not there is left out, not `undefined`. */
const defined = <Given extends object>(given: Given) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Given]: Exclude<Given[Key], undefined>;
  };

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
