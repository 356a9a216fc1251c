// SPDX-License-Identifier: EUPL-1.2
import type { Payer } from "#enrolment";
import { type Cents, splitByShares } from "#kernel/money.ts";
import type { Decision, FeePeriod, PricedFee } from "#tariffs";
import {
  childrenOf,
  coveredBy,
  idOf,
  isSplitAs,
  payersOf,
  type PostedFee,
  subjectOf,
  type UnpricedFee,
} from "./draw-fees.ts";

/** Why a fee is not what it was. `gone`: nobody of it is in the service in that period any more. */
export type FeeReason = "payers" | "tariff" | "isee" | "family" | "gone";

/** A fee that stands and costs something else now, or is paid by others. */
export interface FeeDifference<Posted extends PostedFee> {
  readonly period: FeePeriod;
  /** the child, or the holder of the household */
  readonly subjectId: string;
  readonly childId: string | null;
  /** whom it is of */
  readonly childIds: readonly string[];
  /** null: it is gone */
  readonly fee: (PricedFee & { outcome: "priced" }) | null;
  /** each holder's part now */
  readonly due: ReadonlyMap<string, Cents>;
  readonly standing: readonly Posted[];
  /** how often it was posted before */
  readonly revision: number;
}

/**
 * The fees of a period beside what they cost by tariff, ISEE and payers known now. What has no price now stays as it is
 * and is named; what was never posted is not looked at (`postFees`).
 */
export function compareFees<Posted extends PostedFee>(of: {
  period: FeePeriod;
  priced: readonly PricedFee[];
  payers: ReadonlyMap<string, readonly Payer[]>;
  posted: readonly Posted[];
}): { differences: FeeDifference<Posted>[]; unpriced: UnpricedFee[] } {
  const { period } = of;
  const standingOf = Map.groupBy(
    of.posted.filter(({ reversed }) => !reversed),
    subjectOf,
  );
  const found: { differences: FeeDifference<Posted>[]; unpriced: UnpricedFee[] } = {
    differences: [],
    unpriced: [],
  };
  for (const fee of of.priced) {
    const { subject } = fee;
    const standing = coveredBy(subject).flatMap((id) => standingOf.get(id) ?? []);
    const childIds = childrenOf(subject);
    if (standing.length === 0) continue;
    const payers = payersOf(subject, of.payers);
    if (fee.outcome === "unpriced" || payers.length === 0) {
      const reason = fee.outcome === "unpriced" ? fee.reason : "no-holder";
      found.unpriced.push({ childId: childIds[0]!, reason });
      continue;
    }
    const subjectId = idOf(subject);
    const isOwn = standing.every((one) => subjectOf(one) === subjectId);
    const before = standing.reduce((sum, { amountCents }) => sum + amountCents, 0n);
    if (isOwn && before === fee.amountCents && isSplitAs(standing, payers)) continue;
    const parts = splitByShares(
      fee.amountCents,
      payers.map(({ basisPoints }) => basisPoints),
    );
    found.differences.push({
      period,
      subjectId,
      childId: subject.kind === "child" ? subject.childId : null,
      childIds,
      fee,
      due: new Map(payers.map(({ holderId }, index) => [holderId, parts[index]!])),
      standing,
      revision: of.posted.filter((one) => subjectOf(one) === subjectId).length,
    });
  }
  const covered = new Set(of.priced.flatMap(({ subject }) => coveredBy(subject)));
  for (const [subjectId, standing] of standingOf)
    if (!covered.has(subjectId) && standing.some(({ amountCents }) => amountCents > 0n))
      found.differences.push({ period, subjectId, standing, ...goneFrom(standing[0]!) });
  return found;
}

const goneFrom = ({ childId }: PostedFee) => ({
  childId,
  childIds: childId === null ? [] : [childId],
  fee: null,
  due: new Map<string, Cents>(),
  revision: 0,
});

/** Of the last decision that stands beside the one of now. */
export function whyDiffers(
  { fee, due, standing }: FeeDifference<PostedFee>,
  former: Decision | undefined,
): FeeReason {
  if (!fee) return "gone";
  if (former && former.tariffVersionId !== fee.tariffVersionId) return "tariff";
  if (former && iseesIn(former) !== iseesIn(fee)) return "isee";
  const paying = new Set(standing.map(({ holderId }) => holderId));
  const isSame = paying.size === due.size && [...due.keys()].every((id) => paying.has(id));
  return isSame && former?.amountCents !== fee.amountCents ? "family" : "payers";
}

const iseesIn = ({ explanation }: Decision): string =>
  explanation.steps
    .map((step) => ("isee" in step ? step.isee : null))
    .map((isee) => isee && `${isee.kind} ${isee.valueCents} ${isee.validFrom} ${isee.validTo}`)
    .join("/");
