// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { systemActor } from "#kernel/actor.ts";
import { type Day, earlier, isBefore, later, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { familyAccount, postMany } from "#ledger";
import { withdrawUnpaid } from "#payments";
import { type FeePeriod, feePeriods, type PricedFee, saveDecisions, tariffOn } from "#tariffs";
import { drawFees, type NewFee } from "../rules/draw-fees.ts";
import { lockBilling } from "../sql/bills.ts";
import { insertFeeCharges } from "../sql/fees.ts";
import { noteUnpriced, resolveUnpriced } from "../sql/unpriced.ts";
import { paymentOn } from "./charge-meals.ts";
import { feeNoticeKeys } from "./issue-fee-notices.ts";
import { loadFees } from "./load-fees.ts";
import { reverseCharges } from "./reverse-charges.ts";

/**
 * The fixed-fee periods that have begun by `today`, of the latest school year begun: also after its last day, until
 * the next one starts. None for services without such a fee.
 */
export async function feePeriodsDue(
  tx: ReadTx,
  of: { serviceId: string; today: Day },
): Promise<FeePeriod[]> {
  const { years } = await townCalendar(tx);
  const year = years.findLast(({ startsOn }) => !isBefore(of.today, startsOn));
  if (!year) return [];
  const date = earlier(of.today, year.endsOn);
  const version = await tariffOn(tx, { serviceId: of.serviceId, date });
  if (version?.definition.kind !== "fixed-fee") return [];
  return feePeriods(version.definition, year.year, year.startsOn, year.endsOn)
    .filter(({ from }) => !isBefore(of.today, from))
    .map((period) => ({ ...period, from: later(period.from, year.startsOn) }));
}

/**
 * Posts the fixed fees of one service and period, per child or household, each instalment with its due date (OS-01).
 * Repeatable: a fee already posted stays; who enrolled meanwhile gets the fee too; a fee whose payers were changed
 * backwards is taken back and posted anew. Payers are those of the child's first day in the period; what has no price
 * or nobody to pay becomes a worklist entry. `unpriced`: how many have no fee for that reason.
 */
export async function postFees(
  tx: WriteTx,
  of: { serviceId: string; period: FeePeriod; today: Day; now: Moment },
): Promise<{ fees: number; unpriced: number }> {
  const { serviceId, period, now } = of;
  const date = period.from;
  await lockBilling(tx);
  const { children, ...loaded } = await loadFees(tx, of);
  const { fees, takenBack, unpriced } = drawFees({ ...of, ...loaded });
  const reason = "chi paga è cambiato";
  await reverseCharges(tx, takenBack, { reason, now });
  // Nobody is to pay what is charged to somebody else now.
  const keys = takenBack.flatMap(({ id }) => feeNoticeKeys(id));
  await withdrawUnpaid(tx, { keys, actor: systemActor, reason, now });
  await saveFeeDecisions(tx, loaded.priced);
  const rows = fees.map((fee) => ({ ...fee, id: newId() }));
  const posted = await chargeFees(tx, { serviceId, period, fees: rows, now });
  const entry = { kind: "fixed-fee", serviceId, date, at: now } as const;
  const sites = new Map(children.map(({ childId, siteId }) => [childId, siteId]));
  await resolveUnpriced(tx, entry);
  await noteUnpriced(
    tx,
    entry,
    unpriced.map((one) => ({ ...one, siteId: sites.get(one.childId)! })),
  );
  return { fees: posted, unpriced: unpriced.length };
}

/** Posts what is not posted yet, by key; says how many that were. */
export async function chargeFees(
  tx: WriteTx,
  of: {
    serviceId: string;
    period: FeePeriod;
    fees: readonly (NewFee & { id: string })[];
    now: Moment;
  },
): Promise<number> {
  const { serviceId, period, fees, now } = of;
  const date = period.from;
  const payment = await paymentOn(tx, { serviceId, date });
  const billable = payment.model === "postpaid";
  const fresh = await insertFeeCharges(tx, { serviceId, date, billable, postedAt: now }, fees);
  await postMany(
    tx,
    fees
      .filter(({ chargeKey, amountCents }) => amountCents > 0n && fresh.has(chargeKey))
      .map((fee) => ({
        key: fee.chargeKey,
        debit: familyAccount(payment.accountScope, { ...fee, serviceId }),
        credit: { kind: "revenue", serviceId },
        amountCents: fee.amountCents,
        kind: "fixed-fee",
        happenedOn: date,
        reference: { childId: fee.childId, serviceId, period: period.name },
      })),
    now,
  );
  return fresh.size;
}

/** Only the decision: subject and instalments are the fee's own. */
export const saveFeeDecisions = (tx: WriteTx, priced: readonly PricedFee[]): Promise<number> =>
  saveDecisions(
    tx,
    priced.flatMap((fee) => {
      if (fee.outcome === "unpriced") return [];
      const { id, tariffVersionId, amountCents, explanation } = fee;
      return [{ id, tariffVersionId, amountCents, explanation }];
    }),
  );
