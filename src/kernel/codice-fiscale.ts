// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "./dates.ts";

/**
 * The Italian codice fiscale (D.M. 23/12/1976, D.P.R. 605/1973): reading, checking, computing. Pure.
 * Place names are not known here: see `belfiore.ts`.
 */
export type Sex = "F" | "M";

export interface CodiceFiscale {
  /** 16 upper-case characters as written, omocodia included */
  readonly code: string;
  /** the first 15 characters with omocodia letters turned back into digits */
  readonly plain: string;
  /** how many digits omocodia replaced by letters (0–7) */
  readonly omocodia: number;
  readonly sex: Sex;
  /** only two digits of the year are in the code: see `birthDateOf` */
  readonly yearOfCentury: number;
  readonly month: number;
  readonly day: number;
  /** Belfiore (cadastral) code of the municipality or country of birth */
  readonly placeCode: string;
}

export type CodiceFiscaleFault = "length" | "format" | "name-part" | "date" | "control-character";
export type ReadCodiceFiscale =
  | { outcome: "person"; codiceFiscale: CodiceFiscale }
  /** 11 digits: a provisional code of the tax agency, or the code of an organisation */
  | { outcome: "provisional"; code: string }
  | { outcome: "empty" }
  | { outcome: "invalid"; fault: CodiceFiscaleFault };

const MONTHS = "ABCDEHLMPRST";
const OMOCODIA = "LMNPQRSTUV";
const DIGIT_PLACES = [6, 7, 9, 10, 12, 13, 14];
const SHAPE =
  /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/;
const NAME_PART = /^[BCDFGHJKLMNPQRSTVWXYZ]{0,3}[AEIOU]{0,3}X{0,2}$/;
/** Values of the characters at odd places (counted from 1): digit n counts as the n-th letter. */
const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

const UNDECOMPOSED: Record<string, string> = {
  ß: "SS",
  Æ: "AE",
  Œ: "OE",
  Ø: "O",
  Đ: "D",
  Ð: "D",
  Ł: "L",
  Þ: "TH",
  ı: "I",
  Ħ: "H",
};

/** What people paste: spaces, dots, dashes and lower case do not matter. */
export const tidyCodiceFiscale = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/[\s.\-_/]/g, "")
    .toUpperCase();

/** Reads and checks a code. Expected faults are returned, never thrown. */
export function readCodiceFiscale(text: string): ReadCodiceFiscale {
  const code = tidyCodiceFiscale(text);
  if (code === "") return { outcome: "empty" };
  if (/^\d{11}$/.test(code)) {
    return isElevenDigitCode(code)
      ? { outcome: "provisional", code }
      : { outcome: "invalid", fault: "control-character" };
  }
  if (code.length !== 16) return { outcome: "invalid", fault: "length" };
  if (!SHAPE.test(code)) return { outcome: "invalid", fault: "format" };
  const plain = withoutOmocodia(code);
  if (!NAME_PART.test(plain.slice(0, 3)) || !NAME_PART.test(plain.slice(3, 6))) {
    return { outcome: "invalid", fault: "name-part" };
  }
  const dayAndSex = Number(plain.slice(9, 11));
  const sex: Sex = dayAndSex > 40 ? "F" : "M";
  const parts = {
    yearOfCentury: Number(plain.slice(6, 8)),
    month: MONTHS.indexOf(plain.charAt(8)) + 1,
    day: sex === "F" ? dayAndSex - 40 : dayAndSex,
  };
  if (datesOf(parts).length === 0) return { outcome: "invalid", fault: "date" };
  if (controlCharacter(code.slice(0, 15)) !== code.charAt(15)) {
    return { outcome: "invalid", fault: "control-character" };
  }
  const omocodia = DIGIT_PLACES.filter((place) => code[place] !== plain[place]).length;
  return {
    outcome: "person",
    codiceFiscale: { code, plain, omocodia, sex, ...parts, placeCode: plain.slice(11, 15) },
  };
}

/**
 * The birth date in full: the latest one at which the person is at least `minimumAge` on `reference`
 * (two digits of the year leave the century open). `null` when no century fits.
 */
export function birthDateOf(
  codiceFiscale: Pick<CodiceFiscale, "yearOfCentury" | "month" | "day">,
  reference: Day,
  minimumAge = 0,
): Day | null {
  const latest = reference.subtract({ years: minimumAge });
  const fitting = datesOf(codiceFiscale).filter(
    (date) => Temporal.PlainDate.compare(date, latest) <= 0,
  );
  return fitting.at(-1) ?? null;
}

export type CodiceFiscaleField = "surname" | "givenName" | "birthDate" | "sex" | "birthPlaceCode";

