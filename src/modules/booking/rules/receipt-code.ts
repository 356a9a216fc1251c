// SPDX-License-Identifier: EUPL-1.2
import { createHmac, timingSafeEqual } from "node:crypto";

/** Base 32 without look-alikes, hence 30 letters (D3): no 0, 1, I, L, O, U. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

const NUMBER_LENGTH = 8;
const CHECK_LENGTH = 4;

/** What the check code vouches for: nobody can alter a stored receipt without the installation's key. */
export interface SealedFacts {
  tenantId: string;
  number: string;
  act: string;
  outcome: string;
  childId: string;
  serviceId: string;
  from: string;
  to: string | null;
  receivedAt: string;
  /** only on receipts that moved to another day */
  countsFor?: string | undefined;
}

const toText = (bytes: Uint8Array, length: number): string =>
  Array.from(bytes.subarray(0, length), (byte) => ALPHABET[byte % ALPHABET.length]).join("");

/** `bytes`: at least 8 random bytes. */
export const receiptNumber = (bytes: Uint8Array): string => toText(bytes, NUMBER_LENGTH);

export function checkCode(key: string, facts: SealedFacts): string {
  const text = JSON.stringify([
    facts.tenantId,
    facts.number,
    facts.act,
    facts.outcome,
    facts.childId,
    facts.serviceId,
    facts.from,
    facts.to,
    facts.receivedAt,
    ...(facts.countsFor === undefined ? [] : [facts.countsFor]),
  ]);
  return toText(createHmac("sha256", key).update(text).digest(), CHECK_LENGTH);
}

/** `K7M4-92QX-3HTB`: number and check code as one thing to read out. */
export function formatReceiptCode(number: string, check: string): string {
  return (number + check).replace(/(.{4})(?=.)/g, "$1-");
}

/** Reads a code as people type it: any case, spaces, dashes. `null` when it cannot be one. */
export function parseReceiptCode(text: string): { number: string; check: string } | null {
  const clean = text.toUpperCase().replace(/[\s-]/g, "");
  if (clean.length !== NUMBER_LENGTH + CHECK_LENGTH) return null;
  if ([...clean].some((letter) => !ALPHABET.includes(letter))) return null;
  return { number: clean.slice(0, NUMBER_LENGTH), check: clean.slice(NUMBER_LENGTH) };
}

export function isSameCode(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
