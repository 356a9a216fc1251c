// SPDX-License-Identifier: EUPL-1.2
/** Many notices in one file for the print shop, written while it is made. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Moment } from "#kernel/dates.ts";
import { type CredentialsLetter, drawCredentials } from "./credentials-letter.ts";
import { drawLetter, type PaymentLetter } from "./letter-pdf.ts";
import { drawNotice } from "./notice-pdf.ts";
import type { PaperNotice } from "./paper-notice.ts";
import { closePdf, newPage, openPdf, type Pdf, type Pen, penOf } from "./pen.ts";

export type PrintProgress = {
  readonly notices: number;
  readonly pages: number;
};

export type PrintOptions<T> = {
  readonly title: string;
  /** Whose notices they are. */
  readonly author: string;
  readonly madeAt: Moment;
  /** Printed on both sides: every notice starts on a sheet of its own, blank backs included. Default false. */
  readonly duplex?: boolean;
  /** Called after every notice, with the number of its first page: what a reprint needs. */
  readonly onNotice?: (notice: T, firstPage: number, done: PrintProgress) => void;
};

const MAX_WAITING_BYTES = 1024 * 1024;

/** Lets other work run, and waits while the reader of the file is behind. */
async function breathe(pdf: Pdf, out: Writable): Promise<void> {
  await nextTurn();
  while (pdf.readableLength > MAX_WAITING_BYTES) {
    if (out.destroyed) throw new Error("the print file was closed before its end");
    if (out.writableNeedDrain) await once(out, "drain");
    else await nextTurn();
  }
}

type Source<T> = Iterable<T> | AsyncIterable<T>;

async function writePrintFile<T>(
  items: Source<T>,
  out: Writable,
  draw: (pen: Pen, item: T) => void,
  { title, author, madeAt, duplex = false, onNotice }: PrintOptions<T>,
): Promise<PrintProgress> {
  const pdf = openPdf({ title, author, madeAt, tagged: false });
  let pages = 0;
  let count = 0;
  pdf.on("pageAdded", () => pages++);
  const ended = new Promise<void>((resolve, reject) => {
    out.once("finish", resolve);
    out.once("error", reject);
    out.once("close", () => reject(new Error("the print file was closed before its end")));
  });
  // Whoever waits for `ended` learns of it; a failure before that must not end the process.
  ended.catch(() => undefined);
  pdf.pipe(out);
  try {
    const pen = penOf(pdf);
    for await (const item of items) {
      const firstPage = pages + 1;
      draw(pen, item);
      if (duplex && pages % 2 === 1) newPage(pen);
      count++;
      onNotice?.(item, firstPage, { notices: count, pages });
      await breathe(pdf, out);
    }
    if (count === 0) throw new RangeError("no notice to print");
    closePdf(pen);
    await ended;
  } catch (error) {
    out.destroy();
    throw error;
  }
  return { notices: count, pages };
}

/**
 * Writes notices into one PDF, in the order in which they come: sort them in the query. Memory stays flat, since pages
 * leave as they are drawn and the file carries no tags (a print shop reads none). Ends `out`; rejects when a notice is
 * no notice (RangeError) or when `out` fails, and then the file is not whole.
 */
export const writeNoticesPdf = (
  notices: Source<PaperNotice>,
  out: Writable,
  options: PrintOptions<PaperNotice>,
): Promise<PrintProgress> => writePrintFile(notices, out, drawNotice, options);

/** The same for letters, each with its notice behind it (OS-16). */
export const writeLettersPdf = (
  letters: Source<PaymentLetter>,
  out: Writable,
  options: PrintOptions<PaymentLetter>,
): Promise<PrintProgress> => writePrintFile(letters, out, drawLetter, options);

/** Letters with credentials (BO-01), in the order in which they come. */
export const writeCredentialsPdf = (
  letters: Source<CredentialsLetter>,
  out: Writable,
  options: PrintOptions<CredentialsLetter>,
): Promise<PrintProgress> => writePrintFile(letters, out, drawCredentials, options);
