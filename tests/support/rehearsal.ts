// SPDX-License-Identifier: EUPL-1.2
import type { Database, PlatformTx, TenantDb, WriteTx } from "#kernel/db/index.ts";
import { sql } from "#kernel/db/index.ts";

class Undo extends Error {}

/**
 * Rows that this connection has inserted, updated or deleted lately: what it grows by in a transaction is what that
 * changed. A transaction that only locked rows changed none.
 */
const CHANGED = sql<{ rows: number }>`
  select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::integer as rows from pg_stat_xact_user_tables`;
const ASSIGNED = sql<{
  isAssigned: boolean;
}>`select pg_current_xact_id_if_assigned() is not null as "isAssigned"`;

/**
 * A database whose transactions can be rehearsed: they run to their end and are answered as always, and nothing of them
 * is kept. So the same world is asked thousands of times, and it is known whether a request would have written.
 */
export class Rehearsal {
  readonly db: Database;
  #isOn = false;
  #writes = 0;

  constructor(inner: Database) {
    this.db = {
      ...inner,
      forTenant: (tenantId): TenantDb => {
        const town = inner.forTenant(tenantId);
        return { ...town, write: (work) => this.#run((inTx) => town.write(inTx), work) };
      },
      platform: (work) => this.#run((inTx) => inner.platform(inTx), work),
    };
  }

  /** From now on nothing is kept. */
  begin(): void {
    this.#isOn = true;
  }

  /** How many transactions changed a row, since it was asked last. */
  takeWrites(): number {
    const writes = this.#writes;
    this.#writes = 0;
    return writes;
  }

  async #run<Tx extends PlatformTx | WriteTx, Result>(
    open: (work: (tx: Tx) => Promise<Result>) => Promise<Result>,
    work: (tx: Tx) => Promise<Result>,
  ): Promise<Result> {
    if (!this.#isOn) return open(work);
    let result: { value: Result } | undefined;
    try {
      await open(async (tx) => {
        const before = await tx.one(CHANGED);
        const value = await work(tx);
        // A transaction gets a number when it touches the first row: mostly there is nothing to count.
        const { isAssigned } = await tx.one(ASSIGNED);
        const changed = isAssigned ? (await tx.one(CHANGED)).rows : before.rows;
        if (changed > before.rows) this.#writes += 1;
        result = { value };
        throw new Undo();
      });
    } catch (error) {
      if (!(error instanceof Undo)) throw error;
    }
    return result!.value;
  }
}
