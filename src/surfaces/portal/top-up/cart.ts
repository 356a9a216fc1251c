// SPDX-License-Identifier: EUPL-1.2
/** What somebody has chosen to pay: read from an address (the summary) and from a form (the act) by the same rules. */
import { type Bill, issueBillNotices, issueFeeNotices } from "#billing";
import { isUuid } from "#kernel/ids.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import {
  issueNotices,
  type LineDraft,
  MAX_NOTICES_IN_CART,
  type ShownNotice,
  topUpEndsOn,
} from "#payments";
import { createHash } from "node:crypto";
import type { FieldError } from "#ui/components.ts";
import type { Fields, Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { shortName } from "../meals/service-words.ts";
import { familyBills, isToPay } from "../payments/account-lines.ts";
import { type FamilyFee, familyFees, isOwed } from "../payments/family-fees.ts";
import { asksFor, familyNotices } from "../payments/family-notices.ts";
import { payingChildren, type TopUpAccount, topUpAccounts } from "./top-up-accounts.ts";
import { words } from "./words.ts";

export interface TopUp {
  account: TopUpAccount;
  cents: bigint;
}

export interface Cart {
  /** of the page it was chosen on: the same choice sent twice makes one notice */
  choice: string;
  topUps: TopUp[];
  notices: ShownNotice[];
  /** that these notices ask for */
  noticed: Bill[];
  /** to pay, and without a notice yet */
  bills: Bill[];
  fees: FamilyFee[];
}

/** Field names: an account's sum as cents, `altro` or nothing; the sum as it was typed. */
export const sumField = (key: string): string => `r-${key}`;
export const typedField = (key: string): string => `importo-${key}`;
export const OTHER = "altro";
export const NONE = "0";

/** Reads the choice; `errors` only where sums were typed. What is not to pay any more is left out. */
export async function readCart(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  given: Fields,
): Promise<{ cart: Cart; accounts: TopUpAccount[]; errors: FieldError[] }> {
  const accounts = given.names().some((name) => /^(?:r|importo)-/.test(name))
    ? await topUpAccounts(tx, scope, visit)
    : [];
  const errors: FieldError[] = [];
  const topUps: TopUp[] = [];
  for (const account of accounts) {
    const read = readSum(account, given, visit);
    if (read.outcome === "wrong")
      errors.push({ field: typedField(account.key), message: read.why });
    if (read.outcome === "sum") topUps.push({ account, cents: read.cents });
  }
  const open = await readOpen(tx, scope, visit, given);
  const choice = given.text("scelta");
  const cart = { choice: isUuid(choice) ? choice : visit.newKey(), topUps, ...open };
  const w = words(visit.lang);
  const [first] = accounts;
  if (errors.length === 0 && isEmpty(cart) && first)
    errors.push({ field: sumField(first.key), message: w.nothingChosen });
  if (noticesIn(cart) > MAX_NOTICES_IN_CART)
    errors.push({ field: first ? sumField(first.key) : "main", message: w.tooMany });
  return { cart, accounts, errors };
}

export const isEmpty = ({ topUps, notices, bills, fees }: Cart): boolean =>
  topUps.length + notices.length + bills.length + fees.length === 0;

/** Will something be issued, or do all its notices stand already? */
export const makesNotices = ({ topUps, bills, fees }: Cart): boolean =>
  topUps.length + bills.length + fees.length > 0;

/** All top-ups of an account holder are one notice: one payment, one commission. */
const noticesIn = ({ topUps, notices, bills, fees }: Cart): number =>
  new Set(topUps.map(({ account }) => account.line.account.holderId)).size +
  notices.length +
  bills.length +
  fees.length;

export const totalOf = ({ topUps, notices, bills, fees }: Cart): bigint =>
  [
    ...topUps.map(({ cents }) => cents),
    ...notices.map(({ amountCents }) => amountCents),
    ...bills.map(({ totalCents, paidCents }) => totalCents - paidCents),
    ...fees.map(({ openCents }) => openCents),
  ].reduce((sum, cents) => sum + cents, 0n);

/** Hidden fields and addresses that say the same choice again. */
export function cartFields(cart: Cart): [string, string][] {
  return [
    ["scelta", cart.choice],
    ...cart.topUps.map(({ account, cents }): [string, string] => [
      sumField(account.key),
      cents.toString(),
    ]),
    ...cart.notices.map(({ noticeNumber }): [string, string] => ["avviso", noticeNumber]),
    ...cart.bills.map(({ number }): [string, string] => ["conto", number]),
    ...cart.fees.map(({ fee }): [string, string] => ["quota", fee.id]),
  ];
}

/** The children whose data a payment needs. */
export function childrenIn(scope: FamilyScope, cart: Cart): FamilyScope["children"] {
  const ids = new Set([
    ...cart.topUps.flatMap(({ account }) =>
      payingChildren(scope, account.line).map(({ id }) => id),
    ),
    ...cart.notices.flatMap(({ lines }) => lines.map(({ childId }) => childId)),
    ...cart.bills.map(({ childId }) => childId),
    ...cart.fees.map(({ fee }) => fee.childId),
  ]);
  return scope.children.filter(({ id }) => ids.has(id));
}

/** Whose money it is about. */
export const holdersIn = (cart: Cart): string[] => [
  ...new Set([
    ...cart.topUps.map(({ account }) => account.line.account.holderId),
    ...[...cart.notices, ...cart.bills].map(({ holderId }) => holderId),
    ...cart.fees.map(({ fee }) => fee.holderId),
  ]),
];

type ReadSum =
  | { outcome: "sum"; cents: bigint }
  | { outcome: "none" }
  | { outcome: "wrong"; why: string };

/** A sum typed without choosing `Altro importo` counts too: typing is choosing. */
function readSum(account: TopUpAccount, given: Fields, visit: Visit): ReadSum {
  const w = words(visit.lang);
  const chosen = given.text(sumField(account.key));
  const typed = given.text(typedField(account.key));
  const isTyped = chosen === OTHER || ((chosen === "" || chosen === NONE) && typed !== "");
  if (!isTyped && (chosen === "" || chosen === NONE)) return { outcome: "none" };
  const cents = isTyped ? parseEuro(typed) : /^[1-9]\d{0,10}$/.test(chosen) ? BigInt(chosen) : null;
  if (cents === null || cents <= 0n) return { outcome: "wrong", why: w.notASum };
  const { minCents, maxCents } = account;
  if (minCents !== null && cents < minCents)
    return { outcome: "wrong", why: w.atLeast(formatEuro(minCents)) };
  if (maxCents !== null && cents > maxCents)
    return { outcome: "wrong", why: w.atMost(formatEuro(maxCents)) };
  return { outcome: "sum", cents };
}

/** What is named and still to pay; a bill or fee with a notice is that notice. */
async function readOpen(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  given: Fields,
): Promise<Pick<Cart, "notices" | "noticed" | "bills" | "fees">> {
  const numbers = new Set(given.all("avviso"));
  const billNumbers = new Set(given.all("conto"));
  const feeIds = new Set(given.all("quota"));
  if (numbers.size + billNumbers.size + feeIds.size === 0)
    return { notices: [], noticed: [], bills: [], fees: [] };
  const all = await familyNotices(tx, scope, visit);
  const open = all.filter(({ standing }) => standing === "to-pay" || standing === "pending");
  const bills = (await familyBills(tx, scope)).filter(isToPay);
  const openBills = new Set(bills.map(({ id }) => id));
  const named = bills.filter(({ number }) => billNumbers.has(number));
  const namedIds = new Set(named.map(({ id }) => id));
  const fees = (feeIds.size > 0 ? await familyFees(tx, scope, visit, all) : []).filter(
    (one) => feeIds.has(one.fee.id) && isOwed(one),
  );
  const ofFees = new Set(fees.map(({ notice }) => notice?.id));
  const notices = open
    .filter(({ lines }) => lines.every(({ billId }) => billId === null || openBills.has(billId)))
    .filter(
      (notice) =>
        numbers.has(notice.noticeNumber) ||
        ofFees.has(notice.id) ||
        (notice.instalment === null &&
          notice.lines.some(({ billId }) => billId !== null && namedIds.has(billId))),
    );
  const asked = new Set(open.flatMap(({ lines }) => lines.map(({ billId }) => billId)));
  return {
    notices,
    noticed: bills.filter((bill) => notices.some((notice) => asksFor(notice, bill))),
    bills: named.filter(({ id }) => !asked.has(id)),
    fees: fees.filter(({ notice }) => notice === null),
  };
}

export type MadeNotices =
  | { outcome: "made"; noticeIds: string[]; noticeNumbers: string[]; allOpen: boolean }
  /** the town cannot be paid through pagoPA yet, or one of the services cannot */
  | { outcome: "not-configured" }
  /** sums or services that do not fit one notice */
  | { outcome: "refused" };

/** The notices of a choice: those that stand, and new ones for the rest. The same choice again makes none. */
export async function makeNotices(tx: WriteTx, cart: Cart, visit: Visit): Promise<MadeNotices> {
  const by = visit.actor?.name ?? "";
  const made = cart.notices.map(({ id, noticeNumber }) => ({ id, noticeNumber }));
  if (cart.bills.length > 0) {
    const billIds = cart.bills.map(({ id }) => id);
    const asked = await issueBillNotices(tx, { billIds, by, now: visit.now });
    if (asked.outcome === "not-configured") return { outcome: "not-configured" };
    made.push(...asked.notices.map(({ noticeId: id, noticeNumber }) => ({ id, noticeNumber })));
  }
  // Bills and fees first: they wait for whoever bills at this moment, before a number is taken.
  const issued = [
    await issueFeeNotices(tx, { fees: cart.fees, by, now: visit.now }),
    await issueNotices(tx, { drafts: topUpDrafts(cart, visit), by, now: visit.now }),
  ];
  for (const one of issued) {
    if (one.outcome === "not-configured") return { outcome: "not-configured" };
    if (one.outcome !== "issued") return { outcome: "refused" };
    made.push(...one.positions.flatMap(({ notices }) => notices));
  }
  return {
    outcome: "made",
    noticeIds: made.map(({ id }) => id),
    noticeNumbers: made.map(({ noticeNumber }) => noticeNumber),
    // The same choice again may name a notice that was paid or deleted meanwhile.
    allOpen: issued.every(
      (one) =>
        one.outcome === "issued" &&
        one.positions.every(({ notices }) => notices.every(({ state }) => state === "issued")),
    ),
  };
}

/** One position per account holder. Its key says choice and content: other sums from the same page are another notice. */
function topUpDrafts({ choice, topUps }: Cart, { today, fields }: Visit) {
  const how = fields.text("azione") === "avviso" ? "elsewhere" : "online";
  const byHolder = Map.groupBy(topUps, ({ account }) => account.line.account.holderId);
  return [...byHolder].map(([holderId, own]) => {
    const lines: LineDraft[] = own.map(({ account: { line }, cents }) => ({
      holderId,
      accountChildId: line.account.childId ?? null,
      accountServiceId: line.account.serviceId ?? null,
      childId: line.child?.id ?? null,
      serviceId: line.payFor.id,
      amountCents: cents,
    }));
    const content = own.map(({ account, cents }) => `${account.key}=${cents}`).join("&");
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
    return {
      key: `top-up:${choice}:${holderId}:${hash}`,
      kind: "top-up" as const,
      holderId,
      subject: subjectOf(own),
      dueOn: topUpEndsOn(today, how),
      payableAfterDue: false,
      lines,
    };
  });
}

/** `Ricarica mensa`: it travels to banks and shops, so no child is named. */
function subjectOf(topUps: readonly TopUp[]): string {
  const names = new Set(topUps.map(({ account }) => shortName(account.line.payFor, "it")));
  const [only] = names;
  const w = words("it");
  return names.size === 1 && only ? w.subject(only) : w.subjectOfSeveral;
}
