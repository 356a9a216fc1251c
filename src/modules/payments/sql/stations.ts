// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type PlatformTx, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** A station of ours at pagoPA: whose notices it answers for. */
export interface Station {
  readonly creditorFiscalCode: string;
  readonly segregationCode: string;
  readonly stationId: string;
  readonly brokerFiscalCode: string;
  readonly tenantId: string;
  readonly mode: "synchronous" | "asynchronous";
  /** asynchronous: the version of GPD's interface that takes its positions */
  readonly gpdVersion: "v1" | "v3";
  readonly addedAt: Moment;
  /** no new notices; receipts are still taken */
  readonly retiredAt: Moment | null;
}

const COLUMNS = sql`s.creditor_fiscal_code as "creditorFiscalCode", s.segregation_code as "segregationCode",
  s.station_id as "stationId", s.broker_fiscal_code as "brokerFiscalCode", s.tenant_id as "tenantId", s.mode,
  s.gpd_version as "gpdVersion", s.added_at as "addedAt", s.retired_at as "retiredAt"`;

/** Every station, for the endpoint: few rows, read once a request. */
export function stations(tx: PlatformTx): Promise<Station[]> {
  return tx.rows<Station>(sql`
    select ${COLUMNS} from platform.pagopa_station s
    order by s.creditor_fiscal_code, s.segregation_code, s.retired_at nulls first, s.added_at desc`);
}

export function stationsOfTown(tx: ReadTx): Promise<Station[]> {
  return tx.rows<Station>(sql`
    select ${COLUMNS} from platform.pagopa_station s
    where s.tenant_id = ${tx.tenantId} order by s.retired_at nulls first, s.added_at`);
}

/**
 * Does another town answer for that creditor and segregation code, or did it once? Its receipts come for years, and
 * nothing but the code says whose they are.
 */
export async function isStationTaken(
  tx: ReadTx,
  of: { creditorFiscalCode: string; segregationCode: string },
): Promise<boolean> {
  const { taken } = await tx.one<{ taken: boolean }>(sql`
    select exists(select from platform.pagopa_station s
      where s.creditor_fiscal_code = ${of.creditorFiscalCode} and s.segregation_code = ${of.segregationCode}
        and s.tenant_id <> ${tx.tenantId}) as taken`);
  return taken;
}

/** A station that the town had before comes back into use. False: another town has it. */
export async function insertStation(
  tx: WriteTx,
  row: Omit<Station, "tenantId" | "retiredAt">,
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into platform.pagopa_station (creditor_fiscal_code, segregation_code, station_id, broker_fiscal_code,
      tenant_id, mode, gpd_version, added_at)
    values (${row.creditorFiscalCode}, ${row.segregationCode}, ${row.stationId}, ${row.brokerFiscalCode},
      ${tx.tenantId}, ${row.mode}, ${row.gpdVersion}, ${row.addedAt})
    on conflict (creditor_fiscal_code, segregation_code, station_id) do update set mode = excluded.mode,
      gpd_version = excluded.gpd_version, broker_fiscal_code = excluded.broker_fiscal_code, retired_at = null
    where pagopa_station.tenant_id = excluded.tenant_id`);
  return inserted === 1;
}

export function retireStation(
  tx: WriteTx,
  of: { creditorFiscalCode: string; segregationCode: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update platform.pagopa_station set retired_at = ${of.at}
    where tenant_id = ${tx.tenantId} and creditor_fiscal_code = ${of.creditorFiscalCode}
      and segregation_code = ${of.segregationCode} and retired_at is null`);
}

/**
 * Takes `count` numbers of a creditor and segregation code; returns the first. The row is held until the end. A town that
 * moves to another creditor with the same code goes on counting: pages and people name its notices by number alone.
 */
export async function takeNumbers(
  tx: WriteTx,
  of: { creditorFiscalCode: string; segregationCode: string; count: number },
): Promise<bigint> {
  const elsewhere = sql`coalesce((
    select max(o.last) from platform.pagopa_number o
    join platform.pagopa_station s on s.creditor_fiscal_code = o.creditor_fiscal_code
      and s.segregation_code = o.segregation_code
    where s.tenant_id = ${tx.tenantId} and o.segregation_code = ${of.segregationCode}
      and o.creditor_fiscal_code <> ${of.creditorFiscalCode}), 0)`;
  const { last } = await tx.one<{ last: bigint }>(sql`
    insert into platform.pagopa_number as n (creditor_fiscal_code, segregation_code, last)
    values (${of.creditorFiscalCode}, ${of.segregationCode}, ${elsewhere} + ${of.count}::bigint)
    on conflict (creditor_fiscal_code, segregation_code)
      do update set last = greatest(n.last, ${elsewhere}) + ${of.count}::bigint
    returning n.last`);
  return last - BigInt(of.count) + 1n;
}

