// SPDX-License-Identifier: EUPL-1.2
import type { AttendanceRow } from "#attendance";
import { townCalendar } from "#calendar";
import { payersOn } from "#enrolment";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { familyAccount, postMany, postNew, type Transfer } from "#ledger";
import { type Decision, type Priced, priceMeals, saveDecisions } from "#tariffs";
import { datedSettings, type ServiceSettings } from "#tenancy";
import { closingKeys, drawCharges, formerKey, type NewCharge } from "../rules/draw-charges.ts";
import { insertMealCharges, standingMealCharges } from "../sql/charges.ts";
import { noteUnpriced, resolveUnpriced } from "../sql/unpriced.ts";
import { reverseCharges } from "./reverse-charges.ts";

type AccountScope = ServiceSettings["payment"]["accountScope"];

/** How a service is paid on a day. */
export async function paymentOn(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<ServiceSettings["payment"] & { serviceCode: string }> {
  const calendar = await townCalendar(tx);
  const service = calendar.services.find(({ id }) => id === of.serviceId);
  if (!service) throw new Error("no such service");
  const payment = (await datedSettings(tx)).service(service.code, "payment", of.date);
  return { ...payment, serviceCode: service.code };
}

export interface ChargeBatch {
  serviceId: string;
  date: Day;
  closingNumber: number;
  meals: readonly AttendanceRow[];
  now: Moment;
  /** were these meals recorded for the first time in this very transaction? Then nothing can stand charged for them */
  isNew?: boolean;
}

/**
 * Prices and posts a batch of one site's meals in the caller's transaction. Repeatable: what this closing has charged
 * stays; what stands from elsewhere for the same child and day is reversed, so that a meal is charged exactly once.
 * A service with a fixed fee has nothing to charge per meal.
 */
export async function chargeMeals(tx: WriteTx, batch: ChargeBatch): Promise<{ charged: number }> {
  const { serviceId, date, now } = batch;
  const payment = await paymentOn(tx, batch);
  if (payment.model === "fixed-fee" || batch.meals.length === 0) return { charged: 0 };
  const { isNew = false } = batch;
  const meals = isNew ? batch.meals : await stillToCharge(tx, batch);
  if (meals.length === 0) return { charged: 0 };
  const calendar = await townCalendar(tx);
  const childIds = meals.map(({ childId }) => childId);
  const [prices, payers] = await Promise.all([
    priceMeals(tx, {
      serviceId,
      date,
      meals: meals.map(({ childId, siteId }) => ({
        childId,
        level: calendar.sites.get(siteId)?.level ?? null,
      })),
    }),
    payersOn(tx, { childIds, serviceId, date }),
  ]);
  const { charges, unpriced } = drawCharges({ ...batch, meals, prices, payers });
  const charged = await postMeals(tx, { ...batch, charges, prices, isNew });
  const entry = { kind: "meal", serviceId, date, at: now } as const;
  if (!isNew) await resolveUnpriced(tx, { ...entry, childIds });
  await noteUnpriced(tx, entry, unpriced);
  return { charged };
}

/** Posts one day's charges as they were drawn, with the reasons of their prices; says how many that were. */
export async function postMeals(
  tx: WriteTx,
  of: {
    serviceId: string;
    date: Day;
    charges: readonly NewCharge[];
    prices: ReadonlyMap<string, Priced>;
    now: Moment;
    /** none of their keys can be there */
    isNew: boolean;
  },
): Promise<number> {
  const { serviceId, date, now, isNew } = of;
  const payment = await paymentOn(tx, of);
  const decisions: Decision[] = [...of.prices.values()].flatMap((price) =>
    price.outcome === "priced" ? [price] : [],
  );
  await saveDecisions(tx, decisions);
  const rows = of.charges.map((charge) => ({ ...charge, id: newId() }));
  const billable = payment.model === "postpaid";
  const posting = { serviceId, date, billable, postedAt: now, isNew };
  const posted = await insertMealCharges(tx, posting, rows);
  const transfers = posted
    .filter(({ amountCents }) => amountCents > 0n)
    .map(transferOf({ serviceId, date, scope: payment.accountScope }));
  await (isNew ? postNew(tx, transfers, now) : postMany(tx, transfers, now));
  return posted.length;
}

/** Leaves out what this very closing charged before it was stopped; takes back what another site or closing charged. */
async function stillToCharge(tx: WriteTx, batch: ChargeBatch): Promise<readonly AttendanceRow[]> {
  const { serviceId, date, meals, now } = batch;
  const standing = await standingMealCharges(tx, {
    serviceIds: [serviceId],
    from: date,
    to: date,
    childIds: meals.map(({ childId }) => childId),
  });
  if (standing.length === 0) return meals;
  const keyOf = closingKeys(batch);
  const keys = new Map(meals.map((meal) => [meal.childId, [keyOf(meal), formerKey(batch, meal)]]));
  const isDone = ({ childId, chargeKey }: { childId: string | null; chargeKey: string }) =>
    keys.get(childId ?? "")?.some((key) => chargeKey.startsWith(key)) ?? false;
  const elsewhere = standing.filter((charge) => !isDone(charge));
  await reverseCharges(tx, elsewhere, { reason: "pasto registrato in un'altra scuola", now });
  const done = new Set(standing.filter(isDone).map(({ childId }) => childId));
  return meals.filter(({ childId }) => !done.has(childId));
}

/** A meal's money. The reference says what the account, as wide as the town's scope is, does not. */
function transferOf(of: {
  serviceId: string;
  date: Day;
  scope: AccountScope;
}): (charge: NewCharge) => Transfer {
  const { serviceId, date, scope } = of;
  const ofService = scope === "child-service" ? {} : { serviceId };
  return (charge) => ({
    key: charge.chargeKey,
    debit: familyAccount(scope, { ...charge, serviceId }),
    credit: { kind: "revenue", serviceId },
    amountCents: charge.amountCents,
    kind: "meal",
    happenedOn: date,
    reference: scope === "family" ? { childId: charge.childId, serviceId } : ofService,
  });
}
