// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { ProviderProtocol, SettingsOf } from "../rules/provider-settings.ts";

export interface ServiceProviderVersion<P extends ProviderProtocol = ProviderProtocol> {
  readonly protocol: P;
  readonly version: number;
  readonly settings: SettingsOf[P];
  readonly sealedSecret: string | null;
  /** offered to people between these two */
  readonly enabledAt: Moment | null;
  readonly disabledAt: Moment | null;
  readonly madeAt: Moment;
  readonly madeBy: string;
}

const COLUMNS = sql`protocol, version, settings, sealed_secret as "sealedSecret", enabled_at as "enabledAt",
  disabled_at as "disabledAt", made_at as "madeAt", made_by as "madeBy"`;

/** Of two who change what the town says of itself, or its keys, at the same moment, one waits for the other. */
export async function holdProvider(tx: WriteTx, protocol: ProviderProtocol): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId} provider ${protocol}`}::text, 0))`,
  );
}

/** Every version, the newest first. */
export function providerVersions<P extends ProviderProtocol>(
  tx: ReadTx,
  protocol: P,
): Promise<ServiceProviderVersion<P>[]> {
  return tx.rows<ServiceProviderVersion<P>>(sql`
    select ${COLUMNS} from service_provider
    where tenant_id = ${tx.tenantId} and protocol = ${protocol} order by version desc`);
}

/** The one that people sign in with; `undefined`: none is offered. */
export function enabledProvider<P extends ProviderProtocol>(
  tx: ReadTx,
  protocol: P,
): Promise<ServiceProviderVersion<P> | undefined> {
  return tx.maybe<ServiceProviderVersion<P>>(sql`
    select ${COLUMNS} from service_provider
    where tenant_id = ${tx.tenantId} and protocol = ${protocol} and enabled_at is not null and disabled_at is null
    order by version desc limit 1`);
}

/** Returns the new version's number. */
export async function insertProviderVersion<P extends ProviderProtocol>(
  tx: WriteTx,
  row: {
    protocol: P;
    settings: SettingsOf[P];
    sealedSecret: string | null;
    at: Moment;
    by: string;
  },
): Promise<number> {
  const { version } = await tx.one<{ version: number }>(sql`
    insert into service_provider (tenant_id, protocol, version, settings, sealed_secret, made_at, made_by)
    select ${tx.tenantId}, ${row.protocol}, coalesce(max(p.version), 0) + 1, ${JSON.stringify(row.settings)}::jsonb,
      ${row.sealedSecret}, ${row.at}::timestamptz, ${row.by}
    from service_provider p where p.tenant_id = ${tx.tenantId} and p.protocol = ${row.protocol}
    returning version`);
  return version;
}

/** One version at a time is offered. False: there is no such version, and the one in use stays. */
export async function enableVersion(
  tx: WriteTx,
  of: { protocol: ProviderProtocol; version: number; at: Moment },
): Promise<boolean> {
  const enabled = await tx.run(sql`
    update service_provider set enabled_at = ${of.at}, disabled_at = null
    where tenant_id = ${tx.tenantId} and protocol = ${of.protocol} and version = ${of.version}`);
  if (enabled === 1) await disableProvider(tx, { ...of, except: of.version });
  return enabled === 1;
}

export function disableProvider(
  tx: WriteTx,
  of: { protocol: ProviderProtocol; at: Moment; except?: number },
): Promise<number> {
  return tx.run(sql`
    update service_provider set disabled_at = ${of.at}
    where tenant_id = ${tx.tenantId} and protocol = ${of.protocol} and enabled_at is not null
      and disabled_at is null and version <> ${of.except ?? 0}`);
}

export type KeyUse = "sign" | "federation" | "decrypt";
export type KeyState = "next" | "current" | "former" | "retired";

export interface ProviderKey {
  readonly id: string;
  readonly protocol: Exclude<ProviderProtocol, "staff-oidc">;
  readonly use: KeyUse;
  readonly publicPart: string;
  readonly sealedPrivatePart: string;
  readonly state: KeyState;
  readonly notAfter: Moment | null;
  readonly madeAt: Moment;
  readonly madeBy: string;
  readonly changedAt: Moment;
}

/** Keys that are published: the current one first, then the next, then former ones; the retired only when asked for. */
export function providerKeys(
  tx: ReadTx,
  of: { protocol: ProviderProtocol; withRetired?: boolean },
): Promise<ProviderKey[]> {
  const published = of.withRetired ? sql`` : sql`and state <> 'retired'`;
  return tx.rows<ProviderKey>(sql`
    select id, protocol, use, public_part as "publicPart", sealed_private_part as "sealedPrivatePart", state,
      not_after as "notAfter", made_at as "madeAt", made_by as "madeBy", changed_at as "changedAt"
    from service_provider_key
    where tenant_id = ${tx.tenantId} and protocol = ${of.protocol} ${published}
    order by array_position(array['current', 'next', 'former', 'retired'], state), made_at desc, id`);
}

/** Of federations that are switched on: certificates that sign, and end before then. */
export function endingKeys(
  tx: ReadTx,
  before: Moment,
): Promise<{ protocol: ProviderProtocol; notAfter: Moment }[]> {
  return tx.rows(sql`
    select k.protocol, k.not_after as "notAfter" from service_provider_key k
    where k.tenant_id = ${tx.tenantId} and k.use = 'sign' and k.state = 'current' and k.not_after < ${before}
      and exists (select 1 from service_provider p
        where p.tenant_id = k.tenant_id and p.protocol = k.protocol and p.enabled_at is not null
          and p.disabled_at is null)
    order by k.not_after`);
}

export function insertKey(
  tx: WriteTx,
  row: Omit<ProviderKey, "madeAt" | "changedAt"> & { at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into service_provider_key (tenant_id, id, protocol, use, public_part, sealed_private_part, state, not_after,
      made_at, made_by, changed_at)
    values (${tx.tenantId}, ${row.id}, ${row.protocol}, ${row.use}, ${row.publicPart}, ${row.sealedPrivatePart},
      ${row.state}, ${row.notAfter}, ${row.at}, ${row.madeBy}, ${row.at})`);
}

export function moveKey(
  tx: WriteTx,
  of: { id: string; from: KeyState; to: KeyState; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update service_provider_key set state = ${of.to}, changed_at = ${of.at}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and state = ${of.from}`);
}
