// SPDX-License-Identifier: EUPL-1.2
/**
 * The only way to the database. A transaction states its power (`ReadTx`, `WriteTx`), runs as the role
 * `campanella_app` with the tenant set for row security, and refuses queries after its end.
 */
export { sql } from "kysely";
export { openDatabase } from "./open.ts";
export type { Database, ReadTx, TenantDb, WriteTx, Statement, PlatformTx } from "./types.ts";
export { DatabaseInUseError, type FolderHolder } from "./folder-lock.ts";
export { DatabaseBrokenError } from "./pglite-driver.ts";
export { DatabaseUnusableError } from "./postgres-driver.ts";
export { arrayRows } from "./array-rows.ts";
export { jsonRows } from "./json-rows.ts";
