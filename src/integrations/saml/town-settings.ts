// SPDX-License-Identifier: EUPL-1.2
/** From what a town has stored of itself to what a federation is told: the one place that fills in paths and sets. */
import type { Federation, FederationSettings } from "#identity";
import type { Moment } from "#kernel/dates.ts";
import type { CertificateRequest } from "./certificate.ts";
import {
  type AttributeSet,
  EIDAS_FULL,
  EIDAS_MINIMUM,
  type ServiceProvider,
} from "./service-provider.ts";

/** Addresses under the bases that were registered, the default first; what a Host says is never among them. */
export const addressesOf = (
  federation: Federation,
  { baseUrl, otherBaseUrls = [] }: FederationSettings,
) => {
  const bases = [baseUrl, ...otherBaseUrls].map(
    (base) => `${base.replace(/\/+$/, "")}/${federation}`,
  );
  return { acsUrls: bases.map((base) => `${base}/acs`), logoutUrl: `${bases[0]}/slo` };
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
  const { acsUrls, logoutUrl } = addressesOf(federation, settings);
  const { entityId, organization, contact, ipaCode, fiscalCode, seat, aggregator } = settings;
  return {
    protocol: federation,
    entityId,
    assertionConsumerUrls: acsUrls,
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

/** Long enough for a town, short enough that nobody who made it has forgotten how. */
const CERTIFICATE_YEARS = 3;

/** The certificate that goes with a town's settings. Full aggregators have one for themselves. */
export function certificateRequestOf(
  settings: FederationSettings,
  now: Moment,
): CertificateRequest {
  const { organization, locality, ipaCode, entityId } = settings;
  const notBefore = now.round("second");
  return {
    commonName: organization.displayName,
    organizationName: organization.name,
    localityName: locality,
    ipaCode,
    entityId,
    role: "service-provider",
    notBefore,
    notAfter: notBefore.add({ hours: CERTIFICATE_YEARS * 365 * 24 }),
  };
}
