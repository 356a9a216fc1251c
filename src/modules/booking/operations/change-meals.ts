// SPDX-License-Identifier: EUPL-1.2
import type { Actor, Channel } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, earlier, later, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { decideMealChange, type MealAct, type MealDecision } from "../rules/decide-meal-change.ts";
import * as bookings from "../sql/bookings.ts";
import { insertReceipts, type Receipt, receiptsByIds } from "../sql/receipts.ts";
import { mayActFor } from "./authorise.ts";
import { bookingFacts } from "./booking-facts.ts";
import { issueReceipt, keyOf, previousReceipts } from "./issue-receipt.ts";

export interface MealChange {
  actor: Actor;
  channel: Channel;
  act: MealAct;
  serviceId: string;
  items: readonly { childId: string; date: Day }[];
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
 * accepted or refused. Everything is written in the caller's transaction.
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

  const decided = change.items
    .filter((item) => !before.has(keyOf(change, item)))
    .map(({ childId, date }) => {
      const day = facts.on(childId, date);
      return { ...day, decision: decideMealChange({ ...day, act: change.act }) };
    });
  const receipts = decided.map((item) =>
    item.decision.outcome === "already"
      ? null
      : issueReceipt(change, {
          tenantId: tx.tenantId,
          act: change.act,
          outcome: item.decision.outcome,
          childId: item.childId,
          from: item.date,
          to: null,
          cutoffAt: item.cutoffAt,
          effect: effectOf(facts.model, change.act, item.decision),
        }),
  );
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
    auditDesk(tx, change, childIds),
  ]);
  const fresh = decided.map((item, index) => ({
    childId: item.childId,
    date: item.date,
    decision: item.decision.outcome,
    receipt: receipts[index] ?? earlierOnes.find(({ id }) => id === item.receiptId) ?? null,
  }));
  return { outcome: "answered", answers: [...answered, ...fresh] };
}

type Decided = { childId: string; date: Day; decision: MealDecision };

function newChoices(
  serviceId: string,
  decided: readonly Decided[],
  receipts: readonly (Receipt | null)[],
): bookings.NewChoice[] {
  return decided.flatMap(({ childId, date, decision }, index) => {
    const receipt = receipts[index];
    if (decision.outcome !== "done" || !receipt) return [];
    return [{ childId, serviceId, date, choice: decision.choice, receiptId: receipt.id }];
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

/** A family's own acts are told by their receipts; what the office does for it goes on record too. */
async function auditDesk(
  tx: WriteTx,
  change: MealChange,
  childIds: readonly string[],
): Promise<void> {
  if (!change.actor.desk) return;
  const { holderId } = change.actor.desk;
  const dates = change.items.map(({ date }) => date.toString());
  await recordAudit(
    tx,
    ...childIds.map((childId) => ({
      actor: change.actor,
      at: change.now,
      action: `booking.${change.act}`,
      holderId,
      childId,
      details: { dates: [...new Set(dates)] },
    })),
  );
}
