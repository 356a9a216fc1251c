// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import { allocatePayments, type Movement } from "./allocate-payments.ts";

/** One side of a transfer on one account of a payer; the account's child and service as wide as the town's scope is. */
export interface LedgerMovement extends Movement {
  readonly key: string;
  readonly kind: string;
  readonly childId: string | null;
  readonly serviceId: string | null;
  readonly happenedOn: Day;
  readonly reference: Readonly<Record<string, unknown>>;
}

/** What some cents of one payment were for. */
export interface PaidUse {
  readonly payment: LedgerMovement;
  readonly cents: Cents;
  /** `service`: a charge; `given-back`: a refund; `credit`: nothing yet */
  readonly kind: "service" | "given-back" | "credit";
  /** null: of the whole household, or of an account of several children */
  readonly childId: string | null;
  readonly serviceId: string | null;
  /** the day of the service; of credit that of the payment */
  readonly on: Day;
}

/** Cents `from` until `from + cents` of what came with one payment. */
interface Slice {
  readonly id: string;
  readonly from: Cents;
  readonly cents: Cents;
}

/**
 * What became of every payment of one payer, cent by cent (domain.md "Payments are allocated to charges, oldest first").
 * Money that went to a sibling's account is followed to the payment it came from. Debts written off are nobody's
 * payment; what was taken back counts for nothing. `oldestFirst`: every movement of the payer's accounts.
 */
export function paidUses(oldestFirst: readonly LedgerMovement[]): PaidUse[] {
  const accounts = Map.groupBy(oldestFirst, (row) => `${row.childId ?? ""}/${row.serviceId ?? ""}`);
  const paidIn = new Map<string, LedgerMovement>();
  const slicesOf = new Map<string, Slice[]>();
  const ends: { row: LedgerMovement; slices: Slice[]; kind: PaidUse["kind"] }[] = [];
  for (const rows of accounts.values()) {
    const { coveredBy, leftCents } = allocatePayments(rows);
    const taken = new Map<string, Cents>();
    for (const row of rows) {
      const { transferId, kind, amountCents } = row;
      const left = amountCents > 0n ? leftCents.get(transferId) : undefined;
      if (left !== undefined) {
        paidIn.set(transferId, row);
        const slices = left > 0n ? [{ id: transferId, from: amountCents - left, cents: left }] : [];
        ends.push({ row, slices, kind: "credit" });
      }
      const covered = amountCents < 0n ? coveredBy.get(transferId) : undefined;
      if (!covered) continue;
      const slices = covered.map(({ paymentId: id, cents }) => {
        const from = taken.get(id) ?? 0n;
        taken.set(id, from + cents);
        return { id, from, cents };
      });
      if (kind === "transfer") slicesOf.set(transferId, slices);
      else ends.push({ row, slices, kind: kind === "refund" ? "given-back" : "service" });
    }
  }
  return ends.flatMap(({ row, slices, kind }) =>
    slices.flatMap((slice) =>
      originsOf(slice, { paidIn, slicesOf, seen: [] }).map(({ payment, cents }) => ({
        payment,
        cents,
        kind,
        childId: row.childId ?? (kind === "service" ? idIn(row, "childId") : null),
        serviceId: row.serviceId ?? (kind === "service" ? idIn(row, "serviceId") : null),
        on: row.happenedOn,
      })),
    ),
  );
}

function idIn({ reference }: LedgerMovement, name: string): string | null {
  const value = reference[name];
  return typeof value === "string" ? value : null;
}

/** From whose pocket these cents came: a transfer between accounts is followed back, whatever it stands on. */
function originsOf(
  slice: Slice,
  of: {
    paidIn: ReadonlyMap<string, LedgerMovement>;
    slicesOf: ReadonlyMap<string, readonly Slice[]>;
    /** where one has been: money that two accounts only passed to each other is nobody's */
    seen: readonly string[];
  },
): { payment: LedgerMovement; cents: Cents }[] {
  const payment = of.paidIn.get(slice.id);
  if (!payment) return [];
  if (payment.kind === "credit") return [{ payment, cents: slice.cents }];
  const here = `${slice.id}:${slice.from}`;
  if (payment.kind !== "transfer" || of.seen.includes(here)) return [];
  const seen = [...of.seen, here];
  return cut(of.slicesOf.get(slice.id) ?? [], slice).flatMap((part) =>
    originsOf(part, { ...of, seen }),
  );
}

