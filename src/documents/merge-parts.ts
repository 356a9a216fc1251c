// SPDX-License-Identifier: EUPL-1.2
/**
 * One PDF out of parts that were made one after the other: each part's objects get the numbers that follow the part
 * before it, once; the whole is then their concatenation with a page tree of its own. Reads only what pdfkit writes:
 * a cross-reference table, dictionaries that are not compressed.
 */
import { printable } from "./fonts.ts";

/** What stands before the first part: the catalogue, the page tree, the title. */
const OWN_OBJECTS = 3;
const HEADER = Buffer.from("%PDF-1.7\n%\u00ff\u00ff\u00ff\u00ff\n", "latin1");
const ENTRY_BYTES = 20;

/** A part, ready to be joined. `offsets`: where each of its objects begins in `bytes`, by number. */
export type PdfPart = {
  readonly bytes: Uint8Array;
  readonly firstObject: number;
  readonly offsets: readonly number[];
  /** The number of its own page tree. */
  readonly pagesObject: number;
  readonly pages: number;
};

/** All of a part but its bytes: enough to know the whole file's length and tables. */
export type PdfPartShape = Omit<PdfPart, "bytes"> & { readonly length: number };

/** The number that the part after this one begins with. */
export const nextObject = (before: PdfPartShape | null): number =>
  before === null ? OWN_OBJECTS + 1 : before.firstObject + before.offsets.length;

/** What a part that was kept says of itself, beside how long it is. */
export type KeptShape = Pick<PdfPart, "firstObject" | "offsets" | "pagesObject">;

/** A whole file of ours as the part that follows `before`: its bytes, and what is kept of it beside them. */
export function partAfter(
  before: { readonly shape: KeptShape; readonly pages: number; readonly length: number } | null,
  pdf: Uint8Array,
): { bytes: Uint8Array; pages: number; shape: KeptShape & { offsets: number[] } } {
  const shapeBefore = before && { ...before.shape, pages: before.pages, length: before.length };
  const { bytes, pages, firstObject, offsets, pagesObject } = pdfPartOf(
    pdf,
    nextObject(shapeBefore),
  );
  return { bytes, pages, shape: { firstObject, offsets: [...offsets], pagesObject } };
}

/**
 * Renumbers a whole file of ours so that it can follow another part. Its catalogue, title and names are left out: the
 * joined file has its own. Error when it is not a file as we write them.
 */
export function pdfPartOf(pdf: Uint8Array, firstObject: number): PdfPart {
  const file = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const { offsets, end, dropped, pagesObject } = tableOf(file);
  const shift = firstObject - 1;
  const ends = nextBeginnings(offsets, end);
  const pieces: Buffer[] = [];
  const moved: number[] = [];
  let length = 0;
  let pages = 0;
  for (const [index, from] of offsets.entries()) {
    const number = index + 1;
    const object = file.subarray(from, ends[index]);
    const streamAt = object.indexOf("\nstream\n", 0, "latin1");
    const head = object.subarray(0, streamAt < 0 ? object.length : streamAt).toString("latin1");
    let text = head
      .replace(/^\d+ 0 obj/, `${number + shift} 0 obj`)
      .replaceAll(/\b(\d+) 0 R\b/g, (_, to: string) => `${Number(to) + shift} 0 R`)
      // A subset of a font has a name of its own in the whole file.
      .replaceAll(/\/[A-Z]{6}\+/g, (name) => `/${subsetTag(firstObject, name)}+`);
    if (dropped.has(number)) text = `${number + shift} 0 obj\nnull\nendobj\n`;
    if (number === pagesObject) {
      pages = Number(/\/Count (\d+)/.exec(text)?.[1]);
      text = text.replace("/Type /Pages", "/Type /Pages\n/Parent 2 0 R");
    }
    moved.push(length);
    const piece = Buffer.from(text, "latin1");
    pieces.push(piece);
    length += piece.length;
    if (streamAt >= 0 && !dropped.has(number)) {
      pieces.push(object.subarray(streamAt));
      length += object.length - streamAt;
    }
  }
  if (!Number.isInteger(pages) || pages === 0) throw new Error("a part without pages");
  const bytes = new Uint8Array(Buffer.concat(pieces));
  return { bytes, firstObject, offsets: moved, pagesObject: pagesObject + shift, pages };
}

/** Six letters that follow from the part and from what pdfkit called the subset. */
function subsetTag(firstObject: number, name: string): string {
  // pdfkit tells its fonts apart by the first letter; five letters are left for the part.
  let rest = firstObject;
  let tag = name[1] ?? "A";
  for (let place = 0; place < 5; place++) {
    tag += String.fromCharCode(65 + (rest % 26));
    rest = Math.floor(rest / 26);
  }
  return tag;
}

type Table = {
  readonly offsets: readonly number[];
  readonly end: number;
  readonly dropped: ReadonlySet<number>;
  readonly pagesObject: number;
};

