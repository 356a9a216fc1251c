// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** Read once per transaction: what others commit meanwhile counts for the next one. */
const seen = new WeakMap<ReadTx, Promise<bigint>>();
/** Transactions that changed the configuration: what they see may still be rolled back, so it is never kept. */
const changing = new WeakSet<ReadTx>();

/** 0 for a town that never changed anything. */
export function configurationVersion(tx: ReadTx): Promise<bigint> {
  const known = seen.get(tx) ?? readVersion(tx);
  seen.set(tx, known);
  return known;
}

async function readVersion(tx: ReadTx): Promise<bigint> {
  const row = await tx.maybe<{ version: bigint }>(
    sql`select version from configuration_version where tenant_id = ${tx.tenantId}`,
  );
  return row?.version ?? 0n;
}

/** Every change of settings or calendar calls this in its own transaction. */
export async function bumpConfiguration(tx: WriteTx): Promise<void> {
  seen.delete(tx);
  changing.add(tx);
  await tx.run(sql`
    insert into configuration_version (tenant_id, version) values (${tx.tenantId}, 1)
    on conflict (tenant_id) do update set version = configuration_version.version + 1`);
}

/**
 * Keeps one value per town in memory for as long as the town's configuration has the same version.
 * The version is read in the caller's transaction, so a value is never older than what that transaction sees.
 */
export function perConfiguration<Value>(
  load: (tx: ReadTx) => Promise<Value>,
): (tx: ReadTx) => Promise<Value> {
  const values = new Map<string, { version: bigint; value: Value }>();
  return async (tx) => {
    if (changing.has(tx)) return load(tx);
    const version = await configurationVersion(tx);
    const found = values.get(tx.tenantId);
    if (found && found.version === version) return found.value;
    const value = await load(tx);
    values.set(tx.tenantId, { version, value });
    return value;
  };
}
