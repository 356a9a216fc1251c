// SPDX-License-Identifier: EUPL-1.2
// Writes docs/requirements.md: which test proves which requirement. `--check` only says whether it is up to date.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const TARGET = join(ROOT, "docs/requirements.md");
const ID = /\b(?:OS|MC|BI|PE|BO|X)-\d\d\b/g;
const TEST_NAME = /\b(?:it|test|describe)\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs;

async function* testFiles(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    else if (entry.name.endsWith(".test.ts")) yield path;
  }
}

const proofs = new Map();
for (const folder of ["src", "tests"])
  for await (const file of testFiles(join(ROOT, folder))) {
    const text = await readFile(file, "utf8");
    for (const [, , name] of text.matchAll(TEST_NAME))
      for (const id of new Set(name.match(ID)))
        proofs.set(id, [
          ...(proofs.get(id) ?? []),
          { name: name.replaceAll(ID, "").trim(), file: relative(ROOT, file) },
        ]);
  }

const rows = [...proofs]
  .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
  .map(([id, tests]) => {
    const shown = tests.map(
      ({ name, file }) => `[${name.replaceAll("|", "/") || file}](../${file})`,
    );
    return `| ${id} | ${shown.join("<br>")} |`;
  });
const page = `# Which test proves which requirement

Made by \`node scripts/map-requirements.mjs\` from the names of the tests; do not edit.
The ids are those of the five public documents that Campanella starts from: Ostra (OS), Monte Cremasco (MC),
Bitritto (BI), Pesaro (PE), Borghetto Santo Spirito (BO), and what goes beyond them (X).

| id | tests |
| --- | --- |
${rows.join("\n")}
`;

if (process.argv.includes("--check")) {
  const present = await readFile(TARGET, "utf8").catch(() => "");
  if (present !== page) {
    console.error("docs/requirements.md is not up to date: node scripts/map-requirements.mjs");
    process.exit(1);
  }
} else {
  await writeFile(TARGET, page);
  console.log(`${proofs.size} requirements in docs/requirements.md`);
}
