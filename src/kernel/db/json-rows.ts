// SPDX-License-Identifier: EUPL-1.2
import { type RawBuilder, sql } from "kysely";

/**
 * Many rows as one parameter: `from ${jsonRows(rows)} as r(id uuid, amount bigint)`.
 * One plan for any number of rows, the same on both engines. bigint travels as text.
 */
export function jsonRows(rows: readonly object[]): RawBuilder<unknown> {
  const text = speakable(JSON.stringify(rows.map(withoutBigInts)));
  return sql`jsonb_to_recordset(${text}::text::jsonb)`;
}

/**
 * No jsonb takes half a character (an emoji cut at a field's length) or a NUL, and the whole statement would be refused:
 * they become what HTML makes of them. `JSON.stringify` escapes only these and control characters with a `u`.
 */
function speakable(json: string): string {
  if (!json.includes("\\u")) return json;
  return json.replaceAll(/\\(?:u(?:0000|d[89a-f]..)|.)/g, (escape) =>
    escape.length > 2 ? "\uFFFD" : escape,
  );
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
