// SPDX-License-Identifier: EUPL-1.2
/** Fixed fees of the school year: each with its day, and what is still to pay of it. */
import { type Charge, chargesOf, feeNoticeKeys, openOfFees } from "#billing";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { accountKey, balances, familyAccount } from "#ledger";
import { positionsByKey, type ShownNotice } from "#payments";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import type { Due } from "./account-lines.ts";

export interface FamilyFee {
  fee: Charge;
  /** `in-notice`: a bill asks for it; the others are paid straight into their account, `in-plan` by agreed instalments */
  state: "in-notice" | "in-plan" | "paid" | "to-pay" | "overdue";
  /** what of it the account does not cover; 0 when it is in credit */
  openCents: bigint;
  /** paid from a wallet, whose credit says what is missing */
  prepaid: boolean;
  /** the pagoPA notice that asks for it, or has paid it; `null`: none, or it is over */
  notice: ShownNotice | null;
}

type Standings = ReadonlySet<ShownNotice["standing"]>;
const LIVE: Standings = new Set(["to-pay", "preparing", "pending", "paid"]);
const REPLACED: Standings = new Set(["replaced"]);
const PAID_ELSEWHERE: Standings = new Set(["paid-elsewhere"]);
const UNPAID: Standings = new Set(["to-pay", "preparing", "pending"]);

/** The fees that stand, by due day. Money covers what it was paid for, then the oldest: what is owed is of the latest. */
export async function familyFees(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  notices: readonly ShownNotice[],
): Promise<FamilyFee[]> {
  const fees = (await feesOf(tx, scope, visit)).sort(byDueDay);
  if (fees.length === 0) return [];
  const accounts = fees.map((fee) => accountOf(scope, fee));
  const noticeOf = await noticesOfFees(tx, fees, notices, LIVE);
  const replaced = await noticesOfFees(tx, fees, notices, REPLACED);
  const paidElsewhere = await noticesOfFees(tx, fees, notices, PAID_ELSEWHERE);
  const found = await balances(tx, { accounts: accounts.flatMap((one) => one?.account ?? []) });
  const owed = new Map(
    found.map(({ balanceCents, ...row }) => [
      accountKey({ kind: "family", ...row }),
      -balanceCents,
    ]),
  );
  const lines = fees.map((fee, index): FamilyFee => {
    const paidFrom = accounts[index];
    return {
      fee,
      openCents: 0n,
      state: paidFrom ? "paid" : "in-notice",
      prepaid: paidFrom?.prepaid ?? false,
      notice: noticeOf.get(fee.id) ?? null,
    };
  });
  const inPlans = askedByPlans(notices);
  const ofAccount = Map.groupBy(lines.entries(), ([index]) => {
    const paidFrom = accounts[index];
    return paidFrom ? accountKey(paidFrom.account) : null;
  });
  for (const [key, own] of ofAccount) {
    if (key === null) continue;
    const fees = own.map(([, { fee, notice }]) => ({
      ...fee,
      isPaidByNotice:
        paidElsewhere.has(fee.id) || (notice?.standing === "paid" && notice.other === null),
    }));
    const open = openOfFees(fees, owed.get(key) ?? 0n);
    const planned = inPlans.get(key) ?? 0n;
    // The money of a plan is for the fees whose notices it took the place of, whatever was due before.
    const first = fees.map((fee) =>
      replaced.has(fee.id) ? { ...fee, isPaidByNotice: true } : fee,
    );
    const asked = planned === 0n ? open : openOfFees(first, (owed.get(key) ?? 0n) - planned);
    for (const [, line] of own) {
      line.openCents = asked.get(line.fee.id)!;
      if (line.openCents === 0n && open.get(line.fee.id)! > 0n) line.state = "in-plan";
    }
  }
  for (const line of lines) {
    if (line.openCents === 0n) continue;
    if (line.notice?.other?.outcome.decidedAt) line.notice = null;
    const { dueOn } = line.fee;
    line.state = dueOn && isBefore(dueOn, visit.today) ? "overdue" : "to-pay";
  }
  return lines;
}

