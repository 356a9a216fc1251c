// SPDX-License-Identifier: EUPL-1.2
import type { AttendanceRow } from "#attendance";
import { townCalendar } from "#calendar";
import { payersOn } from "#enrolment";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { familyAccount, postMany, type Transfer } from "#ledger";
import { type Decision, priceMeals, saveDecisions } from "#tariffs";
import { datedSettings, type ServiceSettings } from "#tenancy";
import { drawCharges, type NewCharge } from "../rules/draw-charges.ts";
import { insertMealCharges, noteUnpriced } from "../sql/charges.ts";

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
}

/**
 * Prices and posts a batch of one site's meals in the caller's transaction. Repeatable: each meal has its own key.
 * A service with a fixed fee has nothing to charge per meal.
 */
export async function chargeMeals(tx: WriteTx, batch: ChargeBatch): Promise<{ charged: number }> {
  const { serviceId, date, meals, now } = batch;
  const payment = await paymentOn(tx, batch);
  if (payment.model === "fixed-fee" || meals.length === 0) return { charged: 0 };
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
  const { charges, unpriced } = drawCharges({ ...batch, prices, payers });
  const decisions: Decision[] = [...prices.values()].flatMap((price) =>
    price.outcome === "priced" ? [price] : [],
  );
  await saveDecisions(tx, decisions);
  const rows = charges.map((charge) => ({ ...charge, id: newId() }));
  const fresh = await insertMealCharges(tx, { serviceId, date, postedAt: now }, rows);
  await postMany(
    tx,
    charges
      .filter(({ chargeKey, amountCents }) => amountCents > 0n && fresh.has(chargeKey))
      .map((charge) => toTransfer(charge, serviceId, date, payment.accountScope)),
    now,
  );
  await noteUnpriced(tx, { serviceId, date, at: now }, unpriced);
  return { charged: fresh.size };
}

function toTransfer(
  charge: NewCharge,
  serviceId: string,
  date: Day,
  scope: AccountScope,
): Transfer {
  return {
    key: charge.chargeKey,
    debit: familyAccount(scope, { ...charge, serviceId }),
    credit: { kind: "revenue", serviceId },
    amountCents: charge.amountCents,
    kind: "meal",
    happenedOn: date,
    reference: { childId: charge.childId, serviceId },
  };
}
