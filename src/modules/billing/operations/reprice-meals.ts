// SPDX-License-Identifier: EUPL-1.2
import { attendanceOn, holdServiceDays, serviceDays } from "#attendance";
import { townCalendar } from "#calendar";
import { payersOn } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, day, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { type Priced, priceMeals } from "#tariffs";
import { compareCharges, type PartDifference } from "../rules/compare-charges.ts";
import { drawCharges, type NewCharge, type UnpricedMeal } from "../rules/draw-charges.ts";
import { lockBilling } from "../sql/bills.ts";
import { type Charge, standingMealCharges } from "../sql/charges.ts";
import { resolveUnpriced, unpricedDays } from "../sql/unpriced.ts";
import { paymentOn, postMeals } from "./charge-meals.ts";
import { reverseCharges } from "./reverse-charges.ts";
import { tellRepriced } from "./tell-money.ts";

export const MAY_REPRICE = new Set<Actor["role"]>(["office-manager", "administrator"]);
export const LONGEST_REASON = 500;

export interface RepricedSpan {
  serviceId: string;
  from: Day;
  to: Day;
  /** all of the service without it */
  childIds?: readonly string[];
}

export interface Repricing {
  /** each account's part of a meal that costs something else now */
  differences: (PartDifference & { date: Day })[];
  /** meals that had no price until now, also those that cost nothing */
  newlyPriced: number;
  /** what still has no price: it stays as it is */
  unpriced: (UnpricedMeal & { date: Day })[];
  beforeCents: Cents;
  afterCents: Cents;
}

/** What changes of one day: drawn once, posted as it was drawn. */
interface DayPlan {
  date: Day;
  meals: number;
  wrong: Charge[];
  charges: NewCharge[];
  prices: ReadonlyMap<string, Priced>;
  /** children whose meal may have waited for a price */
  priced: string[];
}

/**
 * What meals that are charged would cost by the tariff, ISEE and payers known now (domain.md "Prices": a retroactive
 * change is previewed, then posted). Only days that are closed; nothing is written.
 */
export async function previewReprice(tx: ReadTx, of: RepricedSpan): Promise<Repricing> {
  return (await plan(tx, { ...of, closingNumber: 0 })).repricing;
}

async function plan(
  tx: ReadTx,
  of: RepricedSpan & { closingNumber: number },
): Promise<{ repricing: Repricing; days: DayPlan[] }> {
  const { serviceId, from, to, childIds } = of;
  const repricing: Repricing = {
    differences: [],
    newlyPriced: 0,
    unpriced: [],
    beforeCents: 0n,
    afterCents: 0n,
  };
  const serviceIds = [serviceId];
  const waiting = new Set((await unpricedDays(tx, of)).map(String));
  const closed = new Set(
    (await serviceDays(tx, { serviceId, from, to }))
      .filter(({ state }) => state === "closed")
      .map(({ siteId, date }) => `${siteId}/${date.toString()}`),
  );
  const { sites } = await townCalendar(tx);
  const standing = Map.groupBy(
    await standingMealCharges(tx, { serviceIds, from, to, childIds }),
    ({ date }) => date.toString(),
  );
  const days: DayPlan[] = [];
  // house-allow query-in-loop: a price is that of its day; each day is read once for all its children
  for (const text of [...new Set([...standing.keys(), ...waiting])].toSorted()) {
    const date = day(text);
    const stood = standing.get(text) ?? [];
    const rows = (await attendanceOn(tx, { serviceId, date, childIds })).filter(
      ({ billable, siteId }) => billable && closed.has(`${siteId}/${text}`),
    );
    const [prices, payers] = await Promise.all([
      priceMeals(tx, {
        serviceId,
        date,
        meals: rows.map(({ childId, siteId }) => ({
          childId,
          level: sites.get(siteId)?.level ?? null,
        })),
      }),
      payersOn(tx, { childIds: rows.map(({ childId }) => childId), serviceId, date }),
    ]);
    const closing = { ...of, date };
    const drawn = drawCharges({ ...closing, meals: rows, prices, payers });
    const { differences, isNew } = compareCharges(stood, drawn.charges);
    repricing.unpriced.push(...drawn.unpriced.map((one) => ({ ...one, date })));
    repricing.differences.push(...differences.map((one) => ({ ...one, date })));
    repricing.newlyPriced += isNew.length;
    const changed = new Set([...isNew, ...differences.map(({ childId }) => childId)]);
    if (changed.size === 0) continue;
    days.push({
      date,
      meals: changed.size,
      wrong: stood.filter(({ childId }) => changed.has(childId ?? "")),
      charges: drawn.charges.filter(({ childId }) => changed.has(childId)),
      prices: new Map([...prices].filter(([childId]) => changed.has(childId))),
      priced: waiting.has(text) ? [...changed] : [],
    });
  }
  for (const { before, after } of repricing.differences) {
    repricing.beforeCents += before;
    repricing.afterCents += after;
  }
  return { repricing, days };
}

