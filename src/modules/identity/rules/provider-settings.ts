// SPDX-License-Identifier: EUPL-1.2
import { z } from "zod";

/** Federations that a town joins as a service provider by SAML, and CIE's other door. */
export const FEDERATIONS = ["spid", "cie", "eidas"] as const;
export type Federation = (typeof FEDERATIONS)[number];
export type ProviderProtocol = Federation | "cie-oidc" | "staff-oidc";

const name = z.string().trim().min(1).max(255);
const url = z.url({ protocol: /^https?$/ }).max(1000);
const contact = z.strictObject({
  email: z.email().max(200),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{5,14}$/)
    .optional(),
});
const seat = z.strictObject({
  belfioreCode: z.string().regex(/^[A-Z]\d{3}$/),
  province: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
});

/**
 * What a town has told a federation about itself. Addresses are part of it: they are what was registered, never what a
 * request happens to say. A change is a new version, to be handed in again.
 */
export const federationSettings = z.strictObject({
  entityId: url,
  /** `https://servizi.comune.esempio.it`: where this town's pages are reached; paths are ours */
  baseUrl: url,
  /** other addresses of the same pages: whoever left from one of them comes back there (the demo has two) */
  otherBaseUrls: z.array(url).max(4).optional(),
  organization: z.strictObject({ name, displayName: name, url }),
  locality: name,
  contact,
  ipaCode: z.string().regex(/^[\w.-]{1,20}$/),
  fiscalCode: z
    .string()
    .regex(/^\d{11}$/)
    .optional(),
  /** CIE only */
  seat: seat.optional(),
  /** SPID only: aggregator of public services (Avviso 19 v4) */
  aggregator: z
    .strictObject({
      company: name,
      vatNumber: z.string().regex(/^IT\d{11}$/),
      fiscalCode: z.string().min(11).max(16),
      ipaCode: z.string().max(20).optional(),
      contact,
      /** a light aggregator's (PEM), one and no key beside it; a full one has none */
      validationCertificate: z
        .string()
        .max(8000)
        .regex(/^\s*-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\s*$/)
        .optional(),
    })
    .optional(),
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
});
export type FederationSettings = z.infer<typeof federationSettings>;

/** CIE by OpenID Connect Federation. */
export const oidcFederationSettings = z.strictObject({
  /** also the client id */
  entityId: url,
  baseUrl: url,
  otherBaseUrls: federationSettings.shape.otherBaseUrls,
  organizationName: name,
  /** certified mail of the body (metadata_oidc_rp: "PEC istituzionale dell'ente") */
  contact: contact.shape.email,
  /** absent: the service's own address, its privacy page, and no logo (recommended; SVG) */
  homepageUrl: url.optional(),
  policyUrl: url.optional(),
  logoUrl: url.refine((text) => /\.svg$/i.test(URL.parse(text)?.pathname ?? "")).optional(),
  /** the provider of identities, and who vouches for it */
  provider: url,
  trustAnchor: url,
  trustAnchorKeys: z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) }),
  authorityHints: z.array(url).min(1),
  trustMarks: z.array(z.strictObject({ id: z.string(), trustMark: z.string() })).default([]),
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
});
export type OidcFederationSettings = z.infer<typeof oidcFederationSettings>;

/** The municipality's own provider, for staff. Its secret is kept apart, sealed. */
export const staffOidcSettings = z.strictObject({
  issuer: url,
  clientId: name,
  baseUrl: url,
  otherBaseUrls: federationSettings.shape.otherBaseUrls,
  /** on the sign-in page: `Account del Comune` */
  label: name,
  /** the claim that holds the e-mail address */
  emailClaim: z
    .string()
    .regex(/^[\w.:/-]{1,100}$/)
    .default("email"),
  /** the town gives its people their addresses: one counts where the provider does not say whether it was verified */
  addressesAssigned: z.boolean().default(false),
  /** what the provider says of a second factor (`amr`, `acr`) counts; otherwise ours is asked for */
  trustsSecondFactor: z.boolean().default(false),
  /** this `acr` means two factors; it is asked for, too */
  acrValue: z
    .string()
    .regex(/^[!-~]{1,200}$/)
    .optional(),
  /** operators and managers come in no other way of ours; the administrator always may */
  officeOnly: z.boolean().default(false),
});
export type StaffOidcSettings = z.infer<typeof staffOidcSettings>;

export interface SettingsOf {
  spid: FederationSettings;
  cie: FederationSettings;
  eidas: FederationSettings;
  "cie-oidc": OidcFederationSettings;
  "staff-oidc": StaffOidcSettings;
}

const SCHEMAS: { readonly [P in ProviderProtocol]: z.ZodType<SettingsOf[P]> } = {
  spid: federationSettings,
  cie: federationSettings,
  eidas: federationSettings,
  "cie-oidc": oidcFederationSettings,
  "staff-oidc": staffOidcSettings,
};

export interface SettingsFault {
  /** `contact.email` */
  readonly path: string;
}

/** Reads what a form or a file gave. Faults name the fields; the words are the page's. */
export function readProviderSettings<P extends ProviderProtocol>(
  protocol: P,
  given: unknown,
): { outcome: "read"; settings: SettingsOf[P] } | { outcome: "wrong"; faults: SettingsFault[] } {
  const read = SCHEMAS[protocol].safeParse(given);
  if (read.success) return { outcome: "read", settings: read.data };
  const paths = new Set(read.error.issues.map(({ path }) => path.join(".")));
  return { outcome: "wrong", faults: [...paths].map((path) => ({ path })) };
}
