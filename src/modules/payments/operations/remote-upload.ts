// SPDX-License-Identifier: EUPL-1.2
/** Positions that go to GPD by the file: kept until its report says what became of each; what it refuses goes alone. */
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { BULK_FROM, BULK_MOST, retrySeconds } from "../rules/remote-sync.ts";
import {
  deleteUpload,
  freshPositions,
  insertUpload,
  recordTold,
  type RemoteUpload,
  type ToldRow,
  uploadsToRead,
} from "../sql/remote-sync.ts";
import { stationFor } from "../rules/station-for.ts";
import { stationsOfTown } from "../sql/stations.ts";
import { claimRemote, type RemoteWork, toldRows } from "./remote-sync.ts";

/** How often a report is asked for, and when nobody waits for it any longer: its positions then go one by one. */
const LOOK_EVERY_SECONDS = 30;
const LOOK_FOR_MINUTES = 60;

/** The positions of a file, if there are enough that nobody has tried to tell; otherwise none is claimed. */
export async function claimForFile(tx: WriteTx, now: Moment): Promise<RemoteWork[]> {
  const channel = "gpd-v1";
  if ((await freshPositions(tx, { channel, now, atMost: BULK_FROM })) < BULK_FROM) return [];
  return claimRemote(tx, { channels: [channel], now, limit: BULK_MOST, onlyFresh: true });
}

/** By notice number: the code of whoever sends for its station; none: it is no station of the town's. */
export async function brokersOf(
  tx: ReadTx,
  works: readonly RemoteWork[],
): Promise<ReadonlyMap<RemoteWork, string>> {
  const stations = await stationsOfTown(tx);
  return new Map(
    works.flatMap((work) => {
      const { noticeNumber, creditorFiscalCode: fiscalCode } = work.notices[0]!;
      const station = stationFor(stations, { fiscalCode, noticeNumber });
      return station ? [[work, station.brokerFiscalCode] as const] : [];
    }),
  );
}

/** GPD took the file. `works`: by GPD's key of the position. */
export async function keepUpload(
  tx: WriteTx,
  of: {
    creditorFiscalCode: string;
    brokerCode: string;
    fileId: string;
    works: ReadonlyMap<string, RemoteWork>;
    now: Moment;
  },
): Promise<void> {
  const { works, now, creditorFiscalCode, brokerCode, fileId } = of;
  const [first] = works.values();
  if (!first) throw new Error("a file without positions");
  const rows = [...works].map(([key, work]): [string, ToldRow[]] => [
    key,
    toldRows(work, { done: work.calls, problem: "", remoteState: null }),
  ]);
  const upload: RemoteUpload = {
    ...{ claim: first.claim, creditorFiscalCode, brokerCode, fileId },
    positions: Object.fromEntries(rows),
    lookUntil: now.add({ minutes: LOOK_FOR_MINUTES }),
  };
  await insertUpload(tx, { upload, now, nextLookAt: nextLook(now) });
}

const nextLook = (now: Moment): Moment => now.add({ seconds: LOOK_EVERY_SECONDS });

/** Files to ask about now; nobody else asks meanwhile. */
export const filesToRead = (tx: WriteTx, now: Moment): Promise<RemoteUpload[]> =>
  uploadsToRead(tx, { now, nextLookAt: nextLook(now) });

/**
 * The report was read: what was taken is known, what was not goes alone later, with its reason. `results`: by GPD's key,
 * empty when it was taken; `null`: nobody waits for it any longer, and the same holds for all.
 */
export async function recordFile(
  tx: WriteTx,
  of: { upload: RemoteUpload; results: ReadonlyMap<string, string> | null; now: Moment },
): Promise<void> {
  const { upload, results, now } = of;
  const { claim, fileId, positions } = upload;
  const nextAttemptAt = now.add({ seconds: retrySeconds(1) });
  const problemOf = (key: string): string => results?.get(key) ?? NOT_NAMED;
  const byProblem = Map.groupBy(Object.entries(positions), ([key]) => problemOf(key));
  // house-allow query-in-loop: one for each kind of answer
  for (const [problem, ofProblem] of byProblem) {
    const rows = ofProblem.flatMap(([, all]) => all);
    const known =
      problem === "" ? rows : rows.map((row): ToldRow => ({ ...row, told: null, done: false }));
    await recordTold(tx, { claim, rows: known, problem, nextAttemptAt, now });
  }
  await deleteUpload(tx, fileId);
}

const NOT_NAMED = "the file's report does not name it";
