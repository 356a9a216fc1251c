// SPDX-License-Identifier: EUPL-1.2
/** One violation of each rule, as files to put into a copy of the tree, and what the gate must say about it. */
export interface Planted {
  readonly rule: string;
  readonly files: Readonly<Record<string, string>>;
  /** in the output of `npm run check` */
  readonly says: RegExp;
}

const HEAD = "// SPDX-License-Identifier: EUPL-1.2\n";
const code = (...lines: string[]): string => `${HEAD}${lines.join("\n")}\n`;
const use = (name: string, from: string): string =>
  code(`import { ${name} } from "${from}";`, `export const planted = ${name};`);

const LONG_FUNCTION = [
  "export function sumUp(rows: readonly { kind: string; amount: number }[]): Map<string, number> {",
  "  const sums = new Map<string, number>();",
  "  for (const row of rows) {",
  "    const known = sums.get(row.kind) ?? 0;",
  '    if (row.amount < 0 && row.kind === "meal") sums.set("refund", known - row.amount);',
  '    else if (row.amount > 100 && row.kind === "fee") sums.set("large", known + row.amount * 2);',
  '    else if (row.amount === 0) sums.set("empty", (sums.get("empty") ?? 0) + 1);',
  "    else sums.set(row.kind, known + row.amount);",
  "  }",
  "  for (const [kind, sum] of sums) if (sum > 1000) sums.set(`${kind}-capped`, 1000);",
  "  const total = [...sums.values()].reduce((all, one) => all + one, 0);",
  '  sums.set("total", total);',
  "  return sums;",
  "}",
];

const arrow = (rule: string, file: string, name: string, from: string, named = rule): Planted => ({
  rule: `arrows: ${rule}`,
  files: { [file]: use(name, from) },
  says: new RegExp(`${file.replaceAll(/[.[\]/]/g, "\\$&")} → .*\\[${named}`),
});

const house = (rule: string, file: string, ...lines: string[]): Planted => ({
  rule: `house: ${rule} (${file.split("/").at(-1)})`,
  files: { [file]: code(...lines) },
  says: new RegExp(`${file.replaceAll(/[.[\]/]/g, "\\$&")}:\\d+ \\[${rule}\\]`),
});

const SQL = 'import { type ReadTx, sql } from "#kernel/db/index.ts";';
const schema = (rule: string, says: RegExp): Planted => ({
  rule: `schema: ${rule}`,
  files: {},
  says,
});

export const MIGRATION = `create table planted_bare (id uuid primary key);
create table planted_open (tenant_id uuid not null, id uuid not null, amount_cents integer not null,
  at timestamptz not null default now(), primary key (id), unique (tenant_id, amount_cents),
  foreign key (tenant_id, id) references person (tenant_id, id) on delete cascade);
create view planted_view as select tenant_id, id from person;
create sequence planted_ids;
create function planted_nothing() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger planted_trigger before insert on planted_open
  for each row execute function planted_nothing();
create table platform.planted_family (id uuid primary key);
grant select on platform.installation to campanella_app;
`;

