// SPDX-License-Identifier: EUPL-1.2
/**
 * One gzip file of lines. The first is the header; each table is `{"table":…}`, then per town `{"tenant":…}` and its
 * rows as JSON arrays of text (`null` for NULL) in the order of the primary key, then `{"end":…}` with the count and
 * the SHA-256 of the row lines; the last is the footer with the SHA-256 of all lines before it. The checksums find
 * damage, not forgery: the file is as secret and as trusted as the database (it holds the installation's secrets).
 */
import { z } from "zod";

export const FORMAT_VERSION = 1;

export const headerLine = z.object({
  campanella: z.literal("backup"),
  version: z.number().int(),
  createdAt: z.string(),
  engine: z.enum(["pglite", "postgres"]),
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  tenants: z.array(z.object({ id: z.string(), slug: z.string() })),
});
export type Header = z.infer<typeof headerLine>;

const tableLine = z.object({ table: z.string(), columns: z.array(z.string()) });
const tenantLine = z.object({ tenant: z.string() });
const endLine = z.object({ end: z.string(), rows: z.number().int(), sha256: z.string() });
const footerLine = z.object({
  tables: z.number().int(),
  rows: z.number().int(),
  sha256: z.string(),
});
export const markLine = z.union([tableLine, tenantLine, endLine, footerLine]);
export type Mark = z.infer<typeof markLine>;

export interface TableSummary {
  readonly name: string;
  readonly rows: number;
  readonly sha256: string;
}

export interface BackupSummary {
  readonly tenants: number;
  readonly rows: number;
  readonly tables: readonly TableSummary[];
}

/** Called after each table. */
export type Progress = (table: TableSummary, done: number, total: number) => void;

/** The file is not a backup, is damaged, or does not fit this database. Nothing was changed. */
export class BackupFileError extends Error {
  override readonly name = "BackupFileError";
}
