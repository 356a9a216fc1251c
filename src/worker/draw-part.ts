// SPDX-License-Identifier: EUPL-1.2
/** Draws a part of a print run: its pages in the print file, and each notice by itself where that was asked for. */
import {
  letterPdf,
  noticePdf,
  type PaperNotice,
  partAfter,
  type PaymentLetter,
  type PrintProgress,
  writeLettersPdf,
  writeNoticesPdf,
  writtenBytes,
} from "#documents";
import type { Moment } from "#kernel/dates.ts";
import { zipPiece } from "#kernel/zip.ts";
import type { MadePart, PartToPrint, PrintedPart, PrintRun } from "#payments";

/** A paper that can be drawn. */
export interface Drawable {
  paper: number;
  notice: PaperNotice;
  letter: PaymentLetter | null;
}

/** A part with all that is drawn on it. */
export interface ReadPart {
  part: PartToPrint;
  drawables: Drawable[];
  author: string;
}

/** Null: the end was asked for while it was drawn. */
export async function drawPart(
  { part, drawables, author }: ReadPart,
  run: PrintRun,
  isStopping: () => boolean,
): Promise<PrintedPart | null> {
  const faulty = new Set<number>();
  let drawn: Drawn | null = null;
  const options = { title: run.title, author, madeAt: run.madeAt, duplex: run.duplex };
  try {
    drawn = await draw(drawables, options, isStopping);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Rare: one of them is no notice. Each alone tells which; the others are printed.
    for (const one of drawables) if (!(await isDrawable(one, options))) faulty.add(one.paper);
    if (faulty.size === 0) throw error;
    const good = drawables.filter(({ paper }) => !faulty.has(paper));
    drawn = await draw(good, options, isStopping);
  }
  const printed = drawables.filter(({ paper }) => drawn?.pageOf.has(paper));
  const singles = run.withSingles ? await drawSingles(printed, run, isStopping) : null;
  if (isStopping()) return null;
  const pageOf = drawn?.pageOf ?? new Map<number, number>();
  return {
    part: part.part,
    file: drawn && { ...partAfter(part.before, drawn.bytes), singles },
    papers: part.papers.map(({ paper }) => {
      const page = pageOf.get(paper);
      if (page !== undefined)
        return { paper, outcome: "printed", firstPage: part.pagesBefore + page };
      return { paper, outcome: faulty.has(paper) ? "faulty" : "left-out", firstPage: null };
    }),
  };
}

/** Each on its own, accessible as a notice that is downloaded; named by its place in the list and its number. */
async function drawSingles(
  drawables: readonly Drawable[],
  { madeAt }: PrintRun,
  isStopping: () => boolean,
): Promise<MadePart["singles"]> {
  const files: [string, Uint8Array][] = [];
  for (const { paper, notice, letter } of drawables) {
    if (isStopping()) return null;
    const { noticeNumber } = notice.single ?? notice.instalments![0]!;
    const bytes = letter
      ? await letterPdf(letter, { madeAt })
      : await noticePdf(notice, { madeAt });
    files.push([`${String(paper).padStart(5, "0")}-${noticeNumber}.pdf`, bytes]);
  }
  return zipPiece(files);
}

interface Drawn {
  bytes: Uint8Array;
  /** first page within the part, by paper */
  pageOf: Map<number, number>;
}

interface DrawOptions {
  title: string;
  author: string;
  madeAt: Moment;
  duplex: boolean;
}

/** Null: there is nothing to draw. */
async function draw(
  drawables: readonly Drawable[],
  options: DrawOptions,
  isStopping: () => boolean,
): Promise<Drawn | null> {
  if (drawables.length === 0) return null;
  const pageOf = new Map<number, number>();
  let index = 0;
  const onNotice = (_: unknown, firstPage: number, _done: PrintProgress): void => {
    const one = drawables[index++];
    if (one) pageOf.set(one.paper, firstPage);
  };
  const letters: PaymentLetter[] = drawables.flatMap(({ letter }) => letter ?? []);
  // A stop does not wait for the end of a part: what is left of it is not drawn, and nothing of it is kept.
  function* until<T>(items: readonly T[]): Generator<T> {
    for (const [place, item] of items.entries()) {
      if (place > 0 && isStopping()) return;
      yield item;
    }
  }
  const bytes = await writtenBytes((out) =>
    letters.length > 0
      ? writeLettersPdf(until(letters), out, { ...options, onNotice })
      : writeNoticesPdf(until(drawables.map(({ notice }) => notice)), out, {
          ...options,
          onNotice,
        }),
  );
  return { bytes, pageOf };
}

async function isDrawable(one: Drawable, options: DrawOptions): Promise<boolean> {
  try {
    await draw([one], options, () => false);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
