// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "../dates.ts";

const EXCEL_DAY_ZERO = "1899-12-30";
const ACCENTED: Record<string, string> = { A: "À", E: "È", I: "Ì", O: "Ò", U: "Ù" };
/** `De' Rossi`, `Ca' Bianca`: here the apostrophe is no accent. */
const KEEPS_APOSTROPHE = new Set(["DE", "DA", "CA"]);

/**
 * A birth date as files write it: `12/03/2018`, `1-3-18`, `2018-03-12`, `12.03.2018`, an Excel serial (`43101`).
 * Two digits of a year mean the latest year that is not after `reference`. `null` = not a date.
 */
export function parseDay(text: string, reference: Day): Day | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text);
  if (iso) return dayFrom(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const italian = /^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})(?:\s.*)?$/.exec(
    text,
  );
  if (italian) {
    const [day, month, year] = [Number(italian[1]), Number(italian[2]), Number(italian[3])];
    return italian[3]?.length === 4
      ? dayFrom(year, month, day)
      : latestDay(year, month, day, reference);
  }
  // 1927-05-18 … 2064-04-08: other numbers are no birth date
  const serial = /^(\d{5})(?:[.,]\d+)?$/.exec(text);
  if (!serial || Number(serial[1]) > 60_000) return null;
  return Temporal.PlainDate.from(EXCEL_DAY_ZERO).add({ days: Number(serial[1]) });
}

