// SPDX-License-Identifier: EUPL-1.2
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import { isUuid } from "../ids.ts";
import type { Connection, Statement, WriteTx } from "./types.ts";

/** Compiles statements; never connects. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const compile = (statement: Statement<unknown>): CompiledQuery =>
  "isRawBuilder" in statement
    ? statement.compile(compiler)
    : (statement as { compile(): CompiledQuery }).compile();

/** Temporal values and bigint travel as text; both drivers send other values as they are. */
function toParameter(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate)
    return value.toString();
  return value;
}

/** The owner's work (migrations, backup, restore) may take long. */
export const OWNER_OPENING =
  "begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0";

export function openingOf(mode: "read" | "write", tenantId: string | null): string {
  const begin = mode === "read" ? "begin read only" : "begin";
  if (tenantId === null) return `${begin}; set local role campanella_app`;
  if (!isUuid(tenantId)) throw new TypeError("a tenant id is a uuid");
  return `${begin}; set local role campanella_app; set local app.tenant_id = '${tenantId}'`;
}

/** One transaction's face to the code. `end()` closes it: later queries throw (habit 2 of the house). */
export class Transaction implements WriteTx {
  readonly writes = true;
  readonly tenantId: string;
  #connection: Connection | null;

  constructor(connection: Connection, tenantId: string) {
    this.#connection = connection;
    this.tenantId = tenantId;
  }

  end(): void {
    this.#connection = null;
  }

  async #query(statement: Statement<unknown>): Promise<{ rows: unknown[]; affected: number }> {
    if (!this.#connection) throw new Error("query after its transaction ended: await it inside");
    const { sql, parameters } = compile(statement);
    return this.#connection.query(sql, parameters.map(toParameter));
  }

  async rows<Row>(statement: Statement<Row>): Promise<Row[]> {
    return (await this.#query(statement)).rows as Row[];
  }

  async maybe<Row>(statement: Statement<Row>): Promise<Row | undefined> {
    const rows = await this.rows(statement);
    if (rows.length > 1) throw new Error(`expected one row, got ${rows.length}`);
    return rows[0];
  }

  async one<Row>(statement: Statement<Row>): Promise<Row> {
    const row = await this.maybe(statement);
    if (row === undefined) throw new Error("expected one row, got none");
    return row;
  }

  async run(statement: Statement<unknown>): Promise<number> {
    return (await this.#query(statement)).affected;
  }
}