export const PLANTED: readonly Planted[] = [
  {
    rule: "types",
    files: { "src/kernel/planted-type.ts": code('export const planted: number = "text";') },
    says: /planted-type\.ts\(2,14\): error TS2322/,
  },
  {
    rule: "lint: any",
    files: {
      "src/kernel/planted-any.ts": code("export const planted = (value: any): void => value;"),
    },
    says: /planted-any\.ts:2:\d+: .*no-explicit-any/,
  },
  {
    rule: "lint: file name",
    files: { "src/kernel/plantedName.ts": code("export const planted = 1;") },
    says: /plantedName\.ts:1:\d+: .*filename-case/,
  },
  {
    rule: "lint: file of more than 400 lines",
    files: {
      "src/kernel/planted-long.ts": code(
        ...Array.from({ length: 410 }, (_, index) => `export const planted${index} = ${index};`),
      ),
    },
    says: /planted-long\.ts:\d+:\d+: .*max-lines/,
  },
  {
    rule: "lint: tangled function",
    files: {
      "src/kernel/planted-tangle.ts": code(
        "export function planted(value: number): number {",
        ...Array.from(
          { length: 30 },
          (_, index) => `  if (value === ${index}) return ${index + 1};`,
        ),
        "  return 0;",
        "}",
      ),
    },
    says: /planted-tangle\.ts:2:\d+: .*complexity/,
  },
  {
    rule: "format",
    files: { "src/kernel/planted-format.ts": code("export   const planted={a:1,b : 2}") },
    says: /── format ──[^─]*src\/kernel\/planted-format\.ts/,
  },
  {
    rule: "dead code: file",
    files: { "src/kernel/planted-dead.ts": code("export const planted = 1;") },
    says: /Unused files[^]*src\/kernel\/planted-dead\.ts/,
  },
  {
    rule: "dead code: export",
    files: { "src/kernel/outcome.ts": "APPEND:export const plantedUnused = 1;\n" },
    says: /Unused exports[^]*plantedUnused +src\/kernel\/outcome\.ts/,
  },
  {
    rule: "dead code: unlisted dependency",
    files: {
      "src/kernel/planted-package.test.ts": code('import "planted-unlisted-package";'),
    },
    says: /Unlisted dependencies[^]*planted-unlisted-package/,
  },
  {
    rule: "duplicates",
    files: {
      "src/kernel/planted-copy-one.ts": code(...LONG_FUNCTION),
      "src/kernel/planted-copy-two.ts": code(...LONG_FUNCTION),
    },
    says: /── duplicates ──[^─]*planted-copy-/,
  },
  {
    rule: "arrows: cycle",
    files: {
      "src/kernel/planted-egg.ts": code(
        'import { hen } from "./planted-hen.ts";',
        "export const egg = (): unknown => hen;",
      ),
      "src/kernel/planted-hen.ts": code(
        'import { egg } from "./planted-egg.ts";',
        "export const hen = (): unknown => egg;",
      ),
    },
    says: /planted-(egg|hen)\.ts → .*\[no-circular\]/,
  },
  arrow(
    "simulator-apart",
    "src/surfaces/web/planted-simulator.ts",
    "startSimulator",
    "../../../simulator/server.ts",
  ),
  {
    rule: "arrows: simulator-on-demand",
    files: {
      "src/demo/open-simulator.ts":
        'APPEND:import { startSimulator } from "../../simulator/server.ts";\nexport const planted = startSimulator;\n',
    },
    says: /src\/demo\/open-simulator\.ts → simulator\/server\.ts \[simulator-on-demand\]/,
  },
  arrow(
    "simulator-shares-nothing",
    "simulator/node/planted-codec.ts",
    "parseRequest",
    "../../src/integrations/pagopa/soap/index.ts",
  ),
  arrow(
    "arrow upward",
    "src/modules/ledger/operations/planted-up.ts",
    "changeMeals",
    "#booking",
    "arrow-ledger",
  ),
  arrow(
    "side door",
    "src/modules/booking/operations/planted-side.ts",
    "putSites",
    "../../calendar/operations/change-calendar.ts",
    "front-door",
  ),
  arrow(
    "side door from a surface",
    "src/surfaces/office/planted-side.ts",
    "putSites",
    "../../modules/calendar/operations/change-calendar.ts",
    "front-door-from-outside",
  ),
  arrow("kernel upward", "src/kernel/planted-up.ts", "changeMeals", "#booking", "kernel-below"),
  arrow(
    "clock in rules",
    "src/modules/booking/rules/planted-clock.ts",
    "systemClock",
    "#kernel/clock.ts",
    "room-rules-booking",
  ),
  arrow(
    "files in rules",
    "src/modules/booking/rules/planted-file.ts",
    "readFileSync",
    "node:fs",
    "room-rules-booking",
  ),
  arrow(
    "front door run by rules",
    "src/modules/booking/rules/planted-door.ts",
    "className",
    "#calendar",
    "room-rules-booking",
  ),
  arrow(
    "operation in sql",
    "src/modules/booking/sql/planted-operation.ts",
    "changeMeals",
    "../operations/change-meals.ts",
    "room-sql-booking",
  ),
  arrow(
    "network in operations",
    "src/modules/booking/operations/planted-net.ts",
    "connect",
    "node:net",
    "room-operations-booking",
  ),
  arrow(
    "sql in a job",
    "src/modules/booking/jobs/planted-job.ts",
    "childDays",
    "../sql/bookings.ts",
    "room-jobs-booking",
  ),
  arrow(
    "front door of another's",
    "src/modules/ledger/index.ts",
    "newId",
    "#kernel/ids.ts",
    "door-ledger",
  ),
  arrow(
    "business in integrations",
    "src/integrations/planted-rule.ts",
    "changeMeals",
    "#booking",
    "room-integrations",
  ),
  arrow(
    "business in documents",
    "src/documents/planted-rule.ts",
    "changeMeals",
    "#booking",
    "room-documents",
  ),
  arrow(
    "side door of documents",
    "src/surfaces/office/planted-document.ts",
    "openPdf",
    "../../documents/pen.ts",
    "documents-door",
  ),
  {
    rule: "arrows: surface to surface",
    files: {
      "src/surfaces/office/planted-target.ts": code("export const target = 1;"),
      "src/surfaces/portal/planted-surface.ts": use("target", "../office/planted-target.ts"),
    },
    says: /portal\/planted-surface\.ts → .*\[room-surfaces\]/,
  },
  arrow("module in ui", "src/surfaces/ui/planted-module.ts", "changeMeals", "#booking", "ui-below"),
  arrow(
    "database behind its door",
    "src/modules/booking/sql/planted-open.ts",
    "openDatabase",
    "../../../kernel/db/open.ts",
    "kernel-database-door",
  ),
  arrow(
    "driver outside the kernel",
    "src/surfaces/office/planted-driver.ts",
    "Pool",
    "pg",
    "database-drivers",
  ),
  arrow(
    "tests in the product",
    "src/kernel/planted-support.ts",
    "testDatabase",
    "../../tests/support/db.ts",
    "no-tests-in-product",
  ),
  arrow(
    "development package",
    "src/kernel/planted-development.ts",
    "chromium",
    "playwright-core",
    "no-development-packages",
  ),
  arrow(
    "unresolvable",
    "src/kernel/planted-nowhere.ts",
    "nothing",
    "./planted-absent.ts",
    "no-unresolvable",
  ),
  arrow(
    "unknown module",
    "src/modules/planted/index.ts",
    "newId",
    "#kernel/ids.ts",
    "unknown-module",
  ),
  {
    rule: "arrows: somebody imports cli",
    files: {
      "src/cli/planted-command.ts": code("export const command = 1;"),
      "src/kernel/planted-cli.ts": use("command", "../cli/planted-command.ts"),
    },
    says: /kernel\/planted-cli\.ts → .*\[room-top\]/,
  },
  house(
    "sql-room",
    "src/modules/booking/operations/planted-sql.ts",
    SQL,
    "export const planted = sql`select 1`;",
  ),
  house(
    "sql-room",
    "src/surfaces/office/planted-sql.ts",
    'export const planted = "select id from person where true";',
  ),
  house(
    "foreign-table",
    "src/modules/booking/sql/planted-table.ts",
    SQL,
    "export const planted = (tx: ReadTx) =>",
    "  tx.rows(sql`select 1 from bill b where b.tenant_id = ${tx.tenantId}`);",
  ),
  house(
    "foreign-view",
    "src/modules/ledger/sql/planted-view.ts",
    SQL,
    "export const planted = (tx: ReadTx) =>",
    "  tx.rows(sql`select 1 from v_child_name where tenant_id = ${tx.tenantId}`);",
  ),
  house(
    "tenant-filter",
    "src/modules/booking/sql/planted-tenant.ts",
    SQL,
    "export const planted = (tx: ReadTx) => tx.rows(sql`select id from receipt`);",
  ),
  house(
    "query-in-loop",
    "src/modules/booking/sql/planted-loop.ts",
    SQL,
    "export async function planted(tx: ReadTx, ids: string[]): Promise<void> {",
    "  for (const id of ids)",
    "    await tx.rows(sql`select 1 from receipt where tenant_id = ${tx.tenantId} and id = ${id}`);",
    "}",
  ),
  house(
    "clock",
    "src/modules/booking/operations/planted-date.ts",
    "export const planted = new Date();",
  ),
  house(
    "clock",
    "src/surfaces/office/planted-now.ts",
    "export const planted = Temporal.Now.instant();",
  ),
  house(
    "sql-clock",
    "src/modules/booking/sql/planted-clock.ts",
    SQL,
    "export const planted = sql`select now()`;",
  ),
  house(
    "sql-random",
    "src/modules/booking/sql/planted-random.ts",
    SQL,
    "export const planted = sql`select gen_random_uuid()`;",
  ),
  house(
    "random",
    "src/modules/booking/operations/planted-random.ts",
    "export const planted = Math.random();",
  ),
  house(
    "rules-pure",
    "src/modules/booking/rules/planted-id.ts",
    'import { newId } from "#kernel/ids.ts";',
    "export const planted = (): string => newId();",
  ),
  house(
    "rules-pure",
    "src/modules/booking/rules/planted-async.ts",
    "export async function planted(): Promise<void> {}",
  ),
  house(
    "rules-pure",
    "src/modules/booking/rules/planted-env.ts",
    "export const planted = process.env;",
  ),
  house(
    "tenant-literal",
    "src/modules/booking/rules/planted-town.ts",
    'export const planted = (slug: string): boolean => slug === "plantedtown";',
  ),
  house(
    "import-extension",
    "src/kernel/planted-extension.ts",
    'import { newId } from "./ids";',
    "export const planted = newId;",
  ),
  house(
    "unfinished",
    "src/kernel/planted-unfinished.ts",
    `// ${"TO"}${"DO"}: later`,
    "export const planted = 1;",
  ),
  house(
    "machine-path",
    "src/kernel/planted-path.ts",
    `export const planted = "/${"work"}/main/data";`,
  ),
  {
    rule: "house: spdx",
    files: { "src/kernel/planted-licence.ts": "export const planted = 1;\n" },
    says: /planted-licence\.ts:1 \[spdx\]/,
  },
  {
    rule: "house: readme too long",
    files: { "src/modules/calendar/README.md": "APPEND:" + "A line of prose.\n\n".repeat(40) },
    says: /calendar\/README\.md:\d+ \[readme\]/,
  },
  {
    rule: "house: readme missing",
    files: {},
    says: /modules\/planted\/README\.md:1 \[readme\]/,
  },
  { rule: "house: sql-clock in a migration", files: {}, says: /9999_planted\.sql:3 \[sql-clock\]/ },
  schema("table without tenant", /planted_bare: has no tenant_id/),
  schema("table nobody lists", /planted_bare: not in architecture\.json/),
  schema("row security", /planted_open: row level security must be enabled and forced/),
  schema("policy", /planted_open: needs exactly one policy/),
  schema("primary key", /planted_open: the primary key must begin with tenant_id/),
  schema("key without tenant", /planted_open\.planted_open_pkey: the key must contain tenant_id/),
  schema("cascade", /planted_open\.\w+_fkey: on delete must be restrict/),
  schema("trigger", /planted_open: no triggers/),
  schema("view with its owner's rights", /planted_view: a view reads with its caller's rights/),
  schema("sequence", /planted_ids: no sequences/),
  schema("clock in a default", /planted_open\.at: the database has no clock/),
  schema("money", /planted_open\.amount_cents: money is bigint cents/),
  schema("tenant data in platform", /platform\.planted_family: not in architecture\.json/),
  schema("secrets", /may read platform\.installation/),
  {
    rule: "diagram",
    files: { "docs/architecture.md": "APPEND:stale\n" },
    says: /docs\/architecture\.md is not what architecture\.json says/,
  },
  {
    rule: "pages",
    files: {
      "tests/pages/render-all.ts": code(
        'import { writeFileSync } from "node:fs";',
        'import { join } from "node:path";',
        'const page = `<!doctype html><html lang="it"><head><title>x</title></head>` +',
        '  `<body><img src="/a.png"><p><div>x</div></p></body></html>`;',
        'writeFileSync(join(process.argv[2] ?? ".", "planted.html"), page);',
      ),
    },
    says: /── pages ──[^─]*planted\.html/,
  },
];