/** `NICOLO'` → `Nicolò`, `D'ANGELO` → `D'Angelo`, `DE SANTIS` → `De Santis`; mixed case stays as it is. */
export function parseName(text: string): string {
  const tidy = text
    .normalize("NFC")
    .replace(/[’‘`´]/g, "'")
    .replace(/\p{C}+/gu, " ")
    .replace(/\s*-\s*/g, "-")
    .replace(/\s+/g, " ")
    .trim();
  const isOneCase = tidy === tidy.toUpperCase() || tidy === tidy.toLowerCase();
  const accented = tidy.replace(
    /(^|[\s'-])(\p{L}*?)([AEIOUaeiou])'(?=$|[\s-])/gu,
    (whole, before: string, start: string, vowel: string) =>
      KEEPS_APOSTROPHE.has((start + vowel).toUpperCase())
        ? whole
        : before + start + withAccent(vowel),
  );
  if (!isOneCase) return accented;
  return accented
    .toLowerCase()
    .replace(
      /(^|[\s'-])(\p{L})/gu,
      (_whole, before: string, letter: string) => before + letter.toUpperCase(),
    );
}

/** Five digits; a spreadsheet drops leading zeros (`8020` → `08020`). `null` = not a postal code. */
export function parsePostalCode(text: string): string | null {
  const digits = text.replace(/\.0+$/, "").replace(/\s/g, "");
  return /^\d{3,5}$/.test(digits) ? digits.padStart(5, "0") : null;
}

export type ReadPhone =
  | { outcome: "empty" }
  | { outcome: "phone"; phone: string }
  /** `3,33123E+09`: the spreadsheet threw digits away */
  | { outcome: "digits-lost" }
  | { outcome: "not-a-phone" };

/** A number to call. A landline that lost its 0 in a spreadsheet gets it back. */
export function parsePhone(text: string): ReadPhone {
  if (text === "" || /^(-|n\.?d\.?|no|nessuno|0+)$/i.test(text)) return { outcome: "empty" };
  const expanded = expandExponent(text);
  if (expanded === null) return { outcome: "digits-lost" };
  const digits = expanded
    .replace(/\.0+$/, "")
    .replace(/[\s./()-]/g, "")
    .replace(/^00/, "+")
    .replace(/^39(?=3\d{8,9}$)/, "+39");
  const international = /^\+39(\d{6,12})$/.exec(digits);
  if (international) return { outcome: "phone", phone: withLeadingZero(international[1] ?? "") };
  if (/^\+\d{7,15}$/.test(digits)) return { outcome: "phone", phone: digits };
  if (!/^\d{6,12}$/.test(digits)) return { outcome: "not-a-phone" };
  return { outcome: "phone", phone: withLeadingZero(digits) };
}

export interface ParsedClass {
  /** 1–5; 0 for the sections of a nursery school */
  readonly grade: number;
  /** upper case; `U` (unica) when the class has no section */
  readonly section: string;
}

const GRADE_WORDS: Record<string, number> = {
  prima: 1,
  seconda: 2,
  terza: 3,
  quarta: 4,
  quinta: 5,
  i: 1,
  ii: 2,
  iii: 3,
  iv: 4,
  v: 5,
};

/**
 * `3A`, `3^ A`, `3ª A`, `3° sez. A`, `III A`, `Terza B`, `3` + section `A`, `SEZ. A` (nursery school: grade 0).
 * `null` = not a class. `isNursery`: every text is a section (`Girasoli`), numbers are part of its name.
 */
export function parseClass(text: string, section: string, isNursery: boolean): ParsedClass | null {
  const tidy = text
    .normalize("NFC")
    .replace(/^class[ei]\b\s*:?\s*/i, "")
    .replace(/\s+/g, " ")
    .trim();
  const separate = sectionName(section);
  if (isNursery || /^sez(ione|\.|\s)/i.test(tidy)) {
    const name = separate ?? sectionName(tidy);
    return name ? { grade: 0, section: name } : null;
  }
  const found =
    /^(prima|seconda|terza|quarta|quinta)\b\s*(.*)$/i.exec(tidy) ??
    /^([1-5])(?!\d)\s*(?:[\^ª°º](?:\s*a(?=\s))?|a(?=\s+\S))?\s*[-/.]?\s*(.*)$/.exec(tidy) ??
    /^(iii|ii|iv|i|v)\s*(?:[\^ª°º])?\s*[-/.]?\s*(.*)$/i.exec(tidy);
  if (!found) return null;
  const word = (found[1] ?? "").toLowerCase();
  const grade = GRADE_WORDS[word] ?? Number(word);
  const name = separate ?? sectionName(found[2] ?? "") ?? "U";
  return /^[\p{L}\p{N}][\p{L}\p{N} ./+-]{0,19}$/u.test(name) ? { grade, section: name } : null;
}

function sectionName(text: string): string | null {
  const name = text
    .replace(/^sez(ione)?\b\.?\s*/i, "")
    .replace(/^["'«]|["'»]$/g, "")
    .trim()
    .toUpperCase();
  return name === "" ? null : name.slice(0, 20);
}

/** `3.331234567E+09` has all its digits; `3,33123E+09` has not (`null`). Other text stays as it is. */
function expandExponent(text: string): string | null {
  const found = /^(\d)(?:[.,](\d+))?E\+?(\d{1,2})$/i.exec(text.trim());
  if (!found) return text;
  const [fraction, exponent] = [found[2] ?? "", Number(found[3])];
  return fraction.length >= exponent && exponent > 0
    ? `${found[1]}${fraction}`.slice(0, exponent + 1)
    : null;
}

/** Italian numbers start with 0 (landline), 3 (mobile), 8 or 1 (services); others lost their 0. */
const withLeadingZero = (digits: string): string =>
  /^[0318]/.test(digits) ? digits : `0${digits}`;

const withAccent = (vowel: string): string => {
  const accented = ACCENTED[vowel.toUpperCase()] ?? vowel;
  return vowel === vowel.toLowerCase() ? accented.toLowerCase() : accented;
};

function latestDay(year: number, month: number, day: number, reference: Day): Day | null {
  const century = reference.year - (reference.year % 100);
  const recent = dayFrom(century + year, month, day);
  if (recent && Temporal.PlainDate.compare(recent, reference) <= 0) return recent;
  return dayFrom(century - 100 + year, month, day);
}

function dayFrom(year: number, month: number, day: number): Day | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
