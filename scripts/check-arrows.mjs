// SPDX-License-Identifier: EUPL-1.2
// Arrows and rooms: dependency-cruiser with the rules of .dependency-cruiser.mjs. It must have READ the program:
// with a TypeScript it does not know it reads nothing and passes, so the files it saw are counted against git's.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = process.cwd();
const git = spawnSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "src", "simulator"],
  { cwd: ROOT, encoding: "utf8" },
);
const listed = git.stdout
  .split("\0")
  .filter((file) => file.endsWith(".ts") && existsSync(join(ROOT, file)));

const tool = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
const { stdout, stderr, error } = spawnSync(
  process.execPath,
  [tool, "--config", ".dependency-cruiser.mjs", "--output-type", "json", "src", "simulator"],
  { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 },
);

let result;
try {
  result = JSON.parse(stdout);
} catch {
  console.error(error?.message ?? (stderr || stdout));
  process.exit(1);
}
const cruised = new Set(result.modules.map((module) => module.source));
const unread = listed.filter((file) => !cruised.has(file));
const edges = result.modules.reduce((sum, module) => sum + module.dependencies.length, 0);

for (const { from, to, rule, cycle } of result.summary.violations) {
  const why = result.summary.ruleSetUsed.forbidden.find((one) => one.name === rule.name)?.comment;
  const path = cycle ? cycle.map((step) => step.name).join(" → ") : to;
  console.log(`${from} → ${path} [${rule.name}] ${why ?? ""}`);
}
for (const file of unread)
  console.log(`${file} [unread] dependency-cruiser did not read this file`);
if (listed.length === 0 || edges === 0)
  console.log("nothing was read: is `typescript` still 6.0.3?");
const failed =
  result.summary.violations.length > 0 || unread.length > 0 || listed.length === 0 || edges === 0;
console.log(`${listed.length} files, ${edges} imports`);
process.exitCode = failed ? 1 : 0;
