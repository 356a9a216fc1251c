// SPDX-License-Identifier: EUPL-1.2
/** Reads a PDF back with other people's programs: poppler for text and pages, zbar for QR, libdmtx for DataMatrix. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

/** Each page's words in the order in which they were drawn, spaces single. */
export const pageTexts = (pdf: Uint8Array): string[] =>
  inFolder(pdf, (file) =>
    run("pdftotext", ["-raw", file, "-"])
      .split("\f")
      .slice(0, -1)
      .map((page) => page.replaceAll(/\s+/g, " ").trim()),
  );

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
