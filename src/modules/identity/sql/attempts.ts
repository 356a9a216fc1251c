// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** More than these never change how long somebody waits. */
const MOST = 100;

/** Those at once for one name stand in line: none is looked at before the one in front is counted. */
export async function holdAttempts(tx: WriteTx, usernameHash: string): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId} attempts ${usernameHash}`}::text, 0))`,
  );
}

/** Failures of one name since the last success. */
export async function recentFailures(
  tx: ReadTx,
  of: { usernameHash: string; since: Moment },
): Promise<Moment[]> {
  const rows = await tx.rows<{ at: Moment; succeeded: boolean }>(sql`
    select at, succeeded from login_attempt
    where tenant_id = ${tx.tenantId} and username_hash = ${of.usernameHash} and at > ${of.since} order by at`);
  const lastSuccess = rows.findLastIndex(({ succeeded }) => succeeded);
  return rows.slice(lastSuccess + 1).map(({ at }) => at);
}

/** Failures from one address, whatever the name; a success in between changes nothing. */
export async function originFailures(
  tx: ReadTx,
  of: { originHash: string; since: Moment },
): Promise<Moment[]> {
  const rows = await tx.rows<{ at: Moment }>(sql`
    select at from login_attempt
    where tenant_id = ${tx.tenantId} and origin_hash = ${of.originHash} and at > ${of.since} and not succeeded
    order by at desc limit ${MOST}`);
  return rows.map(({ at }) => at).toReversed();
}

export function insertAttempt(
  tx: WriteTx,
  row: { id: string; usernameHash: string; originHash: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into login_attempt (tenant_id, id, username_hash, origin_hash, at, succeeded)
    values (${tx.tenantId}, ${row.id}, ${row.usernameHash}, ${row.originHash}, ${row.at}, false)`);
}

export function markAttemptRight(tx: WriteTx, id: string): Promise<number> {
  return tx.run(sql`
    update login_attempt set succeeded = true where tenant_id = ${tx.tenantId} and id = ${id}`);
}
