// SPDX-License-Identifier: EUPL-1.2
/** Reads a PDF back with other people's programs: poppler for text and pages, zbar for QR, libdmtx for DataMatrix. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const has = (command: string): boolean => spawnSync(command, ["--version"]).error === undefined;
const lacking = (commands: readonly string[], packages: string): string | false => {
  const missing = commands.filter((command) => !has(command));
  return missing.length === 0 ? false : `skipped: no ${missing.join(", ")} (Debian: ${packages})`;
};

/** Why text cannot be read back here, or `false`: pass it as a test's `skip`. */
export const popplerMissing = lacking(["pdftotext", "pdfinfo", "pdftoppm"], "poppler-utils");
export const readersMissing =
  popplerMissing || lacking(["zbarimg", "dmtxread"], "zbar-tools dmtx-utils");

function run(command: string, args: readonly string[]): string {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (done.error) throw done.error;
  return done.stdout;
}

function inFolder<T>(pdf: Uint8Array, read: (file: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "campanella-pdf-"));
  try {
    const file = join(folder, "document.pdf");
    writeFileSync(file, pdf);
    return read(file, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a phone reads in each SVG of a QR code: its squares, six dots each, as a picture. */
export function readQrSvgs(svgs: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "campanella-qr-"));
  try {
    const files = svgs.map((svg, index) => {
      const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
      const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
      const path = /fill="#000" d="([^"]+)"/.exec(svg)?.[1] ?? "";
      for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
        dark[Number(y)]?.fill(1, Number(x), Number(x) + Number(length));
      }
      const rows = dark.map((row) =>
        `${row.map((dot) => `${dot}`.repeat(6)).join("")}\n`.repeat(6),
      );
      const file = join(folder, `${index}.pbm`);
      writeFileSync(file, `P1\n${size * 6} ${size * 6}\n${rows.join("")}`);
      return file;
    });
    return run("zbarimg", ["-q", "--raw", "--nodbus", ...files])
      .split("\n")
      .filter(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each page's words in the order in which they were drawn, spaces single. */
export const pageTexts = (pdf: Uint8Array): string[] =>
  inFolder(pdf, (file) =>
    run("pdftotext", ["-raw", file, "-"])
      .split("\f")
      .slice(0, -1)
      .map((page) => page.replaceAll(/\s+/g, " ").trim()),
  );

/** The words of the first page with the middle of each, in millimetres from the sheet's upper left corner. */
export const wordsOf = (pdf: Uint8Array): { word: string; x: number; y: number }[] =>
  inFolder(pdf, (file) => {
    const [first = ""] = run("pdftotext", ["-bbox", "-l", "1", file, "-"]).split("</page>");
    const word = /xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g;
    const toMm = (low: string, high: string): number =>
      ((Number(low) + Number(high)) / 2 / 72) * 25.4;
    return [...first.matchAll(word)].map(([, left, top, right, bottom, text]) => ({
      word: text!,
      x: toMm(left!, right!),
      y: toMm(top!, bottom!),
    }));
  });

export const infoOf = (pdf: Uint8Array): string => inFolder(pdf, (file) => run("pdfinfo", [file]));
export const structureOf = (pdf: Uint8Array): string =>
  inFolder(pdf, (file) => run("pdfinfo", ["-struct-text", file]));
export const fontsOf = (pdf: Uint8Array): string[] =>
  inFolder(pdf, (file) => run("pdffonts", [file]).trim().split("\n").slice(2));

/**
 * What a phone and a post office's scanner read on each page (200 dots per inch). `slips` says how many DataMatrix
 * codes each page should have: their reader would otherwise search the whole page for one more.
 */
export const pageCodes = (
  pdf: Uint8Array,
  slips: readonly number[] = [],
): { qr: string[]; matrix: string[] }[] =>
  inFolder(pdf, (file, folder) => {
    run("pdftoppm", ["-r", "200", "-gray", "-png", file, join(folder, "page")]);
    const pages = readdirSync(folder).filter((name) => name.endsWith(".png"));
    return pages.sort().map((name, index) => {
      const page = join(folder, name);
      const qr = run("zbarimg", ["-q", "--raw", "--nodbus", page]);
      const expected = slips[index] ?? 0;
      const matrix = expected === 0 ? "" : run("dmtxread", [`-N${expected}`, "-m20000", page]);
      return {
        qr: qr.split("\n").filter(Boolean).sort(),
        matrix: (matrix.match(/codfase=NBPA;.{242}A/g) ?? []).sort(),
      };
    });
  });

/**
 * Measures the first page in millimetres: what is left white at each edge, and the side of a QR code of `modules` squares,
 * from one finder pattern's (seven squares, of at least 4.5 mm: no letter is so wide) outer edge to the other's.
 */
export const measuresOf = (
  pdf: Uint8Array,
  modules: number,
): { top: number; left: number; right: number; codeSides: number[] } =>
  inFolder(pdf, (file, folder) => {
    run("pdftoppm", ["-r", "254", "-gray", "-l", "1", "-singlefile", file, join(folder, "page")]);
    const picture = readFileSync(join(folder, "page.pgm"));
    const [, size = ""] = picture.subarray(0, 40).toString("latin1").split("\n");
    const [width = 0, height = 0] = size.split(" ").map(Number);
    const dots = picture.subarray(picture.length - width * height);
    const page = { top: height, left: width, right: width, codeSides: new Set<number>() };
    for (let y = 0; y < height; y += 1) {
      const runs = darkRuns(dots.subarray(y * width, (y + 1) * width));
      const [first] = runs;
      if (!first) continue;
      page.top = Math.min(page.top, y);
      page.left = Math.min(page.left, first.from);
      page.right = Math.min(page.right, width - runs.at(-1)!.to);
      for (const [index, one] of runs.entries()) {
        const finder = one.to - one.from;
        const end = runs.slice(index + 1).find(({ from, to }) => Math.abs(to - from - finder) <= 1);
        const side = end ? end.to - one.from : 0;
        if (Math.abs(side * 7 - finder * modules) <= modules && finder > 45)
          page.codeSides.add(side);
      }
    }
    const { top, left, right } = page;
    return {
      ...{ top: top / 10, left: left / 10, right: right / 10 },
      codeSides: [...page.codeSides].map((side) => side / 10),
    };
  });

function darkRuns(row: Uint8Array): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let x = 0; x < row.length; x += 1) {
    if (row[x]! >= 128) continue;
    const from = x;
    while (x < row.length && row[x]! < 128) x += 1;
    runs.push({ from, to: x });
  }
  return runs;
}

/** The colours `r,g,b` in a part [x, y, width, height] of a page, at 72 dots per inch. */
export const pageColours = (
  pdf: Uint8Array,
  [x, y, width, height]: readonly [number, number, number, number],
  page = 1,
): Set<string> =>
  inFolder(pdf, (file, folder) => {
    const crop = ["-x", `${x}`, "-y", `${y}`, "-W", `${width}`, "-H", `${height}`];
    run("pdftoppm", [
      "-r",
      "72",
      "-f",
      `${page}`,
      "-singlefile",
      ...crop,
      file,
      join(folder, "part"),
    ]);
    const picture = readFileSync(join(folder, "part.ppm"));
    const pixels = picture.subarray(picture.length - width * height * 3);
    const colours = new Set<string>();
    for (let at = 0; at < pixels.length; at += 3) {
      colours.add(pixels.subarray(at, at + 3).join(","));
    }
    return colours;
  });
