// SPDX-License-Identifier: EUPL-1.2
/** The texts inside the two codes of a paper notice, and the codes as modules (pagoPA layout 3.5, Poste "stampa in proprio"). */
import bwip from "bwip-js/node";
import type { Cents } from "#kernel/money.ts";
import { type Modules, qrModules } from "./qr-code.ts";

export { type Modules, qrModules } from "./qr-code.ts";

const NOTICE_NUMBER = /^\d{18}$/;
const CREDITOR_CODE = /^\d{11}$/;
const MAX_CENTS = 99_999_999_999n;
/** Ten digits in the DataMatrix: 99,999,999.99 €. */
const MAX_POSTAL_CENTS = 9_999_999_999n;

function assertNotice(noticeNumber: string, creditorCode: string, amountCents: Cents): void {
  if (!NOTICE_NUMBER.test(noticeNumber)) throw new RangeError("a notice number has 18 digits");
  if (!CREDITOR_CODE.test(creditorCode)) throw new RangeError("a creditor's code has 11 digits");
  if (amountCents <= 0n || amountCents > MAX_CENTS) {
    throw new RangeError("an amount is from 0.01 to 999,999,999.99 €");
  }
}

export type CodedNotice = {
  readonly noticeNumber: string;
  /** The creditor institution's fiscal code, 11 digits. */
  readonly creditorCode: string;
  readonly amountCents: Cents;
};

/** `PAGOPA|002|<notice number>|<creditor>|<cents, 2 to 11 digits>`. RangeError when a part is not what it says. */
export function qrText({ noticeNumber, creditorCode, amountCents }: CodedNotice): string {
  assertNotice(noticeNumber, creditorCode, amountCents);
  return `PAGOPA|002|${noticeNumber}|${creditorCode}|${amountCents.toString().padStart(2, "0")}`;
}

/** Letters that no decomposition turns into ASCII. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ð: "d",
  Ð: "D",
  ł: "l",
  Ł: "L",
  þ: "th",
  Þ: "TH",
  ı: "i",
  "’": "'",
  "‘": "'",
  "“": '"',
  "”": '"',
  "«": '"',
  "»": '"',
  "–": "-",
  "—": "-",
  "…": "...",
  "€": "EUR",
};

/** Upper-case ASCII: accents fall, ligatures are written out, whatever is left becomes a space. */
export function foldToAscii(text: string): string {
  return [...text.normalize("NFKC")]
    .map((char) => LETTERS[char] ?? char)
    .join("")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\x20-\x7e]/g, " ")
    .replaceAll(/ +/g, " ")
    .trim()
    .toUpperCase();
}

const fill = (text: string, length: number): string =>
  foldToAscii(text).slice(0, length).padEnd(length);

export type PostalNotice = CodedNotice & {
  /** Postal account, up to 12 digits. */
  readonly account: string;
  /** 16 characters, or nothing when the debtor has none. */
  readonly debtorCode: string | null;
  readonly debtorName: string;
  readonly subject: string;
};

/** The DataMatrix text of type P1: always 256 characters. RangeError when a number does not fit its place. */
export function dataMatrixText(notice: PostalNotice): string {
  const { noticeNumber, creditorCode, amountCents, account } = notice;
  assertNotice(noticeNumber, creditorCode, amountCents);
  if (!/^\d{1,12}$/.test(account)) throw new RangeError("a postal account has up to 12 digits");
  if (amountCents > MAX_POSTAL_CENTS) throw new RangeError("a postal slip takes 99,999,999.99 €");
  return [
    "codfase=NBPA;",
    `18${noticeNumber}`,
    `12${account.padStart(12, "0")}`,
    `10${amountCents.toString().padStart(10, "0")}`,
    "3896",
    "1P1",
    creditorCode,
    fill(notice.debtorCode ?? "", 16),
    fill(notice.debtorName, 40),
    fill(notice.subject, 110),
    " ".repeat(12),
    "A",
  ].join("");
}

/** The modules of a DataMatrix symbol, row by row, dark = true. */
export const dataMatrixModules = (text: string): Modules => drawnModules("datamatrix", text);

/** A QR symbol for anything longer than a notice's text; drawn now and then, so its 6 ms are nothing. */
export const longQrModules = (text: string): Modules => drawnModules("qrcode", text);

function drawnModules(bcid: "datamatrix" | "qrcode", text: string): Modules {
  // The package's own `raw`: the named export of that name is a symbology.
  const [symbol] = bwip.raw({ bcid, text });
  if (symbol === undefined || !("pixs" in symbol)) throw new Error(`bwip-js drew no ${bcid}`);
  const { pixs, pixx, pixy } = symbol;
  return Array.from({ length: pixy }, (_, row) =>
    Array.from({ length: pixx }, (__, column) => pixs[row * pixx + column] === 1),
  );
}

/** `3122 6000 0001 2345 23`: the number as people copy it. */
export const inFours = (noticeNumber: string): string =>
  noticeNumber.replaceAll(/\s/g, "").replaceAll(/(.{4})(?=.)/g, "$1 ");

/** Horizontal runs of dark modules: `[column, row, length]`. */
export function* darkRuns(modules: Modules): Generator<readonly [number, number, number]> {
  for (const [row, cells] of modules.entries()) {
    for (let column = 0; column < cells.length; column++) {
      const start = column;
      while (cells[column] === true) column++;
      if (column > start) yield [start, row, column - start];
    }
  }
}

const escapeAttribute = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`);

/**
 * A QR code for a web page: an SVG with its quiet zone, black on white in every colour scheme. `label` is what a
 * screen reader says (Italian or English by the page); it is escaped.
 */
export function qrSvg(text: string, label: string): string {
  const modules = qrModules(text);
  const quiet = 4;
  const size = modules.length + 2 * quiet;
  const path = [...darkRuns(modules)]
    .map(([x, y, length]) => `M${x + quiet} ${y + quiet}h${length}v1h-${length}z`)
    .join("");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img"` +
    ` aria-label="${escapeAttribute(label)}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  );
}
