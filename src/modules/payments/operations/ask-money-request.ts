// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { type Actor, OFFICE_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { balanceOf, type FamilyAccount } from "#ledger";
import { isSepaIban, plainIban } from "../rules/iban.ts";
import {
  availableCents,
  checkRequest,
  isPayeeName,
  type RequestDraft,
  type RequestFault,
} from "../rules/money-request.ts";
import * as requests from "../sql/money-requests.ts";
import { heldAccountsOf } from "./authorise.ts";
import { promisedDay } from "./promised-day.ts";

export type AskedMoney =
  | { outcome: "asked" | "already-asked"; request: requests.MoneyRequest }
  | { outcome: "refused"; faults: RequestFault[] }
  | { outcome: "not-enough-credit"; availableCents: Cents }
  /** the same form with other content (409) */
  | { outcome: "key-reused" }
  | { outcome: "forbidden" };

const OFFICE = new Set<Actor["role"]>([...OFFICE_ROLES, "system"]);

/** What of an account's credit may be asked back now. */
export async function refundableCents(
  tx: ReadTx,
  account: Omit<FamilyAccount, "kind">,
): Promise<Cents> {
  const { holderId, childId = null, serviceId = null } = account;
  const [balance, waiting] = await Promise.all([
    balanceOf(tx, { kind: "family", holderId, childId, serviceId }),
    requests.waitingCentsOf(tx, { holderId, childId, serviceId }),
  ]);
  return availableCents(balance, waiting);
}

/**
 * A family asks for its credit back, or to move it to a sibling's account: a number, a promised day, and
 * nothing moves until the office has approved. Never for more than the credit less what was asked for before.
 */
export async function askMoney(
  tx: WriteTx,
  of: {
    actor: Actor;
    holderId: string;
    draft: RequestDraft;
    key: string;
    now: Moment;
  },
): Promise<AskedMoney> {
  const { actor, holderId, key, now } = of;
  const today = dayOf(now);
  const isOffice = OFFICE.has(actor.role) && actor.desk === null;
  const accounts = isOffice ? [holderId] : await heldAccountsOf(tx, actor, today);
  if (!accounts.includes(holderId)) return { outcome: "forbidden" };
  const draft = plainDraft(of.draft);
  const faults = checkRequest(draft);
  if (faults.length > 0) return { outcome: "refused", faults };
  await requests.lockMoneyDesk(tx);
  const inputHash = hashOf(holderId, draft);
  const [standing] = await requests.moneyRequests(tx, { keys: [key] });
  if (standing)
    return standing.inputHash === inputHash
      ? { outcome: "already-asked", request: standing }
      : { outcome: "key-reused" };
  const { from, to } = draft;
  const available = await refundableCents(tx, { holderId, ...from });
  if (draft.amountCents > available)
    return { outcome: "not-enough-credit", availableCents: available };
  const id = newId();
  await requests.insertRequests(tx, [
    {
      id,
      kind: draft.kind,
      origin: isOffice ? "office" : "family",
      holderId,
      fromChildId: from.childId,
      fromServiceId: from.serviceId,
      toChildId: to?.childId ?? null,
      toServiceId: to?.serviceId ?? null,
      paymentCaseId: null,
      amountCents: draft.amountCents,
      beneficiary: draft.beneficiary,
      iban: draft.iban,
      reason: draft.reason,
      askedAt: now,
      askedBy: actor.name,
      dueOn: await promisedDay(tx, today),
      state: "received",
      stateAt: now,
      answer: "",
      key,
      inputHash,
    },
  ]);
  await requests.insertRequestEvents(tx, [
    { id: newId(), requestId: id, state: "received", at: now, by: actor.name, note: "" },
  ]);
  const [request] = await requests.moneyRequests(tx, { ids: [id] });
  if (!request) throw new Error("the request just made is not there");
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.ask-money",
    holderId,
    childId: from.childId,
    reason: draft.reason,
    details: { request: request.number, kind: draft.kind, amountCents: `${draft.amountCents}` },
  });
  return { outcome: "asked", request };
}

const plainDraft = (draft: RequestDraft): RequestDraft => ({
  ...draft,
  reason: draft.reason.trim(),
  beneficiary: draft.kind === "refund" ? draft.beneficiary.trim() : "",
  iban: draft.kind === "refund" ? plainIban(draft.iban) : "",
  to: draft.kind === "transfer" ? draft.to : null,
});

export const hashOf = (holderId: string | null, draft: RequestDraft): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        holderId,
        draft.kind,
        draft.from.childId,
        draft.from.serviceId,
        draft.to?.childId ?? null,
        draft.to?.serviceId ?? null,
        draft.amountCents.toString(),
        draft.iban,
        draft.beneficiary,
        draft.reason,
      ]),
    )
    .digest("hex");

/** The family thinks again, while nobody has answered. */
export async function withdrawRequest(
  tx: WriteTx,
  of: { actor: Actor; id: string; now: Moment },
): Promise<{ outcome: "withdrawn" | "too-late" | "forbidden" }> {
  const { actor, id, now } = of;
  const [request] = await requests.lockRequests(tx, [id]);
  const accounts = await heldAccountsOf(tx, actor, dayOf(now));
  if (!request?.holderId || !accounts.includes(request.holderId)) return { outcome: "forbidden" };
  if (request.state === "withdrawn") return { outcome: "withdrawn" };
  if (request.state !== "received") return { outcome: "too-late" };
  await requests.moveRequests(tx, { ids: [id], from: "received", to: "withdrawn", at: now });
  await requests.insertRequestEvents(tx, [
    { id: newId(), requestId: id, state: "withdrawn", at: now, by: actor.name, note: "" },
  ]);
  return { outcome: "withdrawn" };
}

/** A refund that the town owes by its own rule has no IBAN: the family gives it, once. */
export async function givePayee(
  tx: WriteTx,
  of: { actor: Actor; id: string; iban: string; beneficiary: string; now: Moment },
): Promise<{ outcome: "given" | "iban" | "beneficiary" | "too-late" | "forbidden" }> {
  const { actor, id, now } = of;
  const iban = plainIban(of.iban);
  const beneficiary = of.beneficiary.trim();
  const [request] = await requests.lockRequests(tx, [id]);
  const accounts = await heldAccountsOf(tx, actor, dayOf(now));
  if (!request?.holderId || !accounts.includes(request.holderId)) return { outcome: "forbidden" };
  const isWaiting = request.state === "received" || request.state === "approved";
  if (request.iban === iban) return { outcome: "given" };
  if (!isWaiting || request.kind !== "refund" || request.iban !== "")
    return { outcome: "too-late" };
  if (!isSepaIban(iban)) return { outcome: "iban" };
  if (!isPayeeName(beneficiary)) return { outcome: "beneficiary" };
  await requests.setPayee(tx, { id, iban, beneficiary });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.money-request-payee",
    holderId: request.holderId,
    details: { request: request.number },
  });
  return { outcome: "given" };
}
