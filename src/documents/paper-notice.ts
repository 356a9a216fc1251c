// SPDX-License-Identifier: EUPL-1.2
/** What a paper notice says, and the limits of the layout (3.5.1). */
import type { Day } from "#kernel/dates.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { atWord, printable } from "./fonts.ts";

export type Logo = { readonly kind: "png" | "jpeg" | "svg"; readonly bytes: Uint8Array };

export type Instalment = {
  /** 18 digits. */
  readonly noticeNumber: string;
  readonly amountCents: Cents;
  /** Null when the debt has no due date: "entro il" is left out. */
  readonly dueOn: Day | null;
  /** 1-based; left out in `single`. */
  readonly number?: number | undefined;
  readonly of?: number | undefined;
};

export type NoticeCreditor = {
  readonly name: string;
  /** The unit that runs the payment ("Servizi scolastici"). */
  readonly officeName: string;
  /** 11 digits. */
  readonly fiscalCode: string;
  /** Interbank (SIA) code. */
  readonly cbill?: string | undefined;
  readonly site?: string | undefined;
  readonly address?: string | undefined;
  readonly contacts?: string | undefined;
  /** Can the notice be paid on the creditor's own site? Default false. */
  readonly payableOnSite?: boolean | undefined;
  readonly logo?: Logo | undefined;
};

export type PostalAccount = {
  /** Up to 12 digits: that is the room in the DataMatrix. */
  readonly account: string;
  readonly holder: string;
  /** `AUT. DB/xxxx/xxx xxxxx DEL xx/xx/xxxx` */
  readonly authorisation: string;
};

export type PaperNotice = {
  readonly creditor: NoticeCreditor;
  readonly debtor: {
    readonly name: string;
    /** Null only when it is not known. */
    readonly fiscalCode: string | null;
    readonly address?: string | undefined;
  };
  /** No child's name: it travels to banks and shops. */
  readonly subject: string;
  readonly single?: Instalment | undefined;
  /** None, or two and more. */
  readonly instalments?: readonly Instalment[] | undefined;
  readonly postal?: PostalAccount | undefined;
};

export const LIMITS = {
  subject: 90,
  debtorName: 70,
  debtorAddress: 140,
  fiscalCode: 16,
  creditorName: 100,
  officeName: 50,
  creditorInfo: 100,
  postalHolder: 50,
  postalAccount: 20,
} as const;
/** From here on the layout for many instalments. */
export const MANY_INSTALMENTS = 9;

/** Texts within the layout's limits, cut at a word where they must be. */
export type ReadyNotice = {
  readonly source: PaperNotice;
  readonly creditorName: string;
  readonly officeName: string;
  readonly creditorInfo: string;
  readonly creditorCode: string;
  readonly cbill: string | null;
  readonly debtorName: string;
  readonly debtorCode: string | null;
  readonly debtorAddress: string;
  readonly subject: string;
  readonly single: Instalment | null;
  readonly instalments: readonly Instalment[];
  readonly postal: PostalAccount | null;
  /** Where is a due date? Nowhere: "Quanto pagare?". */
  readonly hasDueDate: boolean;
};

const codeOf = (code: string): string =>
  printable(code).replaceAll(" ", "").toUpperCase().slice(0, LIMITS.fiscalCode);

/**
 * Where the office is and how to reach it, as much as fits whole: the address first, which nothing else on the sheet
 * says. What is too long by itself is cut.
 */
function infoOf({ site, contacts, address }: NoticeCreditor): string {
  let info = "";
  for (const part of [address, site, ...(contacts?.split(", ") ?? [])]) {
    const text = printable(part ?? "");
    if (text === "") continue;
    const longer = info === "" ? atWord(text, LIMITS.creditorInfo) : `${info} · ${text}`;
    if ([...longer].length <= LIMITS.creditorInfo) info = longer;
  }
  return info;
}

/** RangeError when there is nothing to pay, or a single instalment. */
export function readyNotice(source: PaperNotice): ReadyNotice {
  const { creditor, debtor, postal } = source;
  const instalments = source.instalments ?? [];
  const single = source.single ?? null;
  if (single === null && instalments.length === 0) throw new RangeError("nothing to pay");
  if (instalments.length === 1) throw new RangeError("one instalment is `single`");
  return {
    source,
    creditorName: atWord(creditor.name, LIMITS.creditorName),
    officeName: atWord(creditor.officeName, LIMITS.officeName),
    creditorInfo: infoOf(creditor),
    creditorCode: codeOf(creditor.fiscalCode),
    cbill: creditor.cbill === undefined ? null : codeOf(creditor.cbill) || null,
    debtorName: atWord(debtor.name, LIMITS.debtorName),
    debtorCode: debtor.fiscalCode === null ? null : codeOf(debtor.fiscalCode) || null,
    debtorAddress: atWord(debtor.address ?? "", LIMITS.debtorAddress),
    subject: atWord(source.subject, LIMITS.subject),
    single,
    instalments: instalments.map((part, index) => ({ ...part, number: part.number ?? index + 1 })),
    postal:
      postal === undefined
        ? null
        : {
            account: postal.account,
            holder: atWord(postal.holder, LIMITS.postalHolder),
            authorisation: printable(postal.authorisation),
          },
    hasDueDate: [single, ...instalments].some((part) => part !== null && part.dueOn !== null),
  };
}

/** `1.020,99`, without the sign of the euro. */
export const amountText = (cents: Cents): string => formatEuro(cents).replace(/\s*€$/u, "");

/** `31/01/2027` */
export const dateText = (date: Day): string =>
  [
    date.day.toString().padStart(2, "0"),
    date.month.toString().padStart(2, "0"),
    date.year.toString().padStart(4, "0"),
  ].join("/");

/** How many instalments stand beside each other: never mixed on a page (layout 3.5, "Rate multiple"). */
export function columnsFor(count: number): 2 | 3 {
  if (count >= MANY_INSTALMENTS || count % 3 === 0) return 3;
  return count % 2 === 0 ? 2 : 3;
}
