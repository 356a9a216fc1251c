// SPDX-License-Identifier: EUPL-1.2
import { COMMON_WORDS } from "./common-words.ts";

export type PasswordFault =
  | "too-short"
  | "too-long"
  /** made of what everybody's passwords are made of, or in a list of stolen ones */
  | "common"
  | "repeated"
  /** asked for by those who change it */
  | "same";

/** Length and nothing else about composition (NIST SP 800-63B, 5.1.1.2): a sentence is fine, `P@ssw0rd2026!` is not. */
export function passwordFault(
  password: string,
  of: { minLength: number; maxLength: number; personal?: readonly string[] },
): PasswordFault | null {
  const length = [...password].length;
  if (length < of.minLength) return "too-short";
  if (length > of.maxLength) return "too-long";
  const text = foldCase(password);
  if (isRepeated(text)) return "repeated";
  return isCommon(text, new Set((of.personal ?? []).flatMap(wordsOf))) ? "common" : null;
}

const foldCase = (text: string): string =>
  text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Names, user code, town: whoever guesses begins with them. */
const wordsOf = (text: string): string[] =>
  foldCase(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length >= 3);

/** A few signs, or one short piece again and again. */
function isRepeated(text: string): boolean {
  if (new Set(text).size < 5) return true;
  for (let size = 1; size <= Math.min(6, text.length / 2); size += 1) {
    const piece = text.slice(0, size);
    if (piece.repeat(Math.ceil(text.length / size)).slice(0, text.length) === text) return true;
  }
  return false;
}

const LEET: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t" },
  ...{ "@": "a", $: "s", "!": "i", "€": "e" },
};
const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz"];
const WALKS = ROWS.flatMap((row) => [row + row, [...row].toReversed().join("").repeat(2)]);
const SHORTEST_WALK = 3;
const LONGEST_WORD = 24;
/** So many known words make no secret; a sentence has more, or words of its own. */
const MOST_WORDS = 3;

/** Words that everybody uses, years, digits, walks over the keyboard and signs: does the text hold nothing else? */
function isCommon(text: string, personal: ReadonlySet<string>): boolean {
  const plain = [...text].map((sign) => LEET[sign] ?? sign).join("");
  const isWord = (word: string): boolean => COMMON_WORDS.has(word) || personal.has(word);
  // fewest words that the text up to there is made of
  const fewest: number[] = [0];
  for (let end = 1; end <= text.length; end += 1) {
    let best = Number.POSITIVE_INFINITY;
    for (let start = Math.max(0, end - LONGEST_WORD); start < end; start += 1) {
      const before = fewest[start] ?? Number.POSITIVE_INFINITY;
      if (before > MOST_WORDS) continue;
      const piece = text.slice(start, end);
      const cost = isNoise(piece) ? 0 : isWord(piece) || isWord(plain.slice(start, end)) ? 1 : null;
      if (cost !== null) best = Math.min(best, before + cost);
    }
    fewest.push(best);
  }
  return (fewest.at(-1) ?? 0) <= MOST_WORDS;
}

/** Adds nothing that anybody would have to guess. */
const isNoise = (piece: string): boolean =>
  /^(?:\d+|[^a-z0-9]+|(.)\1+)$/u.test(piece) ||
  (piece.length >= SHORTEST_WALK && WALKS.some((walk) => walk.includes(piece)));
