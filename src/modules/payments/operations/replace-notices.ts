// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isPending } from "../rules/notice-state.ts";
import * as notices from "../sql/notices.ts";

const OPEN = new Set(["issued", "expired"]);
const GONE = new Set(["cancelled", "replaced"]);

export type UnpaidNotices =
  | { outcome: "unpaid"; notices: notices.Notice[] }
  /** somebody has paid one of them, or is paying it this very moment */
  | { outcome: "paid" | "payment-pending" };

/** What asks for a bill: may it be taken back? With `lock`, nobody else changes it until the transaction ends. */
export async function unpaidNoticesOf(
  tx: ReadTx,
  of: { billId: string; now: Moment; lock?: "lock" },
): Promise<UnpaidNotices> {
  const asked = (await notices.noticesOfBills(tx, [of.billId])).filter((one) => !one.isRevoked);
  const ids = asked.map(({ noticeId }) => noticeId);
  const found = await notices.noticesById(tx, ids, of.lock);
  if (found.some(({ state }) => !OPEN.has(state) && !GONE.has(state))) return { outcome: "paid" };
  const open = found.filter(({ state }) => OPEN.has(state));
  return open.some(({ lastAttemptAt }) => isPending(lastAttemptAt, of.now))
    ? { outcome: "payment-pending" }
    : { outcome: "unpaid", notices: open };
}

/** The notices of these keys, whatever their state: nobody else changes them until the transaction ends. */
export async function holdNotices(tx: ReadTx, keys: readonly string[]): Promise<notices.Notice[]> {
  const positions = keys.length === 0 ? [] : await notices.positionsByKey(tx, keys);
  if (positions.length === 0) return [];
  const asked = await notices.noticesOfPositions(
    tx,
    positions.map(({ id }) => id),
  );
  return notices.noticesById(
    tx,
    asked.map(({ id }) => id),
    "lock",
  );
}

/** What these keys asked for is owed no more: its notices are over, but for one that is paid or that somebody is paying. */
export async function withdrawUnpaid(
  tx: WriteTx,
  of: { keys: readonly string[]; actor: Actor; reason: string; now: Moment },
): Promise<void> {
  const old = (await holdNotices(tx, of.keys)).filter(
    ({ state, lastAttemptAt }) => OPEN.has(state) && !isPending(lastAttemptAt, of.now),
  );
  await replaceNotices(tx, { ...of, old, by: null });
}

/**
 * These are over, and `by` asks instead; null: nothing does. The caller has locked them, and nobody is paying. Money
 * that comes for one all the same lies in suspense (domain.md "Payments").
 */
export async function replaceNotices(
  tx: WriteTx,
  of: {
    old: readonly notices.Notice[];
    by: Pick<notices.Notice, "id" | "noticeNumber"> | null;
    actor: Actor;
    reason: string;
    now: Moment;
  },
): Promise<void> {
  const { old, by, actor, reason, now } = of;
  if (old.length === 0) return;
  const ids = old.map(({ id }) => id);
  const kind = by ? ("replaced" as const) : ("cancelled" as const);
  const to = { to: kind, at: now, ...(by ? { replacedById: by.id } : {}) };
  const moved =
    (await notices.moveNotices(tx, { ids, from: "issued", ...to })) +
    (await notices.moveNotices(tx, { ids, from: "expired", ...to }));
  if (moved !== ids.length) throw new Error(`${ids.length} notices were locked, ${moved} replaced`);
  const details = by ? { reason, by: by.noticeNumber } : { reason };
  await notices.insertEvents(
    tx,
    ids.map((noticeId) => ({ id: newId(), noticeId, kind, details })),
    { name: actor.name, at: now },
  );
}
