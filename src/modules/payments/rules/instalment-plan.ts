// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { FamilyAccount } from "#ledger";
import type { NoticeState } from "./notice-state.ts";
import type { LineDraft } from "./plan-notices.ts";

export const FEWEST_INSTALMENTS = 2;
/** Ten years by month would be folly; the layout of the paper notice prints any number. */
export const MOST_INSTALMENTS = 24;
/** Below this an instalment costs more than it brings. */
const LEAST_CENTS = 100n;
const LONGEST_YEARS = 5;

export type PlanDatesFault = "count" | "in-the-past" | "too-far" | "not-in-order" | "too-small";

/** What is wrong with the days of a plan; `null`: nothing. */
export function datesFault(of: {
  dueOn: readonly Day[];
  totalCents: Cents;
  today: Day;
}): PlanDatesFault | null {
  const { dueOn, totalCents, today } = of;
  if (dueOn.length < FEWEST_INSTALMENTS || dueOn.length > MOST_INSTALMENTS) return "count";
  if (dueOn.some((date) => isBefore(date, today))) return "in-the-past";
  if (dueOn.some((date) => isBefore(today.add({ years: LONGEST_YEARS }), date))) return "too-far";
  if (dueOn.some((date, index) => index > 0 && !isBefore(dueOn[index - 1]!, date)))
    return "not-in-order";
  return totalCents < LEAST_CENTS * BigInt(dueOn.length) ? "too-small" : null;
}

/** The usual plan: the first on that day, then the same day of each month that follows. */
export const monthlyDates = (first: Day, count: number): Day[] =>
  Array.from({ length: count }, (_, months) => first.add({ months }));

interface Standing {
  readonly instalment: number | null;
  readonly state: NoticeState;
}

/**
 * Of the notices of one position: which are over when a plan replaces them, and which of those say what is still to
 * pay. The whole, as long as no instalment is paid; afterwards the instalments that nobody has paid.
 */
export function unpaidNotices<N extends Standing>(
  position: readonly N[],
): {
  over: N[];
  asking: N[];
} {
  const isOpen = ({ state }: N): boolean => state === "issued" || state === "expired";
  const isPaid = ({ state }: N): boolean =>
    ["paid", "reported", "settled", "paid-elsewhere"].includes(state);
  const whole = position.filter(({ instalment }) => instalment === null);
  const parts = position.filter(({ instalment }) => instalment !== null);
  if (whole.some(isPaid)) return { over: position.filter(isOpen), asking: [] };
  const over = position.filter(isOpen);
  const openWhole = whole.filter(isOpen);
  const asking = openWhole.length > 0 && !parts.some(isPaid) ? openWhole : parts.filter(isOpen);
  return { over, asking };
}

/** The parts of one thing that several instalments carry are one line again. */
export function mergeLines(lines: readonly LineDraft[]): LineDraft[] {
  const merged = new Map<string, LineDraft>();
  for (const line of lines) {
    const { holderId, accountChildId, accountServiceId, childId, serviceId } = line;
    const billId = line.billId ?? null;
    const key = [holderId, accountChildId, accountServiceId, childId, serviceId, billId].join("/");
    const amountCents = (merged.get(key)?.amountCents ?? 0n) + line.amountCents;
    merged.set(key, {
      holderId,
      accountChildId,
      accountServiceId,
      childId,
      serviceId,
      billId,
      amountCents,
    });
  }
  return [...merged.values()];
}

/** What lines still ask for once so much went to an account: its own lines ask for less, the others for all of theirs. */
export function restOfLines<L extends LineDraft>(
  lines: readonly L[],
  came: { account: FamilyAccount | null; amountCents: Cents },
): L[] {
  let left = came.amountCents;
  return lines.flatMap((line) => {
    const isCredited = came.account !== null && isLineOf(line, came.account);
    const covered = !isCredited ? 0n : left < line.amountCents ? left : line.amountCents;
    left -= covered;
    return covered === line.amountCents
      ? []
      : [{ ...line, amountCents: line.amountCents - covered }];
  });
}

/** Does this line pay into that account? */
export const isLineOf = (
  line: Pick<LineDraft, "holderId" | "accountChildId" | "accountServiceId">,
  { holderId, childId = null, serviceId = null }: FamilyAccount,
): boolean =>
  line.holderId === holderId &&
  line.accountChildId === childId &&
  line.accountServiceId === serviceId;
