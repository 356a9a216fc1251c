// SPDX-License-Identifier: EUPL-1.2
import { type RawBuilder, sql } from "kysely";

/**
 * Many rows as one parameter: `from ${jsonRows(rows)} as r(id uuid, amount bigint)`.
 * One plan for any number of rows, the same on both engines. bigint travels as text.
 */
export function jsonRows(rows: readonly object[]): RawBuilder<unknown> {
  const text = JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return sql`jsonb_to_recordset(${text}::text::jsonb)`;
}
