// SPDX-License-Identifier: EUPL-1.2
import { searchWords } from "#kernel/search-words.ts";
import type { Person } from "./person.ts";

type Searchable = Pick<Person, "surname" | "givenName" | "codiceFiscale" | "phone">;

/**
 * What the office search reads: every word after one space, so that `% ros%` finds the start of a word.
 * Holds the names (`De Santis` also as `desantis`, `D'Angelo` also as `angelo`), the code, the phone digits.
 */
export function searchTextOf(person: Searchable): string {
  const surname = searchWords(person.surname);
  const givenName = searchWords(person.givenName);
  const afterApostrophe = `${person.surname} ${person.givenName}`.split(/\s+/).flatMap((word) =>
    searchWords(
      word
        .split(/['’`´]/)
        .slice(1)
        .join(""),
    ),
  );
  const words = [
    ...surname,
    ...(surname.length > 1 ? [surname.join("")] : []),
    ...givenName,
    ...afterApostrophe,
    ...(person.codiceFiscale ? [person.codiceFiscale.toLowerCase()] : []),
    ...phoneDigits(person.phone),
  ];
  return ` ${[...new Set(words)].join(" ")}`;
}

/**
 * One LIKE pattern per typed word, all of them must match. Words match from their start, numbers of four
 * digits or more anywhere (the middle of a phone number). Empty = nothing to search.
 */
export function searchPatterns(text: string): string[] {
  const trimmed = text.trim();
  // A number typed with spaces or a prefix (`+39 333 12 34`) is one number.
  if (/^\+?[\d\s./-]{4,}$/.test(trimmed)) {
    const digits = withoutPrefix(trimmed);
    return digits.length >= 3 ? [`%${digits}%`] : [];
  }
  return searchWords(trimmed)
    .slice(0, 8)
    .map((word) => (/^\d{4,}$/.test(word) ? `%${word}%` : `% ${word}%`));
}

const phoneDigits = (phone: string): string[] =>
  phone
    .split(/[;,|]/)
    .map(withoutPrefix)
    .filter((digits) => digits.length >= 5);

function withoutPrefix(phone: string): string {
  const digits = phone.replace(/\D/g, "");
  const international = /^\s*(\+39|0039)/.test(phone);
  return international ? digits.replace(/^(00)?39/, "") : digits;
}
