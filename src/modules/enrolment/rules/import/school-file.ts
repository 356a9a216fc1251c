// SPDX-License-Identifier: EUPL-1.2
import type { SchoolLevel } from "#calendar";
import { placeKey } from "#kernel/belfiore.ts";
import { isFormula, isUnprintable } from "#kernel/name-fault.ts";
import {
  cellOf,
  findColumns,
  type Headings,
  type Sheet,
  type TableRow,
} from "#kernel/tabular/index.ts";

/** A school as one of the ministry's open lists has it (dati.istruzione.it, and its English extracts). */
export interface SchoolRecord {
  readonly line: number;
  /** codice meccanografico */
  readonly code: string;
  /** "" = the file has no name */
  readonly name: string;
  readonly level: SchoolLevel | null;
  readonly address: string;
  readonly cadastralCode: string;
  readonly municipality: string;
  /** school year by the year it starts in; `null` = not in the file */
  readonly year: number | null;
}

export interface ClassRecord {
  readonly line: number;
  readonly schoolCode: string;
  readonly grade: number;
  readonly section: string;
}

export type SchoolFile =
  | { kind: "schools"; records: SchoolRecord[]; rejected: RejectedRow[] }
  | { kind: "classes"; records: ClassRecord[]; rejected: RejectedRow[] }
  | { kind: "unknown" };

export interface RejectedRow {
  readonly line: number;
  readonly reason: "school-code" | "school-name" | "class-grade" | "class-section";
  readonly cells: readonly string[];
}

const SCHOOL_HEADINGS = {
  year: ["ANNOSCOLASTICO", "Year", "Anno scolastico"],
  code: ["CODICESCUOLA", "School_code", "Codice scuola", "Codice meccanografico", "Codice plesso"],
  name: ["DENOMINAZIONESCUOLA", "School_name", "Denominazione", "Nome scuola", "Plesso"],
  kind: ["DESCRIZIONETIPOLOGIAGRADOISTRUZIONESCUOLA", "Tipologia", "School_type", "Ordine scuola"],
  address: ["INDIRIZZOSCUOLA", "School_address", "Indirizzo"],
  postalCode: ["CAPSCUOLA", "Postal_code", "CAP"],
  cadastralCode: ["CODICECOMUNESCUOLA", "Cadastral_code", "Codice comune", "Codice catastale"],
  municipality: ["DESCRIZIONECOMUNE", "Municipality_description", "Comune"],
} as const satisfies Headings<string>;

const CLASS_HEADINGS = {
  code: ["CODICESCUOLA", "School_code", "Codice scuola", "Codice meccanografico", "Codice plesso"],
  grade: ["ANNOCORSO", "Grade", "Anno di corso", "Classe"],
  section: ["SEZIONEANNO", "Section", "Sezione"],
} as const satisfies Headings<string>;

const MINISTRY_CODE = /^[A-Z]{2}[A-Z0-9]{2}[A-Z0-9]{6}$/;
const MISSING = /^(non disponibile|n\.?d\.?|-)$/i;

/** Recognises a list of schools or a list of classes by its headings; a row that is no school is rejected. */
export function readSchoolSheets(sheets: readonly Sheet[]): SchoolFile {
  const classes = findColumns(sheets, CLASS_HEADINGS, [["code", "grade", "section"]]);
  if (classes) {
    const file = {
      kind: "classes" as const,
      records: [] as ClassRecord[],
      rejected: [] as RejectedRow[],
    };
    for (const row of classes.rows) {
      const cell = (column: keyof typeof CLASS_HEADINGS) => cellOf(classes, row, column);
      keep(file, row, readClassRow(row, cell));
    }
    return file;
  }
  const schools = findColumns(sheets, SCHOOL_HEADINGS, [
    ["code", "cadastralCode"],
    ["code", "municipality"],
    ["code", "name"],
  ]);
  if (!schools) return { kind: "unknown" };
  const file = {
    kind: "schools" as const,
    records: [] as SchoolRecord[],
    rejected: [] as RejectedRow[],
  };
  for (const row of schools.rows) {
    const cell = (column: keyof typeof SCHOOL_HEADINGS) => present(cellOf(schools, row, column));
    keep(file, row, readSchoolRow(row, cell));
  }
  return file;
}

