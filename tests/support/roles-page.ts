// SPDX-License-Identifier: EUPL-1.2
import { type Delegated, ROLE_TABLE, type Who } from "./role-table.ts";

const PARTS: Readonly<Record<Who, readonly [title: string, text: string]>> = {
  everyone: ["Everybody", "No session is needed. The town is that of the host name."],
  people: ["Everybody who signed in", "Each for their own sessions (X-15)."],
  outside: [
    "Other systems",
    "pagoPA's node, by its certificate; providers of identities, through the visitor's browser, by their signature.",
  ],
  "family-pages": [
    "Families and the office",
    "A guardian, or anybody of the office. Without a family to show it leads to one's own first page.",
  ],
  family: [
    "A family",
    "A guardian, for the own children and accounts; the office only with its desk open on that family (X-15). What is another family's is not found. A delegate (BO-23) does what the holder gave; a page that names nothing says that there is nothing.",
  ],
  school: [
    "School",
    "Staff of a school for their classes or their schools; the office for every class of the town.",
  ],
  kitchen: ["Kitchen", "Kitchens for the schools they cook for; the office for all."],
  "kitchen-only": ["Kitchen alone", "Nobody acknowledges a difference in the kitchen's place."],
  driver: [
    "Driver",
    "The lines of the own grants; without any, none. Names, classes and stops, nothing else; the office for all lines.",
  ],
  caterer: [
    "Catering company",
    "Numbers of meals, of the schools it is named for; the office for all. No names, classes, diet codes or money (X-14).",
  ],
  "caterer-only": [
    "Catering company alone",
    "Its own news (BO-21); the municipality's it reads as everybody does. The office withdraws them on its own pages.",
  ],
  office: [
    "Office",
    "Office operator, diet role, office manager, administrator: everything of their own town.",
  ],
  managers: [
    "Office managers",
    "Office manager and administrator: whoever gives money away, takes a claim back, says what money was for or closes schools. The operator reads the page and is told who decides.",
  ],
  diets: [
    "Diets",
    "The office's diet role alone, whatever else somebody is; others see a code. A file that gives a child another diet code is applied by it, too.",
  ],
  administrator: ["Administrator", "How the town collects through pagoPA."],
};

const DELEGATES: Readonly<Record<Delegated, string>> = {
  view: "every delegate",
  absences: "absences",
  payments: "payments",
  all: "absences and payments",
  no: "none",
};

/** `docs/developer/roles.md` */
export function rolesPage(): string {
  const parts = Object.entries(PARTS).map(([who, [title, text]]) => {
    const isOfFamily = who === "family";
    const byPath = new Map<string, string[]>();
    for (const { route, delegated } of ROLE_TABLE.filter((row) => row.who === who)) {
      const [method = "", path = ""] = route.split(" ");
      const said = delegated ? `${method} (${DELEGATES[delegated]})` : method;
      byPath.set(path, [...(byPath.get(path) ?? []), said]);
    }
    const lines = [...byPath].map(([path, methods]) => `| \`${path}\` | ${methods.join(", ")} |`);
    const head = `| address | ${isOfFamily ? "and which delegates" : ""} |`;
    return `## ${title}\n\n${text}\n\n${head}\n|---|---|\n${lines.join("\n")}\n`;
  });
  return `# Who may do what

Made by \`$(node scripts/node-path.mjs) scripts/draw-roles.ts\` from \`tests/support/role-table.ts\`; do not edit.

Each route names the roles it admits (\`access\`, \`src/surfaces/web/route.ts\`) and the server asks that before any handler runs
(\`refuse\`, \`src/surfaces/web/server.ts\`): session, role, the form's token. Whose family, class or town it is, one place per
surface says: \`familyScope\` (portal), \`classDay\` (school), \`kitchenScope\` (kitchen), the transaction's town (all of them).
Operations ask the actor's role once more where money or data are at stake: jobs and commands come without a route.

\`tests/surfaces/role-table.test.ts\` has everybody ask every route of the running site, with real ids and forms: visitor, guardian,
guardian of nobody, delegates, school, kitchen, driver, caterer, office, diet role, office at a desk, manager, administrator, a session of another town. Who is
not admitted gets 403, 404 or the way to sign in, and writes nothing; who is admitted and names what is another family's, school's
or town's, too; no form is taken without its token or from another site. A new route needs a row, or the test fails.

${parts.join("\n")}`;
}
