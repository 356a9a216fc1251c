// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { PositionKind } from "./match-receipt.ts";
import {
  type Beneficiary,
  type NoticeTransfer,
  remittance,
  splitTransfers,
} from "./split-transfers.ts";

/** One thing that a notice pays: so many cents to one family account, for one child and service. */
export interface LineDraft {
  readonly holderId: string;
  readonly accountChildId: string | null;
  readonly accountServiceId: string | null;
  readonly childId: string | null;
  readonly serviceId: string;
  readonly billId?: string | null | undefined;
  readonly amountCents: Cents;
}

export interface InstalmentDraft {
  readonly dueOn: Day;
  readonly amountCents: Cents;
  /** its place in the plan; as it stands in the list, where that does not say */
  readonly number?: number;
}

/** A debt position to be issued: as one notice, or as one notice and, instead of it, several instalments. */
export interface PositionDraft {
  /** the same key and content are issued once */
  readonly key: string;
  readonly kind: PositionKind;
  /** who owes: pays for all the lines */
  readonly holderId: string;
  /** in public words, at most 140 characters: no child's name (GUIDE, "No personal data in the causale") */
  readonly subject: string;
  readonly dueOn: Day | null;
  readonly payableAfterDue: boolean;
  readonly lines: readonly LineDraft[];
  /** in order; they sum to the whole. `onlyInstalments`: the whole cannot be paid at once */
  readonly instalments?: readonly InstalmentDraft[];
  readonly onlyInstalments?: boolean;
}

export interface PlannedNotice {
  instalment: number | null;
  dueOn: Day | null;
  amountCents: Cents;
  lines: (LineDraft & { line: number; transfer: number })[];
  /** `remittance` needs the IUV: it is written when the number is known */
  transfers: Omit<NoticeTransfer, "remittance">[];
}

const MAX_CENTS = 99_999_999_999n;

export type PlanFault =
  | "no-lines"
  | "line-not-positive"
  | "amount-too-high"
  | "subject"
  | "too-many-transfers"
  | "instalments-do-not-sum"
  | "instalments-not-in-order";

/** The notices of a position: lines, transfers and sums that always add up. */
export function planNotices(
  draft: PositionDraft,
  beneficiaryOf: (serviceId: string) => Beneficiary,
): { outcome: "planned"; notices: PlannedNotice[] } | { outcome: "refused"; fault: PlanFault } {
  const { lines, instalments = [] } = draft;
  const total = lines.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const fault = faultOf(draft, total);
  if (fault) return { outcome: "refused", fault };
  const parts = instalments.map(({ dueOn, amountCents, number }, index) => ({
    instalment: number ?? index + 1,
    dueOn,
    amountCents,
    lines: shareOfLines(lines, instalments, index),
  }));
  const whole = { instalment: null, dueOn: draft.dueOn, amountCents: total, lines };
  const options = draft.onlyInstalments ? parts : [whole, ...parts];
  const notices: PlannedNotice[] = [];
  for (const option of options) {
    const split = splitTransfers(option.lines, beneficiaryOf);
    if (split.outcome === "too-many") return { outcome: "refused", fault: "too-many-transfers" };
    notices.push({
      ...option,
      lines: option.lines.map((line, index) => ({
        ...line,
        line: index + 1,
        transfer: split.transferOfLine[index]!,
      })),
      transfers: split.transfers,
    });
  }
  return { outcome: "planned", notices };
}

function faultOf(draft: PositionDraft, total: Cents): PlanFault | null {
  const { lines, instalments = [], subject } = draft;
  if (lines.length === 0) return "no-lines";
  if (lines.some(({ amountCents }) => amountCents <= 0n)) return "line-not-positive";
  if (total > MAX_CENTS) return "amount-too-high";
  if (subject.trim() === "" || subject.length > 140) return "subject";
  if (instalments.length > 0) {
    const sum = instalments.reduce((all, { amountCents }) => all + amountCents, 0n);
    if (sum !== total || instalments.some(({ amountCents }) => amountCents <= 0n))
      return "instalments-do-not-sum";
    const inOrder = instalments.every(
      ({ dueOn }, index) =>
        index === 0 || Temporal.PlainDate.compare(instalments[index - 1]!.dueOn, dueOn) < 0,
    );
    if (!inOrder) return "instalments-not-in-order";
  }
  return draft.onlyInstalments && instalments.length === 0 ? "no-lines" : null;
}

/** Instalments pay the lines in their order, each as far as its money goes: the oldest debt first. */
function shareOfLines(
  lines: readonly LineDraft[],
  instalments: readonly InstalmentDraft[],
  index: number,
): LineDraft[] {
  const before = instalments
    .slice(0, index)
    .reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const until = before + instalments[index]!.amountCents;
  let start = 0n;
  return lines.flatMap((line) => {
    const end = start + line.amountCents;
    const from = start > before ? start : before;
    const to = end < until ? end : until;
    start = end;
    return to > from ? [{ ...line, amountCents: to - from }] : [];
  });
}

/** Splits a sum into instalments of whole cents, the first ones a cent higher. */
export function evenInstalments(totalCents: Cents, dueOn: readonly Day[]): InstalmentDraft[] {
  const count = BigInt(dueOn.length);
  return dueOn.map((due, index) => ({
    dueOn: due,
    amountCents: totalCents / count + (BigInt(index) < totalCents % count ? 1n : 0n),
  }));
}

/** Now that the IUV is known. */
export const withRemittance = (
  transfer: Omit<NoticeTransfer, "remittance">,
  iuv: string,
  subject: string,
): NoticeTransfer => ({
  ...transfer,
  remittance: remittance(iuv, transfer.amountCents, subject),
});
