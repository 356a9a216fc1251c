// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { people } from "#families";
import { type Day, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { inEveryLanguage, planMessages } from "#messaging";
import { inFours } from "#payments";
import { billMessage, correctionMessage, disputeMessage } from "../rules/money-messages.ts";
import type { Bill } from "../sql/bills.ts";
import type { Charge } from "../sql/charges.ts";
import type { Dispute } from "../sql/disputes.ts";
import { paymentOn } from "./charge-meals.ts";

// What concerns money is told to the accounts that pay: by their shares, each of its own part.

async function namesOf(tx: ReadTx, childIds: readonly string[]): Promise<Map<string, string>> {
  return new Map((await people(tx, childIds)).map(({ id, givenName }) => [id, givenName]));
}

async function serviceOf(tx: ReadTx, serviceId: string) {
  return (await townCalendar(tx)).services.find(({ id }) => id === serviceId)!;
}

/** One message per account about the bills of a month and service (BO-02). */
export async function tellBills(
  tx: WriteTx,
  of: {
    serviceId: string;
    month: Day;
    bills: readonly (Pick<Bill, "id" | "number" | "holderId" | "meals" | "totalCents" | "dueOn"> & {
      childIds: readonly string[];
      /** of the payment notice that asks for it; null: the town has none yet */
      noticeNumber: string | null;
    })[];
    now: Moment;
  },
): Promise<void> {
  if (of.bills.length === 0) return;
  const service = await serviceOf(tx, of.serviceId);
  const names = await namesOf(tx, [...new Set(of.bills.flatMap(({ childIds }) => childIds))]);
  const messages = [...Map.groupBy(of.bills, ({ holderId }) => holderId)].map(
    ([holderId, bills]) => {
      const [first] = bills;
      const told = bills.map((bill) => ({
        ...bill,
        noticeNumber: bill.noticeNumber && inFours(bill.noticeNumber),
        children: bill.childIds.map((id) => names.get(id) ?? "").toSorted(),
      }));
      return {
        holderId,
        childIds: [...new Set(bills.flatMap(({ childIds }) => childIds))],
        kind: "bill-drawn",
        dedupeKey: `bill-drawn:${first!.id}`,
        ...inEveryLanguage((lang) =>
          billMessage({ service, month: of.month, dueOn: first!.dueOn, bills: told }, lang),
        ),
      };
    },
  );
  await planMessages(tx, messages, of.now);
}

/** To who disputed and to who else pays that meal. `parts`: all charges of it, of the same closing. */
export async function tellAnswer(
  tx: WriteTx,
  of: {
    dispute: Dispute;
    charge: Charge;
    parts: readonly Charge[];
    /** account → what it is charged for that meal now */
    standing: ReadonlyMap<string, Cents>;
    decision: "accepted" | "refused";
    answer: string;
    now: Moment;
  },
): Promise<void> {
  const { dispute, charge, decision, answer } = of;
  const service = await serviceOf(tx, charge.serviceId);
  const childIds = charge.childId ? [charge.childId] : [];
  const names = await namesOf(tx, childIds);
  const told = {
    service,
    date: charge.date,
    child: charge.childId ? (names.get(charge.childId) ?? "") : "",
    feeName: charge.kind === "fixed-fee" ? charge.reason : null,
    number: Number(dispute.number),
    decision,
    answer,
  };
  const messages = of.parts.map(({ holderId, amountCents }) => ({
    holderId,
    childIds,
    kind: "dispute-answered",
    dedupeKey: `dispute-answered:${dispute.id}:${holderId}`,
    ...inEveryLanguage((lang) =>
      disputeMessage({ ...told, before: amountCents, now: of.standing.get(holderId) ?? 0n }, lang),
    ),
  }));
  await planMessages(tx, messages, of.now);
}

/** What one account was charged for a child's meal, and is charged now. */
export interface ChargeDifference {
  childId: string;
  holderId: string;
  before: Cents;
  now: Cents;
}

/** After a day has closed a charge is not what it was: whoever pays is told, once per `event` (BI-10). */
export async function tellCorrections(
  tx: WriteTx,
  of: {
    serviceId: string;
    date: Day;
    differences: readonly ChargeDifference[];
    reason: string;
    /** names what happened: the same one twice tells nobody again */
    event: string;
    now: Moment;
  },
): Promise<void> {
  const { serviceId, date, reason, event } = of;
  const differences = of.differences.filter(({ before, now }) => before !== now);
  const { model } = await paymentOn(tx, { serviceId, date });
  if (differences.length === 0 || model === "fixed-fee") return;
  const service = await serviceOf(tx, serviceId);
  const names = await namesOf(tx, [...new Set(differences.map(({ childId }) => childId))]);
  const messages = differences.map(({ childId, holderId, before, now }) => ({
    holderId,
    childIds: [childId],
    kind: "charge-corrected",
    dedupeKey: `charge-corrected:${serviceId}:${date.toString()}:${childId}:${event}:${holderId}`,
    ...inEveryLanguage((lang) =>
      correctionMessage(
        { service, date, child: names.get(childId) ?? "", before, now, reason, model },
        lang,
      ),
    ),
  }));
  await planMessages(tx, messages, of.now);
}

/** Account → cents, of charges that stand. */
export function sumByHolder(
  charges: readonly Pick<Charge, "holderId" | "amountCents">[],
): Map<string, Cents> {
  const sums = new Map<string, Cents>();
  for (const { holderId, amountCents } of charges)
    sums.set(holderId, (sums.get(holderId) ?? 0n) + amountCents);
  return sums;
}
