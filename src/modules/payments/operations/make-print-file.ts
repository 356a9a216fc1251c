// SPDX-License-Identifier: EUPL-1.2
/** The file of a print run, part by part: whoever works on it may die at any moment, another goes on. */
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { ARCHIVE_LIMITS, CLAIM_SECONDS, inArchives, pauseMinutes } from "../rules/print-run.ts";
import * as rows from "../sql/print-runs.ts";
import { transfersOf, type TransferRow } from "../sql/notices.ts";
import { type PrintableSheet, sheetsOf } from "./print-run.ts";

export interface ClaimedRun {
  run: rows.PrintRun;
  claim: string;
}

/** The run that waits longest; nobody else gets it until a minute has passed without a finished part. */
export async function claimPrintRun(tx: WriteTx, now: Moment): Promise<ClaimedRun | null> {
  const claim = newId();
  const until = now.add({ seconds: CLAIM_SECONDS });
  const run = await rows.claimOldest(tx, { claim, now, until });
  return run ? { run, claim } : null;
}

/** What a part is made of, read in one go before anything is drawn. */
export interface PartToPrint {
  part: number;
  papers: rows.PrintPaper[];
  sheets: ReadonlyMap<string, PrintableSheet>;
  transfers: readonly TransferRow[];
  /** the part before this one with pages, if any */
  before: rows.PrintPart | null;
  pagesBefore: number;
}

/** The next part, or null: all are made. What was paid since the run began is not in `sheets`. */
export async function partToPrint(
  tx: ReadTx,
  of: { runId: string; now: Moment },
): Promise<PartToPrint | null> {
  const part = await rows.nextPart(tx, of.runId);
  if (part === 0) return null;
  const papers = await rows.papersOf(tx, { runId: of.runId, part });
  const positionIds = papers.map(({ positionId }) => positionId);
  const sheets = await sheetsOf(tx, { positionIds, now: of.now });
  const noticeIds = sheets.flatMap(({ sheet: { single, instalments } }) =>
    [...(single ? [single] : []), ...instalments].map(({ id }) => id),
  );
  const made = await rows.partsOf(tx, of.runId);
  return {
    part,
    papers,
    sheets: new Map(sheets.map((one) => [one.positionId, one])),
    transfers: await transfersOf(tx, noticeIds),
    before: made.at(-1) ?? null,
    pagesBefore: made.reduce((sum, { pages }) => sum + pages, 0),
  };
}

/** A part as it was drawn. `firstPage`: in the whole file. */
export interface PrintedPart {
  part: number;
  /** null: nothing of it was to be printed */
  file: Omit<rows.MadePart, "part"> | null;
  papers: {
    paper: number;
    outcome: Exclude<rows.PaperOutcome, "waiting">;
    firstPage: number | null;
  }[];
}

/** All or nothing. False: the claim is another's by now, or the run was discarded; what was drawn is thrown away. */
export async function keepPart(
  tx: WriteTx,
  of: { runId: string; claim: string; printed: PrintedPart; now: Moment },
): Promise<boolean> {
  const { runId, claim, printed, now } = of;
  const { part, file, papers } = printed;
  const count = (outcome: rows.PaperOutcome): number =>
    papers.filter((paper) => paper.outcome === outcome).length;
  const isOurs = await rows.countPart(tx, {
    runId,
    claim,
    until: now.add({ seconds: CLAIM_SECONDS }),
    printed: count("printed"),
    leftOut: count("left-out"),
    faulty: count("faulty"),
    pages: file?.pages ?? 0,
  });
  if (!isOurs) return false;
  await rows.markPapers(tx, runId, papers);
  if (file) await rows.insertPart(tx, runId, { part, ...file });
  return true;
}

export const finishPrintRun = (
  tx: WriteTx,
  of: { runId: string; claim: string; now: Moment },
): Promise<void> => rows.finishRun(tx, { runId: of.runId, claim: of.claim, at: of.now });

/** Gives the run back: at the end of the process (`problem` null) at once, after a failure for later. */
export async function releasePrintRun(
  tx: WriteTx,
  of: { runId: string; claim: string; problem: string | null; now: Moment },
): Promise<void> {
  const { runId, claim, problem, now } = of;
  const run = await rows.printRun(tx, runId);
  if (!run) return;
  const attempts = problem === null ? run.attempts : run.attempts + 1;
  await rows.releaseRun(tx, {
    runId,
    claim,
    problem: (problem ?? run.problem).slice(0, 500),
    attempts,
    nextAttemptAt: problem === null ? now : now.add({ minutes: pauseMinutes(attempts) }),
  });
}

/** The archives of a run's single notices: the parts of each. None: it has none, or nothing was printed. */
export const printArchives = async (
  tx: ReadTx,
  runId: string,
  limits: { files: number; bytes: number } = ARCHIVE_LIMITS,
): Promise<number[][]> => inArchives(await rows.singlesIn(tx, runId), limits);
