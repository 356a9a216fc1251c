// SPDX-License-Identifier: EUPL-1.2
import type { TownSettings } from "#tenancy";
import type {
  Federation,
  FederationSettings,
  OidcFederationSettings,
} from "./provider-settings.ts";

/** Level of SPID, CIE and eIDAS that services of a municipality ask for: two factors. */
const USUAL_LEVEL = 2;

/**
 * What a town would tell a federation, as far as its settings know it: the form begins with it. Texts that nobody knows
 * are empty. The code of the Indice PA is that of municipalities as a rule (`c_` and the Belfiore code): to be checked.
 */
export function suggestProviderSettings(
  federation: Federation,
  of: {
    baseUrl: string;
    town: TownSettings["town"];
    office: Pick<TownSettings["office"], "phones" | "emails">;
  },
): FederationSettings {
  const { town, office } = of;
  const baseUrl = of.baseUrl.replace(/\/+$/, "");
  const phone = international(office.phones[0]);
  return {
    entityId: `${baseUrl}/${federation}/metadata`,
    baseUrl,
    organization: { name: town.name, displayName: town.shortName, url: town.website || baseUrl },
    locality: town.shortName,
    contact: { email: office.emails[0] ?? "", ...(phone ? { phone } : {}) },
    ipaCode: `c_${town.cadastralCode.toLowerCase()}`,
    ...(town.fiscalCode ? { fiscalCode: town.fiscalCode } : {}),
    ...(federation === "cie"
      ? { seat: { belfioreCode: town.cadastralCode, province: town.province } }
      : {}),
    level: USUAL_LEVEL,
  };
}

/** The same for CIE by OpenID Connect; who vouches for whom is told by the federation, and nobody can guess it. */
export function suggestOidcSettings(of: {
  baseUrl: string;
  town: TownSettings["town"];
  office: Pick<TownSettings["office"], "pec">;
}): Omit<OidcFederationSettings, "provider" | "trustAnchor" | "trustAnchorKeys"> {
  const { town, office } = of;
  const baseUrl = of.baseUrl.replace(/\/+$/, "");
  return {
    entityId: `${baseUrl}/oidc/cie`,
    baseUrl,
    organizationName: town.name,
    contact: office.pec,
    homepageUrl: town.website || baseUrl,
    policyUrl: `${baseUrl}/privacy`,
    authorityHints: [],
    trustMarks: [],
    level: USUAL_LEVEL,
  };
}

/** `0371 000000` → `+390371000000`; `null`: no number that can be told. */
function international(phone: string | undefined): string | null {
  const digits = (phone ?? "").replace(/^\s*(\+|00)39/, "").replaceAll(/\D/g, "");
  return /^\d{5,12}$/.test(digits) ? `+39${digits}` : null;
}
