// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { LogRow } from "../rules/seal-batch.ts";

export const SEALED_LOGS = ["audit_entry", "security_event"] as const;
export type SealedLog = (typeof SEALED_LOGS)[number];

export interface LogSeal {
  readonly log: SealedLog;
  readonly number: bigint;
  readonly afterId: string | null;
  readonly lastId: string;
  readonly rows: number;
  readonly digest: string;
  readonly head: string;
  readonly sealedAt: Moment;
  /** its rows have served their time (retention); the seal stays in the chain */
  readonly rowsGoneAt: Moment | null;
}

const COLUMNS = sql`log, number, after_id as "afterId", last_id as "lastId", rows, digest, head,
  sealed_at as "sealedAt", rows_gone_at as "rowsGoneAt"`;

/** Of two processes that seal at once, one waits. */
export async function holdSeals(tx: WriteTx, log: SealedLog): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId} seal ${log}`}::text, 0))`,
  );
}

export function lastSeal(tx: ReadTx, log: SealedLog): Promise<LogSeal | undefined> {
  return tx.maybe<LogSeal>(sql`
    select ${COLUMNS} from log_seal
    where tenant_id = ${tx.tenantId} and log = ${log} order by number desc limit 1`);
}

export function nextSeal(
  tx: ReadTx,
  of: { log: SealedLog; after: bigint },
): Promise<LogSeal | undefined> {
  return tx.maybe<LogSeal>(sql`
    select ${COLUMNS} from log_seal
    where tenant_id = ${tx.tenantId} and log = ${of.log} and number > ${of.after}
    order by number limit 1`);
}

/** Rows above one id, in order, below a bound (exclusive) or up to a last one (inclusive). */
export function logRows(
  tx: ReadTx,
  of: { log: SealedLog; afterId: string | null; below?: string; lastId?: string; limit: number },
): Promise<LogRow[]> {
  const after = of.afterId === null ? sql`` : sql`and t.id > ${of.afterId}::uuid`;
  const below = of.below === undefined ? sql`` : sql`and t.id < ${of.below}::uuid`;
  const upTo = of.lastId === undefined ? sql`` : sql`and t.id <= ${of.lastId}::uuid`;
  return tx.rows<LogRow>(sql`
    select t.id, to_jsonb(t)::text as text from ${sql.table(of.log)} t
    where t.tenant_id = ${tx.tenantId} ${after} ${below} ${upTo}
    order by t.id limit ${of.limit}`);
}

/** Lets the rows of the oldest seal go when it and they were made before then. Returns how many; 0: there is none. */
export async function forgetOldestSealed(
  tx: WriteTx,
  of: { log: "security_event"; sealedBefore: Moment; idsBelow: string; at: Moment },
): Promise<number> {
  const seal = await tx.maybe<Pick<LogSeal, "afterId" | "lastId">>(sql`
    update log_seal set rows_gone_at = ${of.at}
    where tenant_id = ${tx.tenantId} and log = ${of.log} and sealed_at < ${of.sealedBefore}
      and last_id < ${of.idsBelow}::uuid and number = (select min(s.number) from log_seal s
        where s.tenant_id = ${tx.tenantId} and s.log = ${of.log} and s.rows_gone_at is null)
    returning after_id as "afterId", last_id as "lastId"`);
  if (!seal) return 0;
  const after = seal.afterId === null ? sql`` : sql`and id > ${seal.afterId}::uuid`;
  return tx.run(sql`
    delete from ${sql.table(of.log)}
    where tenant_id = ${tx.tenantId} ${after} and id <= ${seal.lastId}::uuid`);
}

export function insertSeal(tx: WriteTx, row: Omit<LogSeal, "rowsGoneAt">): Promise<number> {
  return tx.run(sql`
    insert into log_seal (tenant_id, log, number, after_id, last_id, rows, digest, head, sealed_at)
    values (${tx.tenantId}, ${row.log}, ${row.number}, ${row.afterId}, ${row.lastId}, ${row.rows}, ${row.digest},
      ${row.head}, ${row.sealedAt})`);
}
