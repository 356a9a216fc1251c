// SPDX-License-Identifier: EUPL-1.2
/**
 * The one QR symbol a payment notice knows (layout 3.5: version 4, 33×33 modules, error correction M, byte mode):
 * ISO/IEC 18004 for that case only. bwip-js mixes modes inside a symbol and takes 6 ms for each, this 0.3 ms;
 * tests read the result back with another program.
 */
export type Modules = readonly (readonly boolean[])[];

const SIZE = 33;
const DATA_CODEWORDS = 64;
const BLOCKS = 2;
const CHECK_CODEWORDS = 18;
/** 64 codewords less 4 bits of mode and 8 of length. */
export const QR_MAX_BYTES = 62;

const EXPONENT = new Uint8Array(510);
const LOGARITHM = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  EXPONENT[power] = EXPONENT[power + 255] = value;
  LOGARITHM[value] = power;
  value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1;
}
const at = (list: ArrayLike<number>, index: number): number => list[index] as number;
const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : at(EXPONENT, at(LOGARITHM, a) + at(LOGARITHM, b));

/** The generator of degree 18, without its leading 1. */
const GENERATOR = (() => {
  const factors = new Uint8Array(CHECK_CODEWORDS);
  factors[CHECK_CODEWORDS - 1] = 1;
  let root = 1;
  for (let degree = 0; degree < CHECK_CODEWORDS; degree++) {
    for (let index = 0; index < CHECK_CODEWORDS; index++) {
      factors[index] = times(at(factors, index), root);
      if (index + 1 < CHECK_CODEWORDS) factors[index]! ^= at(factors, index + 1);
    }
    root = times(root, 2);
  }
  return factors;
})();

function checkCodewords(data: Uint8Array): Uint8Array {
  const rest = new Uint8Array(CHECK_CODEWORDS);
  for (const value of data) {
    const factor = value ^ at(rest, 0);
    rest.copyWithin(0, 1);
    rest[CHECK_CODEWORDS - 1] = 0;
    for (let index = 0; index < CHECK_CODEWORDS; index++) {
      rest[index]! ^= times(at(GENERATOR, index), factor);
    }
  }
  return rest;
}

/** Mode, length, bytes, end and padding; then the blocks, interleaved, with their check codewords. */
function codewordsOf(bytes: Uint8Array): Uint8Array {
  const data = new Uint8Array(DATA_CODEWORDS);
  const put = (index: number, value: number) => {
    // Every byte sits four bits late, behind the mode.
    data[index]! |= value >> 4;
    if (index + 1 < DATA_CODEWORDS) data[index + 1]! |= (value & 0x0f) << 4;
  };
  data[0] = 0x40;
  put(0, bytes.length);
  bytes.forEach((value, index) => put(index + 1, value));
  for (let index = bytes.length + 2, pad = 0xec; index < DATA_CODEWORDS; index++, pad ^= 0xfd) {
    data[index] = pad;
  }
  const length = DATA_CODEWORDS / BLOCKS;
  const blocks = Array.from({ length: BLOCKS }, (_, index) =>
    data.subarray(index * length, (index + 1) * length),
  );
  const checks = blocks.map(checkCodewords);
  const all: number[] = [];
  for (let index = 0; index < length; index++) for (const part of blocks) all.push(at(part, index));
  for (let index = 0; index < CHECK_CODEWORDS; index++) {
    for (const part of checks) all.push(at(part, index));
  }
  return Uint8Array.from(all);
}

type Grid = { readonly dark: Uint8Array; readonly fixed: Uint8Array };
const cell = (row: number, column: number): number => row * SIZE + column;

function fix(grid: Grid, row: number, column: number, dark: boolean): void {
  if (row < 0 || column < 0 || row >= SIZE || column >= SIZE) return;
  grid.dark[cell(row, column)] = dark ? 1 : 0;
  grid.fixed[cell(row, column)] = 1;
}

/** Finders, timing, the one alignment pattern of version 4, the dark module, room for the format. */
function drawPatterns(grid: Grid): void {
  for (let index = 0; index < SIZE; index++) {
    fix(grid, 6, index, index % 2 === 0);
    fix(grid, index, 6, index % 2 === 0);
  }
  for (const [row, column] of [
    [3, 3],
    [3, SIZE - 4],
    [SIZE - 4, 3],
  ] as const) {
    for (let y = -4; y <= 4; y++) {
      for (let x = -4; x <= 4; x++) {
        const ring = Math.max(Math.abs(x), Math.abs(y));
        fix(grid, row + y, column + x, ring !== 2 && ring !== 4);
      }
    }
  }
  for (let y = -2; y <= 2; y++) {
    for (let x = -2; x <= 2; x++) {
      fix(grid, 26 + y, 26 + x, Math.max(Math.abs(x), Math.abs(y)) !== 1);
    }
  }
  drawFormat(grid, 0);
}

