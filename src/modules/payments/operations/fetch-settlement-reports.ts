// SPDX-License-Identifier: EUPL-1.2
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import type { ReceivedReport } from "../rules/settlement-report.ts";
import { cursors, moveCursor } from "../sql/receipt-recoveries.ts";
import { knownReports } from "../sql/settlement-flows.ts";
import { stationsOfTown } from "../sql/stations.ts";
import { reconcile, type Reconciled } from "./reconcile.ts";
import { storeReport } from "./store-settlement-report.ts";

/** What pagoPA lists of a flow. */
export interface ListedFlow {
  readonly pspId: string;
  readonly flowCode: string;
  readonly revision: number;
  readonly publishedAt: Moment;
}

/** Where flows come from (FdR); the composition wires the client in. Both throw when it cannot be reached or read. */
export interface FlowSource {
  /** all pages; the latest revision of each */
  list(of: { creditorFiscalCode: string; publishedAfter: Moment | null }): Promise<ListedFlow[]>;
  /** header and all payments */
  read(of: ListedFlow & { creditorFiscalCode: string }): Promise<ReceivedReport>;
}

/** Asked for again each time: what was published in the same second, or written down late. */
const OVERLAP_MINUTES = 60;

export interface Fetched {
  stored: number;
  failed: number;
  reconciled: Reconciled | null;
}

/**
 * Fetches the flows published since the last time, each in a transaction of its own, then reconciles. It can be called
 * again at any moment; a flow that fails is told to `onError`, stops no other, and is asked for again.
 */
export async function fetchReports(
  town: TenantDb,
  of: {
    source: FlowSource;
    now: Moment;
    onError: (what: string, error: unknown) => void;
    isStopping?: () => boolean;
  },
): Promise<Fetched> {
  const { creditors, known } = await town.read(async (tx) => ({
    creditors: new Set((await stationsOfTown(tx)).map((one) => one.creditorFiscalCode)),
    known: new Map((await cursors(tx)).map((one) => [one.creditorFiscalCode, one.publishedUntil])),
  }));
  const done: Fetched = { stored: 0, failed: 0, reconciled: null };
  // A town has one or two creditors; each flow is a call of its own.
  for (const creditorFiscalCode of creditors)
    await fetchFor(town, {
      ...of,
      creditorFiscalCode,
      until: known.get(creditorFiscalCode) ?? null,
      done,
    });
  done.reconciled = await town.write((tx) => reconcile(tx, of.now));
  return done;
}

async function fetchFor(
  town: TenantDb,
  of: Parameters<typeof fetchReports>[1] & {
    creditorFiscalCode: string;
    until: Moment | null;
    done: Fetched;
  },
): Promise<void> {
  const { creditorFiscalCode, source, until, now, done } = of;
  const note = (publishedUntil: Moment | null, problem: string): Promise<number> =>
    town.write((tx) => moveCursor(tx, { creditorFiscalCode, publishedUntil, at: now, problem }));
  let listed: ListedFlow[];
  try {
    const publishedAfter = until?.subtract({ minutes: OVERLAP_MINUTES }) ?? null;
    listed = await source.list({ creditorFiscalCode, publishedAfter });
  } catch (error) {
    done.failed += 1;
    of.onError("list of flows", error);
    await note(null, nameOf(error));
    return;
  }
  const fresh = await missing(town, creditorFiscalCode, listed);
  let reached: Moment | null = until;
  let firstProblem = "";
  for (const flow of fresh) {
    if (of.isStopping?.()) return;
    try {
      const report = await source.read({ ...flow, creditorFiscalCode });
      await town.write((tx) => storeReport(tx, { report, source: "fdr", now }));
      done.stored += 1;
      if (firstProblem === "") reached = latest(reached, flow.publishedAt);
    } catch (error) {
      done.failed += 1;
      // The cursor stays before it.
      firstProblem ||= nameOf(error);
      of.onError(`flow ${flow.flowCode}`, error);
    }
  }
  if (firstProblem === "")
    for (const { publishedAt } of listed) reached = latest(reached, publishedAt);
  await note(reached, firstProblem);
}

/** Those that are not here yet, in the order of publication. */
async function missing(
  town: TenantDb,
  creditorFiscalCode: string,
  listed: readonly ListedFlow[],
): Promise<ListedFlow[]> {
  const codes = listed.map(({ flowCode }) => flowCode);
  const here = await town.read((tx) => knownReports(tx, creditorFiscalCode, codes));
  const keyOf = (one: { pspId: string; flowCode: string; revision: number }): string =>
    JSON.stringify([one.pspId, one.flowCode, one.revision]);
  const known = new Set(here.map(keyOf));
  return listed
    .filter((one) => !known.has(keyOf(one)))
    .sort((a, b) => Temporal.Instant.compare(a.publishedAt, b.publishedAt));
}

const latest = (a: Moment | null, b: Moment): Moment => (a !== null && isMomentAfter(a, b) ? a : b);

const nameOf = (error: unknown): string => (error instanceof Error ? error.message : "unknown");
