// SPDX-License-Identifier: EUPL-1.2
/** House rules that need the syntax tree of a TypeScript file. */
import ts from "typescript";
import { type Architecture, type Fault, isTest, moduleOf, roomOf } from "./tree.ts";
import { type Owners, statementFaults } from "./sql-rules.ts";

export interface HouseContext {
  readonly plan: Architecture;
  readonly owners: Owners;
  /** slugs and names of the towns in profiles/: no code may know them */
  readonly towns: ReadonlySet<string>;
}

/** Rooms where SQL may be written: the house's table; `cli/` and `main.ts` are composition, not SQL. */
const mayHoldSql = (file: string): boolean =>
  file.startsWith("src/kernel/") || roomOf(file) === "sql" || isTest(file);

const mayAskTheTime = (file: string): boolean =>
  /^src\/kernel\/(clock|ids)[.]ts$/.test(file) || isTest(file);

const SQL_TEXT =
  /^\s*(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|with\s+\w+\s+as\s*\()\s/is;
const CHANCE = /^(randomBytes|randomUUID|randomInt|getRandomValues|randomFillSync|newId)$/;

/** Every fault of one file of src/. */
export function codeFaults(file: string, text: string, context: HouseContext): Fault[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const faults: Fault[] = [];
  const add = (node: ts.Node, rule: string, message: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    faults.push({ file, line: line + 1, rule, message });
  };
  const visit = (node: ts.Node): void => {
    checkImport(node, file, add);
    checkSql(node, file, context, add);
    if (!mayAskTheTime(file)) checkClock(node, add);
    checkChance(node, file, add);
    if (roomOf(file) === "rules" && !isTest(file)) checkPurity(node, add);
    if (!isTest(file)) checkTowns(node, context.towns, add);
    if (["sql", "operations"].includes(roomOf(file) ?? "")) checkLoop(node, source, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

type Add = (node: ts.Node, rule: string, message: string) => void;

function checkImport(node: ts.Node, file: string, add: Add): void {
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return;
  const target = node.moduleSpecifier;
  if (!target || !ts.isStringLiteral(target)) return;
  if (/^(\.|#kernel\/|#ui\/)/.test(target.text) && !/\.(ts|mjs|json)$/.test(target.text)) {
    add(node, "import-extension", `\`${target.text}\` needs its extension`);
  }
  if (mayHoldSql(file) || !ts.isImportDeclaration(node)) return;
  const bindings = node.importClause?.namedBindings;
  if (!/^(#kernel\/db\/|kysely$)/.test(target.text) || !bindings) return;
  if (node.importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
  const takesSql =
    ts.isNamespaceImport(bindings) ||
    bindings.elements.some(
      (one) => !one.isTypeOnly && (one.propertyName ?? one.name).text === "sql",
    );
  if (takesSql) add(node, "sql-room", "SQL belongs to a module's sql/ folder or the kernel");
}

/** A template as text, with `?` for its holes. */
function templateText(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return (
    template.head.text + template.templateSpans.map((span) => `?${span.literal.text}`).join("")
  );
}

function checkSql(node: ts.Node, file: string, context: HouseContext, add: Add): void {
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText().split(/[.<]/)[0] === "sql") {
    const found = statementFaults(
      templateText(node.template),
      isTest(file) ? null : moduleOf(file),
      context.plan,
      context.owners,
    );
    if (!isTest(file)) for (const { rule, message } of found) add(node, rule, message);
    return;
  }
  if (mayHoldSql(file)) return;
  const isText =
    (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) &&
    !ts.isTaggedTemplateExpression(node.parent);
  if (isText && SQL_TEXT.test(ts.isStringLiteralLike(node) ? node.text : templateText(node))) {
    add(node, "sql-room", "SQL belongs to a module's sql/ folder or the kernel");
  }
}

function checkClock(node: ts.Node, add: Add): void {
  const text = ts.isPropertyAccessExpression(node) ? node.getText() : "";
  if (text === "Date.now" || text === "Temporal.Now") {
    add(node, "clock", `\`${text}\`: time is an argument (habit 4)`);
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Date") {
    add(node, "clock", "`new Date`: days are Temporal.PlainDate, moments Temporal.Instant");
  }
}

function checkChance(node: ts.Node, file: string, add: Add): void {
  if (ts.isPropertyAccessExpression(node) && node.getText() === "Math.random" && !isTest(file)) {
    add(node, "random", "`Math.random`: ids come from kernel/ids.ts, secrets from node:crypto");
  }
  if (roomOf(file) !== "rules" || isTest(file)) return;
  const called = ts.isCallExpression(node) ? node.expression : null;
  const name =
    called && ts.isPropertyAccessExpression(called) ? called.name.text : called?.getText();
  if (name && CHANCE.test(name))
    add(node, "rules-pure", `\`${name}\` in rules/: ids are arguments`);
}

function checkPurity(node: ts.Node, add: Add): void {
  const isAsync =
    ts.isFunctionLike(node) &&
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
  if (isAsync) add(node, "rules-pure", "a rule is not async: it reads nothing");
  if (!ts.isIdentifier(node) || !/^(process|console|fetch|setTimeout)$/.test(node.text)) return;
  const { parent } = node;
  const used =
    (ts.isPropertyAccessExpression(parent) && parent.expression === node) ||
    (ts.isCallExpression(parent) && parent.expression === node);
  if (used) add(node, "rules-pure", `\`${node.text}\` in rules/`);
}

/** A town's slug or name as a literal is how `if (tenant === …)` begins. */
function checkTowns(node: ts.Node, towns: ReadonlySet<string>, add: Add): void {
  const text =
    ts.isStringLiteralLike(node) ||
    (ts.isIdentifier(node) && ts.isPropertyAssignment(node.parent) && node.parent.name === node)
      ? node.text
      : null;
  if (text !== null && towns.has(text.toLowerCase())) {
    add(
      node,
      "tenant-literal",
      `\`${text}\`: what differs between towns is a setting, never a name`,
    );
  }
}

/** A statement in a loop is one round trip per row; batches and retries (`while`) are not. */
function checkLoop(node: ts.Node, source: ts.SourceFile, add: Add): void {
  if (!ts.isForStatement(node) && !ts.isForOfStatement(node)) return;
  if (ts.isForOfStatement(node) && /\bbatch(es)?\b|Batches/.test(node.expression.getText(source)))
    return;
  const query = /\btx\s*\.\s*(rows|maybe|one|run)\b|\bawait\s+\w+\(\s*tx\b/.exec(
    node.statement.getText(source),
  );
  if (query)
    add(node, "query-in-loop", "no query in a loop: one statement for all rows (jsonRows)");
}
