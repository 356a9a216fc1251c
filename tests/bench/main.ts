// SPDX-License-Identifier: EUPL-1.2
/**
 * `npm run bench [-- --quick] [--only rush|closing|page|towns|station|documents|identity]`: measures, prints a table, writes .build/bench.json.
 * Without DATABASE_URL it runs itself once more on a durable PostgreSQL of its own (scripts/with-postgres.sh).
 * On a server that is given it makes databases `campanella_bench_…` and drops them at the end.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureClosing } from "./closing.ts";
import { measureDocuments } from "./documents.ts";
import { measureIdentity } from "./identity.ts";
import { measurePage } from "./page.ts";
import { type Figure, table } from "./report.ts";
import { measureRush, rushSkipped } from "./rush.ts";
import { SIZES, type Sizes } from "./sizes.ts";
import { measureStation } from "./station.ts";
import { measureTowns } from "./towns.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PARTS = {
  rush: (server: string, sizes: Sizes) => {
    const skipped = rushSkipped();
    if (!skipped) return measureRush(server, sizes.rush);
    console.log(`rush: skipped, ${skipped}`);
    return Promise.resolve([]);
  },
  closing: (server: string, sizes: Sizes) => measureClosing(server, sizes.closing),
  page: (server: string, sizes: Sizes) => measurePage(server, sizes.page),
  towns: (server: string, sizes: Sizes) => measureTowns(server, sizes.towns),
  station: (server: string, sizes: Sizes) => measureStation(server, sizes.station),
  documents: (_server: string, sizes: Sizes) => measureDocuments(sizes.documents),
  identity: (_server: string, sizes: Sizes) => measureIdentity(sizes.identity),
} satisfies Record<string, (server: string, sizes: Sizes) => Promise<Figure[]>>;

const { values: options } = parseArgs({
  options: { quick: { type: "boolean" }, only: { type: "string" }, tiny: { type: "boolean" } },
});
const { only } = options;
if (only !== undefined && !Object.hasOwn(PARTS, only)) {
  console.error(`--only takes one of ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}

const server = process.env["DATABASE_URL"];
if (server) await measureAll(server);
else await runOnOwnServer();

async function runOnOwnServer(): Promise<void> {
  const child = spawn(
    "bash",
    ["scripts/with-postgres.sh", "--durable", process.execPath, ...process.argv.slice(1)],
    { cwd: ROOT, stdio: "inherit" },
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
}

async function measureAll(url: string): Promise<void> {
  const size = options.tiny ? "tiny" : options.quick ? "quick" : "full";
  const startedAt = new Date().toISOString();
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue;
    console.log(`${name} …`);
    figures.push(...(await measure(url, SIZES[size])));
  }
  console.log(`\n${table(figures)}`);
  const result = {
    startedAt,
    size,
    cores: availableParallelism(),
    loadAverage: loadavg(),
    node: process.version,
    figures,
  };
  await mkdir(`${ROOT}.build`, { recursive: true });
  await writeFile(`${ROOT}.build/bench.json`, `${JSON.stringify(result, null, 2)}\n`);
  console.log("\nDetails: .build/bench.json");
  process.exitCode = figures.every(({ met }) => met) ? 0 : 1;
}
