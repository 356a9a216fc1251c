// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type PlatformTx, sql } from "#kernel/db/index.ts";

export interface Tenant {
  readonly id: string;
  /** the part of an address that names the town: `<slug>.localhost` */
  readonly slug: string;
  readonly name: string;
  readonly demo: boolean;
  readonly createdAt: Moment;
  readonly hosts: readonly string[];
}

const columns = sql`t.id, t.slug, t.name, t.demo, t.created_at as "createdAt",
  array(select h.host from platform.tenant_host h where h.tenant_id = t.id order by h.host) as hosts`;

export function tenants(tx: PlatformTx): Promise<Tenant[]> {
  return tx.rows<Tenant>(sql`select ${columns} from platform.tenant t order by t.name, t.slug`);
}

export function tenantBySlug(tx: PlatformTx, slug: string): Promise<Tenant | undefined> {
  return tx.maybe<Tenant>(sql`select ${columns} from platform.tenant t where t.slug = ${slug}`);
}

/** The town a request's Host header names; port and letter case do not count. */
export function tenantByHost(tx: PlatformTx, host: string): Promise<Tenant | undefined> {
  return tx.maybe<Tenant>(sql`
    select ${columns} from platform.tenant_host a join platform.tenant t on t.id = a.tenant_id
    where a.host = ${hostName(host)}`);
}

/** `Town.Example.it:3000` → `town.example.it` */
export const hostName = (host: string): string =>
  host.trim().toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");

export async function insertTenant(
  tx: PlatformTx,
  row: Omit<Tenant, "hosts" | "createdAt"> & { createdAt: Moment },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into platform.tenant (id, slug, name, demo, created_at)
    values (${row.id}, ${row.slug}, ${row.name}, ${row.demo}, ${row.createdAt})
    on conflict do nothing`);
  return inserted === 1;
}

/** Host names that belong to another town stay with it: the answer lists those that were taken. */
export async function addHosts(
  tx: PlatformTx,
  tenantId: string,
  hosts: readonly string[],
): Promise<string[]> {
  const rows = hosts.map((host) => ({ host: hostName(host) }));
  await tx.run(sql`
    insert into platform.tenant_host (host, tenant_id)
    select r.host, ${tenantId}::uuid from ${jsonRows(rows)} as r(host text)
    on conflict do nothing`);
  const taken = await tx.rows<{ host: string }>(sql`
    select h.host from platform.tenant_host h join ${jsonRows(rows)} as r(host text) on r.host = h.host
    where h.tenant_id <> ${tenantId} order by h.host`);
  return taken.map(({ host }) => host);
}
