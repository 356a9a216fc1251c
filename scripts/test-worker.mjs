// SPDX-License-Identifier: EUPL-1.2
// A process that runs test files one after the other, as scripts/test.mjs hands them over: the program and the embedded
// database are loaded once for many files. Each file is a suite of its own, so its hooks run around its tests only.
import { createHook } from "node:async_hooks";
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
const { describe } = await import("node:test");

process.on("message", ({ file }) => {
  if (file === null) return process.disconnect();
  following?.enable();
  const register = () => import(pathToFileURL(resolve(file)).href);
  return describe(file, () => register().finally(() => following.disable()));
});
// Without the hook nobody knows which test it belongs to: its file has failed, and the next gets another process.
for (const fault of ["uncaughtException", "unhandledRejection"])
  process.on(fault, (error) => {
    console.error(`  ✗ ${fault}:`, error);
    process.exit(1);
  });
process.send({ ready: true });
