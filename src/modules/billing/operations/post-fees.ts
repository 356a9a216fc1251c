// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { payersOn, rosterBetween } from "#enrolment";
import { type Day, earlier, isBefore, isWithin, later, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { splitByShares } from "#kernel/money.ts";
import { familyAccount, postMany } from "#ledger";
import {
  type FeeChild,
  type FeePeriod,
  feePeriods,
  type PricedFee,
  priceFees,
  saveDecisions,
  tariffOn,
} from "#tariffs";
import { type FeeCharge, insertFeeCharges } from "../sql/charges.ts";
import { paymentOn } from "./charge-meals.ts";

/** The fixed-fee periods of the running school year that have begun by `today`; none for services without such a fee. */
export async function feePeriodsDue(
  tx: ReadTx,
  of: { serviceId: string; today: Day },
): Promise<FeePeriod[]> {
  const { years } = await townCalendar(tx);
  const year = years.find(({ startsOn, endsOn }) => isWithin(of.today, startsOn, endsOn));
  const version = year && (await tariffOn(tx, { serviceId: of.serviceId, date: of.today }));
  if (!version || version.definition.kind !== "fixed-fee") return [];
  return feePeriods(version.definition, year.year, year.startsOn, year.endsOn)
    .filter(({ from }) => !isBefore(of.today, from))
    .map((period) => ({ ...period, from: later(period.from, year.startsOn) }));
}

/**
 * Posts the fixed fees of one service and period, per child or household, each instalment with its due date (OS-01).
 * Repeatable: a fee already posted stays; who enrolled meanwhile gets the fee too.
 */
export async function postFees(
  tx: WriteTx,
  of: { serviceId: string; period: FeePeriod; today: Day; now: Moment },
): Promise<{ fees: number; unpriced: number }> {
  const { serviceId, period, now } = of;
  const children = await childrenIn(tx, serviceId, period.from, earlier(of.today, period.to));
  const priced = await priceFees(tx, { serviceId, period, children });
  const drawn = await drawFees(tx, serviceId, period, priced);
  await saveDecisions(
    tx,
    // Only the decision: subject and instalments are the fee's own.
    priced.flatMap((fee) => {
      if (fee.outcome === "unpriced") return [];
      const { id, tariffVersionId, amountCents, explanation } = fee;
      return [{ id, tariffVersionId, amountCents, explanation }];
    }),
  );
  const fresh = await insertFeeCharges(tx, drawn, now);
  const scope = (await paymentOn(tx, { serviceId, date: period.from })).accountScope;
  await postMany(
    tx,
    drawn
      .filter(({ chargeKey, amountCents }) => amountCents > 0n && fresh.has(chargeKey))
      .map((fee) => ({
        key: fee.chargeKey,
        debit: familyAccount(scope, fee),
        credit: { kind: "revenue", serviceId },
        amountCents: fee.amountCents,
        kind: "fixed-fee",
        happenedOn: fee.date,
        reference: { childId: fee.childId, serviceId, period: period.name },
      })),
    now,
  );
  return {
    fees: fresh.size,
    unpriced: priced.filter(({ outcome }) => outcome === "unpriced").length,
  };
}

/** Enrolled on any day of the period so far; each child once. */
async function childrenIn(
  tx: WriteTx,
  serviceId: string,
  from: Day,
  until: Day,
): Promise<FeeChild[]> {
  const calendar = await townCalendar(tx);
  const spans = await rosterBetween(tx, { serviceIds: [serviceId], from, to: until });
  const sites = new Map(spans.map(({ childId, siteId }) => [childId, siteId]));
  return [...sites].map(([childId, siteId]) => ({
    childId,
    level: calendar.sites.get(siteId)?.level ?? null,
  }));
}

async function drawFees(
  tx: WriteTx,
  serviceId: string,
  period: FeePeriod,
  priced: readonly PricedFee[],
): Promise<FeeCharge[]> {
  const childIds = priced.flatMap(({ subject }) =>
    subject.kind === "child" ? [subject.childId] : [],
  );
  const payers = await payersOn(tx, { childIds, serviceId, date: period.from });
  return priced.flatMap((fee) => {
    if (fee.outcome === "unpriced") return [];
    const { subject } = fee;
    const who =
      subject.kind === "household"
        ? [{ holderId: subject.holderId, basisPoints: 10_000 }]
        : (payers.get(subject.childId) ?? []);
    if (who.length === 0) return [];
    const childId = subject.kind === "child" ? subject.childId : null;
    const name = childId ?? (subject.kind === "household" ? subject.holderId : "");
    return fee.instalments.flatMap((instalment, index) => {
      const parts = splitByShares(
        instalment.amountCents,
        who.map(({ basisPoints }) => basisPoints),
      );
      return who.map(({ holderId }, at) => ({
        id: newId(),
        serviceId,
        childId,
        holderId,
        date: period.from,
        chargeKey: `fee:${serviceId}:${period.name}:${name}:${index + 1}:${holderId}`,
        amountCents: parts[at]!,
        decisionId: fee.id,
        reason: fee.instalments.length > 1 ? `${period.name}, rata ${index + 1}` : period.name,
        dueOn: instalment.dueOn,
      }));
    });
  });
}
