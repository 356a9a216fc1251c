// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { seal } from "#kernel/seal.ts";
import {
  type ProviderProtocol,
  readProviderSettings,
  type SettingsFault,
} from "../rules/provider-settings.ts";
import {
  disableProvider as disable,
  enabledProvider,
  enableVersion,
  holdProvider,
  insertProviderVersion,
  providerVersions,
} from "../sql/providers.ts";
import { recordSecurity } from "../sql/security-events.ts";
import { endOwnWaysOfOffice } from "../sql/sessions.ts";
import { secretPurpose } from "./open-staff-provider.ts";

export type SavedProvider =
  | { outcome: "saved"; version: number }
  | { outcome: "unchanged"; version: number }
  /** somebody saved another version meanwhile: nothing was stored */
  | { outcome: "overtaken"; version: number }
  | { outcome: "wrong"; faults: SettingsFault[] };

/** A change is a new version, a draft until it is enabled: what was handed in before stays in use. */
export async function saveProvider(
  tx: WriteTx,
  of: {
    actor: Actor;
    protocol: ProviderProtocol;
    settings: unknown;
    /** the version the form was filled from, 0 for none; absent: whatever there is */
    basedOn?: number;
    /** staff-oidc: the client's secret; absent: the one of before */
    secret?: string;
    sealKey: string;
    now: Moment;
  },
): Promise<SavedProvider> {
  const { protocol } = of;
  const read = readProviderSettings(protocol, of.settings);
  if (read.outcome === "wrong") return read;
  await holdProvider(tx, protocol);
  const [latest] = await providerVersions(tx, protocol);
  const settings = withOtherAddresses(read.settings, latest?.settings);
  const isSame =
    latest && JSON.stringify(sorted(latest.settings)) === JSON.stringify(sorted(settings));
  if (isSame && of.secret === undefined) return { outcome: "unchanged", version: latest.version };
  const newest = latest?.version ?? 0;
  if (of.basedOn !== undefined && of.basedOn !== newest)
    return { outcome: "overtaken", version: newest };
  const sealedFor = { tenantId: tx.tenantId, purpose: secretPurpose(protocol) };
  const sealedSecret =
    of.secret === undefined
      ? (latest?.sealedSecret ?? null)
      : seal(of.sealKey, sealedFor, of.secret);
  const row = { protocol, settings, sealedSecret, at: of.now, by: of.actor.name };
  const version = await insertProviderVersion(tx, row);
  await record(tx, of, { what: "saved", version });
  return { outcome: "saved", version };
}

interface Addresses {
  readonly baseUrl: string;
  readonly otherBaseUrls?: readonly string[] | undefined;
}

/** No form shows the other addresses: they stay as long as the first one does. */
const withOtherAddresses = <Given extends Addresses>(given: Given, latest?: Addresses): Given =>
  given.otherBaseUrls === undefined &&
  latest?.otherBaseUrls !== undefined &&
  latest.baseUrl === given.baseUrl
    ? { ...given, otherBaseUrls: latest.otherBaseUrls }
    : given;

/**
 * From now on people sign in with this version. False: there is no such version. Where the office comes in by the
 * municipality's provider only, whoever of it is in by a way of ours is out at once.
 */
export async function enableProvider(
  tx: WriteTx,
  of: { actor: Actor; protocol: ProviderProtocol; version: number; now: Moment },
): Promise<boolean> {
  await holdProvider(tx, of.protocol);
  const isThere = await enableVersion(tx, { ...of, at: of.now });
  if (isThere) await record(tx, of, { what: "enabled", version: of.version });
  const atWork = of.protocol === "staff-oidc" && (await enabledProvider(tx, of.protocol));
  if (isThere && atWork && atWork.settings.officeOnly)
    await endOwnWaysOfOffice(tx, { date: dayOf(of.now), at: of.now });
  return isThere;
}

export async function disableProvider(
  tx: WriteTx,
  of: { actor: Actor; protocol: ProviderProtocol; now: Moment },
): Promise<void> {
  await disable(tx, { ...of, at: of.now });
  await record(tx, of, { what: "disabled" });
}

const record = (
  tx: WriteTx,
  of: { actor: Actor; protocol: string; now: Moment },
  details: Record<string, string | number>,
): Promise<number> =>
  recordSecurity(tx, {
    kind: "provider-changed",
    at: of.now,
    accountId: of.actor.id === "system" ? null : of.actor.id,
    actorName: of.actor.name,
    details: { protocol: of.protocol, ...details },
  });

/** The database keeps no order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
