// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import { unseal } from "#kernel/seal.ts";
import type { StaffOidcSettings } from "../rules/provider-settings.ts";
import { enabledProvider, providerVersions } from "../sql/providers.ts";

/** The municipality's own provider with the client's secret, opened. */
export interface StaffProviderAccess {
  readonly version: number;
  readonly settings: StaffOidcSettings;
  readonly clientSecret: string;
}

/** `null`: nothing is saved, no secret yet, or (`enabled`) it is switched off. */
export async function openStaffProvider(
  tx: ReadTx,
  of: { which: "enabled" | "latest"; sealKey: string },
): Promise<StaffProviderAccess | null> {
  const protocol = "staff-oidc";
  const row =
    of.which === "enabled"
      ? await enabledProvider(tx, protocol)
      : (await providerVersions(tx, protocol))[0];
  if (!row?.sealedSecret) return null;
  const sealedFor = { tenantId: tx.tenantId, purpose: secretPurpose(protocol) };
  const { version, settings, sealedSecret } = row;
  return { version, settings, clientSecret: unseal(of.sealKey, sealedFor, sealedSecret) };
}

/** What a client's secret is sealed for. */
export const secretPurpose = (protocol: string): string => `provider secret ${protocol}`;
