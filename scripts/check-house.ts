// SPDX-License-Identifier: EUPL-1.2
/**
 * House rules that no tool knows (docs/architecture.md lists them). A line that needs an exception carries
 * `house-allow <rule>: <reason>` in a comment on itself or on the line above.
 */
import { parse } from "yaml";
import { codeFaults, type HouseContext } from "./house/code-rules.ts";
import { ownersOf, statementFaults } from "./house/sql-rules.ts";
import {
  type Fault,
  listFiles,
  moduleOf,
  readArchitecture,
  readText,
  report,
} from "./house/tree.ts";

const ROOT = process.cwd();
const README_MAX_LINES = 60;
const SPDX = "SPDX-License-Identifier: EUPL-1.2";
const SOURCE = /[.](ts|mjs|js|cjs|sh|css)$|^[.]ci\/run$/;
const TEXT = /[.](ts|mjs|js|cjs|sh|css|sql|md|ya?ml|json|html)$|^[.]ci\/run$/;
/** Words that say "not finished", written so that this file does not contain them. */
const UNFINISHED = /\b(TO[D]O|FIX[M]E)\b/;
/** Paths of one machine: they mean nothing to anybody else. */
const MACHINE_PATH = /(^|[\s"'`(=])[/]work[/](main|shared)\b/;

function townsOf(files: readonly string[]): ReadonlySet<string> {
  const towns = new Set<string>();
  for (const file of files.filter((name) => /^profiles\/[^/]+[.]ya?ml$/.test(name))) {
    const slug = file.slice("profiles/".length).replace(/[.]ya?ml$/, "");
    towns.add(slug.toLowerCase());
    let profile: unknown;
    try {
      profile = parse(readText(ROOT, file));
    } catch {
      continue; // the profile schema's own test names the line
    }
    for (const key of ["slug", "name"]) {
      const value = (profile as Record<string, unknown> | null)?.[key];
      if (typeof value === "string") towns.add(value.toLowerCase());
    }
  }
  return towns;
}

function textFaults(file: string, text: string): Fault[] {
  const faults: Fault[] = [];
  const lines = text.split("\n");
  const head = lines.slice(0, 2).join("\n");
  if (SOURCE.test(file) && !head.includes(SPDX)) {
    faults.push({ file, line: 1, rule: "spdx", message: `the first line says ${SPDX}` });
  }
  lines.forEach((content, index) => {
    const at = { file, line: index + 1 };
    if (UNFINISHED.test(content) && SOURCE.test(file)) {
      faults.push({ ...at, rule: "unfinished", message: "finish it, or open an issue" });
    }
    if (MACHINE_PATH.test(content)) {
      faults.push({ ...at, rule: "machine-path", message: "a path of one machine" });
    }
  });
  return faults;
}

function readmeFaults(files: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const modules = new Set(files.map(moduleOf).filter((name) => name !== null));
  for (const module of modules) {
    const file = `src/modules/${module}/README.md`;
    if (!files.includes(file)) {
      faults.push({ file, line: 1, rule: "readme", message: "a module says what it owns" });
      continue;
    }
    const lines = readText(ROOT, file).trimEnd().split("\n").length;
    if (lines > README_MAX_LINES) {
      faults.push({
        file,
        line: lines,
        rule: "readme",
        message: `at most ${README_MAX_LINES} lines`,
      });
    }
  }
  return faults;
}

function migrationFaults(file: string, text: string, context: HouseContext): Fault[] {
  return text.split("\n").flatMap((line, index) =>
    statementFaults(line, null, context.plan, context.owners).map((fault) => ({
      file,
      line: index + 1,
      ...fault,
    })),
  );
}

function allowed(fault: Fault, text: string): boolean {
  const lines = text.split("\n").slice(Math.max(0, fault.line - 2), fault.line);
  return lines.some((line) => new RegExp(`house-allow ${fault.rule}: \\S`).test(line));
}

const files = listFiles(ROOT);
const plan = readArchitecture(ROOT);
const context: HouseContext = { plan, owners: ownersOf(ROOT, files, plan), towns: townsOf(files) };
const faults: Fault[] = readmeFaults(files);
let read = 0;
for (const file of files.filter((name) => TEXT.test(name))) {
  const text = readText(ROOT, file);
  const found = textFaults(file, text);
  if (/^(src|simulator)\/.*[.]ts$/.test(file)) found.push(...codeFaults(file, text, context));
  if (/^migrations\/.*[.]sql$/.test(file)) found.push(...migrationFaults(file, text, context));
  faults.push(...found.filter((fault) => !allowed(fault, text)));
  read += 1;
}
if (read === 0) faults.push({ file: ".", line: 1, rule: "empty", message: "no file was read" });
report(faults, `${read} files`);
