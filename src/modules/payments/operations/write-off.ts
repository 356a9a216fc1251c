// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { balanceOf, type FamilyAccount, post } from "#ledger";
import { lockMoneyDesk } from "../sql/money-requests.ts";
import * as rows from "../sql/write-offs.ts";
import { MAY_DECIDE_MONEY } from "./answer-money-request.ts";
import { tellMoney } from "./tell-money-desk.ts";

export type ProposedWriteOff =
  | { outcome: "proposed" | "already-proposed" | "forbidden" | "reason-missing" | "amount" }
  /** nobody writes off more than is owed, proposals that wait included */
  | { outcome: "more-than-owed"; owedCents: Cents };

/** A debt that will not be paid is proposed for writing off; a second person decides. */
export async function proposeWriteOff(
  tx: WriteTx,
  of: {
    actor: Actor;
    account: FamilyAccount;
    amountCents: Cents;
    reason: string;
    key: string;
    now: Moment;
  },
): Promise<ProposedWriteOff> {
  const { actor, account, amountCents, key, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, 500);
  if (reason === "") return { outcome: "reason-missing" };
  if (amountCents <= 0n) return { outcome: "amount" };
  await lockMoneyDesk(tx);
  const { holderId, childId = null, serviceId = null } = account;
  const id = idFromContent(`write-off\n${tx.tenantId}\n${key}`);
  const standing = await rows.writeOffs(tx, { holderId });
  if (standing.some((one) => one.id === id)) return { outcome: "already-proposed" };
  const waiting = standing
    .filter(
      (one) => one.decidedAt === null && one.childId === childId && one.serviceId === serviceId,
    )
    .reduce((sum, one) => sum + one.amountCents, 0n);
  const owedCents = -(await balanceOf(tx, account)) - waiting;
  if (amountCents > owedCents)
    return { outcome: "more-than-owed", owedCents: owedCents > 0n ? owedCents : 0n };
  await rows.insertWriteOff(tx, {
    id,
    key,
    holderId,
    childId,
    serviceId,
    amountCents,
    reason,
    proposedAt: now,
    proposedById: actor.id,
    proposedBy: actor.name,
  });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.propose-write-off",
    holderId,
    childId,
    reason,
    details: { amountCents: amountCents.toString() },
  });
  return { outcome: "proposed" };
}

export type DecidedWriteOff =
  | { outcome: "approved" | "refused" | "already-decided" | "unknown" | "forbidden" }
  | { outcome: "same-person" | "reason-missing" }
  /** the family has paid meanwhile */
  | { outcome: "more-than-owed"; owedCents: Cents };

/** The second person approves or refuses; approved, the debt is closed against `write-offs`, once. */
export async function decideWriteOff(
  tx: WriteTx,
  of: {
    actor: Actor;
    id: string;
    decision: "approved" | "refused";
    reason: string;
    now: Moment;
  },
): Promise<DecidedWriteOff> {
  const { actor, id, decision, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  await lockMoneyDesk(tx);
  const found = await rows.lockWriteOff(tx, id);
  if (!found) return { outcome: "unknown" };
  if (found.decidedAt) return { outcome: "already-decided" };
  if (found.proposedById === actor.id) return { outcome: "same-person" };
  const reason = of.reason.trim().slice(0, 500);
  if (decision === "refused" && reason === "") return { outcome: "reason-missing" };
  const { holderId, childId, serviceId, amountCents } = found;
  if (decision === "approved") {
    const account = { kind: "family", holderId, childId, serviceId } as const;
    const owedCents = -(await balanceOf(tx, account));
    if (owedCents < amountCents)
      return { outcome: "more-than-owed", owedCents: owedCents > 0n ? owedCents : 0n };
    await post(
      tx,
      {
        key: `write-off:${id}`,
        debit: { kind: "write-offs" },
        credit: account,
        amountCents,
        kind: "write-off",
        happenedOn: dayOf(now),
        reference: { reason: found.reason, proposedBy: found.proposedBy, approvedBy: actor.name },
      },
      now,
    );
    await tellMoney(tx, {
      told: [
        {
          holderIds: [holderId],
          event: { kind: "written-off", amountCents },
          key: `write-off:${id}`,
        },
      ],
      now,
    });
  }
  const by = { at: now, byId: actor.id, by: actor.name };
  await rows.decideWriteOffRow(tx, { id, decision, reason, ...by });
  await recordAudit(tx, {
    actor,
    at: now,
    action: `payments.write-off-${decision}`,
    holderId,
    childId,
    reason: reason || found.reason,
    details: { amountCents: amountCents.toString(), proposedBy: found.proposedBy },
  });
  return { outcome: decision };
}
