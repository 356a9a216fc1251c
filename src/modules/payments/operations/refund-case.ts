// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { LONGEST_BENEFICIARY } from "../rules/money-request.ts";
import * as requests from "../sql/money-requests.ts";
import { caseById, receiptById } from "../sql/receipts.ts";
import { promisedDay } from "./promised-day.ts";
import { decideCase, type ResolvedCase } from "./resolve-case.ts";

/**
 * Money that no rule could place goes back to who paid it: out of suspense into `refunds-payable`, and an approved
 * refund that waits for its IBAN. One for each case.
 */
export async function refundCase(
  tx: WriteTx,
  of: { actor: Actor; caseId: string; reason: string; now: Moment },
): Promise<ResolvedCase> {
  const { actor, caseId, now } = of;
  await requests.lockMoneyDesk(tx);
  const resolved = await decideCase(tx, { ...of, account: null });
  if (resolved.outcome !== "resolved") return resolved;
  const found = await caseById(tx, caseId);
  const receipt = found && (await receiptById(tx, found.receiptId));
  if (!found || !receipt) throw new Error("the case just resolved is not there");
  const today = dayOf(now);
  const id = newId();
  await requests.insertRequests(tx, [
    {
      id,
      kind: "refund",
      origin: "payment-case",
      holderId: null,
      fromChildId: null,
      fromServiceId: null,
      toChildId: null,
      toServiceId: null,
      paymentCaseId: caseId,
      amountCents: found.amountCents,
      beneficiary: receipt.payerName.slice(0, LONGEST_BENEFICIARY),
      iban: "",
      reason: of.reason.trim().slice(0, 500),
      askedAt: now,
      askedBy: actor.name,
      dueOn: await promisedDay(tx, today),
      state: "approved",
      stateAt: now,
      answer: "",
      key: `payment-case:${caseId}`,
      inputHash: "",
    },
  ]);
  await requests.insertRequestEvents(tx, [
    { id: newId(), requestId: id, state: "approved", at: now, by: actor.name, note: "" },
  ]);
  return resolved;
}