function tableOf(file: Buffer): Table {
  const tail = file.subarray(-1024).toString("latin1");
  const end = Number(/startxref\n(\d+)\n/.exec(tail)?.[1]);
  const table = file.subarray(end).toString("latin1");
  const count = Number(/^xref\n0 (\d+)\n/.exec(table)?.[1]);
  if (!Number.isInteger(count)) throw new Error("no cross-reference table");
  const first = table.indexOf("\n", "xref\n".length) + 1 + ENTRY_BYTES;
  const offsets = Array.from({ length: count - 1 }, (_, index) =>
    Number(table.slice(first + index * ENTRY_BYTES, first + index * ENTRY_BYTES + 10)),
  );
  const reference = (text: string, key: string): number | null => {
    const found = new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1];
    return found === undefined ? null : Number(found);
  };
  const root = reference(table, "Root");
  const ends = nextBeginnings(offsets, end);
  const catalogue = root === null ? "" : file.toString("latin1", offsets[root - 1], ends[root - 1]);
  const pagesObject = reference(catalogue, "Pages");
  if (pagesObject === null) throw new Error("no page tree");
  const left = ["Names", "ViewerPreferences", "Metadata"].map((key) => reference(catalogue, key));
  const dropped = new Set([root, reference(table, "Info"), ...left].filter((one) => one !== null));
  return { offsets, end, dropped, pagesObject };
}

/** Where each object ends: where the next one in the file begins. */
function nextBeginnings(offsets: readonly number[], end: number): number[] {
  const sorted = [...offsets, end].sort((a, b) => a - b);
  const next = new Map(sorted.map((offset, index) => [offset, sorted[index + 1] ?? end]));
  return offsets.map((offset) => next.get(offset)!);
}

export type JoinedInfo = { readonly title: string; readonly author: string };

/** The bytes of the whole file, known before a single part is read. */
export function joinedLength(parts: readonly PdfPartShape[], info: JoinedInfo): number {
  return HEADER.length + partsLength(parts) + ending(parts, info).length;
}

/**
 * The whole file, part after part: `read` gives the bytes of each in turn, so that one at a time is in memory. Parts must
 * follow each other without a gap (`nextObject`); RangeError otherwise, or without any.
 */
export async function* joinedPdf<Part extends PdfPartShape>(
  parts: readonly Part[],
  read: (part: Part) => Promise<Uint8Array>,
  info: JoinedInfo,
): AsyncGenerator<Uint8Array> {
  const last = ending(parts, info);
  yield HEADER;
  for (const part of parts) {
    const bytes = await read(part);
    if (bytes.length !== part.length) throw new Error("a part has changed");
    yield bytes;
  }
  yield last;
}

const partsLength = (parts: readonly PdfPartShape[]): number =>
  parts.reduce((sum, { length }) => sum + length, 0);

function ending(parts: readonly PdfPartShape[], { title, author }: JoinedInfo): Buffer {
  if (parts.length === 0) throw new RangeError("nothing to join");
  const offsets: number[] = [];
  let at = HEADER.length;
  for (const [index, part] of parts.entries()) {
    const expected = nextObject(parts[index - 1] ?? null);
    if (part.firstObject !== expected) throw new RangeError("parts do not follow each other");
    for (const offset of part.offsets) offsets.push(at + offset);
    at += part.length;
  }
  const pages = parts.reduce((sum, part) => sum + part.pages, 0);
  const kids = parts.map(({ pagesObject }) => `${pagesObject} 0 R`).join(" ");
  const own = [
    "<<\n/Type /Catalog\n/Pages 2 0 R\n/Lang (it-IT)\n/ViewerPreferences << /DisplayDocTitle true >>\n>>",
    `<<\n/Type /Pages\n/Count ${pages}\n/Kids [${kids}]\n>>`,
    `<<\n/Title ${hexText(title)}\n/Author ${hexText(author)}\n/Producer (Campanella)\n>>`,
  ].map((body, index) => `${index + 1} 0 obj\n${body}\nendobj\n`);
  const ownOffsets: number[] = [];
  for (const object of own) {
    ownOffsets.push(at);
    at += Buffer.byteLength(object, "latin1");
  }
  const entries = [...ownOffsets, ...offsets].map(
    (offset) => `${offset.toString().padStart(10, "0")} 00000 n \n`,
  );
  const size = entries.length + 1;
  const text = `${own.join("")}xref\n0 ${size}\n0000000000 65535 f \n${entries.join("")}trailer\n<<\n/Size ${size}\n/Root 1 0 R\n/Info 3 0 R\n>>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

/** A text string in UTF-16, in hexadecimal: nothing in it can end it. */
const hexText = (text: string): string =>
  `<feff${Buffer.from(printable(text), "utf16le").swap16().toString("hex")}>`;
