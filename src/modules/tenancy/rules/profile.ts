// SPDX-License-Identifier: EUPL-1.2
import { LineCounter, parseDocument } from "yaml";
import { checkProfile, warningsOf } from "./profile-checks.ts";
import {
  type Finding,
  findingsOf,
  locate,
  type PathStep,
  type ProfileProblem,
} from "./profile-problems.ts";
import { type Profile, profileSchema } from "./profile-schema.ts";

export type ParsedProfile =
  | { readonly profile: Profile; readonly warnings: readonly ProfileProblem[] }
  | { readonly errors: readonly ProfileProblem[]; readonly warnings: readonly ProfileProblem[] };

const MAX_BYTES = 256 * 1024;

/** Checks a tariff's definition: tariffs know their kinds, this module does not. Paths start at the definition. */
export type CheckTariff = (
  definition: unknown,
) => readonly { readonly path: readonly PathStep[]; readonly message: string }[];

/**
 * Reads a profile file (YAML). Every problem names its line, what is wrong and what to write; nothing is
 * guessed. Anchors and aliases are refused: a profile is plain data, and they can make a small file huge.
 */
export function parseProfile(
  text: string,
  fileName: string,
  checkTariff: CheckTariff = () => [],
): ParsedProfile {
  const refuse = (message: string): ParsedProfile => ({
    errors: [{ line: 1, column: 1, path: "", message }],
    warnings: [],
  });
  if (Buffer.byteLength(text) > MAX_BYTES)
    return refuse(`${fileName} supera 256 KB: non è un profilo`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", schema: "core" });
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ linePos, message, code }) => ({
      line: linePos?.[0].line ?? 1,
      column: linePos?.[0].col ?? 1,
      path: "",
      message: SYNTAX[code] ?? `il file non è YAML valido: ${message.split("\n")[0] ?? ""}`,
    }));
    return { errors, warnings: [] };
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 0 });
  } catch {
    return refuse("ancore e rimandi (& e *) non sono ammessi: scrivere il valore per esteso");
  }
  if (typeof data !== "object" || data === null) return refuse(`${fileName} è vuoto`);
  const place = (finding: Finding): ProfileProblem => locate(document, lines, finding);
  const read = profileSchema.safeParse(data);
  if (!read.success) {
    return { errors: inOrder(findingsOf(read.error.issues, data).map(place)), warnings: [] };
  }
  const errors = [...checkProfile(read.data, data), ...checkTariffs(read.data, checkTariff)];
  const warnings = inOrder(warningsOf(read.data).map(place));
  if (errors.length > 0) return { errors: inOrder(errors.map(place)), warnings };
  return { profile: read.data, warnings };
}

function checkTariffs(profile: Profile, checkTariff: CheckTariff): Finding[] {
  return Object.entries(profile.services).flatMap(([code, { tariffs }]) =>
    tariffs.flatMap(({ definition }, index) =>
      checkTariff(definition).map(({ path, message }) => ({
        path: ["services", code, "tariffs", index, "definition", ...path],
        message,
      })),
    ),
  );
}

const SYNTAX: Partial<Record<string, string>> = {
  DUPLICATE_KEY: "la voce è scritta due volte: tenerne una sola",
  TAB_AS_INDENT: "il rientro è fatto con il tabulatore: usare gli spazi",
  BAD_INDENT: "il rientro non corrisponde alle righe vicine: allineare con gli spazi",
  MISSING_CHAR:
    "manca un segno (virgolette, parentesi o due punti) in questa riga o in quella prima",
};

const inOrder = (problems: readonly ProfileProblem[]): ProfileProblem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);

/** One line per problem, as compilers write them: `town.yaml:12:7  message  (path)`. */
export function problemText(fileName: string, problem: ProfileProblem): string {
  const path = problem.path === "" ? "" : `  (${problem.path})`;
  return `${fileName}:${problem.line}:${problem.column}  ${problem.message}${path}`;
}
