// SPDX-License-Identifier: EUPL-1.2
// The arrows and rooms of the house as rules for dependency-cruiser, made from architecture.json (docs/architecture.md).
// A room's rule says what it MAY touch; everything else is a violation. Imports of types only are erased before the
// program runs, so a room may name the types of the front doors its module may use, and of its own rules.
import { readFileSync } from "node:fs";

const { modules, pureKernel } = JSON.parse(
  readFileSync(new URL("architecture.json", import.meta.url), "utf8"),
);

/** Kernel files without clock, I/O and randomness: all that `rules/` may run. `ids` only offers pure ids there. */
const PURE_KERNEL = `^src/kernel/(${pureKernel.map((path) => path.replace(".", "[.]")).join("|")})`;
/** Packages without I/O; what some of them could ask a clock for is an argument here. */
const PURE_PACKAGES =
  "(^|/)node_modules/(zod|yaml|@marketto/belfiore-connector-embedded|otpauth|@simplewebauthn/server)/";
/** Built-ins that neither reach outside nor ask for the time. */
const PURE_BUILTINS =
  "^(node:)?(crypto|util|assert|buffer|stream|stream/promises|timers/promises)$";
/** Hashes and check codes are pure; check-house refuses random bytes in rules/. */
const PURE_NODE = "^(node:)?(crypto|util)$";
/** The composition: it may use everything. */
const TOP = "cli/|demo/|worker/|(main|start|environment)[.]ts$";
const TEST = "[.]test[.]ts$|/testing/";

const forbidden = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const names = Object.keys(modules);
const doorsOf = (list) => (list.length ? `^src/modules/(${list.join("|")})/index[.]ts$` : "^$");

/** One rule per room of each module. `may` = run; `mayName` = import types only. */
function roomRules(module, uses) {
  const own = `^src/modules/${module}`;
  const doors = doorsOf(uses);
  const room = (folder, comment, may, mayName) => [
    forbidden(
      `room-${folder}-${module}`,
      comment,
      { path: `${own}/${folder}/`, pathNot: TEST },
      { dependencyTypesNot: ["type-only"], pathNot: may },
    ),
    forbidden(
      `room-${folder}-${module}-types`,
      comment,
      { path: `${own}/${folder}/`, pathNot: TEST },
      { dependencyTypes: ["type-only"], pathNot: [...may, ...mayName] },
    ),
  ];
  return [
    ...room(
      "rules",
      "rules/ are pure: own rules and pure kernel files",
      [`${own}/rules/`, PURE_KERNEL, PURE_PACKAGES, PURE_NODE],
      [doors],
    ),
    ...room(
      "sql",
      "sql/ touches the kernel, tenancy, own rules (shapes of rows) and its own folder",
      [`${own}/(sql|rules)/`, "^src/kernel/", doorsOf(uses.filter((name) => name === "tenancy"))],
      [doors],
    ),
    ...room(
      "operations",
      "operations/ touch own rules and sql, and front doors along an allowed arrow",
      [`${own}/(rules|sql|operations)/`, "^src/kernel/", doors, PURE_PACKAGES, PURE_BUILTINS],
      [],
    ),
    ...room(
      "jobs",
      "jobs/ touch own operations and the kernel",
      [`${own}/(jobs|operations)/`, "^src/kernel/", PURE_PACKAGES],
      [`${own}/`, doors],
    ),
    forbidden(
      `door-${module}`,
      "a front door only re-exports its own module",
      { path: `${own}/index[.]ts$` },
      { pathNot: `${own}/` },
    ),
    forbidden(
      `arrow-${module}`,
      `${module} may use: ${uses.join(", ") || "no other module"} (architecture.json)`,
      { path: `${own}/`, pathNot: TEST },
      {
        path: "^src/modules/",
        pathNot: [`${own}/`, ...(uses.length ? [`^src/modules/(${uses.join("|")})/`] : [])],
      },
    ),
  ];
}

