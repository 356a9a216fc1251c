// SPDX-License-Identifier: EUPL-1.2
import { isEmail } from "#kernel/email.ts";
import { judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";
import { isDash, LONGEST_NAME, nameFault } from "#kernel/name-fault.ts";
import { parseName, parsePhone } from "#kernel/tabular/index.ts";
import type { GuardianField } from "./pupil-columns.ts";
import { plainDetail } from "./plain-text.ts";
import type { GuardianRecord, NameReason, WarningReason } from "./pupil-record.ts";
import { splitFullName } from "./split-name.ts";

export type Warn = (reason: WarningReason, detail: string) => void;

/**
 * A guardian from cells. A wrong code or contact is left out with a warning: the child must not lose a guardian for
 * it. `null` = the cells name nobody; a name that is none refuses the row.
 */
export function readGuardian(
  written: (field: GuardianField) => string,
  of: { line: number; role: string; pupilCode: string | null },
  warn: Warn,
): GuardianRecord | RefusedGuardian | null {
  const cell = (field: GuardianField) => (isDash(written(field)) ? "" : written(field));
  const refused = guardianNameFault(cell);
  if (refused) return refused;
  const code = guardianCode(cell("codiceFiscale"), of.pupilCode, warn);
  const full = cell("fullName");
  const split = full === "" ? null : splitFullName(full, code);
  const surname = parseName(cell("surname")) || (split?.surname ?? "");
  const givenName = parseName(cell("givenName")) || (split?.givenName ?? "");
  if (surname === "" || givenName === "") return null;
  const judged = judgeCodiceFiscale(code, { surname, givenName });
  if (judged.outcome === "invalid") throw new Error("a code that was read is invalid");
  if (judged.state === "mismatch") warn("codice-fiscale-mismatch", `${surname} ${givenName}`);
  return {
    line: of.line,
    surname,
    givenName,
    codiceFiscale: judged.codiceFiscale,
    codiceFiscaleState: judged.state,
    role: of.role,
    email: readEmail(cell("email"), warn),
    phone: readPhone(cell("phone"), warn) || readPhone(cell("phone2"), warn),
    pupilCode: of.pupilCode,
  };
}

export interface RefusedGuardian {
  readonly reason: NameReason;
  readonly detail: string;
}

function guardianNameFault(cell: (field: GuardianField) => string): RefusedGuardian | null {
  for (const field of ["surname", "givenName", "fullName"] as const) {
    const text = cell(field);
    const fault = nameFault(text, field === "fullName" ? 2 * LONGEST_NAME + 1 : LONGEST_NAME);
    if (fault) return { reason: `guardian-name-${fault}`, detail: plainDetail(text) };
  }
  return null;
}

/** `NON DISPONIBILE / GENERICO`, `MADRE` → a word to show. */
export function roleFrom(text: string): string {
  const role = text
    .toLowerCase()
    .replace(/[^\p{L}/ ]/gu, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 30);
  return role === "" || role.startsWith("non disponibile") ? "tutore" : role;
}

function guardianCode(text: string, pupilCode: string | null, warn: Warn): string | null {
  const judged = judgeCodiceFiscale(text, {});
  if (judged.outcome === "invalid") {
    warn("guardian-code-invalid", text.slice(0, 20));
    return null;
  }
  if (judged.codiceFiscale !== null && judged.codiceFiscale === pupilCode) {
    warn("guardian-code-is-the-pupils", "");
    return null;
  }
  return judged.codiceFiscale;
}

function readEmail(text: string, warn: Warn): string {
  // Some schools put two addresses into one cell
  const first = text.split(/[;,\s]+/).find((part) => part !== "") ?? "";
  if (first === "" || isEmail(first)) return first.toLowerCase();
  warn("email-unreadable", text.slice(0, 60));
  return "";
}

function readPhone(text: string, warn: Warn): string {
  const read = parsePhone(text.split(/[;|]|, | - /)[0]?.trim() ?? "");
  if (read.outcome === "phone") return read.phone;
  if (read.outcome === "digits-lost") warn("phone-digits-lost", text.slice(0, 30));
  if (read.outcome === "not-a-phone") warn("phone-unreadable", text.slice(0, 30));
  return "";
}
