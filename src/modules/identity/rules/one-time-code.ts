// SPDX-License-Identifier: EUPL-1.2
import { createHmac } from "node:crypto";

export type CodePurpose = "activation" | "recovery" | "device";

/** 32 signs that nobody confuses on paper: without 0, 1, I and O. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/** 60 bits */
const LENGTH = 12;
const GROUP = 4;

/** A letter's code, without its dashes. `random` = a whole number in [0, limit) for a limit. */
export const readableCode = (random: (limit: number) => number): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[random(ALPHABET.length)]).join("");

/** As it is printed: `K7QM-2XRP-9HTC`. */
export const groupedCode = (code: string): string =>
  (code.match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []).join("-");

/** As somebody typed it, with or without dashes and capitals; `null`: no code of ours. */
export function typedCode(text: string): string | null {
  const code = text.toUpperCase().replaceAll(/[\s.\-–—]/g, "");
  return code.length === LENGTH && [...code].every((sign) => ALPHABET.includes(sign)) ? code : null;
}

/** What is kept of a code: with the tables alone nobody can try codes out. */
export const codeHash = (
  sealKey: string,
  of: { tenantId: string; purpose: CodePurpose | "voice"; code: string },
): string =>
  createHmac("sha256", sealKey)
    .update(JSON.stringify(["one-time code", of.tenantId, of.purpose, of.code]))
    .digest("hex");

const VOICE_DIGITS = 8;

/** Typed on a telephone: digits only, the first one no zero. */
export const voiceCode = (random: (limit: number) => number): string =>
  String(1 + random(9)) + Array.from({ length: VOICE_DIGITS - 1 }, () => random(10)).join("");
