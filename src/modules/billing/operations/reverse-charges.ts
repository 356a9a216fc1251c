// SPDX-License-Identifier: EUPL-1.2
import { type DayKey, reopenDay } from "#attendance";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { reverse } from "#ledger";
import { type Charge, insertReversals, standingMealCharges } from "../sql/charges.ts";
import { resolveUnpriced } from "../sql/unpriced.ts";

/** Takes charges back: never edited, each reversed once, in the books and for the family to see. */
export async function reverseCharges(
  tx: WriteTx,
  charges: readonly Charge[],
  of: { reason: string; now: Moment },
): Promise<void> {
  if (charges.length === 0) return;
  await insertReversals(
    tx,
    charges.map(({ id, chargeKey }) => ({
      id: newId(),
      reversesId: id,
      chargeKey: `reversal:${chargeKey}`,
    })),
    { reason: of.reason, postedAt: of.now },
  );
  await reverse(tx, {
    keys: charges.filter(({ amountCents }) => amountCents > 0n).map(({ chargeKey }) => chargeKey),
    keyPrefix: "reversal",
    happenedOn: dayOf(of.now),
    recordedAt: of.now,
    reason: of.reason,
  });
}

export type ReopenedDay =
  | { outcome: "reopened"; reversed: number }
  | { outcome: "not-closed" }
  | { outcome: "reason-missing" };

/** Opens a closed day again: every charge of that site is reversed in the same transaction. */
export async function reopenClosedDay(
  tx: WriteTx,
  of: DayKey & { actor: Actor; reason: string; now: Moment },
): Promise<ReopenedDay> {
  if (of.reason.trim() === "") return { outcome: "reason-missing" };
  const change = { ...of, by: of.actor.name, at: of.now };
  const reopened = await reopenDay(tx, change);
  if (reopened.outcome === "not-closed") return reopened;
  const charges = await standingMealCharges(tx, {
    serviceIds: [of.serviceId],
    from: of.date,
    to: of.date,
    siteId: of.siteId,
  });
  await reverseCharges(tx, charges, of);
  await resolveUnpriced(tx, { ...change, kind: "meal" });
  await recordAudit(tx, {
    actor: of.actor,
    at: of.now,
    action: "billing.reopen-day",
    reason: of.reason,
    details: { serviceId: of.serviceId, siteId: of.siteId, date: of.date.toString() },
  });
  return { outcome: "reopened", reversed: charges.length };
}
