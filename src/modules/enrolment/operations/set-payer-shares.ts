// SPDX-License-Identifier: EUPL-1.2
import { holderOf } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isOffice } from "../rules/office.ts";
import { type CheckedShares, checkShares, type Payer } from "../rules/payer-shares.ts";
import type { PayerShare } from "../rules/rows.ts";
import { replaceShares } from "../sql/payer-shares.ts";

export type SetPayerShares =
  | { outcome: "saved" }
  | Exclude<CheckedShares, { outcome: "ok" }>
  | { outcome: "not-allowed" };

/** Replaces the shares of a child for one service, or for all (`serviceId: null`). No shares = the holder pays. */
export async function setPayerShares(
  tx: WriteTx,
  change: {
    actor: Actor;
    childId: string;
    serviceId: string | null;
    shares: readonly (Payer & { from: Day; to: Day | null })[];
    at: Moment;
    reason: string;
  },
): Promise<SetPayerShares> {
  const { actor, childId, serviceId, at, reason } = change;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const rows: PayerShare[] = change.shares.map((share) => ({
    ...share,
    id: newId(),
    childId,
    serviceId,
  }));
  const checked = checkShares(rows);
  if (checked.outcome !== "ok") return checked;
  await replaceShares(tx, { childId, serviceId }, rows);
  const from = rows[0]?.from;
  await recordAudit(tx, {
    actor,
    at,
    action: "enrolment.set-payer-shares",
    childId,
    holderId: from ? await holderOf(tx, childId, from) : null,
    reason,
    details: { serviceId, shares: rows.length },
  });
  return { outcome: "saved" };
}
