// SPDX-License-Identifier: EUPL-1.2
/** What SQL text may say: own tables, views along an allowed arrow, the tenant in every query, no clock. */
import { type Architecture, readText } from "./tree.ts";

const CLOCK =
  /(?<![.\w])(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b/i;
const RANDOM = /\b(random|gen_random_uuid|uuid_generate_v4)\s*\(/i;

/** The words of one `from`, `join`, `into`, `update` or `using` list that name a relation. */
const RELATIONS =
  /\b(?:from|join|into|update|using|lock\s+table|table)\s+(?:only\s+|lateral\s+)?((?:[a-z_][\w.]*)(?:\s+(?:as\s+)?[a-z_]\w*)?(?:\s*,\s*(?:lateral\s+)?[a-z_][\w.]*(?:\s+(?:as\s+)?[a-z_]\w*)?)*)/gi;

/** Comments and quoted text out of the way; line numbers stay. */
export function plainSql(text: string): string {
  return text
    .replace(/--[^\n]*/g, "")
    .replace(/'(?:[^']|'')*'/g, (quoted) => `''${"\n".repeat(quoted.split("\n").length - 1)}`);
}

/** Names that a statement reads or writes; common table expressions and columns are not told apart. */
export function relationsOf(sql: string): string[] {
  const names = new Set<string>();
  for (const [, list] of plainSql(sql).matchAll(RELATIONS)) {
    for (const part of (list ?? "").split(",")) {
      const name = part
        .trim()
        .replace(/^lateral\s+/i, "")
        .split(/\s/)[0];
      if (name) names.add(name.toLowerCase().replace(/^public\./, ""));
    }
  }
  return [...names];
}

export interface Owners {
  /** table or view → module or `kernel` */
  readonly tables: ReadonlyMap<string, string>;
  readonly views: ReadonlyMap<string, string>;
}

/** Who owns what: tables by architecture.json, a view by the first table it reads. */
export function ownersOf(root: string, files: readonly string[], plan: Architecture): Owners {
  const tables = new Map<string, string>();
  for (const [module, { tables: own }] of Object.entries(plan.modules)) {
    for (const table of own) tables.set(table, module);
  }
  for (const table of plan.kernelTables) tables.set(table, "kernel");
  for (const [table, owner] of Object.entries(plan.platformTables))
    tables.set(`platform.${table}`, owner);
  const views = new Map<string, string>();
  for (const file of files.filter((name) => /^migrations\/.*[.]sql$/.test(name))) {
    const text = plainSql(readText(root, file));
    for (const [, name, body] of text.matchAll(
      /create\s+(?:or\s+replace\s+)?view\s+(\w+)([^;]*);/gi,
    )) {
      const base = relationsOf(body ?? "").find((table) => tables.has(table) || views.has(table));
      if (name && base) views.set(name, tables.get(base) ?? views.get(base) ?? "kernel");
    }
  }
  return { tables, views };
}

/** What is wrong with one statement (or fragment) of a module, as rule and message. */
export function statementFaults(
  sql: string,
  module: string | null,
  plan: Architecture,
  owners: Owners,
): { rule: string; message: string }[] {
  const text = plainSql(sql);
  const faults: { rule: string; message: string }[] = [];
  const clock = CLOCK.exec(text);
  if (clock) {
    faults.push({ rule: "sql-clock", message: `\`${clock[0]}\`: time is an argument (habit 4)` });
  }
  if (RANDOM.test(text)) {
    faults.push({ rule: "sql-random", message: "ids and chance come from the application" });
  }
  if (module === null) return faults;
  const uses = plan.modules[module]?.uses ?? [];
  let ofTenant = false;
  for (const name of relationsOf(text)) {
    const owner = owners.tables.get(name);
    const viewOwner = owners.views.get(name);
    if (owner !== undefined && owner !== module) {
      faults.push({
        rule: "foreign-table",
        message: `table ${name} belongs to ${owner}: use a v_* view of an allowed module`,
      });
    }
    if (viewOwner !== undefined && viewOwner !== module && !uses.includes(viewOwner)) {
      faults.push({
        rule: "foreign-view",
        message: `view ${name} is of ${viewOwner}, which ${module} may not use`,
      });
    }
    if (!name.startsWith("platform.") && (owner ?? viewOwner) !== undefined) ofTenant = true;
  }
  if (ofTenant && !/tenant_id/.test(text)) {
    faults.push({
      rule: "tenant-filter",
      message: "a query on tenant tables filters by tenant_id",
    });
  }
  return faults;
}