/** `202223`, `202223.0`, `2022/23`, `2022-2023`, `20222023` → 2022. */
export function schoolYearFrom(text: string): number | null {
  const digits = text.replace(/\.0+$/, "").replace(/\D/g, "");
  const found = /^(\d{4})(\d{2}|\d{4})?$/.exec(digits);
  if (!found) return null;
  const [start, end] = [Number(found[1]), found[2]];
  if (end !== undefined && Number(end) % 100 !== (start + 1) % 100) return null;
  return start >= 1990 && start <= 2100 ? start : null;
}

/** The third and fourth characters of a codice meccanografico tell the level (`AA`, `EE`, `MM`; `1A`… private). */
export function levelOf(code: string, kind: string): SchoolLevel | null {
  const type = code.slice(2, 4);
  if (type === "AA" || type === "1A") return "infanzia";
  if (type === "EE" || type === "1E") return "primaria";
  if (type === "MM" || type === "1M") return "secondaria1";
  const words = placeKey(kind);
  if (words.includes("infanzia")) return "infanzia";
  if (words.includes("primaria")) return "primaria";
  if (words.includes("primogrado")) return "secondaria1";
  return null;
}

function readSchoolRow(
  row: TableRow,
  cell: (column: keyof typeof SCHOOL_HEADINGS) => string,
): SchoolRecord | RejectedRow["reason"] {
  const code = cell("code").toUpperCase();
  if (!MINISTRY_CODE.test(code)) return "school-code";
  const texts = [cell("name"), cell("address"), cell("municipality")];
  if (texts.some((text) => text.length > 200 || isFormula(text) || isUnprintable(text)))
    return "school-name";
  const postalCode = cell("postalCode").replace(/\.0+$/, "");
  const municipality = cell("municipality");
  const place = [postalCode && postalCode.padStart(5, "0"), titleCase(municipality)].filter(
    Boolean,
  );
  return {
    line: row.line,
    code,
    name: titleCase(cell("name")),
    level: levelOf(code, cell("kind")),
    address: [titleCase(cell("address")), place.join(" ")].filter(Boolean).join(", "),
    cadastralCode: cell("cadastralCode").toUpperCase(),
    municipality,
    year: schoolYearFrom(cell("year")),
  };
}

function readClassRow(
  row: TableRow,
  cell: (column: keyof typeof CLASS_HEADINGS) => string,
): ClassRecord | RejectedRow["reason"] {
  const code = cell("code").toUpperCase();
  if (!MINISTRY_CODE.test(code)) return "school-code";
  const stated = Number(cell("grade").replace(/\.0+$/, ""));
  // English extracts count the years of the middle school on: 6, 7, 8
  const grade = levelOf(code, "") === "secondaria1" && stated > 5 ? stated - 5 : stated;
  if (!Number.isInteger(grade) || grade < 1 || grade > 5) return "class-grade";
  const section = cell("section").toUpperCase().replace(/\s+/g, " ");
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ./+-]{0,19}$/u.test(section)) return "class-section";
  return { line: row.line, schoolCode: code, grade, section };
}

function keep<Row extends object>(
  file: { records: Row[]; rejected: RejectedRow[] },
  row: TableRow,
  read: Row | RejectedRow["reason"],
): void {
  if (typeof read === "string")
    file.rejected.push({ line: row.line, reason: read, cells: row.cells });
  else file.records.push(read);
}

const present = (text: string): string => (MISSING.test(text) ? "" : text.replace(/\s+/g, " "));

const SMALL = /^(di|del|dello|della|dei|degli|delle|dell'|d'|e|ed|a|al|alla|in|nel|per|da)$/;

/** `VIA DELL'ARTIGIANATO` → `Via dell'Artigianato`; text in mixed case stays as it is. */
function titleCase(text: string): string {
  if (text !== text.toUpperCase() && text !== text.toLowerCase()) return text;
  return text
    .toLowerCase()
    .split(/(\s+|(?<=')|(?<=["(.-]))/)
    .map((word, at) =>
      at > 0 && SMALL.test(word) ? word : word.replace(/^\p{L}/u, (first) => first.toUpperCase()),
    )
    .join("");
}
