// SPDX-License-Identifier: EUPL-1.2
/**
 * A tagged PDF page under one hand: text on baselines, black runs, logos; everything drawn is either a structure
 * element (PDF/UA) or an artifact. Lengths are points (1/72 inch), the origin is the page's top left corner.
 */
import PdfKit from "pdfkit";
import type { Moment } from "#kernel/dates.ts";
import { FACES, type Face, parsedFont, printable } from "./fonts.ts";
import { darkRuns, type Modules } from "./notice-codes.ts";

export type Pdf = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

/** Millimetres as points. */
export const mm = (length: number): number => (length * 72) / 25.4;
export const PAGE = { width: 595.28, height: 841.89, margin: mm(10) } as const;
export const LEFT = PAGE.margin;
export const RIGHT = PAGE.width - PAGE.margin;
export const BOTTOM = PAGE.height - PAGE.margin;

type Ink = readonly [number, number, number, number];
/** Shares of black only, as a print shop wants them (layout 3.5, "Colori"). */
export const INK = {
  black: [0, 0, 0, 100],
  seventy: [0, 0, 0, 70],
  half: [0, 0, 0, 50],
  light: [0, 0, 0, 7],
  /** "Blu pagoPA". */
  pagopa: [86, 60, 0, 0],
} as const satisfies Record<string, Ink>;

export type Style = {
  readonly face: Face;
  readonly size: number;
  readonly ink?: Ink;
  /** Distance of baselines; default 1.25 times the size. */
  readonly leading?: number;
};
export const leadingOf = (style: Style): number => style.leading ?? style.size * 1.25;

export type DocumentInfo = {
  readonly title: string;
  readonly author: string;
  /** Written as creation date, so that the same data make the same bytes. */
  readonly madeAt: Moment;
  /** Tags cost a third of time and memory; print shops do not read them. Default true. */
  readonly tagged?: boolean;
};

/** An A4 document without pages: PDF/UA-1, Italian, or a plain one for the print shop. */
export function openPdf({ title, author, madeAt, tagged = true }: DocumentInfo): Pdf {
  const options: PDFKit.PDFDocumentOptions = {
    size: "A4",
    margin: 0,
    autoFirstPage: false,
    pdfVersion: "1.7",
    lang: "it-IT",
    displayTitle: true,
    // No font until one is asked for: pdfkit's own Helvetica would not be embedded.
    font: null as unknown as string,
    // Words are remembered in fonts.ts; pdfkit's own memory would grow with every name of a print file.
    fontLayoutCache: tagged,
    info: {
      Title: printable(title),
      Author: printable(author),
      Producer: "Campanella",
      Creator: "Campanella",
      // house-allow clock: pdfkit takes a Date, made of the caller's moment
      CreationDate: new Date(madeAt.epochMilliseconds),
    },
  };
  if (tagged) Object.assign(options, { tagged: true, subset: "PDF/UA" });
  const pdf = new PdfKit(options);
  for (const face of FACES) pdf.registerFont(face, parsedFont(face) as unknown as string);
  return pdf;
}

export type Pen = {
  readonly pdf: Pdf;
  readonly tagged: boolean;
  /** Where new structure elements go; null when untagged. */
  parent: Element | null;
};

/** The pen of a document. `root` is the Document element; end it with `closePdf`. */
export function penOf(pdf: Pdf): Pen {
  const tagged = pdf.options.tagged === true;
  if (!tagged) return { pdf, tagged, parent: null };
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  return { pdf, tagged, parent: root };
}

export function closePdf(pen: Pen): void {
  pen.parent?.end();
  pen.pdf.end();
}

type Grouping = "Sect" | "Part" | "Table" | "TR" | "L" | "LI";
type Leaf = "H1" | "H2" | "H3" | "P" | "TH" | "TD" | "Figure" | "Caption";
export type LeafOptions = {
  /** What a screen reader says of a Figure. */
  readonly alt?: string;
  /** [left, top, right, bottom] of a Figure. */
  readonly bbox?: readonly [number, number, number, number];
  readonly scope?: "Row" | "Column";
};

/** Everything `body` draws belongs to a group of the document's structure. */
export function group(pen: Pen, type: Grouping, body: () => void): void {
  if (pen.parent === null) return body();
  const outer = pen.parent;
  const inner = pen.pdf.struct(type);
  outer.add(inner);
  pen.parent = inner;
  body();
  inner.end();
  pen.parent = outer;
}

