// SPDX-License-Identifier: EUPL-1.2
/** The two typefaces of the layout (OFL and Apache licences), from the Bootstrap Italia package; documents embed subsets. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import PdfKit from "pdfkit";

export type Face = "regular" | "semibold" | "bold" | "mono" | "monoBold";

const FONTS = join(
  dirname(createRequire(import.meta.url).resolve("bootstrap-italia/package.json")),
  "dist/fonts",
);
const titillium = (weight: string): string =>
  join(FONTS, `Titillium_Web/titillium-web-v10-latin-ext_latin-${weight}.ttf`);
const roboto = (weight: string): string =>
  join(FONTS, `Roboto_Mono/roboto-mono-v13-latin-ext_latin-${weight}.ttf`);

const FILES: Readonly<Record<Face, string>> = {
  regular: titillium("regular"),
  semibold: titillium("600"),
  bold: titillium("700"),
  mono: roboto("regular"),
  monoBold: roboto("700"),
};
export const FACES = Object.keys(FILES) as readonly Face[];

type Run = { readonly positions: readonly object[] };
/** What fontkit knows of a face; pdfkit takes it in place of the file, so that each file is parsed once. */
export type ParsedFont = {
  readonly layout: (text: string, features?: unknown) => Run;
  readonly hasGlyphForCodePoint: (codePoint: number) => boolean;
};
const parsed = new Map<Face, ParsedFont>();
const MAX_REMEMBERED_RUNS = 4096;

/**
 * The font, remembering how words are shaped: that is a third of a document's time, and notices repeat their words.
 * pdfkit scales the positions that it gets, hence copies.
 */
function remembering(font: ParsedFont): ParsedFont {
  const runs = new Map<string, Run>();
  return Object.assign(Object.create(font) as ParsedFont, {
    layout: (text: string, features?: unknown): Run => {
      if (features !== undefined) return font.layout(text, features);
      let run = runs.get(text);
      if (run === undefined) {
        run = font.layout(text);
        if (runs.size >= MAX_REMEMBERED_RUNS) runs.clear();
        runs.set(text, run);
      }
      const positions = run.positions.map((position) => ({ ...position }));
      return Object.assign(Object.create(run) as Run, { positions });
    },
  });
}

export function parsedFont(face: Face): ParsedFont {
  let font = parsed.get(face);
  if (font === undefined) {
    // pdfkit has no door to its parser but a document.
    const carrier = new PdfKit({ autoFirstPage: false, font: FILES[face] });
    carrier.registerFont(face, readFileSync(FILES[face]) as unknown as string);
    font = remembering(
      (carrier.font(face) as unknown as { _font: { font: ParsedFont } })._font.font,
    );
    parsed.set(face, font);
  }
  return font;
}

const drawable = new Map<string, string>();

/** A character as the face can draw it: itself, its letter without marks, or a question mark. */
function drawableChar(char: string): string {
  const font = parsedFont("bold");
  const has = (text: string) =>
    [...text].every((each) => font.hasGlyphForCodePoint(each.codePointAt(0) ?? 0));
  if (has(char)) return char;
  const plain = char.normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return plain !== "" && has(plain) ? plain : "?";
}

/** One line of printable text: composed, spaces single, no control characters, only letters the fonts have. */
export function printable(text: string): string {
  const tidy = text
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (char) => (/\s/.test(char) ? " " : ""))
    .replaceAll(/[ \t\u2000-\u200a\u3000]+/g, " ")
    .trim();
  let result = "";
  for (const char of tidy) {
    let safe = drawable.get(char);
    if (safe === undefined) {
      safe = drawableChar(char);
      if (drawable.size < 4096) drawable.set(char, safe);
    }
    result += safe;
  }
  return result;
}

/** At most `max` characters, cut at a word and marked with an ellipsis when something is left out. */
export function atWord(text: string, max: number): string {
  const line = printable(text);
  const chars = [...line];
  if (chars.length <= max) return line;
  const head = chars.slice(0, max).join("");
  const space = head.lastIndexOf(" ");
  const kept = space >= max / 2 ? head.slice(0, space) : chars.slice(0, max - 1).join("");
  return `${kept.replace(/[\s,;:·.-]+$/u, "")}…`;
}
