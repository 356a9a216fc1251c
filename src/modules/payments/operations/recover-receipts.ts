// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { Database, TenantDb } from "#kernel/db/index.ts";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import { stationFor } from "../rules/station-for.ts";
import {
  claimRecoveries,
  holdCursor,
  noteRecovery,
  planRecoveries,
  type Recovery,
} from "../sql/receipt-recoveries.ts";
import { stationsOfTown } from "../sql/stations.ts";
import { receiveReceipt } from "./receive-receipt.ts";

/** pagoPA: getOrganizationReceipt at most so often (GUIDE § 7). */
const MOST_CALLS = 10;
const WINDOW_MINUTES = 60;
/** After that many answers "not found" a person decides. */
const LAST_ATTEMPT = 12;
const FIRST_RETRY_HOURS = 1;
const LAST_RETRY_HOURS = 24;

/** Where a single receipt is asked for; the composition wires the client in. Throws when it cannot be asked. */
export type ReceiptSource = (of: Pick<Recovery, "creditorFiscalCode" | "iur" | "iuv">) => Promise<
  | { outcome: "found"; receipt: ReceivedReceipt; raw: string }
  | { outcome: "not-found" }
  /** too many calls, says pagoPA: nothing more is asked now */
  | { outcome: "throttled" }
>;

/**
 * Asks pagoPA for receipts that a flow names and we do not have: ten calls an hour per town, whatever the number
 * of processes. What is found goes the way of every receipt, and is applied by the same worker.
 */
export async function recoverReceipts(
  db: Database,
  town: TenantDb,
  of: { ask: ReceiptSource; now: Moment; onError: (what: string, error: unknown) => void },
): Promise<{ asked: number; found: number }> {
  const { now } = of;
  const { due, stations } = await town.write(async (tx) => {
    const stations = await stationsOfTown(tx);
    const [first] = stations;
    if (!first) return { due: [], stations };
    await holdCursor(tx, first.creditorFiscalCode);
    await planRecoveries(tx, now);
    const since = now.subtract({ minutes: WINDOW_MINUTES });
    return {
      due: await claimRecoveries(tx, { now, since, most: MOST_CALLS, limit: MOST_CALLS }),
      stations,
    };
  });
  let found = 0;
  for (const recovery of due) {
    const answer = await askOne(of, recovery);
    let { outcome } = answer;
    if (answer.outcome === "found") {
      const { receipt, raw } = answer;
      const station = stationFor(stations, receipt);
      const stored = await db.platform((tx) =>
        receiveReceipt(tx, {
          recipientFiscalCode: recovery.creditorFiscalCode,
          stationId: station?.stationId ?? "",
          operation: "recovered",
          receipt,
          raw,
          receivedAt: now,
        }),
      );
      if (stored.outcome === "stored" && stored.tenantId === town.tenantId) found += 1;
      // Of a notice that is none of ours: a person decides.
      else if (stored.outcome !== "already-there") outcome = "not-ours";
    }
    await town.write((tx) => noteRecovery(tx, noteOf(recovery, outcome, now)));
    if (answer.outcome === "throttled") break;
  }
  return { asked: due.length, found };
}

type Answered = Awaited<ReturnType<ReceiptSource>> | { outcome: "failed" | "not-ours" };

async function askOne(
  of: Parameters<typeof recoverReceipts>[2],
  recovery: Recovery,
): Promise<Answered> {
  try {
    const answer = await of.ask(recovery);
    // Only what was asked for: whose receipt it is decides where money goes.
    if (answer.outcome === "found" && answer.receipt.receiptId !== recovery.iur)
      return { outcome: "not-found" };
    return answer;
  } catch (error) {
    of.onError("receipt to recover", error);
    return { outcome: "failed" };
  }
}

function noteOf(
  recovery: Recovery,
  outcome: Answered["outcome"],
  now: Moment,
): Parameters<typeof noteRecovery>[1] {
  const hours = Math.min(FIRST_RETRY_HOURS * 2 ** (recovery.attempts - 1), LAST_RETRY_HOURS);
  const isLast =
    outcome === "not-ours" || (outcome === "not-found" && recovery.attempts >= LAST_ATTEMPT);
  return {
    recovery,
    state: outcome === "found" ? "recovered" : isLast ? "given-up" : "waiting",
    problem: outcome === "found" ? "" : outcome,
    nextAttemptAt: now.add({ minutes: Math.round(hours * 60) }),
  };
}
