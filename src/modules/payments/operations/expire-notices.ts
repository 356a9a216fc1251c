// SPDX-License-Identifier: EUPL-1.2
import { systemActor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { PENDING_MINUTES } from "../rules/notice-state.ts";
import { ELSEWHERE_DAYS } from "../rules/top-up-end.ts";
import { endedNotices } from "../sql/ended-notices.ts";
import * as notices from "../sql/notices.ts";

const BATCH = 500;

/**
 * Ends what can no longer be paid, one batch a call: pages said so already, now pagoPA hears of it too. A receipt that
 * comes all the same credits the family (`rules/match-receipt.ts`). Returns how many; fewer than a batch: all of them.
 */
export async function expireNotices(
  tx: WriteTx,
  { now }: { now: Moment },
): Promise<{ expired: number; more: boolean }> {
  const ids = await endedNotices(tx, {
    today: dayOf(now),
    // Releases before this one gave a top-up no last day.
    madeBefore: now.subtract({ hours: 24 * ELSEWHERE_DAYS }),
    begunAfter: now.subtract({ minutes: PENDING_MINUTES }),
    limit: BATCH,
  });
  if (ids.length === 0) return { expired: 0, more: false };
  const events = ids.map((noticeId) => ({ id: newId(), noticeId, kind: "expired" as const }));
  await notices.insertEvents(tx, events, { name: systemActor.name, at: now });
  const expired = await notices.moveNotices(tx, { ids, from: "issued", to: "expired", at: now });
  return { expired, more: ids.length === BATCH };
}