function drawFormat(grid: Grid, mask: number): void {
  // Level M is 00: the five bits are the mask's three.
  let rest = mask;
  for (let index = 0; index < 10; index++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (index: number): boolean => ((bits >> index) & 1) === 1;
  for (let index = 0; index <= 5; index++) fix(grid, index, 8, bit(index));
  fix(grid, 7, 8, bit(6));
  fix(grid, 8, 8, bit(7));
  fix(grid, 8, 7, bit(8));
  for (let index = 9; index < 15; index++) fix(grid, 8, 14 - index, bit(index));
  for (let index = 0; index < 8; index++) fix(grid, 8, SIZE - 1 - index, bit(index));
  for (let index = 8; index < 15; index++) fix(grid, SIZE - 15 + index, 8, bit(index));
  fix(grid, SIZE - 8, 8, true);
}

/** Upwards and downwards in columns of two, from the right; the timing column is skipped. */
function drawCodewords(grid: Grid, codewords: Uint8Array): void {
  let index = 0;
  for (let right = SIZE - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < SIZE; step++) {
      const row = upwards ? SIZE - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (grid.fixed[cell(row, column)] === 1 || index >= codewords.length * 8) continue;
        grid.dark[cell(row, column)] = (at(codewords, index >> 3) >> (7 - (index & 7))) & 1;
        index++;
      }
    }
  }
}

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

function masked(grid: Grid, mask: number): Grid {
  const result = { dark: grid.dark.slice(), fixed: grid.fixed };
  const flips = MASKS[mask]!;
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const index = cell(row, column);
      if (grid.fixed[index] === 0 && flips(row, column)) result.dark[index]! ^= 1;
    }
  }
  drawFormat(result, mask);
  return result;
}

/** A finder's 1:1:3:1:1 with four light modules on one side, as bits. */
const FINDER_LIKE = [0b00001011101, 0b10111010000];

function penaltyOfLine(cells: (index: number) => number): number {
  let penalty = 0;
  let run = 0;
  let window = 0;
  for (let index = 0; index < SIZE; index++) {
    const value = cells(index);
    run = index > 0 && value === cells(index - 1) ? run + 1 : 1;
    if (run === 5) penalty += 3;
    else if (run > 5) penalty += 1;
    window = ((window << 1) | value) & 0x7ff;
    if (index >= 10 && FINDER_LIKE.includes(window)) penalty += 40;
  }
  return penalty;
}

function penaltyOf({ dark }: Grid): number {
  let penalty = 0;
  for (let line = 0; line < SIZE; line++) {
    penalty += penaltyOfLine((index) => at(dark, cell(line, index)));
    penalty += penaltyOfLine((index) => at(dark, cell(index, line)));
  }
  for (let row = 0; row < SIZE - 1; row++) {
    for (let column = 0; column < SIZE - 1; column++) {
      const index = cell(row, column);
      const sum = at(dark, index) + at(dark, index + 1);
      const below = at(dark, index + SIZE) + at(dark, index + SIZE + 1);
      if (sum === below && sum !== 1) penalty += 3;
    }
  }
  const count = dark.reduce((sum, value) => sum + value, 0);
  return penalty + 10 * Math.floor(Math.abs(count * 20 - SIZE * SIZE * 10) / (SIZE * SIZE));
}

/**
 * The modules of a text's symbol, row by row, dark = true, without the quiet zone of 4 modules.
 * RangeError when its UTF-8 bytes are more than 62.
 */
export function qrModules(text: string): Modules {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > QR_MAX_BYTES) throw new RangeError(`${bytes.length} bytes, room for 62`);
  const grid: Grid = { dark: new Uint8Array(SIZE * SIZE), fixed: new Uint8Array(SIZE * SIZE) };
  drawPatterns(grid);
  drawCodewords(grid, codewordsOf(bytes));
  let best = masked(grid, 0);
  let lowest = penaltyOf(best);
  for (let mask = 1; mask < MASKS.length; mask++) {
    const candidate = masked(grid, mask);
    const penalty = penaltyOf(candidate);
    if (penalty < lowest) [best, lowest] = [candidate, penalty];
  }
  return Array.from({ length: SIZE }, (_, row) =>
    Array.from({ length: SIZE }, (__, column) => best.dark[cell(row, column)] === 1),
  );
}
