// SPDX-License-Identifier: EUPL-1.2
/** An unproven rule is no rule: every gate catches what it is there for, in a copy of the tree, in one run. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { listFiles } from "../../scripts/house/tree.ts";
import { MIGRATION, PLANTED } from "./planted.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const trees: string[] = [];
after(() => trees.forEach((tree) => rmSync(tree, { recursive: true, force: true })));

function run(tree: string, ...command: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: tree,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return { status, output: stdout + stderr };
}

/** The files git lists, in a repository of their own. */
function copyOfTree(only: (file: string) => boolean = () => true): string {
  const tree = mkdtempSync(join(tmpdir(), "campanella-gates-"));
  trees.push(tree);
  for (const file of listFiles(ROOT).filter(only)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    cpSync(join(ROOT, file), join(tree, file));
  }
  assert.equal(spawnSync("git", ["init", "-q"], { cwd: tree }).status, 0);
  return tree;
}

function plantAll(tree: string): void {
  for (const { files } of PLANTED) {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      if (text.startsWith("APPEND:"))
        appendFileSync(join(tree, file), text.slice("APPEND:".length));
      else writeFileSync(join(tree, file), text);
    }
  }
  writeFileSync(join(tree, "migrations/9999_planted.sql"), MIGRATION);
  mkdirSync(join(tree, "profiles"), { recursive: true });
  writeFileSync(join(tree, "profiles/plantedtown.yaml"), "slug: plantedtown\n");
}

describe("the gates catch a planted violation of each rule", () => {
  const tree = copyOfTree();
  plantAll(tree);
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  const { status, output } = run(tree, "scripts/check.mjs");

  it("fails as a whole", () => assert.equal(status, 1));
  for (const { rule, says } of PLANTED) {
    it(rule, () => assert.match(output, says));
  }
});

describe("a gate that read nothing does not pass", () => {
  it("arrows: dependency-cruiser with TypeScript 7 reads nothing, and the gate says so", () => {
    const tree = copyOfTree();
    const packages = join(ROOT, "node_modules");
    mkdirSync(join(tree, "node_modules"));
    for (const name of readdirSync(packages).filter((one) => !one.startsWith("."))) {
      const target = join(tree, "node_modules", name);
      if (name === "dependency-cruiser") cpSync(join(packages, name), target, { recursive: true });
      else symlinkSync(join(packages, name === "typescript" ? "typescript7" : name), target);
    }
    const { status, output } = run(tree, "scripts/check-arrows.mjs");
    assert.equal(status, 1, output);
    assert.match(output, /\[unread\]|nothing was read/);
  });

  it("house and arrows: an empty tree fails", () => {
    const tree = copyOfTree((file) => /^(scripts\/|architecture[.]json$|[.]dependency)/.test(file));
    symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
    assert.equal(run(tree, "scripts/check-arrows.mjs").status, 1);
  });
});

describe("an exception is written down", () => {
  it("house-allow needs a rule and a reason", () => {
    const tree = copyOfTree((file) => /^(scripts\/|architecture[.]json$)/.test(file));
    symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
    mkdirSync(join(tree, "src/kernel"), { recursive: true });
    const head = "// SPDX-License-Identifier: EUPL-1.2\n";
    const at = (name: string, comment: string): void =>
      writeFileSync(
        join(tree, `src/kernel/${name}.ts`),
        `${head}// ${comment}\nexport const planted = new Date();\n`,
      );
    at("with-reason", "house-allow clock: the browser's own calendar");
    at("without-reason", "house-allow clock:");
    at("other-rule", "house-allow random: a reason");
    const { output } = run(tree, "scripts/check-house.ts");
    assert.doesNotMatch(output, /with-reason/);
    assert.match(output, /without-reason\.ts:3 \[clock\]/);
    assert.match(output, /other-rule\.ts:3 \[clock\]/);
  });
});
