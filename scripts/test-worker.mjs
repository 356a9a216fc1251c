// SPDX-License-Identifier: EUPL-1.2
// A process that runs test files one after the other, as scripts/test.mjs hands them over: the program and the embedded
// database are loaded once for many files. Each file is a suite of its own, so its hooks run around its tests only.
import { describe } from "node:test";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

process.on("message", ({ file }) => {
  if (file === null) process.disconnect();
  else describe(file, () => import(pathToFileURL(resolve(file)).href));
});
process.send({ ready: true });
