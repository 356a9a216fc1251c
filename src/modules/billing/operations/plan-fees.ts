// SPDX-License-Identifier: EUPL-1.2
import { type Day, dayOf, earlier, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { isPending } from "#payments";
import { decisionsOf, type FeePeriod } from "#tariffs";
import { LEAST_DAYS_TO_PAY } from "../rules/draw-bills.ts";
import { feeKey, subjectOf, type UnpricedFee } from "../rules/draw-fees.ts";
import {
  compareFees,
  type FeeDifference,
  type FeeReason,
  whyDiffers,
} from "../rules/compare-fees.ts";
import { openOfFees } from "../rules/open-fees.ts";
import { type PartRule, repricePart } from "../rules/reprice-fee.ts";
import type { Charge } from "../sql/charges.ts";
import { paymentOn } from "./charge-meals.ts";
import { type AccountFee, type FeeAccounts, loadFeeAccounts } from "./fee-accounts.ts";
import { loadFees } from "./load-fees.ts";
import {
  type FeesToPost,
  type FreshFee,
  type NoticeChange,
  planFeeNotices,
} from "./plan-fee-notices.ts";
import { feePeriodsDue } from "./post-fees.ts";

export interface FeeSpan {
  serviceId: string;
  /** periods that have a day in it and had begun by its end */
  from: Day;
  to: Day;
  /** all of the service without it */
  childIds?: readonly string[];
  now: Moment;
}

/** Why a fee stays as it is for now. */
export type WhyFeeStays =
  /** somebody is paying it this very moment */
  | "payment-pending"
  /** the office has not decided yet about a payment of it */
  | "payment-checked"
  /** it is paid by instalments that the office agreed with the family */
  | "plan"
  /** it would be credit, and the office has written off a debt of it: nobody has paid what would come back */
  | "written-off";

/** One holder's part of a fee, before and now. */
export interface RepricedFee {
  period: string;
  childId: string | null;
  /** whom the fee is of; none where a household is not in the service any more */
  childIds: readonly string[];
  holderId: string;
  /** what stands of it */
  chargeIds: readonly string[];
  before: Cents;
  after: Cents;
  /** of what was paid already: credit now */
  creditCents: Cents;
  why: FeeReason;
  /** one more receivable, where no instalment could carry the difference; `openCents`: what no credit covers of it */
  supplement: { feeId: string; amountCents: Cents; openCents: Cents; dueOn: Day | null } | null;
  /** null: it is posted; else it stays as it is */
  whyNot: WhyFeeStays | null;
}

export interface FeeRepricing {
  fees: RepricedFee[];
  /** no price now: they stay as they are */
  unpriced: (UnpricedFee & { period: string })[];
  notices: NoticeChange[];
  /** of what is posted */
  beforeCents: Cents;
  afterCents: Cents;
}

/** What the fees of a span would be now, down to each notice; nothing is written. `lock`: it is to be posted. */
export async function planFees(
  tx: ReadTx,
  of: FeeSpan & { lock: boolean },
): Promise<{ repricing: FeeRepricing; posts: FeesToPost[] }> {
  const { differences, unpriced } = await differencesIn(tx, of);
  const repricing: FeeRepricing = {
    fees: [],
    unpriced,
    notices: [],
    beforeCents: 0n,
    afterCents: 0n,
  };
  if (differences.length === 0) return { repricing, posts: [] };
  const { model } = await paymentOn(tx, { serviceId: of.serviceId, date: of.to });
  const today = dayOf(of.now);
  const days =
    model === "fixed-fee" ? { today, soonest: today.add({ days: LEAST_DAYS_TO_PAY }) } : null;
  const holderIds = [
    ...new Set(
      differences.flatMap(({ standing, due }) => [
        ...standing.map(({ holderId }) => holderId),
        ...due.keys(),
      ]),
    ),
  ];
  const accounts = days && (await loadFeeAccounts(tx, { ...of, holderIds }));
  const partsOf = standingParts(accounts);
  const formerIds = differences.flatMap(({ standing }) => standing.at(-1)?.decisionId ?? []);
  const formers = new Map((await decisionsOf(tx, formerIds)).map((one) => [one.id, one]));
  const posts = new Map<FeePeriod, FeesToPost>();
  for (const difference of differences) {
    const standing = partsOf(difference.standing);
    const former = formers.get(difference.standing.at(-1)?.decisionId ?? "");
    const why = whyDiffers(difference, former);
    const drawn = drawDifference({ ...of, difference, standing, days });
    const isCredited = drawn.fees.some(({ creditCents }) => creditCents > 0n);
    const whyNot = accounts && whyNotNow(standing, accounts, { now: of.now, isCredited });
    repricing.fees.push(...drawn.fees.map((fee) => ({ ...fee, why, whyNot })));
    if (whyNot) continue;
    const { period, fee } = difference;
    const post = posts.get(period) ?? { period, takenBack: [], fresh: [], priced: [] };
    post.takenBack.push(...drawn.takenBack);
    post.fresh.push(...drawn.fresh);
    if (fee) post.priced.push(fee);
    posts.set(period, post);
  }
  const done = [...posts.values()];
  if (accounts) repricing.notices = planFeeNotices(accounts, done, of.now);
  const asked = new Map(repricing.notices.map(({ feeId, openCents }) => [feeId, openCents]));
  for (const { supplement } of repricing.fees)
    if (supplement) supplement.openCents = asked.get(supplement.feeId) ?? 0n;
  for (const { before, after, whyNot } of repricing.fees) {
    if (whyNot) continue;
    repricing.beforeCents += before;
    repricing.afterCents += after;
  }
  return { repricing, posts: done };
}

async function differencesIn(tx: ReadTx, of: FeeSpan) {
  const today = dayOf(of.now);
  const until = earlier(of.to, today);
  const periods = await feePeriodsDue(tx, { serviceId: of.serviceId, today: until });
  const wanted = of.childIds && new Set(of.childIds);
  const isWanted = (childIds: readonly string[]) =>
    !wanted || childIds.some((id) => wanted.has(id));
  const differences: FeeDifference<Charge>[] = [];
  const unpriced: FeeRepricing["unpriced"] = [];
  // house-allow query-in-loop: a fee is priced by its period's first day; a school year has ten periods at most
  for (const period of periods) {
    if (isBefore(period.to, of.from)) continue;
    const loaded = await loadFees(tx, { serviceId: of.serviceId, period, today });
    const found = compareFees({ ...loaded, period });
    differences.push(...found.differences.filter(({ childIds }) => isWanted(childIds)));
    unpriced.push(
      ...found.unpriced
        .filter(({ childId }) => isWanted([childId]))
        .map((one) => ({ ...one, period: period.name })),
    );
  }
  return { differences, unpriced };
}

type Standing = AccountFee & { openCents: Cents };

/** What of each is open. Where a bill or a wallet takes the fee nothing is paid by itself: all of it may change. */
function standingParts(accounts: FeeAccounts | null) {
  const known = new Map<string, Standing>();
  for (const { fees, owedCents } of accounts?.accounts.values() ?? []) {
    const open = openOfFees(fees, owedCents);
    for (const fee of fees) known.set(fee.id, { ...fee, openCents: open.get(fee.id)! });
  }
  const plain = { isPaidByNotice: false, asking: [], isChecked: false };
  return (charges: readonly Charge[]): Standing[] =>
    charges.map(
      (charge) => known.get(charge.id) ?? { ...charge, ...plain, openCents: charge.amountCents },
    );
}

function whyNotNow(
  standing: readonly Standing[],
  { accounts, ofFee }: FeeAccounts,
  { now, isCredited }: { now: Moment; isCredited: boolean },
): WhyFeeStays | null {
  const asking = standing.flatMap((fee) => fee.asking);
  if (asking.some(({ lastAttemptAt }) => isPending(lastAttemptAt, now))) return "payment-pending";
  if (standing.some(({ isChecked }) => isChecked)) return "payment-checked";
  if (standing.some((fee) => accounts.get(ofFee(fee))?.isInPlan)) return "plan";
  const isWrittenOff = standing.some((fee) => {
    const on = accounts.get(ofFee(fee))?.writtenOffOn;
    return on && !isBefore(on, fee.date);
  });
  return isCredited && isWrittenOff ? "written-off" : null;
}

function drawDifference(of: {
  serviceId: string;
  difference: FeeDifference<Charge>;
  standing: readonly Standing[];
  days: PartRule["days"];
}) {
  const { serviceId, difference, standing, days } = of;
  const { period, fee, due, subjectId, childId, childIds } = difference;
  const drawn = {
    fees: [] as Omit<RepricedFee, "why" | "whyNot">[],
    takenBack: [] as Charge[],
    fresh: [] as FreshFee[],
  };
  const rule = { periodName: period.name, instalments: fee?.instalments ?? [], days };
  const key =
    fee && feeKey({ serviceId, period, subject: fee.subject, revision: difference.revision });
  for (const holderId of new Set([...standing.map((one) => one.holderId), ...due.keys()])) {
    const own = standing.filter((one) => one.holderId === holderId);
    const total = due.get(holderId);
    const mine = own.filter((one) => subjectOf(one) === subjectId);
    const parts = total === undefined ? [] : repricePart(mine, total, rule);
    const changed = new Set(parts.map(({ former }) => former));
    const over = own.filter(
      (one) => total === undefined || subjectOf(one) !== subjectId || changed.has(one),
    );
    const [before, after] = [sumOf(own), total ?? 0n];
    drawn.takenBack.push(...over);
    for (const [index, part] of parts.entries())
      drawn.fresh.push({
        ...part,
        id: newId(),
        serviceId,
        date: period.from,
        childId,
        holderId,
        chargeKey: `${key}:${index + 1}:${holderId}`,
        decisionId: fee!.id,
        isSupplement: mine.length > 0 && part.former === null,
      });
    if (over.length === 0 && parts.length === 0) continue;
    const paid = days ? own.reduce((sum, one) => sum + one.amountCents - one.openCents, 0n) : 0n;
    const extra = drawn.fresh.find((one) => one.holderId === holderId && one.isSupplement);
    drawn.fees.push({
      period: period.name,
      childId,
      childIds,
      holderId,
      chargeIds: own.map(({ id }) => id),
      before,
      after,
      creditCents: paid > after ? paid - after : 0n,
      supplement: extra
        ? { feeId: extra.id, amountCents: extra.amountCents, openCents: 0n, dueOn: extra.dueOn }
        : null,
    });
  }
  return drawn;
}

const sumOf = (fees: readonly { amountCents: Cents }[]): Cents =>
  fees.reduce((sum, { amountCents }) => sum + amountCents, 0n);
