// SPDX-License-Identifier: EUPL-1.2
import type { Compilable, RawBuilder } from "kysely";

export type Statement<Row> = RawBuilder<Row> | Compilable<Row>;

/** Queries of one tenant inside one transaction. int8 → bigint, date → PlainDate, timestamptz → Instant. */
export interface ReadTx {
  readonly tenantId: string;
  rows<Row>(statement: Statement<Row>): Promise<Row[]>;
  /** The only row, or `undefined` when there is none. Two rows are a bug and throw. */
  maybe<Row>(statement: Statement<Row>): Promise<Row | undefined>;
  /** The only row; none or two throw. */
  one<Row>(statement: Statement<Row>): Promise<Row>;
}

export interface WriteTx extends ReadTx {
  readonly writes: true;
  /** Runs a change and tells how many rows it touched. */
  run(statement: Statement<unknown>): Promise<number>;
}

/** A transaction on the `platform` schema: directory of tenants and host names. It has no tenant. */
export type PlatformTx = Omit<WriteTx, "tenantId">;

export interface TenantDb {
  readonly tenantId: string;
  /** Read only: the database refuses a change inside it. */
  read<Result>(work: (tx: ReadTx) => Promise<Result>): Promise<Result>;
  /** All or nothing. Repeated when the database asks for it (deadlock, serialization): no side effects inside. */
  write<Result>(work: (tx: WriteTx) => Promise<Result>): Promise<Result>;
}

export interface Database {
  readonly engine: "pglite" | "postgres";
  forTenant(tenantId: string): TenantDb;
  platform<Result>(work: (tx: PlatformTx) => Promise<Result>): Promise<Result>;
  /** As the owner of the schema, without row security's tenant: migrations, installation secrets, backup. */
  owner<Result>(work: (tx: PlatformTx) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** What a driver offers: one connection. Statements run in the order in which they were issued. */
export interface Connection {
  query(
    text: string,
    parameters: readonly unknown[],
  ): Promise<{ rows: unknown[]; affected: number }>;
  /** Several statements without parameters in one round trip. Returns the last one's command tag. */
  exec(text: string): Promise<string>;
}

export interface Driver {
  readonly engine: "pglite" | "postgres";
  /** Lends a connection; nobody else uses it until `work` ends. `broken` ones are thrown away. */
  withConnection<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
