// SPDX-License-Identifier: EUPL-1.2
import { type Bill, billByNumber } from "#billing";
import { formatReceiptCode, type Receipt, verifyReceipt } from "#booking";
import { className, type SchoolClass, townCalendar } from "#calendar";
import { type FoundPerson, holderByPaymentCode, isPaymentCode, searchPeople } from "#families";
import { schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isNoticeNumber, noticeDetail } from "#payments";
import type { Visit } from "../../web/visit.ts";

const MOST_PEOPLE = 20;
const MOST_CLASSES = 12;

export interface Found {
  readonly children: readonly FoundPerson[];
  readonly adults: readonly FoundPerson[];
  readonly classes: readonly { id: string; name: string; siteName: string }[];
  readonly receipt: Receipt | null;
  readonly bill: Bill | null;
  /** a notice of pagoPA by its 18 digits */
  readonly noticeNumber: string | null;
  /** family whose payment code it is */
  readonly paymentCodeOf: string | null;
}

export const NOTHING: Found = {
  children: [],
  adults: [],
  classes: [],
  receipt: null,
  bill: null,
  noticeNumber: null,
  paymentCodeOf: null,
};

/** One text, everything it may mean. Codes are looked up by their index; names and phones by the search column. */
export async function findAnything(
  tx: ReadTx,
  visit: Visit,
  text: string,
  mostPeople = MOST_PEOPLE,
): Promise<Found> {
  if (text === "") return NOTHING;
  const { today } = visit;
  const receipt = await receiptOf(tx, visit, text);
  if (receipt) return { ...NOTHING, receipt };
  const bill = /^\d{4}\/\d{1,8}$/.test(text) ? await billByNumber(tx, billNumber(text)) : undefined;
  if (bill) return { ...NOTHING, bill };
  const noticeNumber = await noticeNumbered(tx, visit, text);
  if (noticeNumber) return { ...NOTHING, noticeNumber };
  const holder = isPaymentCode(text) ? await holderByPaymentCode(tx, text) : undefined;
  const people = await searchPeople(tx, { text, limit: mostPeople, date: today });
  return {
    ...NOTHING,
    ...people,
    classes: await classesNamed(tx, text, schoolYearOf(today)),
    paymentCodeOf: holder?.id ?? null,
  };
}

/** `2026/12` is `2026/00012` */
const billNumber = (text: string): string => {
  const [year, number] = text.split("/");
  return `${year}/${(number ?? "").padStart(5, "0")}`;
};

/** As printed, in groups of four, or in one piece. */
async function noticeNumbered(tx: ReadTx, visit: Visit, text: string): Promise<string | null> {
  const noticeNumber = text.replaceAll(/\s/g, "");
  if (!isNoticeNumber(noticeNumber)) return null;
  const found = await noticeDetail(tx, { noticeNumber, holderIds: "any", now: visit.now });
  return found?.noticeNumber ?? null;
}

async function receiptOf(tx: ReadTx, visit: Visit, text: string): Promise<Receipt | null> {
  if (text.replace(/[\s-]/g, "").length !== 12) return null;
  const verified = await verifyReceipt(tx, { code: text, receiptKey: visit.app.receiptKey });
  return verified.outcome === "authentic" ? verified.receipt : null;
}

/** `3a`, `3 A`, `3^A`, `sezione b`, `3a milano` */
async function classesNamed(tx: ReadTx, text: string, year: number): Promise<Found["classes"]> {
  const wanted = tidy(text);
  if (!/^(?:\d[a-z]{1,3}|sezione[a-z])/.test(wanted)) return [];
  const calendar = await townCalendar(tx);
  const matches = (schoolClass: SchoolClass): boolean => {
    const site = tidy(calendar.sites.get(schoolClass.siteId)?.name ?? "");
    const name = tidy(className(schoolClass));
    return (
      schoolClass.year === year &&
      wanted.startsWith(name) &&
      site.includes(wanted.slice(name.length))
    );
  };
  return [...calendar.classes.values()]
    .filter(matches)
    .slice(0, MOST_CLASSES)
    .map((schoolClass) => ({
      id: schoolClass.id,
      name: className(schoolClass),
      siteName: calendar.sites.get(schoolClass.siteId)?.name ?? "",
    }));
}

const tidy = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The page that an exact hit opens; `null`: a list is shown. */
export function exactHit(found: Found, text: string): string | null {
  if (found.receipt) return receiptPath(found.receipt);
  if (found.bill) return `/ufficio/avvisi/${found.bill.number}`;
  if (found.noticeNumber) return `/ufficio/pagamenti/avvisi/${found.noticeNumber}`;
  if (found.paymentCodeOf) return `/ufficio/famiglie/${found.paymentCodeOf}`;
  const compact = text.replace(/[\s./-]/g, "");
  const isCode = /^\+?\d{6,}$/.test(compact) || /^[a-z0-9]{16}$/i.test(compact);
  if (!isCode) return null;
  const holders = new Set(
    [...found.children, ...found.adults].flatMap(({ holderIds }) => holderIds),
  );
  const [only] = holders;
  return holders.size === 1 && only ? `/ufficio/famiglie/${only}` : null;
}

export const receiptPath = (receipt: Pick<Receipt, "number" | "checkCode">): string =>
  `/ufficio/ricevute/${formatReceiptCode(receipt.number, receipt.checkCode)}`;