export type RepricedMeals =
  | { outcome: "repriced"; meals: number; differenceCents: Cents }
  | { outcome: "nothing-to-do" }
  /** not what the preview showed: something came meanwhile */
  | { outcome: "changed" }
  | { outcome: "forbidden" | "reason-missing" };

/** What a preview showed, in short: posted is that, or nothing. */
export const repricingMark = ({ differences, newlyPriced, ...of }: Repricing): string =>
  [differences.length, newlyPriced, of.beforeCents, of.afterCents].join(":");

export const joinRepricings = (parts: readonly Repricing[]): Repricing => ({
  differences: parts.flatMap(({ differences }) => differences),
  newlyPriced: parts.reduce((sum, one) => sum + one.newlyPriced, 0),
  unpriced: parts.flatMap(({ unpriced }) => unpriced),
  beforeCents: parts.reduce((sum, one) => sum + one.beforeCents, 0n),
  afterCents: parts.reduce((sum, one) => sum + one.afterCents, 0n),
});

/**
 * Posts what the preview showed: the charges that are not right are reversed and charged anew, each with the reasons of
 * today. Issued bills stay; the difference goes to the next one, or at once to a prepaid account. Who pays is told.
 */
export async function repriceMeals(
  tx: WriteTx,
  of: RepricedSpan & {
    actor: Actor;
    shown: string;
    reason: string;
    now: Moment;
    /** what families were told of the parts before, at the same moment */
    told?: Repricing["differences"];
  },
): Promise<RepricedMeals> {
  const { actor, serviceId, now } = of;
  if (!MAY_REPRICE.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason === "") return { outcome: "reason-missing" };
  await lockBilling(tx);
  await holdServiceDays(tx, of);
  // The moment is part of the keys: a meal taken back and charged again gets a new one each time.
  const closingNumber = Number(now.epochMilliseconds);
  const { repricing, days } = await plan(tx, { ...of, closingNumber });
  if (days.length === 0) return { outcome: "nothing-to-do" };
  if (repricingMark(repricing) !== of.shown) return { outcome: "changed" };
  await reverseCharges(
    tx,
    days.flatMap(({ wrong }) => wrong),
    { reason, now },
  );
  // house-allow query-in-loop: one batch per day, as a day is closed; nothing is read or priced again
  for (const { date, charges, prices, priced } of days) {
    await postMeals(tx, { serviceId, date, charges, prices, now, isNew: true });
    const entry = { kind: "meal", serviceId, date, at: now, childIds: priced } as const;
    if (priced.length > 0) await resolveUnpriced(tx, entry);
  }
  const { model } = await paymentOn(tx, { serviceId, date: of.to });
  const differences = [...(of.told ?? []), ...repricing.differences];
  const paying = new Set(repricing.differences.map(({ holderId }) => holderId));
  await tellRepriced(tx, {
    ...of,
    differences: differences.filter(({ holderId }) => paying.has(holderId)),
    reason,
    model,
  });
  const differenceCents = repricing.afterCents - repricing.beforeCents;
  const meals = days.reduce((sum, one) => sum + one.meals, 0);
  await recordAudit(tx, {
    actor,
    at: now,
    action: "billing.reprice-meals",
    childId: of.childIds?.length === 1 ? of.childIds[0]! : null,
    reason,
    details: {
      serviceId,
      from: of.from.toString(),
      to: of.to.toString(),
      meals,
      differenceCents: differenceCents.toString(),
    },
  });
  return { outcome: "repriced", meals, differenceCents };
}
