// SPDX-License-Identifier: EUPL-1.2
import { firstDay } from "#calendar";
import type { Actor, Channel } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, daysBetween, earlier, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isOrdered } from "../rules/meal-state.ts";
import * as bookings from "../sql/bookings.ts";
import { insertReceipts, type Receipt } from "../sql/receipts.ts";
import { mayActFor } from "./authorise.ts";
import { bookingFacts, type BookingFacts, type DayFacts } from "./booking-facts.ts";
import { issueReceipt, keyOf, previousReceipts } from "./issue-receipt.ts";

/** No absence or return is looked for further away than this. */
export const HORIZON_DAYS = 300;

export interface AbsenceRequest {
  actor: Actor;
  channel: Channel;
  act: "absence" | "resume";
  serviceId: string;
  childIds: readonly string[];
  /** absence: its first day; resume: the first day with lunch again */
  from: Day;
  /** absence: the last day away, `null` = not known yet; resume: always `null` */
  to: Day | null;
  receivedAt: Moment;
  now: Moment;
  idempotencyKey: string;
  receiptKey: string;
}

export type AbsenceOutcome = "done" | "already" | Receipt["outcome"];

export type AbsenceResult =
  | {
      outcome: "answered";
      /** `effectiveFrom`: the first service day it holds for; later than asked when a cut-off had passed */
      answers: {
        childId: string;
        decision: AbsenceOutcome;
        effectiveFrom: Day | null;
        receipt: Receipt | null;
      }[];
    }
  | { outcome: "forbidden" }
  | { outcome: "key-reused" };

/**
 * Books children off for many days, or back on again (BO-12). Days whose cut-off has passed stay as they are: the act
 * holds from the first service day that can still be changed. One receipt per child.
 */
export async function changeAbsence(tx: WriteTx, request: AbsenceRequest): Promise<AbsenceResult> {
  const { childIds, serviceId } = request;
  if (!(await mayActFor(tx, request.actor, childIds, dayOf(request.now))))
    return { outcome: "forbidden" };
  await bookings.lockForChange(tx, { childIds, serviceId });
  const items = childIds.map((childId) => ({ childId, date: request.from }));
  const before = await previousReceipts(tx, request, items, request.to);
  if (before === "key-reused") return { outcome: "key-reused" };

  const until = request.from.add({ days: HORIZON_DAYS });
  const facts = await bookingFacts(tx, { ...request, to: until });
  const answers: Extract<AbsenceResult, { outcome: "answered" }>["answers"] = [];
  for (const item of items) {
    const known = before.get(keyOf(request, item));
    const decision = decide(facts, request, item.childId);
    if (known) {
      const { outcome } = known;
      answers.push({ ...item, decision: outcome, effectiveFrom: known.from, receipt: known });
    } else {
      answers.push(await save(tx, request, item.childId, decision));
    }
  }
  return { outcome: "answered", answers };
}

interface Decision {
  outcome: AbsenceOutcome;
  effective: DayFacts | null;
  mealDays: number;
  model: BookingFacts["model"];
}

function decide(facts: BookingFacts, request: AbsenceRequest, childId: string): Decision {
  const { from, to } = request;
  const end = earlier(to ?? from.add({ days: HORIZON_DAYS }), from.add({ days: HORIZON_DAYS }));
  const isServed = (date: Day): boolean => facts.on(childId, date).day.kind === "service";
  const isOpen = (date: Day): boolean => {
    const on = facts.on(childId, date);
    return on.day.kind === "service" && on.inTime && on.channelOpen && !on.locked;
  };
  const firstServed = firstDay(from, end, isServed);
  const first = firstDay(from, end, isOpen);
  const none = { effective: null, mealDays: 0, model: facts.model };
  if (!firstServed) return { ...none, outcome: "not-a-service-day" };
  const asked = facts.on(childId, firstServed);
  if (!asked.familiesReport) return { ...none, effective: asked, outcome: "school-reports" };
  if (asked.mode === "opt-in") return { ...none, effective: asked, outcome: "not-possible" };
  if (!first) {
    const outcome = asked.channelOpen ? "cutoff-passed" : "channel-closed";
    return { ...none, effective: asked, outcome };
  }
  const affected = [...daysBetween(first, end)]
    .map((date) => facts.on(childId, date))
    .filter(
      ({ day, state }) =>
        day.kind === "service" &&
        (request.act === "absence" ? isOrdered(state) : state === "cancelled"),
    );
  const effective = facts.on(childId, first);
  const outcome = affected.length === 0 ? "already" : "done";
  return { outcome, effective, mealDays: affected.length, model: facts.model };
}

async function save(tx: WriteTx, request: AbsenceRequest, childId: string, decision: Decision) {
  const { outcome, effective } = decision;
  const effectiveFrom = effective?.date ?? null;
  if (outcome === "already") return { childId, decision: outcome, effectiveFrom, receipt: null };
  const away = outcome === "done" && request.act === "absence";
  const receipt = issueReceipt(request, {
    tenantId: tx.tenantId,
    act: request.act,
    outcome,
    childId,
    from: request.from,
    to: request.to,
    cutoffAt: effective?.cutoffAt ?? null,
    effect: {
      model: decision.model,
      charge: decision.model === "fixed-fee" ? "unchanged" : away ? "none" : "kept",
      ...(request.to === null && away ? {} : { mealDays: decision.mealDays }),
      ...(effectiveFrom ? { effectiveFrom: effectiveFrom.toString() } : {}),
    },
  });
  await insertReceipts(tx, [receipt]);
  if (outcome === "done" && effectiveFrom) {
    const span = { childId, serviceId: request.serviceId };
    if (request.act === "absence") {
      const period = { from: effectiveFrom, to: request.to };
      await bookings.clearChoices(tx, { ...span, ...period });
      const ids = { id: newId(), receiptId: receipt.id, at: request.now };
      await bookings.insertAbsence(tx, { ...span, ...period, ...ids });
    } else {
      await bookings.endAbsences(tx, { ...span, resumeOn: effectiveFrom, receiptId: receipt.id });
    }
  }
  if (request.actor.desk) {
    await recordAudit(tx, {
      actor: request.actor,
      at: request.now,
      action: `booking.${request.act}`,
      holderId: request.actor.desk.holderId,
      childId,
      details: { from: request.from.toString(), to: request.to?.toString() ?? null },
    });
  }
  return { childId, decision: outcome, effectiveFrom, receipt };
}
