// SPDX-License-Identifier: EUPL-1.2
import type { Database, PlatformTx, TenantDb, WriteTx } from "#kernel/db/index.ts";
import { sql } from "#kernel/db/index.ts";

class Undo extends Error {}

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

  /** How many transactions changed or locked a row, since it was asked last. */
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
        const value = await work(tx);
        // A transaction gets a number when it touches the first row.
        const { id } = await tx.one<{ id: string | null }>(
          sql`select pg_current_xact_id_if_assigned()::text as id`,
        );
        if (id !== null) this.#writes += 1;
        result = { value };
        throw new Undo();
      });
    } catch (error) {
      if (!(error instanceof Undo)) throw error;
    }
    return result!.value;
  }
}
