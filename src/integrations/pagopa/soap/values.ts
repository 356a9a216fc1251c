// SPDX-License-Identifier: EUPL-1.2
/**
 * The simple values of the interface: text of an element → value, or `undefined` when it is none. Text keeps its
 * spaces; numbers, days and yes/no lose those around them, as XML Schema says for each.
 */
import { ZONE, type Day, type Moment } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

export type ReadValue<Value> = (text: string) => Value | undefined;

const AMOUNT = /^0*(\d{1,9})\.(\d\d)$/;
const DATE = /^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?$/;
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)T(\d\d):([0-5]\d:[0-5]\d)(\.\d{1,40})?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;
const TRANSFER_ID = /^\+?0*([1-5])$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const LONGEST_SHORT_VALUE = 80;
/** Of the schema: stricter than mail is (no apostrophe before the @). */
const EMAIL = /^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$/;
const EMAIL_MAX = 256;

/** XML Schema counts characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code <= 0xdbff) length -= 1;
  }
  return length;
}

export function textOf(least: number, most: number): ReadValue<string> {
  return (text) => {
    if (text.length < least || text.length > most * 2) return undefined;
    if (text.length <= most && least <= 1) return text;
    const length = lengthOf(text);
    return length >= least && length <= most ? text : undefined;
  };
}

export const text16 = textOf(1, 16);
export const text20 = textOf(1, 20);
export const text35 = textOf(1, 35);
export const text70 = textOf(1, 70);
export const text140 = textOf(1, 140);
export const text210 = textOf(1, 210);
/** The schema sets no limit: ours keeps the key of the inbox a key. */
export const receiptIdText = textOf(1, 255);
export const subjectCode = textOf(2, 16);
export const serviceCode = textOf(5, 5);

const matching =
  (pattern: RegExp): ReadValue<string> =>
  (text) =>
    text.length <= EMAIL_MAX && pattern.test(text) ? text : undefined;

export const fiscalCodePA = matching(/^[0-9]{11}$/);
export const noticeNumberText = matching(/^[0-9]{18}$/);
export const countryCode = matching(/^[A-Z]{2}$/);
export const emailAddress = matching(EMAIL);

export function oneOf<const Values extends readonly string[]>(
  ...values: Values
): ReadValue<Values[number]> {
  return (text) => (values.includes(text) ? text : undefined);
}

const collapsed = (text: string): string =>
  text.length > LONGEST_SHORT_VALUE ? "" : text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");

/** `64.10` → `6410n`; exactly two decimals, no sign, at most 999999999.99. */
export const amount: ReadValue<Cents> = (text) => {
  const found = AMOUNT.exec(collapsed(text));
  return found ? BigInt(`${found[1]}${found[2]}`) : undefined;
};

export const amountNotZero: ReadValue<Cents> = (text) => {
  const cents = amount(text);
  return cents === 0n ? undefined : cents;
};

export const transferId: ReadValue<number> = (text) => {
  const found = TRANSFER_ID.exec(collapsed(text));
  return found ? Number(found[1]) : undefined;
};

export const yesOrNo: ReadValue<boolean> = (text) => {
  switch (collapsed(text)) {
    case "true":
    case "1":
      return true;
    case "false":
    case "0":
      return false;
    default:
      return undefined;
  }
};

/** A time zone says nothing about a day here: it is left out. */
export const date: ReadValue<Day> = (text) => {
  const found = DATE.exec(collapsed(text));
  return found?.[1] === undefined ? undefined : dayFrom(found[1]);
};

function dayFrom(text: string): Day | undefined {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return undefined; // 31 February
  }
}

/** Without a zone it is Rome's time; of an hour that autumn repeats, the first. `24:00:00` is the next midnight. */
export const dateTime: ReadValue<Moment> = (text) => {
  const found = DATE_TIME.exec(collapsed(text));
  if (!found) return undefined;
  const [, days = "", hours = "", rest = "", fraction = "", zone] = found;
  const isMidnightAfter = hours === "24";
  if (isMidnightAfter ? rest !== "00:00" || /[1-9]/.test(fraction) : Number(hours) > 23)
    return undefined;
  const written = dayFrom(days);
  if (!written) return undefined;
  try {
    const day = isMidnightAfter ? written.add({ days: 1 }) : written;
    const time = isMidnightAfter ? "00:00:00" : `${hours}:${rest}${fraction.slice(0, 10)}`;
    return zone === undefined
      ? Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(ZONE).toInstant()
      : Temporal.Instant.from(`${day}T${time}${zone}`);
  } catch {
    return undefined; // beyond the last day anybody counts
  }
};

/** Line breaks and spaces inside are usual in long values. */
export const base64: ReadValue<Uint8Array> = (text) => {
  const compact = text.replace(/[ \t\r\n]+/g, "");
  if (compact.length % 4 !== 0 || !BASE64.test(compact)) return undefined;
  return Uint8Array.from(Buffer.from(compact, "base64"));
};
