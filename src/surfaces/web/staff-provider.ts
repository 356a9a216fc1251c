// SPDX-License-Identifier: EUPL-1.2
import { openStaffProvider, type StaffProviderAccess } from "#identity";
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import {
  discoverStaffProvider,
  type StaffProviderMetadata,
  type StaffProviderSettings,
} from "../../integrations/oidc/index.ts";
import type { Visit } from "./visit.ts";
import { networkOf } from "./oidc-party.ts";

/** Where somebody at work sets out for the municipality's own provider. */
export const STAFF_DOOR = "/accedi/comune";
/** Where the provider sends them back: registered there. */
export const STAFF_RETURN = `${STAFF_DOOR}/ritorno`;

/** The municipality's provider as this town knows it. */
export interface StaffDoor extends StaffProviderAccess {
  readonly client: StaffProviderSettings;
  readonly redirectUri: string;
}

export const returnAddress = (baseUrl: string): string =>
  baseUrl.replace(/\/+$/, "") + STAFF_RETURN;

/** `null`: switched off (`enabled`), or nothing is saved yet. */
export async function staffDoor(
  visit: Visit,
  which: "enabled" | "latest",
): Promise<StaffDoor | null> {
  const { sealKey } = visit.app;
  const access = await visit.town.read((tx) => openStaffProvider(tx, { which, sealKey }));
  return access && { ...access, ...staffClientOf(access) };
}

export function staffClientOf({ settings, clientSecret }: StaffProviderAccess) {
  const { issuer, clientId, emailClaim, trustsSecondFactor, acrValue, baseUrl } = settings;
  const asked = trustsSecondFactor ? { acrValue } : {};
  return {
    client: { issuer, clientId, clientSecret, emailClaim, ...asked },
    redirectUri: returnAddress(baseUrl),
  };
}

/** What a provider said of itself is asked again after that time. */
const KEPT_MINUTES = 60;
/** Whoever did not answer is left alone for a while, however often people press the button. */
const LEFT_ALONE_MS = 10_000;

const kept = new Map<string, { metadata: StaffProviderMetadata; until: Moment }>();
const asking = new Map<string, Promise<StaffProviderMetadata | null>>();
const refusedAt = new Map<string, number>();

/** The provider's addresses; `null`: it does not answer, or is not what was entered. Asked once for all who come. */
export async function providerMetadata(
  visit: Visit,
  { version, client }: StaffDoor,
): Promise<StaffProviderMetadata | null> {
  const key = `${visit.tenant.id} ${version} ${client.issuer}`;
  const known = kept.get(key);
  if (known && isMomentAfter(known.until, visit.now)) return known.metadata;
  if (performance.now() - (refusedAt.get(key) ?? Number.NEGATIVE_INFINITY) < LEFT_ALONE_MS)
    return null;
  const ask = async (): Promise<StaffProviderMetadata | null> => {
    const found = await discoverStaffProvider(client, networkOf(visit));
    if (found.outcome === "refused") {
      refusedAt.set(key, performance.now());
      return null;
    }
    const { metadata } = found;
    kept.set(key, { metadata, until: visit.now.add({ minutes: KEPT_MINUTES }) });
    return metadata;
  };
  const answer = asking.get(key) ?? ask().finally(() => asking.delete(key));
  asking.set(key, answer);
  return answer;
}
