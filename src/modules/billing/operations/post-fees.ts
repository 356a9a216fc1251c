// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { payersOn, rosterBetween } from "#enrolment";
import { holdersOn } from "#families";
import { systemActor } from "#kernel/actor.ts";
import {
  type Day,
  day,
  earlier,
  isBefore,
  later,
  type Moment,
  schoolYearOf,
} from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { familyAccount, postMany } from "#ledger";
import { withdrawUnpaid } from "#payments";
import {
  type FeeChild,
  type FeePeriod,
  feePeriods,
  type PricedFee,
  priceFees,
  saveDecisions,
  tariffOn,
} from "#tariffs";
import { drawFees } from "../rules/draw-fees.ts";
import { lockBilling } from "../sql/bills.ts";
import type { Charge } from "../sql/charges.ts";
import { feesOf, insertFeeCharges } from "../sql/fees.ts";
import { noteUnpriced, resolveUnpriced } from "../sql/unpriced.ts";
import { paymentOn } from "./charge-meals.ts";
import { feeNoticeKeys } from "./issue-fee-notices.ts";
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
  const children = await childrenIn(tx, serviceId, date, earlier(of.today, period.to));
  const { holders, payers } = await onFirstDays(tx, serviceId, children);
  const priced = await priceFees(tx, { serviceId, period, children, holders });
  const posted = await postedFees(tx, serviceId, period);
  const { fees, takenBack, unpriced } = drawFees({ ...of, priced, payers, posted });
  const reason = "chi paga è cambiato";
  await reverseCharges(tx, takenBack, { reason, now });
  // Nobody is to pay what is charged to somebody else now.
  const keys = takenBack.flatMap(({ id }) => feeNoticeKeys(id));
  await withdrawUnpaid(tx, { keys, actor: systemActor, reason, now });
  await saveFeeDecisions(tx, priced);
  const payment = await paymentOn(tx, { serviceId, date });
  const rows = fees.map((fee) => ({ ...fee, id: newId() }));
  const billable = payment.model === "postpaid";
  const fresh = await insertFeeCharges(tx, { serviceId, date, billable, postedAt: now }, rows);
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
  const entry = { kind: "fixed-fee", serviceId, date, at: now } as const;
  const sites = new Map(children.map(({ childId, siteId }) => [childId, siteId]));
  await resolveUnpriced(tx, entry);
  await noteUnpriced(
    tx,
    entry,
    unpriced.map((one) => ({ ...one, siteId: sites.get(one.childId)! })),
  );
  return { fees: fresh.size, unpriced: unpriced.length };
}

function postedFees(tx: ReadTx, serviceId: string, period: FeePeriod): Promise<Charge[]> {
  const year = schoolYearOf(period.from);
  const from = Temporal.PlainDate.from({ year, month: 8, day: 1 });
  const to = from.add({ years: 1 }).subtract({ days: 1 });
  return feesOf(tx, { serviceId, name: period.name, from, to });
}

/** Only the decision: subject and instalments are the fee's own. */
const saveFeeDecisions = (tx: WriteTx, priced: readonly PricedFee[]): Promise<number> =>
  saveDecisions(
    tx,
    priced.flatMap((fee) => {
      if (fee.outcome === "unpriced") return [];
      const { id, tariffVersionId, amountCents, explanation } = fee;
      return [{ id, tariffVersionId, amountCents, explanation }];
    }),
  );

type PeriodChild = FeeChild & { siteId: string; firstDay: Day };

/** Enrolled on any day of the period so far; each child once, as on the first such day. */
async function childrenIn(
  tx: ReadTx,
  serviceId: string,
  from: Day,
  until: Day,
): Promise<PeriodChild[]> {
  const calendar = await townCalendar(tx);
  const spans = await rosterBetween(tx, { serviceIds: [serviceId], from, to: until });
  const first = new Map<string, { siteId: string; from: Day }>();
  for (const span of spans) {
    const known = first.get(span.childId);
    if (!known || isBefore(span.from, known.from)) first.set(span.childId, span);
  }
  return [...first].map(([childId, { siteId, from: firstDay }]) => ({
    childId,
    siteId,
    firstDay,
    level: calendar.sites.get(siteId)?.level ?? null,
  }));
}

/** Holders and payers of each child on its own first day. Nearly all share the period's: few days are asked for. */
async function onFirstDays(tx: ReadTx, serviceId: string, children: readonly PeriodChild[]) {
  const groups = Map.groupBy(children, ({ firstDay }) => firstDay.toString());
  const answers = await Promise.all(
    [...groups].map(async ([text, group]) => {
      const childIds = group.map(({ childId }) => childId);
      const date = day(text);
      const holders = await holdersOn(tx, childIds, date);
      return { holders, payers: await payersOn(tx, { childIds, serviceId, date }) };
    }),
  );
  return {
    holders: new Map(answers.flatMap(({ holders }) => [...holders])),
    payers: new Map(answers.flatMap(({ payers }) => [...payers])),
  };
}
