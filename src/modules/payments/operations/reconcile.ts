// SPDX-License-Identifier: EUPL-1.2
import { type Day, dayOf, type Moment, sameDay } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { postMany, reverse } from "#ledger";
import { matchMovements } from "../rules/match-bank-movements.ts";
import { settlementPosting, type SettlementPosting } from "../rules/post-settlement.ts";
import * as bank from "../sql/bank-movements.ts";
import * as notices from "../sql/notices.ts";
import { planRecoveries } from "../sql/receipt-recoveries.ts";
import * as flows from "../sql/settlement-flows.ts";

/** What was settled so long ago stays as it is, unless something about it is still open. */
const LOOK_BACK_DAYS = 120;
const KEEP_UPLOADS_DAYS = 7;

export interface Reconciled {
  /** flows found at the bank, and flows it no longer has */
  banked: number;
  posted: number;
  reversed: number;
}

/**
 * Works out anew what belongs together — flow and receipts, flow and bank — and brings ledger and notices in line.
 * It follows from what is stored, not from the order in which it came: called again it changes nothing.
 */
export async function reconcile(tx: WriteTx, now: Moment): Promise<Reconciled> {
  const since = dayOf(now).subtract({ days: LOOK_BACK_DAYS });
  const held = await flows.flowsToMatch(tx, since);
  await flows.matchPayments(tx);
  await planRecoveries(tx, now);
  const movements = await bank.movementsToMatch(tx, { since, flowIds: held.map(({ id }) => id) });
  const matches = matchMovements(held, movements);
  const moved = movements.flatMap((one) => {
    const found = matches.movements.get(one.id);
    const same = !found || (found.flowId === one.flowId && found.standing === one.standing);
    return same ? [] : [{ id: one.id, ...found }];
  });
  await bank.markMovements(tx, moved);
  const changed = held
    .map((flow) => ({ flow, bankedOn: matches.banked.get(flow.id) ?? null }))
    .filter(
      ({ flow, bankedOn }) =>
        !sameOrNull(flow.bankedOn, bankedOn) ||
        // A higher revision put it back to `reported`; the bank's amount still fits.
        (flow.state === "settled") !== (bankedOn !== null),
    );
  await flows.bankFlows(
    tx,
    changed.map(({ flow: { id }, bankedOn }) => ({ id, bankedOn })),
  );
  const postings = held
    .map((flow) => settlementPosting({ ...flow, bankedOn: matches.banked.get(flow.id) ?? null }))
    .filter((posting) => posting !== null);
  await post(tx, postings, now);
  await moveNotices(tx, now);
  await bank.dropUploads(tx, now.subtract({ hours: 24 * KEEP_UPLOADS_DAYS }));
  return {
    banked: changed.length,
    posted: postings.filter((one) => one.post !== null).length,
    reversed: postings.filter((one) => one.reverse !== null).length,
  };
}

const sameOrNull = (a: Day | null, b: Day | null): boolean =>
  a === null || b === null ? a === b : sameDay(a, b);

async function post(
  tx: WriteTx,
  postings: readonly SettlementPosting[],
  now: Moment,
): Promise<void> {
  const reversals = Map.groupBy(
    postings.flatMap(({ reverse: key, undoneOn }) => (key && undoneOn ? [{ key, undoneOn }] : [])),
    ({ undoneOn }) => undoneOn.toString(),
  );
  // house-allow query-in-loop: one statement per day on which the bank paid what changed; hardly ever one
  for (const of of reversals.values())
    await reverse(tx, {
      keys: of.map(({ key }) => key),
      keyPrefix: "settlement-undone",
      // The day it stood on: the balance of every day is what it would have been without it.
      happenedOn: of[0]!.undoneOn,
      recordedAt: now,
      reason: "il flusso è cambiato",
    });
  const transfers = postings.flatMap((one) => one.post ?? []);
  await postMany(tx, transfers, now);
  await flows.markPosted(tx, postings);
}

async function moveNotices(tx: WriteTx, now: Moment): Promise<void> {
  const due = await flows.noticesToMove(tx);
  const groups = Map.groupBy(due, ({ from, to }) => `${from} ${to}`);
  // house-allow query-in-loop: three groups at most
  for (const group of groups.values()) {
    const { from, to } = group[0]!;
    const ids = group.map(({ id }) => id);
    await notices.moveNotices(tx, { ids, from, to, at: now });
    const events = ids.map((noticeId) => ({ id: newId(), noticeId, kind: to }));
    await notices.insertEvents(tx, events, { name: "Campanella", at: now });
  }
}
