// SPDX-License-Identifier: EUPL-1.2
import { type Places, placeKey } from "#kernel/belfiore.ts";
import {
  birthDateOf,
  type CodiceFiscale,
  readCodiceFiscale,
  type Sex,
} from "#kernel/codice-fiscale.ts";
import type { Day } from "#kernel/dates.ts";
import { judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";
import { LONGEST_NAME, nameFault } from "#kernel/name-fault.ts";
import {
  cellOf,
  findColumns,
  parseDay,
  parseName,
  parsePostalCode,
  type Sheet,
  type TableRow,
} from "#kernel/tabular/index.ts";
import { isDietCode } from "../diet-code.ts";
import { learnedFor, type LearnedHeading } from "./learned-headings.ts";
import {
  type GuardianColumnName,
  GUARDIAN_SHEET,
  GUARDIAN_SHEET_REQUIRED,
  GUARDIAN_SLOTS,
  type GuardianSlot,
  PUPIL_SHEET,
  PUPIL_SHEET_REQUIRED,
  type PupilColumn,
  SLOT_ROLES,
} from "./pupil-columns.ts";
import type {
  GuardianRecord,
  ImportWarning,
  PupilFile,
  PupilRecord,
  RejectedPupil,
  RejectReason,
} from "./pupil-record.ts";
import { LONGEST_TEXT, plainDetail, plainText } from "./plain-text.ts";
import { readGuardian, type RefusedGuardian, roleFrom, type Warn } from "./read-guardian.ts";
import { splitFullName } from "./split-name.ts";

export interface ReadingAids {
  readonly places: Places;
  /** two-digit years and centuries count back from here */
  readonly reference: Day;
  /** Belfiore code of the town: who lives there is resident */
  readonly townCode: string;
  /** what the office said about headings of this school */
  readonly learned?: readonly LearnedHeading[] | undefined;
}

type Refused = { reason: RejectReason; detail: string };

/** Rows of a school's export → records. `null` = neither a pupils' nor a guardians' sheet. Never throws on data. */
export function readPupilSheets(sheets: readonly Sheet[], aids: ReadingAids): PupilFile | null {
  const { learned = [] } = aids;
  const pupilColumns = findColumns(
    sheets,
    PUPIL_SHEET,
    PUPIL_SHEET_REQUIRED,
    learnedFor<PupilColumn>(learned, "pupils"),
  );
  const guardianColumns = findColumns(
    sheets,
    GUARDIAN_SHEET,
    GUARDIAN_SHEET_REQUIRED,
    learnedFor<GuardianColumnName>(learned, "guardians"),
  );
  const isGuardianSheet = guardianColumns !== null && guardianColumns.sheet === pupilColumns?.sheet;
  const columns = isGuardianSheet ? null : pupilColumns;
  if (!columns && !guardianColumns) return null;
  const rejected: RejectedPupil[] = [];
  const warnings: ImportWarning[] = [];
  const pupils: PupilRecord[] = [];
  for (const row of columns?.rows ?? []) {
    const warn: Warn = (reason, detail) =>
      warnings.push({ line: row.line, sheet: "pupils", reason, detail });
    const cell = (column: PupilColumn) => (columns ? cellOf(columns, row, column) : "");
    const read = readPupil(row, cell, aids, warn);
    if ("reason" in read) {
      rejected.push({ line: row.line, sheet: "pupils", ...read, cells: row.cells });
    } else pupils.push(read);
  }
  const guardians = guardianColumns ? readGuardianRows(guardianColumns, rejected, warnings) : [];
  const header = columns?.sheet.rows.find((row) => row.line === columns.headerLine);
  return {
    pupils,
    guardians,
    rejected,
    warnings,
    unknownHeadings: [...(columns?.unknown ?? []), ...(guardianColumns?.unknown ?? [])],
    headings: header?.cells ?? [],
  };
}

function readGuardianRows(
  columns: NonNullable<ReturnType<typeof findColumns<keyof typeof GUARDIAN_SHEET>>>,
  rejected: RejectedPupil[],
  warnings: ImportWarning[],
): GuardianRecord[] {
  const read: { record: GuardianRecord; order: number }[] = [];
  for (const row of columns.rows) {
    const { line, cells } = row;
    const cell = (column: keyof typeof GUARDIAN_SHEET) => cellOf(columns, row, column);
    const refuse = (reason: RejectReason, detail: string) =>
      rejected.push({ line, sheet: "guardians", reason, detail, cells });
    const pupil = readCodiceFiscale(cell("pupilCode"));
    if (pupil.outcome === "invalid" || pupil.outcome === "empty") {
      refuse("guardian-of-nobody", cell("pupilCode").slice(0, 20));
      continue;
    }
    const pupilCode = pupil.outcome === "person" ? pupil.codiceFiscale.code : pupil.code;
    const record = readGuardian(
      (field) => (field === "fullName" ? "" : cell(field)),
      { line, role: roleFrom(cell("role")), pupilCode },
      (reason, detail) => warnings.push({ line, sheet: "guardians", reason, detail }),
    );
    if (record && "reason" in record) refuse(record.reason, record.detail);
    else if (record) read.push({ record, order: Number(cell("order")) || Number.MAX_SAFE_INTEGER });
    else refuse("guardian-without-name", "");
  }
  return read
    .toSorted((a, b) => a.order - b.order || a.record.line - b.record.line)
    .map(({ record }) => record);
}

function readPupil(
  row: TableRow,
  cell: (column: PupilColumn) => string,
  aids: ReadingAids,
  warn: Warn,
): PupilRecord | Refused {
  const code = readCodiceFiscale(cell("codiceFiscale"));
  if (code.outcome === "invalid") {
    return { reason: `codice-fiscale-${code.fault}`, detail: cell("codiceFiscale").slice(0, 20) };
  }
  const person = code.outcome === "person" ? code.codiceFiscale : null;
  const name = nameFrom(cell, person?.code ?? null);
  if ("reason" in name) return name;
  const birth = birthFrom(cell, person, aids, warn);
  if (code.outcome === "empty" && birth.birthDate === null) {
    return { reason: "no-code-and-no-birth-date", detail: cell("birthDate").slice(0, 20) };
  }
  const judged = judgeCodiceFiscale(
    cell("codiceFiscale"),
    { ...name, birthDate: birth.statedDate, sex: birth.statedSex },
    birth.statedPlaceCodes,
  );
  if (judged.outcome === "invalid") throw new Error("a code that was read is invalid");
  if (judged.state === "mismatch") warn("codice-fiscale-mismatch", judged.disagrees.join(" "));
  const city = plainText(cell("city"), LONGEST_TEXT.city, warn);
  const guardians = guardiansBeside(row, cell, judged.codiceFiscale, warn);
  if ("reason" in guardians) return guardians;
  return {
    line: row.line,
    ...name,
    codiceFiscale: judged.codiceFiscale,
    codiceFiscaleState: judged.state,
    sex: birth.statedSex ?? person?.sex ?? null,
    birthDate: birth.birthDate?.toString() ?? null,
    birthPlaceCode: birth.birthPlaceCode,
    birthPlace: birth.birthPlace,
    address: plainText(cell("address"), LONGEST_TEXT.address, warn),
    postalCode: postalCodeFrom(cell("postalCode"), warn),
    city,
    resident: residentIn(city, aids),
    site: cell("site").slice(0, LONGEST_TEXT.site),
    className: cell("className").slice(0, LONGEST_TEXT.className),
    section: cell("section").slice(0, LONGEST_TEXT.className),
    dietCode: dietFrom(cell("dietCode"), warn),
    guardians,
    cells: row.cells,
  };
}

function nameFrom(
  cell: (column: PupilColumn) => string,
  code: string | null,
): { surname: string; givenName: string } | Refused {
  for (const column of ["surname", "givenName", "fullName"] as const) {
    const text = cell(column);
    // Both names in one cell
    const fault = nameFault(text, column === "givenName" ? LONGEST_NAME : 2 * LONGEST_NAME + 1);
    if (fault) return { reason: `name-${fault}`, detail: plainDetail(text) };
  }
  const surname = parseName(cell("surname"));
  const givenName = parseName(cell("givenName"));
  if (surname.length > LONGEST_NAME && givenName !== "")
    return { reason: "name-too-long", detail: plainDetail(surname) };
  if (surname !== "" && givenName !== "") return { surname, givenName };
  const full = cell("fullName") || surname || givenName;
  if (full === "") return { reason: "name-missing", detail: "" };
  const split = splitFullName(full, code);
  if (!split) return { reason: "full-name-unclear", detail: full.slice(0, 60) };
  const long = [split.surname, split.givenName].find((part) => part.length > LONGEST_NAME);
  return long === undefined ? split : { reason: "name-too-long", detail: plainDetail(long) };
}

/** What the row states, and what the code adds where the row says nothing. */
function birthFrom(
  cell: (column: PupilColumn) => string,
  person: CodiceFiscale | null,
  aids: ReadingAids,
  warn: Warn,
) {
  const statedDate = parseDay(cell("birthDate"), aids.reference);
  if (statedDate === null && cell("birthDate") !== "") {
    warn("birth-date-unreadable", cell("birthDate").slice(0, 20));
  }
  const stated = /^(m|f)/i.exec(cell("sex"))?.[1]?.toUpperCase();
  const statedSex: Sex | null = stated === "M" || stated === "F" ? stated : null;
  return {
    statedDate,
    statedSex,
    birthDate: statedDate ?? (person ? birthDateOf(person, aids.reference) : null),
    ...birthPlaceFrom(cell, { person, on: statedDate, places: aids.places }, warn),
  };
}

/** `Borgo`, `Samone (TN)`, a province in a column of its own, a country; otherwise the place of the code. */
function birthPlaceFrom(
  cell: (column: PupilColumn) => string,
  of: { person: CodiceFiscale | null; on: Day | null; places: Places },
  warn: Warn,
) {
  const fromCode = of.person ? of.places.byCode(of.person.placeCode) : undefined;
  const text = cell("birthPlace") || cell("birthCountry");
  if (text === "") {
    const { code = null, name = "" } = fromCode ?? {};
    return { statedPlaceCodes: [], birthPlaceCode: code, birthPlace: name };
  }
  const bare = text.replace(/\s*\(([A-Z]{2})\)\s*$/i, "");
  const inBrackets = /\(([A-Z]{2})\)\s*$/i.exec(text)?.[1];
  const province = (inBrackets ?? cell("birthProvince")).toUpperCase() || null;
  const found = of.places.byName(bare, province, of.on);
  if (found.length === 0) warn("birth-place-unknown", text.slice(0, 60));
  const codes = found.map((place) => place.code);
  return {
    statedPlaceCodes: codes,
    birthPlaceCode: (codes.length === 1 ? codes[0] : fromCode?.code) ?? null,
    birthPlace: found[0]?.name ?? plainText(bare, LONGEST_TEXT.birthPlace, warn),
  };
}

function guardiansBeside(
  row: TableRow,
  cell: (column: PupilColumn) => string,
  pupilCode: string | null,
  warn: Warn,
): GuardianRecord[] | RefusedGuardian {
  const guardians: GuardianRecord[] = [];
  for (const slot of Object.keys(GUARDIAN_SLOTS) as GuardianSlot[]) {
    const of = { line: row.line, role: SLOT_ROLES[slot], pupilCode };
    const guardian = readGuardian((field) => cell(`${slot}.${field}`), of, warn);
    if (guardian && "reason" in guardian) return guardian;
    // The payer is often named again as mother or father.
    const same = guardians.find((other) => guardian !== null && isSamePerson(other, guardian));
    if (guardian && !same) guardians.push(guardian);
  }
  return guardians;
}

const isSamePerson = (a: GuardianRecord, b: GuardianRecord): boolean =>
  a.codiceFiscale !== null && b.codiceFiscale !== null
    ? a.codiceFiscale === b.codiceFiscale
    : placeKey(a.surname + a.givenName) === placeKey(b.surname + b.givenName);

function postalCodeFrom(text: string, warn: Warn): string {
  if (text === "") return "";
  const postalCode = parsePostalCode(text);
  if (postalCode === null) warn("postal-code-unreadable", text.slice(0, 20));
  return postalCode ?? "";
}

function dietFrom(text: string, warn: Warn): string | null {
  const code = text.toUpperCase();
  if (code === "" || /^(NO|NESSUNA|-)$/.test(code)) return null;
  if (isDietCode(code)) return code;
  // The text may be a diagnosis: it is not repeated.
  warn("diet-is-not-a-code", "");
  return null;
}

function residentIn(city: string, aids: ReadingAids): boolean | null {
  if (city === "") return null;
  const bare = city.replace(/\s*\([A-Za-z]{2}\)\s*$/, "");
  const found = aids.places.byName(bare, null, aids.reference);
  return found.length === 0 ? null : found.some((place) => place.code === aids.townCode);
}
