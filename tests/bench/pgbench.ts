// SPDX-License-Identifier: EUPL-1.2
/**
 * pgbench runs the very statements of a cancellation, with each family's own values: the most that this database
 * could do for any program that asks the same. The values are read from a table by one look-up per transaction
 * (pgbench has no other way); what that look-up costs is measured alone and taken off.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BenchDatabase } from "./database.ts";
import type { RoundTrip } from "./statements.ts";

const run = promisify(execFile);

/** The folder of pgbench, or `null`. */
export function pgbenchFolder(): string | null {
  const parent = "/usr/lib/postgresql";
  const versions = existsSync(parent)
    ? readdirSync(parent).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [process.env["PG_BIN"], ...versions.map((name) => join(parent, name, "bin"))];
  return folders.find((one) => one !== undefined && existsSync(join(one, "pgbench"))) ?? null;
}

export interface PgbenchScript {
  readonly script: string;
  readonly lookUp: string;
  /** values that are the same for everyone */
  readonly constants: Record<string, string>;
  readonly transactions: number;
}

/** Values of one family that occur in parameters; the keys are the same for all. */
export type Values = Record<string, string>;

/**
 * Turns recorded round trips into a script, and stores what each transaction needs in `bench_value`.
 * `sample`: the values under which they were recorded; `each`: those of every transaction to come.
 */
export async function preparePgbench(
  database: BenchDatabase,
  trips: readonly RoundTrip[],
  sample: Values,
  each: readonly Values[],
): Promise<PgbenchScript> {
  const constants: Record<string, string> = {};
  const columns = new Map<string, string>();
  const lines: string[] = [];
  const samples = Object.values(sample);
  for (const { text, parameters } of trips) {
    if (parameters === null) {
      lines.push(...plainLines(text));
      continue;
    }
    const names = parameters.map((value) => {
      if (value === null || value === undefined) return "null";
      const shown = toText(value);
      const varies = samples.some((part) => shown.includes(part));
      const known = varies
        ? columns.get(shown)
        : Object.entries(constants).find(([, other]) => other === shown)?.[0];
      if (known) return `:${known}`;
      const name = varies ? `v${columns.size}` : `c${Object.keys(constants).length}`;
      if (varies) columns.set(shown, name);
      else constants[name] = shown;
      return `:${name}`;
    });
    lines.push(`${text.replace(/\$(\d+)/g, (_all, number) => names[Number(number) - 1]!)};`);
  }
  const patterns = [...columns.keys()];
  await storeValues(database, [...columns.values()], patterns, sample, each);
  const lookUp = [
    "\\set k :k + 1",
    "\\set n :client_id * :per_client + :k",
    "select * from bench_value where n = :n \\gset",
    "",
  ].join("\n");
  return {
    script: lookUp + lines.join("\n") + "\n",
    lookUp,
    constants,
    transactions: each.length,
  };
}

/** `begin; set …; set …` is one round trip of the product: a pipeline is one of pgbench's. */
function plainLines(text: string): string[] {
  const lines = text.split(";").map((one) => `${one.trim()};`);
  return lines.length === 1 ? lines : ["\\startpipeline", ...lines, "\\endpipeline"];
}

/** As the driver sends it. */
function toText(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const items = value.map((one: unknown) =>
    one === null ? "NULL" : `"${String(one).replace(/["\\]/g, "\\$&")}"`,
  );
  return `{${items.join(",")}}`;
}

async function storeValues(
  database: BenchDatabase,
  names: readonly string[],
  patterns: readonly string[],
  sample: Values,
  each: readonly Values[],
): Promise<void> {
  await database.query("drop table if exists bench_value");
  const columns = names.map((name) => `${name} text not null`).join(", ");
  await database.query(`create table bench_value (n integer primary key, ${columns})`);
  const keyOf = new Map(Object.entries(sample).map(([key, value]) => [value, key]));
  const anySample = new RegExp([...keyOf.keys()].join("|"), "g");
  const rowOf = (values: Values): string[] =>
    patterns.map((pattern) => pattern.replace(anySample, (found) => values[keyOf.get(found)!]!));
  for (let from = 0; from < each.length; from += 1000) {
    const rows = each.slice(from, from + 1000).map((values, index) => ({
      n: from + index + 1,
      ...Object.fromEntries(rowOf(values).map((text, column) => [names[column], text])),
    }));
    await database.query(
      `insert into bench_value select * from jsonb_populate_recordset(null::bench_value, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }
  await database.query("vacuum analyze bench_value");
}

export interface PgbenchResult {
  readonly perSecond: number;
  readonly failed: number;
}

/** Every transaction runs once. `protocol`: extended = parsed each time, prepared = parsed once per connection. */
export async function runPgbench(
  url: string,
  of: PgbenchScript,
  how: { clients: number; protocol: "extended" | "prepared"; only?: "look-up" },
): Promise<PgbenchResult> {
  const folder = pgbenchFolder();
  if (!folder) throw new Error("pgbench is not installed");
  const directory = await mkdtemp(join(tmpdir(), "campanella-pgbench-"));
  try {
    const file = join(directory, "cancel.sql");
    await writeFile(file, how.only ? of.lookUp : of.script);
    const perClient = Math.floor(of.transactions / how.clients);
    const defined = { ...of.constants, k: "0", per_client: String(perClient) };
    const { stdout } = await run(
      join(folder, "pgbench"),
      [
        ...[
          "-n",
          "-M",
          how.protocol,
          "-c",
          String(how.clients),
          "-j",
          "2",
          "-t",
          String(perClient),
        ],
        ...["-f", file],
        ...Object.entries(defined).flatMap(([name, value]) => ["-D", `${name}=${value}`]),
        url,
      ],
      { env: { ...process.env, PGOPTIONS: "-c timezone=UTC -c datestyle=ISO" } },
    );
    const perSecond = Number(/tps = ([\d.]+) \(without/.exec(stdout)?.[1]);
    const failed = Number(/number of failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
    if (!perSecond) throw new Error(`pgbench said:\n${stdout}`);
    return { perSecond, failed };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
