// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { StaffOptions } from "../oidc/staff.ts";

export const FEDERATIONS = ["spid", "cie", "eidas"] as const;
export type Federation = (typeof FEDERATIONS)[number];

/** Somebody to sign in as: what a provider would know of them. */
export interface PretendedPerson {
  readonly name: string;
  readonly familyName: string;
  /** who that is here: `mamma di Giulia e Tommaso` */
  readonly hint: string;
  /** by SAML's names: `fiscalNumber`, `dateOfBirth`, `email`… */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A service that is registered with the pretended federation. */
export interface KnownService {
  readonly federation: Federation;
  readonly entityId: string;
  readonly name: string;
  /** read anew for every request, as it is handed in */
  readonly metadataUrl: string;
}

export interface IdentityOptions {
  readonly services: () => Promise<readonly KnownService[]>;
  readonly people: (service: KnownService) => Promise<readonly PretendedPerson[]>;
  readonly now: () => Moment;
  /** CIE by OpenID Connect as well; `seed`: the federation's key comes from it */
  readonly oidc?: {
    readonly seed: string;
    /** and a municipality's own provider for its staff */
    readonly staff?: Omit<StaffOptions, "base" | "now" | "people">;
  };
}

/** What a service's metadata say. */
export interface ServiceMetadata {
  readonly entityId: string;
  /** bare base64, as they stand there */
  readonly certificates: readonly string[];
  /** by index */
  readonly assertionConsumers: ReadonlyMap<string, string>;
  /** attribute names by index */
  readonly attributeSets: ReadonlyMap<string, readonly string[]>;
  readonly logoutUrl: string | null;
  readonly isSigned: boolean;
}
