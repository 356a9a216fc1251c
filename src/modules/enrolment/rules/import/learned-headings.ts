// SPDX-License-Identifier: EUPL-1.2
import { headingKey, type Learned, likelyHeader, type Sheet } from "#kernel/tabular/index.ts";
import {
  GUARDIAN_SHEET,
  type GuardianColumnName,
  PUPIL_SHEET,
  type PupilColumn,
} from "./pupil-columns.ts";

export type SheetKind = "pupils" | "guardians";

/** What the office said once about a heading of a school's file. */
export interface LearnedHeading {
  readonly sheet: SheetKind;
  readonly headingKey: string;
  /** as the file writes it */
  readonly heading: string;
  /** one of `MAPPABLE`; `null` = leave the column alone */
  readonly column: string | null;
}

const GUARDIAN_CELLS = [
  "surname",
  "givenName",
  "fullName",
  "codiceFiscale",
  "email",
  "phone",
] as const;

/** The columns an office can point out, in the order of the page that asks. */
export const MAPPABLE = {
  pupils: [
    "surname",
    "givenName",
    "fullName",
    "codiceFiscale",
    "birthDate",
    "className",
    "section",
    "site",
    "dietCode",
    "address",
    "postalCode",
    "city",
    ...GUARDIAN_CELLS.map((cell) => `first.${cell}` as const),
    ...GUARDIAN_CELLS.map((cell) => `second.${cell}` as const),
  ],
  guardians: ["pupilCode", "surname", "givenName", "codiceFiscale", "role", "email", "phone"],
} as const satisfies { pupils: readonly PupilColumn[]; guardians: readonly GuardianColumnName[] };
export type MappableColumn = (typeof MAPPABLE)[SheetKind][number];

export const isMappable = (sheet: SheetKind, column: string): boolean =>
  (MAPPABLE[sheet] as readonly string[]).includes(column);

/** Of one kind of sheet, for `findColumns`. */
export function learnedFor<Column extends string>(
  headings: readonly LearnedHeading[],
  sheet: SheetKind,
): Learned<Column> {
  const own = headings.filter((one) => one.sheet === sheet);
  return new Map(
    own
      .filter(({ column }) => column === null || isMappable(sheet, column))
      .map((one) => [one.headingKey, one.column as Column | null]),
  );
}

export interface FileHeadings {
  readonly headings: readonly { key: string; text: string; examples: readonly string[] }[];
  /** column → heading key, as understood so far */
  readonly chosen: ReadonlyMap<string, string>;
}

const EXAMPLES = 2;

/** The headings of a file with a few of their values, and what is understood of them. */
export function headingsOf(
  sheets: readonly Sheet[],
  kind: SheetKind,
  learned: readonly LearnedHeading[],
): FileHeadings {
  const known: Readonly<Record<string, readonly string[]>> =
    kind === "pupils" ? PUPIL_SHEET : GUARDIAN_SHEET;
  const header = likelyHeader<string>(sheets, known, learnedFor<string>(learned, kind));
  if (!header) return { headings: [], chosen: new Map() };
  const { sheet, row, index } = header;
  const below = sheet.rows.slice(sheet.rows.indexOf(row) + 1);
  const headings = new Map<string, FileHeadings["headings"][number]>();
  row.cells.forEach((text, at) => {
    const key = headingKey(text);
    if (key === "" || headings.has(key)) return;
    const values = below.slice(0, 40).flatMap(({ cells }) => cells[at] || []);
    const examples = [...new Set(values)].slice(0, EXAMPLES).map((value) => value.slice(0, 30));
    headings.set(key, { key, text: text.slice(0, 80), examples });
  });
  const chosen = new Map(
    [...index]
      .filter(([column]) => isMappable(kind, column))
      .map(([column, at]) => [column, headingKey(row.cells[at] ?? "")]),
  );
  return { headings: [...headings.values()], chosen };
}

/** What the office's choices teach: each chosen heading its column, each one given up no column. */
export function learn(
  file: FileHeadings,
  kind: SheetKind,
  choices: ReadonlyMap<string, string>,
): LearnedHeading[] {
  const textOf = new Map(file.headings.map(({ key, text }) => [key, text]));
  const row = (key: string, column: string | null): LearnedHeading => ({
    sheet: kind,
    headingKey: key,
    heading: textOf.get(key) ?? "",
    column,
  });
  const chosen = [...choices].filter(
    ([column, key]) => isMappable(kind, column) && textOf.has(key),
  );
  const used = new Set(chosen.map(([, key]) => key));
  const givenUp = [...file.chosen.values()].filter((key) => !used.has(key));
  return [
    ...chosen.map(([column, key]) => row(key, column)),
    ...givenUp.map((key) => row(key, null)),
  ];
}
