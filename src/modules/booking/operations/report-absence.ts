// SPDX-License-Identifier: EUPL-1.2
import { firstDay } from "#calendar";
import type { Actor, Channel } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import {
  type Day,
  dayOf,
  daysBetween,
  earlier,
  isBefore,
  type Moment,
  sameDay,
} from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isOrdered } from "../rules/meal-state.ts";
import { endedByReturn } from "../rules/resume.ts";
import * as bookings from "../sql/bookings.ts";
import { insertReceipts, type Receipt } from "../sql/receipts.ts";
import { childrenOfOthers, mayActFor } from "./authorise.ts";
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

interface Answer {
  childId: string;
  decision: AbsenceOutcome;
  effectiveFrom: Day | null;
  receipt: Receipt | null;
}

export type AbsenceResult =
  | {
      outcome: "answered";
      /** `effectiveFrom`: the first service day it holds for; later than asked when a cut-off had passed */
      answers: Answer[];
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
  const fresh = childIds.filter(
    (childId) => !before.has(keyOf(request, { childId, date: request.from })),
  );
  const answers: Answer[] = childIds.flatMap((childId) => {
    const receipt = before.get(keyOf(request, { childId, date: request.from }));
    return receipt
      ? [{ childId, decision: receipt.outcome, effectiveFrom: receipt.from, receipt }]
      : [];
  });
  const decided = fresh.map((childId) => ({ childId, decision: decide(facts, request, childId) }));
  const saved = await save(tx, request, decided);
  return { outcome: "answered", answers: [...answers, ...saved] };
}

interface Decision {
  outcome: AbsenceOutcome;
  effective: DayFacts | null;
  mealDays: number;
  model: BookingFacts["model"];
  /** resume: the absences that end */
  ended: readonly bookings.AbsenceRow[];
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
  const none = { effective: null, mealDays: 0, model: facts.model, ended: [] };
  if (!firstServed) return { ...none, outcome: "not-a-service-day" };
  const asked = facts.on(childId, firstServed);
  if (!asked.familiesReport) return { ...none, effective: asked, outcome: "school-reports" };
  if (asked.mode === "opt-in") return { ...none, effective: asked, outcome: "not-possible" };
  const late = asked.channelOpen ? "cutoff-passed" : "channel-closed";
  if (!first) return { ...none, effective: asked, outcome: late };
  const resume = request.act === "resume";
  const ended = resume ? endedByReturn(facts.absences(childId), first, isServed) : [];
  const isOther = ({ state }: DayFacts): boolean =>
    resume ? state === "cancelled" : isOrdered(state);
  // The first day back is on whatever cancelled it; a later day that was cancelled for itself stays so.
  const becomesSo = ({ date }: DayFacts): boolean =>
    !resume || sameDay(date, first) || isOrdered(facts.on(childId, date, ended).state);
  const affected = [...daysBetween(first, end)]
    .map((date) => facts.on(childId, date))
    .filter((on) => on.day.kind === "service" && isOther(on) && becomesSo(on));
  if (affected.length > 0) {
    const effective = facts.on(childId, first, ended);
    return { ...none, outcome: "done", effective, mealDays: affected.length, ended };
  }
  const tooLate = isBefore(asked.date, first) && isOther(asked);
  return tooLate
    ? { ...none, effective: asked, outcome: late }
    : { ...none, effective: facts.on(childId, first), outcome: "already" };
}

async function save(
  tx: WriteTx,
  request: AbsenceRequest,
  decided: readonly { childId: string; decision: Decision }[],
): Promise<Answer[]> {
  const answers = decided.map(({ childId, decision }): Answer => {
    const { outcome, effective } = decision;
    const effectiveFrom = effective?.date ?? null;
    const receipt =
      outcome === "already" ? null : receiptFor(tx.tenantId, request, childId, decision);
    return { childId, decision: outcome, effectiveFrom, receipt };
  });
  await insertReceipts(
    tx,
    answers.flatMap(({ receipt }) => (receipt ? [receipt] : [])),
  );
  const done = answers.flatMap(({ childId, decision, effectiveFrom, receipt }) =>
    decision === "done" && effectiveFrom && receipt
      ? [{ id: newId(), childId, from: effectiveFrom, receiptId: receipt.id }]
      : [],
  );
  const { serviceId, to, now: at } = request;
  if (done.length > 0 && request.act === "absence") {
    await bookings.clearChoices(tx, { serviceId, to }, done);
    await bookings.insertAbsences(tx, { serviceId, to, at }, done);
  } else if (done.length > 0) {
    const decisions = new Map(decided.map(({ childId, decision }) => [childId, decision]));
    const ends = done.flatMap(({ childId, from, receiptId }) =>
      (decisions.get(childId)?.ended ?? []).map(({ id }) => ({ id, from, receiptId })),
    );
    await bookings.endAbsences(tx, ends);
    // Without its absences the first day back may still be cancelled for itself.
    const back = done
      .filter(({ childId }) => decisions.get(childId)?.effective?.state === "cancelled")
      .map(({ childId, from: date, receiptId }) => ({ childId, serviceId, date, receiptId }));
    await bookings.saveChoices(
      tx,
      back.map((row) => ({ ...row, choice: "expected" as const })),
      at,
    );
  }
  await auditForOthers(tx, request);
  return answers;
}

function receiptFor(
  tenantId: string,
  request: AbsenceRequest,
  childId: string,
  { outcome, effective, mealDays, model }: Decision,
): Receipt {
  const away = outcome === "done" && request.act === "absence";
  // A refused return leaves the meals cancelled: nothing is charged.
  const staysOff = outcome !== "done" && request.act === "resume";
  const free = away || staysOff || outcome === "not-a-service-day";
  return issueReceipt(request, {
    tenantId,
    act: request.act,
    outcome: outcome as Receipt["outcome"],
    childId,
    from: request.from,
    to: request.to,
    cutoffAt: effective?.cutoffAt ?? null,
    effect: {
      model,
      charge: model === "fixed-fee" ? "unchanged" : free ? "none" : "kept",
      // without an end nobody knows how many
      ...(request.to === null && away ? {} : { mealDays }),
      ...(effective ? { effectiveFrom: effective.date.toString() } : {}),
    },
  });
}

async function auditForOthers(tx: WriteTx, request: AbsenceRequest): Promise<void> {
  const { actor, now: at, from, to } = request;
  const others = await childrenOfOthers(tx, actor, request.childIds, dayOf(at));
  if (others.length === 0) return;
  await recordAudit(
    tx,
    ...others.map((childId) => ({
      actor,
      at,
      action: `booking.${request.act}`,
      holderId: actor.desk?.holderId ?? null,
      childId,
      details: { from: from.toString(), to: to?.toString() ?? null },
    })),
  );
}