/** Everything `draw` draws is one element's content. */
export function mark(pen: Pen, type: Leaf, draw: () => void, options: LeafOptions = {}): void {
  if (pen.parent === null) return draw();
  const element = pen.pdf.struct(type, options as { alt?: string }, draw);
  pen.parent.add(element);
  element.end();
}

/** Decoration, or what was said before: a screen reader skips all that `draw` draws. */
export function artifact(
  pen: Pen,
  draw: () => void,
  type: "Layout" | "Pagination" = "Layout",
): void {
  const { parent } = pen;
  if (parent === null) return draw();
  pen.pdf.markContent("Artifact", { type });
  pen.parent = null;
  draw();
  pen.parent = parent;
  pen.pdf.endMarkedContent();
}

export function newPage(pen: Pen): void {
  pen.pdf.addPage();
}

export function widthOf(pen: Pen, text: string, style: Style): number {
  pen.pdf.font(style.face).fontSize(style.size);
  return pen.pdf.widthOfString(text);
}

/** One line on its baseline. `align: "right"` ends at x. The text must be printable already. */
export function write(
  pen: Pen,
  text: string,
  x: number,
  baseline: number,
  style: Style,
  align: "left" | "right" = "left",
): void {
  if (text === "") return;
  const { pdf } = pen;
  const left = align === "right" ? x - widthOf(pen, text, style) : x;
  pdf.font(style.face).fontSize(style.size);
  pdf.fillColor([...(style.ink ?? INK.black)]);
  // The space parts words for a screen reader; it is seen by nobody else.
  pdf.text(`${text} `, left, baseline, { lineBreak: false, baseline: "alphabetic" });
}

/** Cuts a word that is wider than a line. */
function* piecesOf(pen: Pen, word: string, width: number, style: Style): Generator<string> {
  let piece = "";
  for (const char of word) {
    if (piece !== "" && widthOf(pen, piece + char, style) > width) {
      yield piece;
      piece = "";
    }
    piece += char;
  }
  yield piece;
}

/** Breaks a text into lines of a width. With `maxLines` the last line says by an ellipsis that more is missing. */
export function linesOf(
  pen: Pen,
  text: string,
  width: number,
  style: Style,
  maxLines = Infinity,
): string[] {
  const lines: string[] = [];
  let line = "";
  // A dot that parts two things stays with the first: no line begins with it.
  for (const word of printable(text).split(/ (?!· )/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(pen, longer, style) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = [...piecesOf(pen, word, width, style)];
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  if (line !== "") lines.push(line);
  if (lines.length <= maxLines) return lines;
  const kept = lines.slice(0, maxLines);
  let last = kept[maxLines - 1] ?? "";
  while (last !== "" && widthOf(pen, `${last}…`, style) > width) {
    last = last.includes(" ") ? last.slice(0, last.lastIndexOf(" ")) : last.slice(0, -1);
  }
  kept[maxLines - 1] = `${last.replace(/[\s,;:·.-]+$/u, "")}…`;
  return kept;
}

/** Lines under each other; the first baseline is `baseline`. Returns the baseline that would come next. */
export function writeLines(
  pen: Pen,
  lines: readonly string[],
  x: number,
  baseline: number,
  style: Style,
): number {
  lines.forEach((line, index) => write(pen, line, x, baseline + index * leadingOf(style), style));
  return baseline + lines.length * leadingOf(style);
}

/** A code as one vector path, black on the white of the paper; whole numbers in a scaled space keep it small. */
export function drawModules(pen: Pen, modules: Modules, x: number, y: number, side: number): void {
  const { pdf } = pen;
  pdf.save();
  pdf.translate(x, y).scale(side / modules.length);
  for (const [column, row, length] of darkRuns(modules)) pdf.rect(column, row, length, 1);
  pdf.fillColor([...INK.black]).fill();
  pdf.restore();
}

export function fillRect(pen: Pen, x: number, y: number, width: number, height: number, ink: Ink) {
  pen.pdf
    .rect(x, y, width, height)
    .fillColor([...ink])
    .fill();
}

/** A hairline; `cut` is the dashed one to cut along. */
export function rule(
  pen: Pen,
  x: number,
  y: number,
  width: number,
  kind: "line" | "thin" | "cut" = "line",
): void {
  const { pdf } = pen;
  pdf.lineWidth(kind === "thin" ? 0.3 : 0.6).strokeColor([...INK.half]);
  if (kind === "cut") pdf.dash(3, { space: 3 });
  pdf
    .moveTo(x, y)
    .lineTo(x + width, y)
    .stroke();
  if (kind === "cut") pdf.undash();
}
