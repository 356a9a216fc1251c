// SPDX-License-Identifier: EUPL-1.2
// A process that runs test files one after the other, as scripts/test.mjs hands them over: the program and the embedded
// database are loaded once for many files. Each file is a suite of its own, so its hooks run around its tests only.
import { createHook } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import "../tests/support/quick-passwords.ts";

// node:test follows every promise there is, to know which test something belongs to: a fifth of the processor's time.
// It needs that while tests are registered, so the hook it does it with is caught here and rests while they run.
const hooks = Object.getPrototypeOf(createHook({}));
const { enable } = hooks;
let following;
hooks.enable = function keep() {
  hooks.enable = enable;
  following = this;
  return this.enable();
};

// A suite may wait for something before it registers its tests.
const nodeTest = process.getBuiltinModule("node:test");
const { describe } = nodeTest;
const building = [];
function describeAndNote(...how) {
  const register = how.pop();
  return describe(...how, (context) => {
    const built = register(context);
    building.push(built);
    return built;
  });
}
nodeTest.describe = Object.assign(describeAndNote, describe);
syncBuiltinESMExports();

async function registerAll(file) {
  try {
    await import(pathToFileURL(resolve(file)).href);
    while (building.length > 0) await Promise.allSettled(building.splice(0));
  } finally {
    following.disable();
  }
}

process.on("message", ({ file }) => {
  if (file === null) return process.disconnect();
  following?.enable();
  return describe(file, () => registerAll(file));
});
// Without the hook nobody knows which test it belongs to: its file has failed, and the next gets another process.
for (const fault of ["uncaughtException", "unhandledRejection"])
  process.on(fault, (error) => {
    console.error(`  ✗ ${fault}:`, error);
    process.exit(1);
  });
process.send({ ready: true });
