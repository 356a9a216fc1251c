// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { balanceOf, post } from "#ledger";
import type { MoneyEvent } from "../rules/money-desk-words.ts";
import * as requests from "../sql/money-requests.ts";
import { tellMoney } from "./tell-money-desk.ts";

export const MAY_DECIDE_MONEY = new Set<Actor["role"]>(["office-manager", "administrator"]);

export type AnsweredMoney =
  | { outcome: "approved" | "executed" | "refused" }
  | { outcome: "already-answered"; request: requests.MoneyRequest }
  /** the credit was used meanwhile */
  | { outcome: "not-enough-credit"; balanceCents: Cents }
  | { outcome: "answer-missing" | "unknown" | "forbidden" };

/**
 * The office approves or refuses a request. Approved, the money leaves the account at once: a transfer reaches
 * the sibling's, a refund waits in `refunds-payable` for the bank's file. Once, whatever is pressed twice.
 */
export async function answerMoney(
  tx: WriteTx,
  of: { actor: Actor; id: string; decision: "approve" | "refuse"; answer: string; now: Moment },
): Promise<AnsweredMoney> {
  const { actor, id, decision, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const answer = of.answer.trim().slice(0, 1000);
  await requests.lockMoneyDesk(tx);
  const [request] = await requests.lockRequests(tx, [id]);
  if (!request?.holderId) return { outcome: "unknown" };
  if (request.state !== "received") return { outcome: "already-answered", request };
  if (decision === "refuse") {
    if (answer === "") return { outcome: "answer-missing" };
    await settle(tx, { request, to: "refused", answer, actor, now });
    return { outcome: "refused" };
  }
  const { holderId, fromChildId: childId, fromServiceId: serviceId } = request;
  const from = { kind: "family", holderId, childId, serviceId } as const;
  const balanceCents = await balanceOf(tx, from);
  if (balanceCents < request.amountCents) return { outcome: "not-enough-credit", balanceCents };
  const isRefund = request.kind === "refund";
  await post(
    tx,
    {
      key: `money-request:${id}`,
      debit: from,
      credit: isRefund
        ? { kind: "refunds-payable" }
        : {
            kind: "family",
            holderId,
            childId: request.toChildId,
            serviceId: request.toServiceId,
          },
      amountCents: request.amountCents,
      kind: isRefund ? "refund" : "transfer",
      happenedOn: dayOf(now),
      reference: { request: request.number, reason: request.reason },
    },
    now,
  );
  const to = isRefund ? "approved" : "executed";
  await settle(tx, { request, to, answer, actor, now });
  return { outcome: to };
}

function eventOf(
  { number, amountCents, dueOn }: requests.MoneyRequest,
  of: { to: "approved" | "executed" | "refused"; answer: string; today: Day },
): MoneyEvent {
  const { to, answer, today } = of;
  switch (to) {
    case "refused":
      return { kind: to, number, amountCents, answer };
    case "approved":
      return { kind: to, number, amountCents, promisedOn: isBefore(dueOn, today) ? null : dueOn };
    case "executed":
      return { kind: to, number, amountCents };
  }
}

async function settle(
  tx: WriteTx,
  of: {
    request: requests.MoneyRequest;
    to: "approved" | "executed" | "refused";
    answer: string;
    actor: Actor;
    now: Moment;
  },
): Promise<void> {
  const { request, to, answer, actor, now } = of;
  const { id, number, amountCents, holderId } = request;
  const by = actor.name;
  await requests.moveRequests(tx, {
    ids: [id],
    from: "received",
    to,
    at: now,
    answer: { text: answer, by },
  });
  await requests.insertRequestEvents(tx, [
    { id: newId(), requestId: id, state: to, at: now, by, note: answer },
  ]);
  if (holderId)
    await tellMoney(tx, {
      told: [
        {
          holderIds: [holderId],
          event: eventOf(request, { to, answer, today: dayOf(now) }),
          key: `money-request:${id}:${to}`,
        },
      ],
      now,
    });
  await recordAudit(tx, {
    actor,
    at: now,
    action: `payments.money-request-${to}`,
    holderId,
    childId: request.fromChildId,
    reason: answer || null,
    details: { request: number, amountCents: amountCents.toString() },
  });
}
