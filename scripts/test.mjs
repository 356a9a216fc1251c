// SPDX-License-Identifier: EUPL-1.2
// `npm test`: units and everything in tests/ on the embedded database, then, when TEST_DATABASE_URL (or
// DATABASE_URL) names a server, the tests that use a database once more on PostgreSQL. What runs in a browser runs
// once, on PostgreSQL when there is one: a page is the same on both, and each engine has its own tests.
// `npm test -- closing` runs the files whose path contains the word; if none does, the tests whose name does.
// The last line is `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";

const COUNTS = "CAMPANELLA-COUNTS ";
/** Far more than any needs on a machine that is busy with other things: only what hangs takes as long. */
const TEST_TIMEOUT_MS = 300_000;
const FILE_TIMEOUT_MS = 1_200_000;
/** Everything is closed after the last test; what is not keeps the process, and is a fault. */
const END_TIMEOUT_MS = 60_000;
const LEFT_OPEN = "  ✗ a test left something open: its process did not end by itself";
const MAX_WORKER_BYTES = 1_500_000_000;
/** One more than processors: a browser test often waits for its browser, a crash test for its child. */
const WORKERS = Math.min(5, availableParallelism() + 1);
const WORKER = "scripts/test-worker.mjs";
/** How long each file took last time, in milliseconds. */
const TIMES = ".build/test-times.json";
/** Begun first where nobody knows yet, as in a fresh clone: none of them is to be the last, with one processor idle. */
const SLOW = [
  ...[
    "e2e/school-offline",
    "e2e/identity",
    "e2e/zoom",
    "architecture/gates",
    "surfaces/role-table",
  ],
  ...["e2e/pay", "e2e/office", "e2e/portal", "commands/start", "commands/demo", "scenarios/crash"],
  ...["database/crash", "database/power-loss", "surfaces/language", "e2e/language"],
].map((name) => `tests/${name}.test.ts`);
const SLOW_MS = 1_000_000;
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

const runsInBrowser = (file) => file.startsWith("tests/e2e/") || file.endsWith(".browser.test.ts");
const onEmbedded = server ? processes.filter((file) => !runsInBrowser(file)) : processes;

function environment(databaseUrl) {
  const {
    DATABASE_URL: _url,
    TEST_DATABASE_URL: _test,
    NODE_TEST_CONTEXT: _context,
    ...rest
  } = process.env;
  const all = { NODE_COMPILE_CACHE: resolve(".build/compile-cache"), ...rest };
  return databaseUrl ? { ...all, TEST_DATABASE_URL: databaseUrl } : all;
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

/** Of a process that is started with its files. */
const OF_FILES = ["--test", "--test-isolation=none"];
const FLAGS = [
  // Most of what a test makes dies at once: with more room for it the collector runs less often.
  "--max-semi-space-size=64",
  `--test-timeout=${TEST_TIMEOUT_MS}`,
  "--test-reporter=./scripts/test-reporter.mjs",
  "--test-reporter-destination=stdout",
];

/** Starts node:test over `files`; what it writes is collected in `said.text`. */
function start(files, databaseUrl, flags = []) {
  const child = spawn(process.execPath, [...FLAGS, ...flags, ...files], {
    env: environment(databaseUrl),
    stdio: ["ignore", "pipe", "pipe", "ipc"].slice(0, files[0] === WORKER ? 4 : 3),
  });
  running.add(child);
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk) => (said.text += chunk));
  }
  child.on("error", (error) => (said.text += `\n  ${error.message}`));
  child.on("close", () => running.delete(child));
  return { child, said };
}

/** A suite skipped as a whole names none of its tests: it must not look like a success. */
function checked({ text, ...counts }) {
  if (counts.passed + counts.failed + counts.skipped > 0) return { ...counts, text };
  return { ...counts, skipped: 1, text: `${text}\n${NOTHING_RAN}` };
}
const NOTHING_RAN = "  skipped 1: no test of this file ran, what it needs is missing";
const failure = (text) => ({ passed: 0, failed: 1, skipped: 0, text });

/** One process of node:test over `files`. One that hangs, even in a loop without end, is killed and named. */
function runProcess(files, databaseUrl) {
  const byNames = patterns.map((one) => `--test-name-pattern=${one}`);
  const flags = byName ? [...OF_FILES, ...byNames, "--test-force-exit"] : OF_FILES;
  return new Promise((done) => {
    const { child, said } = start(files, databaseUrl, flags);
    const timer = setTimeout(() => {
      said.text += `\n${tookTooLong(files.join(" "))}`;
      child.kill("SIGKILL");
    }, FILE_TIMEOUT_MS);
    child.on("close", (code) => {
      clearTimeout(timer);
      const lines = said.text.split("\n");
      const line = lines.find((one) => one.startsWith(COUNTS));
      const counts = line ? JSON.parse(line.slice(COUNTS.length)) : failure("");
      const text = lines.filter((one) => one !== line).join("\n");
      // A run that died, or failed without naming a test, is a failure too.
      const died = counts.failed === 0 && code !== 0;
      if (died) done(failure(`${text}\n  ✗ ${files.join(" ")} ended with code ${code}`));
      else done(checked({ ...counts, text }));
    });
  });
}

