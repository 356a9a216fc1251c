#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// `npx campanella …`: runs src/cli/main.ts on the pinned Node, with its signals and its exit code.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { NO_NODE, nodePath } from "../scripts/node-path.mjs";

const MAIN = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const node = nodePath();
if (!node) {
  console.error(NO_NODE);
  process.exit(1);
}
const child = spawn(node, [MAIN, ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) {
  // A terminal sends Ctrl-C to the child too; a second SIGINT there would read as impatience.
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("error", (error) => {
  console.error(`campanella: ${error.message}`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
});