/** Where a creditor of the town is paid now. */
export interface CollectionAccount {
  readonly id: string;
  readonly creditorFiscalCode: string;
  readonly creditorName: string;
  readonly iban: string;
  readonly kind: "bank" | "postal";
  readonly postalAccount: string;
  readonly postalHolder: string;
  readonly postalAuthorisation: string;
  readonly addedAt: Moment;
  readonly retiredAt: Moment | null;
}

export function collectionAccounts(tx: ReadTx): Promise<CollectionAccount[]> {
  return tx.rows<CollectionAccount>(sql`
    select a.id, c.fiscal_code as "creditorFiscalCode", c.name as "creditorName", a.iban, a.kind,
      a.postal_account as "postalAccount", a.postal_holder as "postalHolder",
      a.postal_authorisation as "postalAuthorisation", a.added_at as "addedAt", a.retired_at as "retiredAt"
    from collection_account a
    join v_creditor_institution c on c.tenant_id = a.tenant_id and c.id = a.creditor_id
    where a.tenant_id = ${tx.tenantId} order by a.retired_at nulls first, c.fiscal_code, a.kind, a.added_at`);
}

/** The account in use of that creditor and kind is retired by the new one. False: the town has no such creditor. */
export async function putCollectionAccount(
  tx: WriteTx,
  row: Omit<CollectionAccount, "creditorName" | "retiredAt"> & { addedBy: string },
): Promise<boolean> {
  await tx.run(sql`
    update collection_account a set retired_at = ${row.addedAt}
    from v_creditor_institution c
    where a.tenant_id = ${tx.tenantId} and c.tenant_id = a.tenant_id and c.id = a.creditor_id
      and c.fiscal_code = ${row.creditorFiscalCode} and a.kind = ${row.kind} and a.retired_at is null`);
  const inserted = await tx.run(sql`
    insert into collection_account (tenant_id, id, creditor_id, iban, kind, postal_account, postal_holder,
      postal_authorisation, added_at, added_by)
    select c.tenant_id, ${row.id}::uuid, c.id, ${row.iban}, ${row.kind}, ${row.postalAccount}, ${row.postalHolder},
      ${row.postalAuthorisation}, ${row.addedAt}::timestamptz, ${row.addedBy}
    from v_creditor_institution c
    where c.tenant_id = ${tx.tenantId} and c.fiscal_code = ${row.creditorFiscalCode}`);
  return inserted === 1;
}

export function retireAccount(tx: WriteTx, of: { id: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update collection_account set retired_at = ${of.at}
    where tenant_id = ${tx.tenantId} and id::text = ${of.id} and retired_at is null`);
}

export const PAGOPA_SERVICES = ["checkout", "gpd", "aca", "fdr", "biz-events"] as const;
export type PagopaService = (typeof PAGOPA_SERVICES)[number];

/** `sealed`: encrypted by the caller; nothing here can read it. */
export function putServiceKey(
  tx: WriteTx,
  row: { service: PagopaService; sealed: string; changedAt: Moment; changedBy: string },
): Promise<number> {
  return tx.run(sql`
    insert into service_key (tenant_id, service, sealed, changed_at, changed_by)
    values (${tx.tenantId}, ${row.service}, ${row.sealed}, ${row.changedAt}, ${row.changedBy})
    on conflict (tenant_id, service) do update set sealed = excluded.sealed, changed_at = excluded.changed_at,
      changed_by = excluded.changed_by`);
}

export function serviceKeys(
  tx: ReadTx,
): Promise<{ service: PagopaService; sealed: string; changedAt: Moment; changedBy: string }[]> {
  return tx.rows(sql`
    select service, sealed, changed_at as "changedAt", changed_by as "changedBy" from service_key
    where tenant_id = ${tx.tenantId} order by service`);
}
