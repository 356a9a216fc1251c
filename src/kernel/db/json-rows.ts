// SPDX-License-Identifier: EUPL-1.2
import { type RawBuilder, sql } from "kysely";

/**
 * Many rows as one parameter: `from ${jsonRows(rows)} as r(id uuid, amount bigint)`.
 * One plan for any number of rows, the same on both engines. bigint travels as text.
 */
export function jsonRows(rows: readonly object[]): RawBuilder<unknown> {
  const text = JSON.stringify(rows.map(withoutBigInts));
  return sql`jsonb_to_recordset(${text}::text::jsonb)`;
}

/** A replacer function would be asked about every value of every row: that costs more than all the rest. */
function withoutBigInts(row: object): object {
  let copy: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(row)) {
    const plain = plainValue(value);
    if (plain === value) continue;
    copy ??= { ...row };
    copy[key] = plain;
  }
  return copy ?? row;
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (value === null || typeof value !== "object" || "toJSON" in value) return value;
  return withoutBigInts(value);
}
