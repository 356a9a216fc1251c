// SPDX-License-Identifier: EUPL-1.2
import { createHash, randomBytes } from "node:crypto";
import type { Actor, Channel } from "#kernel/actor.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { checkCode, receiptNumber } from "../rules/receipt-code.ts";
import { type Receipt, receiptsByKeys } from "../sql/receipts.ts";

/** What every booking request brings along. */
export interface RequestFacts {
  actor: Actor;
  channel: Channel;
  act: Receipt["act"];
  serviceId: string;
  receivedAt: Moment;
  now: Moment;
  idempotencyKey: string;
  receiptKey: string;
}

interface Item {
  childId: string;
  date: Day;
}

export const keyOf = (request: RequestFacts, { childId, date }: Item): string =>
  `${request.idempotencyKey}:${childId}:${date.toString()}`;

const hashOf = (request: RequestFacts, to: Day | null): string =>
  createHash("sha256")
    .update(JSON.stringify([request.act, request.serviceId, to?.toString() ?? null]))
    .digest("hex");

/** The actor as the receipt names it: the office with the words "per la famiglia". */
const nameOf = (actor: Actor): string => (actor.desk ? `Sportello: ${actor.name}` : actor.name);

export function issueReceipt(
  request: RequestFacts,
  facts: Pick<Receipt, "act" | "outcome" | "childId" | "from" | "to" | "cutoffAt" | "effect"> & {
    tenantId: string;
  },
): Receipt {
  const { tenantId, ...shown } = facts;
  const number = receiptNumber(randomBytes(8));
  // The database keeps microseconds; the check code must vouch for what is stored.
  const receivedAt = request.receivedAt.round({
    smallestUnit: "microsecond",
    roundingMode: "trunc",
  });
  return {
    ...shown,
    id: newId(),
    number,
    checkCode: checkCode(
      request.receiptKey,
      sealed({ ...shown, number, serviceId: request.serviceId, receivedAt }, tenantId),
    ),
    serviceId: request.serviceId,
    channel: request.channel,
    actorId: request.actor.id,
    actorName: nameOf(request.actor),
    receivedAt,
    recordedAt: request.now,
    idempotencyKey: keyOf(request, { childId: facts.childId, date: facts.from }),
    inputHash: hashOf(request, facts.to),
  };
}

/** The facts under the check code. */
export function sealed(
  receipt: Pick<
    Receipt,
    "number" | "act" | "outcome" | "childId" | "serviceId" | "from" | "to" | "receivedAt" | "effect"
  >,
  tenantId: string,
) {
  return {
    tenantId,
    number: receipt.number,
    act: receipt.act,
    outcome: receipt.outcome,
    childId: receipt.childId,
    serviceId: receipt.serviceId,
    from: receipt.from.toString(),
    to: receipt.to?.toString() ?? null,
    receivedAt: receipt.receivedAt.toString(),
    countsFor: receipt.effect.countsFor,
  };
}

/**
 * The receipts already given to this key, by `keyOf`. Items that were "already so" have none and are decided again.
 * `key-reused`: the key came before with another input.
 */
export async function previousReceipts(
  tx: ReadTx,
  request: RequestFacts,
  items: readonly Item[],
  to: Day | null = null,
): Promise<"key-reused" | ReadonlyMap<string, Receipt>> {
  const found = await receiptsByKeys(
    tx,
    items.map((item) => keyOf(request, item)),
  );
  const hash = hashOf(request, to);
  if (found.some(({ inputHash }) => inputHash !== hash)) return "key-reused";
  return new Map(found.map((receipt) => [receipt.idempotencyKey, receipt]));
}
