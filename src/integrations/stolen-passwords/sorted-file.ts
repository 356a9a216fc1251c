// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** Read at once around the place that is looked at; far longer than a line. */
const BLOCK_BYTES = 512;
/** A shorter prefix would refuse passwords that nobody has stolen. */
const LINE = /^([0-9A-F]{10,40})(?::\d+)?$/i;
const PROBES = 64;

/** A file that cannot be what it is said to be: shown at the start, without a stack. */
export class PasswordListError extends Error {
  override readonly name = "PasswordListError";
}

/**
 * The operator's list of stolen passwords: SHA-1 sums in hexadecimal, or their first ten digits and more, one a line and
 * sorted; what stands behind a colon is not read. Looked up in the file, whatever its size: nothing of it is kept, and
 * no password leaves the machine.
 * @throws PasswordListError when it is no such file
 */
export async function stolenPasswords(
  path: string,
): Promise<(password: string) => Promise<boolean>> {
  // Passwords are chosen seldom: the file is open only while it is looked at, and may be replaced.
  const reading = async <T>(work: (file: FileHandle, size: number) => Promise<T>): Promise<T> => {
    const file = await open(path, "r").catch(() => {
      throw new PasswordListError(`${path}: cannot be read`);
    });
    try {
      return await work(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  };
  await reading((file, size) => assertSorted(file, size, path));
  return async (password) => {
    const sum = createHash("sha1").update(password).digest("hex").toUpperCase();
    const line = await reading((file, size) => lastUpTo(file, size, sum));
    return line !== null && sum.startsWith(line);
  };
}

/** The sum of the last line that is not behind `sum`; `null`: there is none. */
async function lastUpTo(file: FileHandle, size: number, sum: string): Promise<string | null> {
  let low = 0;
  let high = size;
  let best: string | null = null;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = await lineFrom(file, middle, size);
    if (line === null || line.sum > sum) high = middle;
    else {
      best = line.sum;
      low = Math.max(line.end, middle + 1);
    }
  }
  return best;
}

/** The first whole line that begins at `offset` or behind it. */
async function lineFrom(
  file: FileHandle,
  offset: number,
  size: number,
): Promise<{ sum: string; end: number } | null> {
  // One byte earlier: a line that begins exactly there is seen to begin.
  const from = Math.max(0, offset - 1);
  const buffer = Buffer.alloc(BLOCK_BYTES);
  const { bytesRead } = await file.read(buffer, 0, BLOCK_BYTES, from);
  const text = buffer.toString("latin1", 0, bytesRead);
  const start = offset === 0 ? 0 : text.indexOf("\n") + 1;
  if (offset > 0 && start === 0) return null;
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline;
  const line = text.slice(start, end).trim();
  if (line === "") return null;
  const sum = LINE.exec(line)?.[1]?.toUpperCase();
  if (!sum) throw new PasswordListError("a line that is no SHA-1 sum");
  return { sum, end: Math.min(size, from + end + 1) };
}

/** Looked at here and there: a list in another order, or of something else, would find nothing. */
async function assertSorted(file: FileHandle, size: number, path: string): Promise<void> {
  let before = "";
  for (let probe = 0; probe < PROBES; probe += 1) {
    const line = await lineFrom(file, Math.floor((size * probe) / PROBES), size).catch(() => {
      throw new PasswordListError(`${path}: not a list of SHA-1 sums, one a line`);
    });
    if (line === null && probe === 0) throw new PasswordListError(`${path}: empty`);
    if (line === null) continue;
    if (line.sum < before) throw new PasswordListError(`${path}: not sorted by sum`);
    before = line.sum;
  }
}
