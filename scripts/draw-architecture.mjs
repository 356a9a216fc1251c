// SPDX-License-Identifier: EUPL-1.2
// Writes docs/architecture.md from architecture.json, the one source of the arrows; `--check` only compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const FILE = "docs/architecture.md";
const { modules, kernelTables, platformTables, pureKernel } = JSON.parse(
  readFileSync("architecture.json", "utf8"),
);
const names = Object.keys(modules);

/** Arrows that follow from others are left out of the drawing, not out of the rules. */
function drawnUses(name) {
  const direct = modules[name].uses;
  const reach = (from) => modules[from].uses.flatMap((next) => [next, ...reach(next)]);
  return direct.filter(
    (one) => !direct.some((other) => other !== one && reach(other).includes(one)),
  );
}

const arrows = names.flatMap((name) => drawnUses(name).map((used) => `  ${name} --> ${used}`));
const rows = names.map((name) => {
  const { uses, tables } = modules[name];
  return `| ${name} | ${uses.join(", ") || "–"} | ${tables.map((table) => `\`${table}\``).join(" ")} |`;
});

const text = `# Architecture

Made by \`node scripts/draw-architecture.mjs\` from \`architecture.json\`: change that file, by an ADR, not this one.
The same file gives the rules that \`npm run check\` enforces (\`.dependency-cruiser.mjs\`, \`scripts/check-house.ts\`,
\`scripts/check-schema.ts\`); \`tests/architecture\` plants a violation of each and proves that it is caught.

## Modules

An arrow means "may use the front door (\`index.ts\`) of". Arrows that follow from others are not drawn.

\`\`\`mermaid
flowchart TD
${names.map((name) => `  ${name}`).join("\n")}
${arrows.join("\n")}
\`\`\`

| Module | May use | Tables |
|---|---|---|
${rows.join("\n")}

Kernel tables: ${kernelTables.map((table) => `\`${table}\``).join(" ")}. Installation tables (schema \`platform\`):
${Object.entries(platformTables)
  .map(([table, owner]) => `\`${table}\` (${owner})`)
  .join(" ")}.

## Rooms

| Room | May touch |
|---|---|
| \`rules/\` | own rules, pure kernel files, pure packages. No clock, no I/O, no randomness |
| \`sql/\` | kernel, tenancy, own rules; own tables; another module's \`v_*\` views along an allowed arrow |
| \`operations/\` | own rules and sql; other modules' front doors along an allowed arrow |
| \`jobs/\` | own operations, kernel |
| \`integrations/\` | kernel; types of front doors |
| \`documents/\` | kernel; types of front doors; reached by its \`index.ts\` |
| \`surfaces/\` | front doors, kernel, \`ui\`, integrations, documents; never SQL, never another surface |
| \`main.ts\`, \`start.ts\`, \`environment.ts\`, \`cli/\`, \`demo/\`, \`worker/\` | everything; nobody else imports them |

Types may be imported from any front door along an allowed arrow: they are erased before the program runs.
Pure kernel files: ${pureKernel.map((path) => `\`${path}\``).join(" ")}.

## House rules that \`scripts/check-house.ts\` reads from the code

| Rule | Says |
|---|---|
| \`sql-room\` | SQL only in a module's \`sql/\` and in the kernel |
| \`foreign-table\`, \`foreign-view\` | own tables; views of modules along an arrow |
| \`tenant-filter\` | a query on tenant tables names \`tenant_id\` |
| \`query-in-loop\` | one statement for all rows; loops over \`batches(…)\` are allowed |
| \`clock\`, \`sql-clock\` | time is an argument: no \`Date\`, no \`Temporal.Now\`, no \`now()\` |
| \`random\`, \`sql-random\` | no \`Math.random\`; no chance in SQL |
| \`rules-pure\` | rules are synchronous, without ids or secrets of their own |
| \`tenant-literal\` | no slug or name of a profile in the code |
| \`import-extension\`, \`spdx\`, \`readme\`, \`unfinished\`, \`machine-path\` | as they say |

An exception carries \`house-allow <rule>: <reason>\` in a comment on its line or the line above.
`;

if (process.argv.includes("--check")) {
  const current = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
  if (current !== text) {
    console.error(`${FILE} is not what architecture.json says: node scripts/draw-architecture.mjs`);
    process.exitCode = 1;
  }
} else {
  mkdirSync("docs", { recursive: true });
  writeFileSync(FILE, text);
}