const tookTooLong = (what) =>
  `  ✗ ${what} took longer than ${FILE_TIMEOUT_MS / 1000} s and was stopped\n`;

/**
 * One process that is handed files of the queue until there are none, or until it has grown too large; `tell` gets the
 * outcome of each. A file that hangs, even in a loop without end, is killed with its process and named.
 */
function runWorker(queue, databaseUrl, tell) {
  return new Promise((done) => {
    const { child, said } = start([WORKER], databaseUrl);
    let [file, since, timer, isFaultTold] = [null, performance.now(), undefined, false];
    let isFresh = true;
    const finish = (result) => {
      clearTimeout(timer);
      const text = [said.text.trimEnd(), result.text].filter(Boolean).join("\n");
      said.text = "";
      isFaultTold ||= result.failed > 0;
      tell(file ?? "a process of tests", checked({ ...result, text }), since);
      file = null;
    };
    const stop = (why) => {
      said.text += `\n${why}`;
      isFaultTold = false;
      child.kill("SIGKILL");
    };
    const hand = (next) => {
      [file, since] = [next, performance.now()];
      child.send({ file });
      const why = next === null ? LEFT_OPEN : tookTooLong(file);
      timer = setTimeout(stop, next === null ? END_TIMEOUT_MS : FILE_TIMEOUT_MS, why);
    };
    child.on("message", ({ file: finished, counts, text, rss = 0, cpu }) => {
      isFresh = false;
      if (finished) finish({ ...counts, text, cpu });
      hand(stopping || rss > MAX_WORKER_BYTES ? null : (queue.shift() ?? null));
    });
    child.on("close", (code) => {
      // One that did not even start would be started for ever: it takes a file with it.
      if (isFresh) file = queue.shift() ?? null;
      if (!stopping && (file !== null || (code !== 0 && !isFaultTold)))
        finish(failure(`  ✗ the process ended with code ${code}`));
      clearTimeout(timer);
      done();
    });
  });
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const timeSince = (started) => seconds(performance.now() - started);

/** Files, some at a time, the slowest of last time first; what they say appears file by file. */
async function runSuite(name, files, databaseUrl, together = false) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return total;
  const started = performance.now();
  let used = 0;
  if (!together) console.log(`\n── ${name}`);
  const tell = (label, { text, cpu = 0, ...result }, since) => {
    for (const key of Object.keys(total)) total[key] += result[key];
    used += cpu;
    times[`${name} ${label}`] = Math.round(performance.now() - since);
    const cost = `in ${timeSince(since)}, processor ${seconds(cpu)}`;
    console.log(`${result.failed ? "✗" : "✓"} ${label}: ${said(result)} ${cost}`);
    if (text.trim()) console.log(text.trimEnd());
  };
  // Nobody knows yet: a long file is a slow one, more or less.
  const guess = (file) =>
    SLOW.includes(file) ? SLOW_MS - SLOW.indexOf(file) : statSync(file).size;
  const took = (file) => times[`${name} ${file}`] ?? guess(file);
  const queue = together ? [files] : files.toSorted((a, b) => took(b) - took(a));
  const worker = async () => {
    while (queue.length > 0 && !stopping) {
      if (!together && !byName) await runWorker(queue, databaseUrl, tell);
      else {
        const [next, since] = [[queue.shift()].flat(), performance.now()];
        const label = next.length === 1 ? next[0] : `${next.length} files of ${name}`;
        tell(label, await runProcess(next, databaseUrl), since);
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  const cost = `in ${timeSince(started)}, processor ${seconds(used)}`;
  if (!together) console.log(`   ${name}: ${said(total)} ${cost}`);
  return total;
}

const said = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

const times = existsSync(TIMES) ? JSON.parse(readFileSync(TIMES, "utf8")) : {};
/** One process of units beside the others: alone it would leave processors idle. */
const results = await Promise.all([
  runSuite("units", units, "", true),
  runSuite("embedded database", onEmbedded),
]);
if (server) {
  results.push(await runSuite("PostgreSQL", onServer, server));
} else if (onServer.length > 0) {
  console.log("\n── PostgreSQL: skipped, neither TEST_DATABASE_URL nor DATABASE_URL is set");
  console.log("   (bash scripts/with-postgres.sh npm test starts a throwaway server)");
}
mkdirSync(".build", { recursive: true });
writeFileSync(TIMES, JSON.stringify(times));
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