const house = [
  forbidden(
    "no-circular",
    "no import cycles",
    {},
    { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  ),
  forbidden("no-unresolvable", "an import must resolve", {}, { couldNotResolve: true }),
  forbidden(
    "unknown-module",
    "every folder in src/modules is listed in architecture.json",
    { path: "^src/modules/", pathNot: `^src/modules/(${names.join("|")})/` },
    {},
  ),
  forbidden(
    "front-door",
    "another module is reached by its index.ts only",
    { path: "^src/modules/([^/]+)/", pathNot: TEST },
    {
      path: "^src/modules/[^/]+/",
      pathNot: ["^src/modules/$1/", "^src/modules/[^/]+/index[.]ts$"],
    },
  ),
  forbidden(
    "front-door-from-outside",
    "surfaces and integrations reach modules by their index.ts only",
    { path: "^src/(surfaces|integrations)/" },
    { path: "^src/modules/[^/]+/", pathNot: "^src/modules/[^/]+/index[.]ts$" },
  ),
  forbidden(
    "kernel-below",
    "the kernel knows nobody above it",
    { path: "^src/kernel/" },
    { path: "^src/(?!kernel/)" },
  ),
  forbidden(
    "kernel-database-door",
    "the database is reached by kernel/db/index.ts",
    { path: "^src/(modules|surfaces|integrations)/", pathNot: TEST },
    { path: "^src/kernel/db/", pathNot: "^src/kernel/db/index[.]ts$" },
  ),
  forbidden(
    "database-drivers",
    "database packages belong to kernel/db",
    { path: "^src/", pathNot: ["^src/kernel/db/", TEST] },
    { path: "(^|/)node_modules/(pg|pg-[^/]+|kysely|@electric-sql/[^/]+)/" },
  ),
  forbidden(
    "room-integrations",
    "integrations know the kernel and types of front doors, no business rules",
    { path: "^src/integrations/" },
    {
      path: "^src/(modules|surfaces|cli|main[.]ts)",
      dependencyTypesNot: ["type-only"],
    },
  ),
  forbidden(
    "room-documents",
    "documents turn data into bytes: kernel and types of front doors, no business rules",
    { path: "^src/documents/" },
    {
      path: "^src/(modules|integrations|surfaces|cli|main[.]ts)",
      dependencyTypesNot: ["type-only"],
    },
  ),
  forbidden(
    "documents-door",
    "documents are reached by their index.ts only",
    { path: "^src/(?!documents/)", pathNot: TEST },
    { path: "^src/documents/", pathNot: "^src/documents/index[.]ts$" },
  ),
  forbidden(
    "room-surfaces",
    "a surface knows front doors, kernel, ui and its own folder, not another surface",
    { path: "^src/surfaces/([^/]+)/", pathNot: ["^src/surfaces/ui/", TEST] },
    { path: "^src/surfaces/[^/]+/", pathNot: ["^src/surfaces/$1/", "^src/surfaces/(ui|web)/"] },
  ),
  forbidden(
    "ui-below",
    "ui knows no surface and no module",
    { path: "^src/surfaces/ui/", pathNot: TEST },
    { path: ["^src/surfaces/(?!ui/)[^/]+/", "^src/(modules|cli)/"] },
  ),
  forbidden(
    "room-top",
    "main.ts, start.ts, environment.ts, cli/, demo/ and worker/ put everything together; nobody else imports them",
    { path: `^src/(?!${TOP})`, pathNot: TEST },
    { path: `^src/(${TOP})` },
  ),
  forbidden(
    "simulator-apart",
    "nothing of the product knows the simulator",
    { path: "^src/", pathNot: ["^src/demo/open-simulator[.]ts$", TEST] },
    { path: "^simulator/" },
  ),
  forbidden(
    "simulator-on-demand",
    "demo/open-simulator.ts loads the simulator, when it is asked to: by import() or as a type",
    { path: "^src/demo/open-simulator[.]ts$" },
    { path: "^simulator/", dynamic: false, dependencyTypesNot: ["type-only"] },
  ),
  forbidden(
    "simulator-shares-nothing",
    "the simulator shares no code with what it tries: both could be wrong alike",
    { path: "^simulator/" },
    { path: "^src/", pathNot: "^src/kernel/(clock|dates|html|money)[.]ts$" },
  ),
  forbidden(
    "no-tests-in-product",
    "the product never imports tests, scripts or development packages",
    { path: "^(src|simulator)/", pathNot: TEST },
    { path: ["^(tests|scripts)/", "[.]test[.]ts$"] },
  ),
  forbidden(
    "no-development-packages",
    "the product imports packages of `dependencies` only",
    { path: "^(src|simulator)/", pathNot: TEST },
    {
      dependencyTypes: ["npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
      dependencyTypesNot: ["type-only"],
    },
  ),
];

export default {
  forbidden: [...house, ...names.flatMap((name) => roomRules(name, modules[name].uses))],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      conditionNames: ["import", "node", "default", "types"],
      exportsFields: ["exports"],
      extensions: [".ts", ".mjs", ".js", ".json"],
    },
  },
};