/**
 * What agreed instalments ask for, by account: the fees that they took the place of ask for it no more. One that came
 * short counts until the office has decided: then it asks for the rest by itself.
 */
function askedByPlans(notices: readonly ShownNotice[]): ReadonlyMap<string, bigint> {
  const asked = new Map<string, bigint>();
  const open = notices.filter(
    ({ kind, instalment, standing, other }) =>
      (kind === "fixed-fee" || kind === "old-debt") &&
      instalment !== null &&
      (UNPAID.has(standing) || other?.outcome.word === "checking"),
  );
  for (const line of open.flatMap(({ lines }) => lines)) {
    const { holderId, accountChildId: childId, accountServiceId: serviceId } = line;
    const key = accountKey({ kind: "family", holderId, childId, serviceId });
    asked.set(key, (asked.get(key) ?? 0n) + line.amountCents);
  }
  return asked;
}

/** Is any of the family's services paid by such fees? The page everybody opens at 8:55 asks first. */
export const paysFees = (scope: FamilyScope, today: Day): boolean =>
  scope.services.some(
    ({ code }) => scope.settings.maybeService(code, "payment", today)?.model === "fixed-fee",
  );

/** To be paid by itself: no bill asks for it, no wallet. */
export const isOwed = ({ openCents, prepaid }: FamilyFee): boolean => openCents > 0n && !prepaid;

/** Owed, and nobody has paid it already: neither this moment, nor with a sum that the office still looks at. */
export const isToBePaid = (fee: FamilyFee): boolean =>
  isOwed(fee) &&
  fee.notice?.standing !== "pending" &&
  fee.notice?.other?.outcome.word !== "checking";

async function noticesOfFees(
  tx: ReadTx,
  fees: readonly Charge[],
  notices: readonly ShownNotice[],
  standings: Standings,
): Promise<Map<string, ShownNotice>> {
  const live = notices.filter(
    ({ kind, standing }) => kind === "fixed-fee" && standings.has(standing),
  );
  if (live.length === 0) return new Map();
  const positions = await positionsByKey(
    tx,
    fees.flatMap(({ id }) => feeNoticeKeys(id)),
  );
  const positionOf = new Map(positions.map(({ key, id }) => [key, id]));
  return new Map(
    fees.flatMap(({ id }) => {
      const own = new Set(feeNoticeKeys(id).map((key) => positionOf.get(key)));
      const notice = live.find(({ positionId }) => own.has(positionId));
      return notice ? [[id, notice] as const] : [];
    }),
  );
}

/** What fees ask for beside the bills; a wallet's missing credit is told by the wallet. */
export const feeDues = (fees: readonly FamilyFee[]): Due[] =>
  fees.filter(isToBePaid).map(({ fee, openCents }) => ({ cents: openCents, dueOn: fee.dueOn }));

async function feesOf(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<Charge[]> {
  const year = scope.calendar.years.findLast(({ startsOn }) => !isBefore(visit.today, startsOn));
  if (!year) return [];
  const fees: Charge[] = [];
  const span = { from: year.startsOn.subtract({ days: 60 }), to: year.endsOn.add({ days: 60 }) };
  for (const holderId of scope.holderIds)
    fees.push(...(await chargesOf(tx, { holderId, kind: "fixed-fee", ...span })));
  return fees.filter(scope.maySee).filter(({ reversed }) => !reversed);
}

/** `null`: the fee comes with a bill. */
function accountOf(scope: FamilyScope, fee: Charge) {
  const service = scope.calendar.services.find(({ id }) => id === fee.serviceId);
  const payment = service && scope.settings.maybeService(service.code, "payment", fee.date);
  if (!payment || payment.model === "postpaid") return null;
  return {
    account: familyAccount(payment.accountScope, fee),
    prepaid: payment.model === "prepaid",
  };
}

const byDueDay = (a: Charge, b: Charge): number =>
  Temporal.PlainDate.compare(a.dueOn ?? a.date, b.dueOn ?? b.date);
