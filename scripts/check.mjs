// SPDX-License-Identifier: EUPL-1.2
// `npm run check`: every gate, two at a time, one line each; what failed is shown in full at the end.
// `npm run check -- types lint` runs only those.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = process.cwd();
const tool = (path) => join(ROOT, "node_modules", path);
const pages = "tests/pages/render-all.ts";

/** Slow ones first: the others fill the gaps. */
const GATES = [
  ["schema", "scripts/check-schema.ts"],
  ["arrows", "scripts/check-arrows.mjs"],
  ["house", "scripts/check-house.ts"],
  ["types", tool("typescript7/bin/tsc"), "-p", "tsconfig.json", "--pretty", "false"],
  ["dead code", tool("knip/bin/knip.js"), "--no-progress", "--no-config-hints"],
  ["duplicates", tool("jscpd/run-jscpd.js"), "--config", ".jscpd.json", "."],
  ["lint", tool("oxlint/bin/oxlint"), "--deny-warnings", "-f", "unix"],
  ["format", tool("oxfmt/bin/oxfmt"), "--check"],
  ["diagram", "scripts/draw-architecture.mjs", "--check"],
  ["requirements", "scripts/map-requirements.mjs", "--check"],
  ["pages", null],
];

function run(command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (chunk) => (output += chunk);
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Renders every page to a throwaway folder and validates what a browser would get. */
async function validatePages() {
  if (!existsSync(join(ROOT, pages))) return { code: 0, output: `skipped: no ${pages}` };
  const folder = mkdtempSync(join(tmpdir(), "campanella-pages-"));
  try {
    const rendered = await run([pages, folder]);
    if (rendered.code !== 0) return rendered;
    const validator = tool("html-validate/bin/html-validate.mjs");
    const config = join(ROOT, ".htmlvalidate.json");
    return await run([validator, "--config", config, "--ext", "html", folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

async function gate([name, ...command]) {
  const started = performance.now();
  const { code, output } = await (command[0] === null ? validatePages() : run(command));
  const skipped = code === 0 && output.startsWith("skipped") ? `  ${output.trim()}` : "";
  console.log(`${code === 0 ? "ok  " : "FAIL"}  ${name.padEnd(12)} ${seconds(started)}${skipped}`);
  return { name, code, output };
}

const wanted = process.argv.slice(2);
const queue = GATES.filter(([name]) => wanted.length === 0 || wanted.includes(name));
if (queue.length === 0) {
  console.error(`no such gate; there are: ${GATES.map(([name]) => name).join(", ")}`);
  process.exit(2);
}
if (spawnSync("git", ["--version"]).status !== 0) {
  console.error("the gates need git: it says which files belong to the project");
  process.exit(2);
}
const started = performance.now();
const results = [];
await Promise.all(
  Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results.push(await gate(next));
  }),
);
const failed = results.filter((result) => result.code !== 0);
for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trimEnd()}`);
console.log(
  failed.length === 0
    ? `\nevery gate passed in ${seconds(started)}`
    : `\n${failed.length} of ${results.length} gates failed: ${failed.map(({ name }) => name).join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
