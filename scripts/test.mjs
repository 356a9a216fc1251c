// SPDX-License-Identifier: EUPL-1.2
// `npm test`: units, then everything in tests/ on the embedded database, then, when TEST_DATABASE_URL (or
// DATABASE_URL) names a server, the tests that use a database once more on PostgreSQL. What runs in a browser runs
// once, on PostgreSQL when there is one: a page is the same on both, and each engine has its own tests.
// `npm test -- closing` runs the files whose path contains the word; if none does, the tests whose name does.
// The last line is `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const COUNTS = "CAMPANELLA-COUNTS ";
const TEST_TIMEOUT_MS = 180_000;
const FILE_TIMEOUT_MS = 400_000;
/** Files that have one of these in their path; or, when there is none at all, tests that have it in their name. */
const patterns = process.argv.slice(2);
const server = process.env["TEST_DATABASE_URL"] || process.env["DATABASE_URL"] || "";

const USES_DATABASE =
  /support\/(db|[a-z-]*town[a-z-]*|server|app|browser)[.]ts|kernel\/db\/(open|index)[.]ts/;
const usesDatabase = (file) => USES_DATABASE.test(readFileSync(file, "utf8"));
const find = (glob) => globSync(glob).sort();

const beside = find("src/**/*.test.ts");
const apart = find("tests/**/*.test.ts");
const says = (text) => patterns.some((pattern) => text.includes(pattern));
const byPath = (files) => (patterns.length > 0 ? files.filter(says) : files);
const byName = patterns.length > 0 && byPath([...beside, ...apart]).length === 0;
const saysPattern = (file) => says(readFileSync(file, "utf8"));
for (const pattern of byName ? [] : patterns)
  if (![...beside, ...apart].some((file) => file.includes(pattern)))
    console.log(`no test file has "${pattern}" in its path`);
const chosen = byName ? (files) => files.filter(saysPattern) : byPath;

/** Reads no database: many files in one process. */
const units = chosen(beside.filter((file) => !usesDatabase(file)));
const processes = chosen([...beside.filter(usesDatabase), ...apart]);
/** Tests of the gates and of pages' markup say the same on any engine. */
const onServer = processes.filter(
  (file) => !file.startsWith("tests/architecture/") && usesDatabase(file),
);

const runsInBrowser = (file) => file.startsWith("tests/e2e/");
const onEmbedded = server ? processes.filter((file) => !runsInBrowser(file)) : processes;

function environment(databaseUrl) {
  const {
    DATABASE_URL: _url,
    TEST_DATABASE_URL: _test,
    NODE_TEST_CONTEXT: _context,
    ...rest
  } = process.env;
  return databaseUrl ? { ...rest, TEST_DATABASE_URL: databaseUrl } : rest;
}

const running = new Set();
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    stopping = true;
    for (const child of running) child.kill("SIGTERM");
    process.exitCode = 130;
  });
}

/** One process of node:test over `files`. A file that hangs, even in a loop without end, is killed and named. */
function runProcess(files, databaseUrl) {
  const flags = [
    "--test",
    "--test-isolation=none",
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    "--test-reporter=./scripts/test-reporter.mjs",
    "--test-reporter-destination=stdout",
  ];
  if (byName)
    flags.push(...patterns.map((one) => `--test-name-pattern=${one}`), "--test-force-exit");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, ...files], {
      env: environment(databaseUrl),
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let output = "";
    const timer = setTimeout(() => {
      output += `\n  ✗ ${files.join(" ")} took longer than ${FILE_TIMEOUT_MS / 1000} s and was stopped\n`;
      child.kill("SIGKILL");
    }, FILE_TIMEOUT_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (chunk) => (output += chunk));
    }
    child.on("close", (code) => {
      clearTimeout(timer);
      running.delete(child);
      const lines = output.split("\n");
      const line = lines.find((one) => one.startsWith(COUNTS));
      const counts = line ? JSON.parse(line.slice(COUNTS.length)) : null;
      const result = {
        passed: counts?.passed ?? 0,
        failed: (counts?.failed ?? 0) + (counts?.cancelled ?? 0),
        skipped: (counts?.skipped ?? 0) + (counts?.todo ?? 0),
      };
      // A run that died, or failed without naming a test, is a failure too.
      if (result.failed === 0 && (code !== 0 || counts === null)) {
        lines.push(`  ✗ ${files.join(" ")} ended with code ${code}`);
        result.failed = 1;
      }
      // A suite skipped as a whole names none of its tests: it must not look like a success.
      if (result.passed + result.failed + result.skipped === 0) {
        lines.push("  skipped 1: no test of this file ran, what it needs is missing");
        result.skipped = 1;
      }
      resolve({
        ...result,
        text: lines
          .filter((one) => one !== line)
          .join("\n")
          .trimEnd(),
      });
    });
  });
}

const timeSince = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

/** Groups of files, some at a time; what they say appears group by group. */
async function runSuite(name, groups, databaseUrl) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  if (groups.length === 0) return total;
  const started = performance.now();
  console.log(`\n── ${name}`);
  const queue = [...groups];
  const worker = async () => {
    for (let files = queue.shift(); files && !stopping; files = queue.shift()) {
      const since = performance.now();
      const { text, ...result } = await runProcess(files, databaseUrl);
      for (const key of Object.keys(total)) total[key] += result[key];
      const label = files.length === 1 ? files[0] : `${files.length} files`;
      console.log(`${result.failed ? "✗" : "✓"} ${label}: ${said(result)} in ${timeSince(since)}`);
      if (text) console.log(text);
    }
  };
  await Promise.all(
    Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, worker),
  );
  console.log(`   ${name}: ${said(total)} in ${timeSince(started)}`);
  return total;
}

const said = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

const each = (files) => files.map((file) => [file]);
const results = [await runSuite("units", units.length ? [units] : [])];
results.push(await runSuite("embedded database", each(onEmbedded)));
if (server) {
  results.push(await runSuite("PostgreSQL", each(onServer), server));
} else if (onServer.length > 0) {
  console.log("\n── PostgreSQL: skipped, neither TEST_DATABASE_URL nor DATABASE_URL is set");
  console.log("   (bash scripts/with-postgres.sh npm test starts a throwaway server)");
}
if (!existsSync("../shared"))
  console.log("\n../shared is not here: tests that read it say `skipped`");

const total = { passed: 0, failed: 0, skipped: 0 };
for (const result of results) for (const key of Object.keys(total)) total[key] += result[key];
if (stopping) process.exit(130);
if (total.passed + total.failed === 0) {
  console.log("\nno test ran: that is a failure");
  total.failed = 1;
}
console.log(`\n${said(total)}`);
if (total.failed > 0) process.exitCode = 1;
