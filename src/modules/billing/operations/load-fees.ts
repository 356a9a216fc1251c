// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { type Payer, payersOn, rosterBetween } from "#enrolment";
import { holdersOn } from "#families";
import { type Day, day, earlier, isBefore, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type FeeChild, type FeePeriod, type PricedFee, priceFees } from "#tariffs";
import type { Charge } from "../sql/charges.ts";
import { feesOf } from "../sql/fees.ts";

export interface LoadedFees {
  children: readonly PeriodChild[];
  priced: readonly PricedFee[];
  payers: ReadonlyMap<string, readonly Payer[]>;
  /** also those taken back */
  posted: readonly Charge[];
}

/** The fees of one service and period as tariff, ISEE and payers have them now, beside what is posted. */
export async function loadFees(
  tx: ReadTx,
  of: { serviceId: string; period: FeePeriod; today: Day },
): Promise<LoadedFees> {
  const { serviceId, period } = of;
  const until = earlier(of.today, period.to);
  const children = await childrenIn(tx, serviceId, period.from, until);
  const { holders, payers } = await onFirstDays(tx, serviceId, children);
  const priced = await priceFees(tx, { serviceId, period, children, holders });
  return { children, priced, payers, posted: await postedFees(tx, serviceId, period) };
}

function postedFees(tx: ReadTx, serviceId: string, period: FeePeriod): Promise<Charge[]> {
  const year = schoolYearOf(period.from);
  const from = Temporal.PlainDate.from({ year, month: 8, day: 1 });
  const to = from.add({ years: 1 }).subtract({ days: 1 });
  return feesOf(tx, { serviceId, name: period.name, from, to });
}

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