/** What is known about the person; `null` or absent = unknown, not compared. */
export interface KnownPerson {
  surname?: string | null;
  givenName?: string | null;
  birthDate?: Day | null;
  sex?: Sex | null;
  /** every Belfiore code that the stated place may have (homonyms, mergers); empty = unknown */
  birthPlaceCodes?: readonly string[];
}

/** The fields in which code and person disagree. Empty = they agree as far as is known. */
export function mismatches(code: CodiceFiscale, person: KnownPerson): CodiceFiscaleField[] {
  const { birthDate, sex } = person;
  const found: CodiceFiscaleField[] = [];
  if (person.surname && surnamePart(person.surname) !== code.plain.slice(0, 3)) {
    found.push("surname");
  }
  if (person.givenName && givenNamePart(person.givenName) !== code.plain.slice(3, 6)) {
    found.push("givenName");
  }
  if (
    birthDate &&
    (birthDate.year % 100 !== code.yearOfCentury ||
      birthDate.month !== code.month ||
      birthDate.day !== code.day)
  ) {
    found.push("birthDate");
  }
  if (sex && sex !== code.sex) found.push("sex");
  if (person.birthPlaceCodes?.length && !person.birthPlaceCodes.includes(code.placeCode)) {
    found.push("birthPlaceCode");
  }
  return found;
}

/** The first 15 characters that these data give (no omocodia: only the tax agency assigns it). */
export function expectedFifteen(person: {
  surname: string;
  givenName: string;
  birthDate: Day;
  sex: Sex;
  birthPlaceCode: string;
}): string {
  const { birthDate } = person;
  const year = String(birthDate.year % 100).padStart(2, "0");
  const day = String(birthDate.day + (person.sex === "F" ? 40 : 0)).padStart(2, "0");
  return (
    surnamePart(person.surname) +
    givenNamePart(person.givenName) +
    `${year}${MONTHS.charAt(birthDate.month - 1)}${day}${person.birthPlaceCode}`
  );
}

export function surnamePart(surname: string): string {
  const { consonants, vowels } = lettersOf(surname);
  return `${consonants}${vowels}XXX`.slice(0, 3);
}

/** A given name with four consonants or more gives the first, the third and the fourth. */
export function givenNamePart(givenName: string): string {
  const { consonants, vowels } = lettersOf(givenName);
  if (consonants.length >= 4) return consonants.charAt(0) + consonants.slice(2, 4);
  return `${consonants}${vowels}XXX`.slice(0, 3);
}

/** The 16th character for the first 15. */
export function controlCharacter(fifteen: string): string {
  let sum = 0;
  for (let index = 0; index < fifteen.length; index += 1) {
    const character = fifteen.charCodeAt(index);
    const value = character < 58 ? character - 48 : character - 65;
    sum += index % 2 === 0 ? (ODD_VALUES[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26));
}

/** 11 digits with the check digit of D.M. 23/12/1976 (the same as a partita IVA's). */
export function isElevenDigitCode(code: string): boolean {
  if (!/^\d{11}$/.test(code) || /^0+$/.test(code)) return false;
  let sum = 0;
  for (let index = 0; index < 10; index += 1) {
    const digit = Number(code[index]);
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10 === Number(code[10]);
}

/** For logs and screens of those who need not know it: `RSSM******01H`-like, never the birth date. */
export function maskCodiceFiscale(code: string): string {
  if (code.length < 8) return "*".repeat(code.length);
  return code.slice(0, 4) + "*".repeat(code.length - 7) + code.slice(-3);
}

function withoutOmocodia(code: string): string {
  const characters = code.slice(0, 15).split("");
  for (const place of DIGIT_PLACES) {
    const digit = OMOCODIA.indexOf(characters[place] ?? "");
    if (digit >= 0) characters[place] = String(digit);
  }
  return characters.join("");
}

function datesOf(parts: { yearOfCentury: number; month: number; day: number }): Day[] {
  const { month, day } = parts;
  const dates: Day[] = [];
  for (const century of [1800, 1900, 2000, 2100]) {
    const year = century + parts.yearOfCentury;
    try {
      dates.push(Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" }));
    } catch (error) {
      // 29 February exists only in some of the four centuries
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return dates;
}

function lettersOf(name: string): { consonants: string; vowels: string } {
  const letters = name
    .toUpperCase()
    .replace(/[ßÆŒØĐÐŁÞıĦ]/g, (letter) => UNDECOMPOSED[letter] ?? "")
    .normalize("NFD")
    .replace(/[^A-Z]/g, "");
  return { consonants: letters.replace(/[AEIOU]/g, ""), vowels: letters.replace(/[^AEIOU]/g, "") };
}
