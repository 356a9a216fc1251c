// SPDX-License-Identifier: EUPL-1.2
import type { Actor, Channel } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, earlier, later, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { decideMealChange, type MealAct, type MealDecision } from "../rules/decide-meal-change.ts";
import * as bookings from "../sql/bookings.ts";
import { insertReceipts, type Receipt, receiptsByIds } from "../sql/receipts.ts";
import { childrenOfOthers, mayActFor } from "./authorise.ts";
import { bookingFacts } from "./booking-facts.ts";
import { type AskedDay, type CountedLate, countForNextDay } from "./count-for-next-day.ts";
import { issueReceipt, keyOf, previousReceipts } from "./issue-receipt.ts";

export interface MealChange {
  actor: Actor;
  channel: Channel;
  act: MealAct;
  serviceId: string;
  /** `countsFor`: the later day that the page named for a cancellation that is late already */
  items: readonly { childId: string; date: Day; countsFor?: Day | null }[];
  /** when the request's headers or the call reached the server: the instant that counts */
  receivedAt: Moment;
  now: Moment;
  /** from the form: the same key and input give the same receipts */
  idempotencyKey: string;
  /** the installation's key for check codes */
  receiptKey: string;
}

export type MealChangeResult =
  | {
      outcome: "answered";
      /** `already`: the receipt is that of the earlier act, if there was one */
      answers: {
        childId: string;
        date: Day;
        decision: MealDecision["outcome"];
        receipt: Receipt | null;
      }[];
    }
  | { outcome: "forbidden" }
  /** the key came before with another input (409) */
  | { outcome: "key-reused" };

/**
 * Changes the meals of one family on one or several days. Every day is decided by itself and gets its receipt,
 * accepted or refused; a late cancellation may count for the next service day, on the same receipt. Everything
 * is written in the caller's transaction.
 */
export async function changeMeals(tx: WriteTx, change: MealChange): Promise<MealChangeResult> {
  const childIds = [...new Set(change.items.map(({ childId }) => childId))];
  // What is independent leaves together; the reads after the lock see what others committed before it was given.
  const [mayAct] = await Promise.all([
    mayActFor(tx, change.actor, childIds, dayOf(change.now)),
    bookings.lockForChange(tx, { childIds, serviceId: change.serviceId }),
  ]);
  if (!mayAct) return { outcome: "forbidden" };
  const dates = change.items.map(({ date }) => date);
  const [before, facts] = await Promise.all([
    previousReceipts(tx, change, change.items),
    bookingFacts(tx, {
      ...change,
      childIds,
      from: dates.reduce(earlier),
      to: dates.reduce(later),
    }),
  ]);
  if (before === "key-reused") return { outcome: "key-reused" };
  const answered = change.items.flatMap((item) => {
    const receipt = before.get(keyOf(change, item));
    return receipt ? [{ ...item, decision: receipt.outcome, receipt }] : [];
  });
  if (answered.length === change.items.length) return { outcome: "answered", answers: answered };

  const asked = change.items
    .filter((item) => !before.has(keyOf(change, item)))
    .map(({ childId, date, countsFor = null }): AskedDay => {
      const day = facts.on(childId, date);
      return { ...day, countsFor, decision: decideMealChange({ ...day, act: change.act }) };
    });
  const counted = await countForNextDay(tx, change, asked);
  const decided = asked.map((item) => withLate(item, counted.get(item.childId)));
  const receipts = decided.map((item) => receiptFor(tx.tenantId, change, item, facts.model));
  const already = decided.flatMap(({ decision, receiptId }) =>
    decision.outcome === "already" && receiptId ? [receiptId] : [],
  );
  // In this order: a choice refers to its receipt.
  const [earlierOnes] = await Promise.all([
    receiptsByIds(tx, already),
    insertReceipts(
      tx,
      receipts.filter((receipt) => receipt !== null),
    ),
    bookings.saveChoices(tx, newChoices(change.serviceId, decided, receipts), change.now),
    auditForOthers(tx, change, childIds, decided),
  ]);
  const fresh = decided.map((item, index) => ({
    childId: item.childId,
    date: item.date,
    decision: item.decision.outcome,
    receipt: receipts[index] ?? earlierOnes.find(({ id }) => id === item.receiptId) ?? null,
  }));
  return { outcome: "answered", answers: [...answered, ...fresh] };
}

interface Decided extends AskedDay {
  /** too late for its day: the one it counts for instead */
  late: Extract<CountedLate, { outcome: "counts" }> | null;
}

function withLate(item: AskedDay, late: CountedLate | undefined): Decided {
  if (!late) return { ...item, late: null };
  if (late.outcome === "counts") return { ...item, late };
  return { ...item, decision: { outcome: "already" }, receiptId: late.receipt.id, late: null };
}

/** One receipt for each day asked, also when another day is taken away; `already` has its earlier one. */
function receiptFor(
  tenantId: string,
  change: MealChange,
  { decision, childId, date, cutoffAt, late }: Decided,
  model: Receipt["effect"]["model"],
): Receipt | null {
  if (decision.outcome === "already") return null;
  return issueReceipt(change, {
    tenantId,
    act: change.act,
    outcome: decision.outcome,
    childId,
    from: date,
    to: null,
    cutoffAt,
    effect: {
      ...effectOf(model, change.act, decision),
      ...(late ? { countsFor: late.on.date.toString() } : {}),
      ...(late?.wasOff ? { wasOff: true } : {}),
    },
  });
}

function newChoices(
  serviceId: string,
  decided: readonly Decided[],
  receipts: readonly (Receipt | null)[],
): bookings.NewChoice[] {
  return decided.flatMap(({ childId, date, decision, late }, index) => {
    const receipt = receipts[index];
    if (!receipt) return [];
    const row = { childId, serviceId, receiptId: receipt.id };
    if (late && !late.wasOff) return [{ ...row, date: late.on.date, choice: "cancelled" as const }];
    return decision.outcome === "done" ? [{ ...row, date, choice: decision.choice }] : [];
  });
}

function effectOf(
  model: "prepaid" | "postpaid" | "fixed-fee",
  act: MealAct,
  decision: MealDecision,
): Receipt["effect"] {
  if (model === "fixed-fee") return { model, charge: "unchanged" };
  const free = decision.outcome === "done" && decision.choice === "cancelled";
  const off = decision.outcome === "closed-day" || decision.outcome === "not-a-service-day";
  if (free || off) return { model, charge: "none" };
  // A refused undo leaves the meal cancelled: nothing is charged.
  const staysOff = decision.outcome !== "done" && (act === "restore" || act === "book");
  return { model, charge: staysOff ? "none" : "kept" };
}

/** A family's own acts are told by their receipts; what office or delegates do for it goes on record too (X-15, BO-23). */
async function auditForOthers(
  tx: WriteTx,
  change: MealChange,
  childIds: readonly string[],
  decided: readonly Decided[],
): Promise<void> {
  const { actor, now: at } = change;
  const others = await childrenOfOthers(tx, actor, childIds, dayOf(at));
  if (others.length === 0) return;
  const holderId = actor.desk?.holderId ?? null;
  const moved = decided.flatMap(({ late }) => (late && !late.wasOff ? [late.on.date] : []));
  const dates = [...change.items.map(({ date }) => date), ...moved].map(String);
  await recordAudit(
    tx,
    ...others.map((childId) => ({
      actor,
      at,
      action: `booking.${change.act}`,
      holderId,
      childId,
      details: { dates: [...new Set(dates)] },
    })),
  );
}
