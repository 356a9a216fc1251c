// SPDX-License-Identifier: EUPL-1.2
/**
 * A PNG that every document can show, without whatever else the file carries. Who draws it believes every number in it (a
 * length that leads backwards has no end) and unpacks pixels where no `try` reaches: all of that is looked at here first.
 */
import { inflateSync } from "node:zlib";

const SIGNATURE = 8;
const HEAD = 13;
const PALETTE = 3;
/** By colour type: samples of a pixel, and how many bits one may have. */
const COLOURS = new Map([
  [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { samples: 3, depths: [8, 16] }],
  [PALETTE, { samples: 1, depths: [1, 2, 4, 8] }],
  [4, { samples: 2, depths: [8, 16] }],
  [6, { samples: 4, depths: [8, 16] }],
]);
const LAST_FILTER = 4;
/** First column and row of each pass, and the way from one to the next. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
/** Of fewer, some passes are empty. */
const LEAST_INTERLACED = 5;

/** A picture that is right and that would be drawn wrongly. */
export class UnsupportedPng extends Error {}

export interface OpenPng {
  readonly width: number;
  readonly height: number;
  /** @throws Error when it is broken, or unfolds to more than it says */
  bare(): Uint8Array;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  readonly whole: Buffer;
}

/** @throws Error when its parts are not where they say */
export function openPng(bytes: Buffer): OpenPng {
  const chunks = [...chunksOf(bytes)];
  const [head] = chunks;
  if (head?.type !== "IHDR" || head.data.length !== HEAD || partsOf(chunks, "IHDR").length > 1)
    throw new Error("a PNG without its head");
  const [width, height] = [head.data.readUInt32BE(0), head.data.readUInt32BE(4)];
  return { width, height, bare: () => bareOf(bytes, chunks, { width, height, data: head.data }) };
}

function* chunksOf(bytes: Buffer): Generator<Chunk> {
  for (let at = SIGNATURE; ;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new RangeError("a part that ends outside the file");
    const type = bytes.toString("latin1", at + 4, at + 8);
    yield { type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) };
    if (type === "IEND") return;
    at = end;
  }
}

const partsOf = (chunks: readonly Chunk[], type: string): Buffer[] =>
  chunks.filter((chunk) => chunk.type === type).map(({ data }) => data);

function bareOf(
  bytes: Buffer,
  chunks: readonly Chunk[],
  { width, height, data }: { width: number; height: number; data: Buffer },
): Uint8Array {
  const [depth = 0, colour = 0, , , interlace = 0] = data.subarray(8);
  const kind = COLOURS.get(colour);
  if (!kind?.depths.includes(depth) || interlace > 1) throw new Error("no colours of a PNG");
  const isPalette = colour === PALETTE;
  const palettes = partsOf(chunks, "PLTE");
  if (isPalette && (palettes.length !== 1 || palettes[0]!.length % 3 !== 0))
    throw new Error("a palette that is none");
  const isFine = depth < 8;
  const isClear = isPalette && partsOf(chunks, "tRNS").length > 0;
  if (isFine && (isClear || interlace === 1)) throw new UnsupportedPng();
  if (interlace === 1 && Math.min(width, height) < LEAST_INTERLACED) throw new UnsupportedPng();
  const rows = (interlace === 1 ? PASSES : [[0, 0, 1, 1] as const]).flatMap(([x, y, dx, dy]) =>
    Array.from(
      { length: Math.ceil((height - y) / dy) },
      () => 1 + Math.ceil((Math.ceil((width - x) / dx) * depth * kind.samples) / 8),
    ),
  );
  const expected = rows.reduce((sum, length) => sum + length, 0);
  const packed = Buffer.concat(partsOf(chunks, "IDAT"));
  const pixels = inflateSync(packed, { maxOutputLength: expected + 1024 });
  if (pixels.length < expected) throw new Error("a picture that ends too early");
  let at = 0;
  for (const length of rows) {
    if (pixels[at]! > LAST_FILTER) throw new Error("a row that nobody can read");
    at += length;
  }
  // Of other kinds a palette is advice, and one colour's transparency is read wrongly.
  const kept = new Set(["IHDR", "IDAT", "IEND", ...(isPalette ? ["PLTE", "tRNS"] : [])]);
  const parts = chunks.filter(({ type }) => kept.has(type)).map(({ whole }) => whole);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, SIGNATURE), ...parts]));
}
