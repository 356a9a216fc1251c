// SPDX-License-Identifier: EUPL-1.2
import { type RawBuilder, sql } from "kysely";

/** PostgreSQL types that a column may have here. */
type ColumnType = "uuid" | "text" | "bigint" | "date" | "timestamptz" | "boolean" | "jsonb";

/** What travels as text: days and moments in ISO form, objects as JSON for `jsonb`. */
type Value = string | bigint | boolean | null | Temporal.Instant | Temporal.PlainDate | object;

/**
 * Many rows as one parameter per column: `from ${arrayRows(rows, { id: "uuid" })} as r(id)`. Costs the database a third
 * of `jsonRows`; worth it where a day's meals are written. The columns come in the order of `types`, the rows in no
 * order. What is the same in every row travels once.
 */
export function arrayRows<Row extends object>(
  rows: readonly Row[],
  types: { readonly [Name in keyof Row]?: ColumnType },
): RawBuilder<unknown> {
  const columns = Object.entries(types).map(([name, type], index) => {
    const values = rows.map((row) => (row as Record<string, Value | undefined>)[name] ?? null);
    // One column at least tells how many rows there are.
    const isConstant = index > 0 && values.every((value) => value === values[0]);
    return { name: sql.ref(name), type: sql.raw(String(type)), values, isConstant };
  });
  const listed = columns.filter(({ isConstant }) => !isConstant);
  const arrays = listed.map(({ values, type }) => sql`${arrayText(values)}::${type}[]`);
  const chosen = columns.map(({ name, type, values, isConstant }) =>
    isConstant ? sql`${textOf(values[0])}::${type}` : name,
  );
  return sql`(select ${sql.join(chosen)}
    from unnest(${sql.join(arrays)}) as u(${sql.join(listed.map(({ name }) => name))}))`;
}

/** An array as PostgreSQL reads it; the driver's own way to write it costs ten times as much. */
export const arrayText = (values: readonly Value[]): string => `{${values.map(element).join(",")}}`;

/** Text that an array literal takes as it is; `null` would be read as no value. */
const PLAIN = /^[\w:.+-]+$/;
const isNullWord = (text: string): boolean => text.length === 4 && text.toLowerCase() === "null";

function element(value: Value): string {
  const text = textOf(value);
  if (text === null) return "NULL";
  return PLAIN.test(text) && !isNullWord(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function textOf(value: Value | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate)
    return value.toString();
  return JSON.stringify(value);
}
