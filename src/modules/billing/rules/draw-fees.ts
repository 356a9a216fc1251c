// SPDX-License-Identifier: EUPL-1.2
import type { Payer } from "#enrolment";
import type { Day } from "#kernel/dates.ts";
import { type Cents, splitByShares } from "#kernel/money.ts";
import type { FeePeriod, FeeSubject, PricedFee, UnpricedReason } from "#tariffs";
import { instalmentName } from "./reprice-fee.ts";

/** A fee as it was posted: one holder's part of one instalment. */
export interface PostedFee {
  childId: string | null;
  holderId: string;
  amountCents: Cents;
  /** the period, and which instalment */
  reason: string;
  reversed: boolean;
}

export interface NewFee {
  childId: string | null;
  holderId: string;
  chargeKey: string;
  amountCents: Cents;
  decisionId: string;
  reason: string;
  dueOn: Day | null;
}

export interface UnpricedFee {
  childId: string;
  reason: UnpricedReason | "no-holder";
}

export interface DrawnFees<Posted extends PostedFee> {
  fees: NewFee[];
  /** what stands though others pay now */
  takenBack: Posted[];
  unpriced: UnpricedFee[];
}

export const idOf = (subject: FeeSubject): string =>
  subject.kind === "child" ? subject.childId : subject.holderId;
export const childrenOf = (subject: FeeSubject): string[] =>
  subject.kind === "child" ? [subject.childId] : subject.childIds;
/** Fees that stood for the same subject, or for one of its children or its household. */
export const coveredBy = (subject: FeeSubject): string[] => [
  ...new Set([idOf(subject), ...childrenOf(subject)]),
];
export const subjectOf = ({ childId, holderId }: Pick<PostedFee, "childId" | "holderId">): string =>
  childId ?? holderId;

/**
 * The fees of a period that are still to be posted, each instalment split among the payers. A fee that stands and is
 * paid by the same people in the same parts stays as it is. If its payers were changed backwards it is taken back and
 * posted anew, never both; so is a household's fee when none of its children is in the service any more.
 */
export function drawFees<Posted extends PostedFee>(of: {
  serviceId: string;
  period: FeePeriod;
  priced: readonly PricedFee[];
  payers: ReadonlyMap<string, readonly Payer[]>;
  posted: readonly Posted[];
}): DrawnFees<Posted> {
  const postedOf = Map.groupBy(of.posted, subjectOf);
  const drawn: DrawnFees<Posted> = { fees: [], takenBack: leftBehind(of), unpriced: [] };
  for (const fee of of.priced) {
    const { subject } = fee;
    const own = postedOf.get(idOf(subject)) ?? [];
    const standing = coveredBy(subject).flatMap((id) =>
      (postedOf.get(id) ?? []).filter(({ reversed }) => !reversed),
    );
    const payers = payersOf(subject, of.payers);
    if (fee.outcome === "unpriced" || payers.length === 0) {
      const reason = fee.outcome === "unpriced" ? fee.reason : "no-holder";
      const [childId] = childrenOf(subject);
      if (standing.length === 0 && childId) drawn.unpriced.push({ childId, reason });
      continue;
    }
    const isOwn = standing.every((charge) => subjectOf(charge) === idOf(subject));
    if (standing.length > 0 && isOwn && isSplitAs(standing, payers)) continue;
    drawn.takenBack.push(...standing);
    drawn.fees.push(...feesOf({ ...of, fee, payers, revision: own.length }));
  }
  return drawn;
}

export function payersOf(
  subject: FeeSubject,
  payers: ReadonlyMap<string, readonly Payer[]>,
): readonly Payer[] {
  return subject.kind === "household"
    ? [{ holderId: subject.holderId, basisPoints: 10_000 }]
    : (payers.get(subject.childId) ?? []);
}

/** Fees of households whose children are all another household's now. */
function leftBehind<Posted extends PostedFee>(of: {
  priced: readonly PricedFee[];
  posted: readonly Posted[];
}): Posted[] {
  const households = new Set(
    of.priced.flatMap(({ subject }) => (subject.kind === "household" ? [subject.holderId] : [])),
  );
  if (households.size === 0) return [];
  return of.posted.filter(
    ({ childId, holderId, reversed }) => childId === null && !reversed && !households.has(holderId),
  );
}

/**
 * Would these payers owe just these parts of what was posted? Each instalment by itself, as it is posted first; or all
 * of them together, as a fee is after it was priced again: one payer may have paid what another has not.
 */
export function isSplitAs(standing: readonly PostedFee[], payers: readonly Payer[]): boolean {
  const shares = payers.map(({ basisPoints }) => basisPoints);
  const isDue = (posted: readonly PostedFee[]): boolean => {
    const owed = new Map<string, Cents>();
    for (const { holderId, amountCents } of posted)
      owed.set(holderId, (owed.get(holderId) ?? 0n) + amountCents);
    const total = [...owed.values()].reduce((sum, cents) => sum + cents, 0n);
    const parts = splitByShares(total, shares);
    return (
      owed.size === payers.length &&
      payers.every(({ holderId }, index) => owed.get(holderId) === parts[index])
    );
  };
  const instalments = [...Map.groupBy(standing, ({ reason }) => reason).values()];
  return instalments.every(isDue) || isDue(standing);
}

export const feeKey = (of: {
  serviceId: string;
  period: FeePeriod;
  subject: FeeSubject;
  revision: number;
}): string => `fee:${of.serviceId}:${of.period.from.toString()}:${idOf(of.subject)}:${of.revision}`;

function feesOf(of: {
  serviceId: string;
  period: FeePeriod;
  fee: PricedFee & { outcome: "priced" };
  payers: readonly Payer[];
  revision: number;
}): NewFee[] {
  const { period, fee, payers } = of;
  const { subject } = fee;
  const shares = payers.map(({ basisPoints }) => basisPoints);
  const key = feeKey({ ...of, subject });
  return fee.instalments.flatMap((instalment, index) => {
    const parts = splitByShares(instalment.amountCents, shares);
    return payers.map(({ holderId }, at) => ({
      childId: subject.kind === "child" ? subject.childId : null,
      holderId,
      chargeKey: `${key}:${index + 1}:${holderId}`,
      amountCents: parts[at]!,
      decisionId: fee.id,
      reason: instalmentName(period.name, fee.instalments.length, index),
      dueOn: instalment.dueOn,
    }));
  });
}
