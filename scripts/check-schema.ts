// SPDX-License-Identifier: EUPL-1.2
/** The schema tests itself (habit 11): a fresh embedded database, migrated, read back from its own catalogue. */
import { openDatabase } from "../src/kernel/db/index.ts";
import { migrate } from "../src/kernel/db/migrate.ts";
import { readArchitecture, report } from "./house/tree.ts";
import { schemaFaults } from "./house/schema-rules.ts";

const db = await openDatabase({ dataDir: "memory:" });
await migrate(db, Temporal.Instant.from("2026-07-01T00:00:00Z"));
const { faults, tables } = await schemaFaults(db, readArchitecture(process.cwd()));
await db.close();
report(
  faults.map((message) => ({ file: "migrations", line: 1, rule: "schema", message })),
  `${tables} tables`,
);
