// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { debtors, people } from "#families";
import { type Day, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { inEveryLanguage, planEmails, planMessages, rewriteMessages } from "#messaging";
import { inFours } from "#payments";
import {
  cancelledBillMessage,
  correctionMessage,
  repricedMessage,
} from "../rules/correction-messages.ts";
import {
  billEmail,
  billMessage,
  disputeMessage,
  type ReplacedBill,
} from "../rules/money-messages.ts";
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

/** What is told of a bill. */
export type ToldOfBill = Pick<
  Bill,
  "id" | "number" | "holderId" | "meals" | "totalCents" | "dueOn"
> & {
  childIds: readonly string[];
  /** of the payment notice that asks for it; null: the town has none yet */
  noticeNumber: string | null;
  noticeId: string | null;
  /** null: the family had none for these days */
  replaces: ReplacedBill | null;
};

interface ToldMonth {
  serviceId: string;
  month: Day;
  bills: readonly ToldOfBill[];
  now: Moment;
}

/** One message per account about the bills of a month and service, and an e-mail with their notices (BO-02). */
export async function tellBills(tx: WriteTx, of: ToldMonth): Promise<void> {
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
  await mailBills(tx, { ...of, service });
}

/** A bill was corrected, and what is left of it makes no bill. */
export async function tellCancelledBill(
  tx: WriteTx,
  of: {
    bill: Bill;
    /** number under which the family had it */
    former: string;
    leftCents: Cents;
    reason: string;
    now: Moment;
  },
): Promise<void> {
  const { id, holderId, childId, serviceId, month, totalCents } = of.bill;
  const service = await serviceOf(tx, serviceId);
  const said = { ...of, service, month, number: of.former, beforeCents: totalCents };
  const dedupeKey = `bill-cancelled:${id}`;
  const message = {
    holderId,
    childIds: childId ? [childId] : [],
    kind: "bill-cancelled",
    dedupeKey,
    ...inEveryLanguage((lang) => cancelledBillMessage(said, lang)),
  };
  await planMessages(tx, [message], of.now);
  const payer = (await debtors(tx, [holderId])).get(holderId);
  if (!payer || payer.email === "") return;
  const { personId, email: address, language: lang } = payer;
  // Who had the notice by e-mail hears so. The reason may name a child: it stays in the portal.
  const text = cancelledBillMessage({ ...said, reason: "" }, lang);
  const to = { holderId, personId, address, lang, path: "/pagamenti", dedupeKey };
  await planEmails(tx, [{ ...to, ...text, kind: "bill", noticeIds: [] }], of.now);
}

/** To every account with an address, one e-mail with the notices of its bills. */
async function mailBills(
  tx: WriteTx,
  of: ToldMonth & { service: Awaited<ReturnType<typeof serviceOf>> },
): Promise<void> {
  const asked = Map.groupBy(
    of.bills.filter(({ noticeId }) => noticeId !== null),
    ({ holderId }) => holderId,
  );
  const payers = await debtors(tx, [...asked.keys()]);
  const emails = [...asked].flatMap(([holderId, bills]) => {
    const payer = payers.get(holderId);
    if (!payer || payer.email === "") return [];
    const { personId, email: address, language: lang } = payer;
    const { service, month } = of;
    const [first] = bills;
    return [
      {
        holderId,
        personId,
        address,
        lang,
        kind: "bill" as const,
        ...billEmail({ service, month, dueOn: first!.dueOn, bills }, lang),
        path: "/pagamenti",
        noticeIds: bills.flatMap(({ noticeId }) => noticeId ?? []),
        dedupeKey: `bill-drawn:${first!.id}`,
      },
    ];
  });
  await planEmails(tx, emails, of.now);
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

/** After a retroactive change each account is told once what its meals come to now; not where nothing is left of it. */
export async function tellRepriced(
  tx: WriteTx,
  of: {
    serviceId: string;
    differences: readonly {
      childId: string;
      holderId: string;
      date: Day;
      before: Cents;
      after: Cents;
    }[];
    reason: string;
    model: "prepaid" | "postpaid" | "fixed-fee";
    now: Moment;
  },
): Promise<void> {
  const { serviceId, differences, reason, model, now } = of;
  if (differences.length === 0 || model === "fixed-fee") return;
  const service = await serviceOf(tx, serviceId);
  const names = await namesOf(tx, [...new Set(differences.map(({ childId }) => childId))]);
  const messages = [...Map.groupBy(differences, ({ holderId }) => holderId)].map(
    ([holderId, own]) => {
      const childIds = [...new Set(own.map(({ childId }) => childId))];
      const days = own.map(({ date }) => date).toSorted(Temporal.PlainDate.compare);
      const told = {
        service,
        children: childIds.map((id) => names.get(id) ?? "").toSorted(),
        meals: own.length,
        from: days[0]!,
        to: days.at(-1)!,
        before: own.reduce((sum, one) => sum + one.before, 0n),
        now: own.reduce((sum, one) => sum + one.after, 0n),
        reason,
        model,
      };
      return {
        holderId,
        childIds,
        kind: "charge-corrected",
        dedupeKey: `charges-repriced:${serviceId}:${now.epochMilliseconds}:${holderId}`,
        ...inEveryLanguage((lang) => repricedMessage(told, lang)),
      };
    },
  );
  // A repricing in parts says the sums so far, in one message.
  await rewriteMessages(tx, messages, now);
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
