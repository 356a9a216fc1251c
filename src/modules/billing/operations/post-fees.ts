// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { payersOn, roster } from "#enrolment";
import { type Day, earlier, isBefore, isWithin, later, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
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

export type PostedFees =
  | { outcome: "posted"; fees: number; unpriced: number }
  | { outcome: "no-fixed-fee" };

/**
 * Posts the fixed fees of one service that have begun by `today`, per child or household, each instalment with its due
 * date (OS-01). Repeatable: a fee already posted stays; who enrolled meanwhile gets the fee of the running period.
 */
export async function postFees(
  tx: WriteTx,
  of: { serviceId: string; today: Day; now: Moment },
): Promise<PostedFees> {
  const { serviceId, today, now } = of;
  const calendar = await townCalendar(tx);
  const year = calendar.years.find(({ startsOn, endsOn }) => isWithin(today, startsOn, endsOn));
  const version = year && (await tariffOn(tx, { serviceId, date: today }));
  if (!version || version.definition.kind !== "fixed-fee") return { outcome: "no-fixed-fee" };
  const periods = feePeriods(version.definition, year.year, year.startsOn, year.endsOn);
  let fees = 0;
  let unpriced = 0;
  for (const period of periods.filter(({ from }) => !isBefore(today, from))) {
    const from = later(period.from, year.startsOn);
    const children = await childrenIn(tx, serviceId, from, earlier(today, period.to));
    const priced = await priceFees(tx, { serviceId, period: { ...period, from }, children });
    unpriced += priced.filter(({ outcome }) => outcome === "unpriced").length;
    const drawn = await drawFees(tx, serviceId, { ...period, from }, priced);
    await saveDecisions(
      tx,
      priced.flatMap((fee) => (fee.outcome === "priced" ? [fee] : [])),
    );
    fees += await insertFeeCharges(tx, drawn, now);
    const scope = (await paymentOn(tx, { serviceId, date: from })).accountScope;
    await postMany(
      tx,
      drawn
        .filter(({ amountCents }) => amountCents > 0n)
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
  }
  return { outcome: "posted", fees, unpriced };
}

/** Enrolled at the period's start or by now; each child once. */
async function childrenIn(
  tx: WriteTx,
  serviceId: string,
  from: Day,
  until: Day,
): Promise<FeeChild[]> {
  const calendar = await townCalendar(tx);
  const found = new Map<string, FeeChild>();
  for (const date of [from, until])
    for (const { childId, siteId } of await roster(tx, { serviceId, date }))
      found.set(childId, { childId, level: calendar.sites.get(siteId)?.level ?? null });
  return [...found.values()];
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
