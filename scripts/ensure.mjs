// SPDX-License-Identifier: EUPL-1.2
// Runs before `npm start`, `test`, `check` and `bench`: dependencies and built assets are as the lock and the
// sources say, without doing anything when they already are. Plain JavaScript, Node 20 or newer, no dependency.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NO_NODE, nodePath } from "./node-path.mjs";

const MIN_MAJOR = 20;
const ROOT = new URL("../", import.meta.url);
const STAMP = new URL("node_modules/.campanella-lock", ROOT);

function stop(message) {
  console.error(`campanella: ${message}`);
  process.exit(1);
}

/** What npm says it installed is what the lock names; packages for other machines do not count. */
function installedAsLocked(lock) {
  const file = new URL("node_modules/.package-lock.json", ROOT);
  if (!existsSync(file)) return false;
  const installed = JSON.parse(readFileSync(file, "utf8")).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    if (!found || !existsSync(new URL(`${path}/package.json`, ROOT))) return !isForHere(wanted);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** An optional package without a platform belongs to another optional one, which is checked itself. */
function isForHere({ optional, os, cpu, libc }) {
  if (!optional) return true;
  if (!os && !cpu) return false;
  const allows = (list, value) => !list || list.includes(value);
  return allows(os, process.platform) && allows(cpu, process.arch) && !libc?.includes("musl");
}

function ensureDependencies() {
  const text = readFileSync(new URL("package-lock.json", ROOT), "utf8");
  const hash = createHash("sha256").update(text).digest("hex");
  const stamped = existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash;
  if (stamped && nodePath()) return;
  if (!nodePath() || !installedAsLocked(JSON.parse(text))) install();
  writeFileSync(STAMP, hash);
}

function install() {
  console.log("campanella: installing dependencies (the first time takes about a minute) …");
  const started = Date.now();
  const flags = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const npm = process.env.npm_execpath;
  // npm's own Node: the one on PATH may be the pinned one, which `npm ci` is about to delete.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const { status, error } = npm?.endsWith("js")
    ? spawnSync(node, [npm, ...flags], { cwd: ROOT, stdio: "inherit" })
    : spawnSync("npm", flags, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0)
    stop(`\`npm ci\` failed${error ? ` (${error.message})` : ""}; the lines above say why.`);
  console.log(
    `campanella: dependencies installed in ${Math.round((Date.now() - started) / 1000)} s`,
  );
}

function buildAssets() {
  const script = fileURLToPath(new URL("scripts/build-assets.mjs", ROOT));
  if (!existsSync(script)) return;
  const { status } = spawnSync(nodePath(), [script], { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) stop("building the pages' styles and scripts failed; the lines above say why.");
}

if (Number.parseInt(process.versions.node, 10) < MIN_MAJOR) {
  stop(`needs Node ${MIN_MAJOR} or newer to start; this is Node ${process.versions.node}.`);
}
ensureDependencies();
if (!nodePath()) stop(NO_NODE);
buildAssets();
