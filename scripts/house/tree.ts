// SPDX-License-Identifier: EUPL-1.2
/** The working tree as the gates see it: what git knows or would take, and nothing it ignores. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Fault {
  readonly file: string;
  /** 1 for the whole file */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

export interface Architecture {
  readonly modules: Record<string, { uses: string[]; tables: string[] }>;
  readonly kernelTables: string[];
  /** table of schema `platform` → the module, or `kernel`, whose SQL may name it */
  readonly platformTables: Readonly<Record<string, string>>;
  /** files and folders of src/kernel without clock, I/O and randomness */
  readonly pureKernel: string[];
}

/** Paths relative to `root`, sorted. Throws when git does not answer: a gate that read nothing must not pass. */
export function listFiles(root: string): string[] {
  const { status, stdout, stderr } = spawnSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`git ls-files failed: ${stderr}`);
  return [...new Set(stdout.split("\0"))]
    .filter((file) => file !== "" && existsSync(join(root, file)))
    .sort();
}

export const readText = (root: string, file: string): string =>
  readFileSync(join(root, file), "utf8");

export const readArchitecture = (root: string): Architecture =>
  JSON.parse(readText(root, "architecture.json")) as Architecture;

/** The module a path belongs to, or `null`. */
export const moduleOf = (file: string): string | null =>
  /^src\/modules\/([^/]+)\//.exec(file)?.[1] ?? null;

/** The room of a module file: `rules`, `sql`, `operations`, `jobs`, or `null`. */
export const roomOf = (file: string): string | null =>
  /^src\/modules\/[^/]+\/([^/]+)\//.exec(file)?.[1] ?? null;

export const isTest = (file: string): boolean =>
  file.startsWith("tests/") || file.endsWith(".test.ts");

/** The faults of a gate as text, one per line; exit code 1 when there are any. */
export function report(faults: readonly Fault[], summary: string): void {
  for (const { file, line, rule, message } of faults) {
    console.log(`${file}:${line} [${rule}] ${message}`);
  }
  console.log(faults.length === 0 ? summary : `${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}
