// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";

/** A row of a log as the database writes it down: every column, in the order of their names. */
export interface LogRow {
  readonly id: string;
  /** `to_jsonb(row)::text`: PostgreSQL orders the keys by itself, and always alike */
  readonly text: string;
}

/** SHA-256 over a batch, in the order of ids. Lengths stand between: no two batches make the same bytes. */
export function digestOf(rows: readonly LogRow[]): string {
  const hash = createHash("sha256").update(`rows ${rows.length}\n`);
  for (const { id, text } of rows) hash.update(`${id} ${Buffer.byteLength(text)}\n`).update(text);
  return hash.digest("hex");
}

/** Holds the seal before: whoever changes an old batch has to change every seal after it. */
export const headOf = (before: string, number: bigint, digest: string): string =>
  createHash("sha256").update(`${before}\n${number}\n${digest}`).digest("hex");

/** What stands before the first seal: the log's name, so that two logs never share a chain. */
export const genesisOf = (log: string): string =>
  createHash("sha256").update(`campanella ${log}`).digest("hex");