/** The part of some slices laid end to end. */
function cut(slices: readonly Slice[], { from, cents }: Omit<Slice, "id">): Slice[] {
  const parts: Slice[] = [];
  let start = 0n;
  for (const slice of slices) {
    const first = from > start ? from - start : 0n;
    const last = from + cents - start < slice.cents ? from + cents - start : slice.cents;
    if (last > first) parts.push({ id: slice.id, from: slice.from + first, cents: last - first });
    start += slice.cents;
  }
  return parts;
}

/** What of one pupil's school services a tax return may count, by year of payment (art. 15 c. 1 lett. e-bis TUIR). */
const LIMITS: readonly (readonly [from: number, cents: Cents])[] = [
  [2025, 100_000n],
  [2019, 80_000n],
  [2018, 78_600n],
  [2017, 71_700n],
  [2016, 56_400n],
];

/** null: before the limit was one for all schools */
export const schoolLimitCents = (year: number): Cents | null =>
  LIMITS.find(([from]) => year >= from)?.[1] ?? null;

export interface PaymentFacts {
  readonly paidOn: Day;
  /** as the ledger's reference names it: `pagopa`, `bank-transfer`, `cash-desk` … */
  readonly method: string;
  readonly isTraceable: boolean;
}

export interface PaidLine {
  readonly serviceId: string | null;
  readonly paidOn: Day;
  readonly method: string;
  /** first and last day of the service that it paid */
  readonly from: Day;
  readonly to: Day;
  readonly cents: Cents;
}

/** Money of the year that does not count, and why. */
export interface Uncounted {
  readonly why: "not-traceable" | "given-back" | "credit" | "household";
  /** null: of no single child */
  readonly childId: string | null;
  readonly cents: Cents;
}

export interface ChildPayments {
  readonly childId: string;
  /** by day of payment */
  readonly lines: readonly PaidLine[];
  readonly cents: Cents;
}

export interface YearPayments {
  readonly year: number;
  readonly children: readonly ChildPayments[];
  readonly uncounted: readonly Uncounted[];
}

/**
 * What one payer's payments of a calendar year count for, by child (X-12, PE-07; art. 15 c. 1 lett. e-bis TUIR): the
 * year is that of the payment, the child that of the service; only traceable money (art. 1 c. 679 L. 160/2019). A
 * refund is taken off the year in which that money had been paid. Credit counts when a service uses it, in the year in
 * which it was paid. Whoever carried the payment out, it is the payer's in whose name the account is.
 */
export function paymentsOfYear(
  uses: readonly PaidUse[],
  of: { year: number; factsOf: (payment: LedgerMovement) => PaymentFacts },
): YearPayments {
  const known = uses
    .map((use) => ({ ...use, ...of.factsOf(use.payment) }))
    .filter(({ paidOn }) => paidOn.year === of.year)
    .map((use) => ({ ...use, why: whyNot(use) }));
  const counted = known.filter(({ why, childId }) => why === null && childId !== null);
  const byChild = Map.groupBy(counted, ({ childId }) => childId ?? "");
  const byReason = Map.groupBy(
    known.filter(({ why }) => why !== null),
    ({ why, childId }) => `${why}/${childId}`,
  );
  return {
    year: of.year,
    children: [...byChild].map(([childId, own]) => ({
      childId,
      lines: linesOf(own),
      cents: sumOf(own),
    })),
    uncounted: inOrder(byReason).flatMap((same) => {
      const [first] = same;
      return first?.why ? [{ why: first.why, childId: first.childId, cents: sumOf(same) }] : [];
    }),
  };
}

function whyNot(use: PaidUse & PaymentFacts): Uncounted["why"] | null {
  if (use.kind === "given-back") return "given-back";
  if (!use.isTraceable) return "not-traceable";
  if (use.kind === "credit") return "credit";
  return use.childId === null ? "household" : null;
}

const inOrder = <Row>(groups: ReadonlyMap<string, Row[]>): Row[][] =>
  [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, rows]) => rows);

const sumOf = (rows: readonly { cents: Cents }[]): Cents =>
  rows.reduce((sum, { cents }) => sum + cents, 0n);

function linesOf(uses: readonly (PaidUse & PaymentFacts)[]): PaidLine[] {
  const same = Map.groupBy(
    uses,
    ({ paidOn, serviceId, method }) => `${paidOn.toString()} ${serviceId} ${method}`,
  );
  return inOrder(same).map((rows) => {
    const { serviceId, paidOn, method } = rows[0]!;
    const days = rows.map(({ on }) => on).toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
    return { serviceId, paidOn, method, from: days[0]!, to: days.at(-1)!, cents: sumOf(rows) };
  });
}
