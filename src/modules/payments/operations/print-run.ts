// SPDX-License-Identifier: EUPL-1.2
/** Runs that print thousands of unpaid notices into one file: chosen, begun, taken away. */
import { debtors } from "#families";
import { type Actor, OFFICE_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { batches } from "#kernel/batches.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { MAX_ZIP_FILES } from "#kernel/zip.ts";
import { type PaperSheet, partOfPaper, sheetOf } from "../rules/print-run.ts";
import { linesOf, type Notice, type NoticeLine, noticesOfPositions } from "../sql/notices.ts";
import * as rows from "../sql/print-runs.ts";

const MAY_PRINT = new Set<Actor["role"]>([...OFFICE_ROLES, "system"]);
const LONGEST_TITLE = 200;
/** Files hold names, codes and amounts of thousands: they are kept as long as a print shop needs them. */
export const KEEP_PRINT_FILES_DAYS = 30;

/** What one sheet of paper would ask for. */
export interface PrintableSheet {
  positionId: string;
  holderId: string;
  /** whole amount, or of the instalments that are left */
  amountCents: Cents;
  sheet: PaperSheet<Notice>;
  lines: NoticeLine[];
}

/** Every position that can be paid now and has no payment under way, of a service, issued in a span of time. */
export async function printableSheets(
  tx: ReadTx,
  of: {
    serviceId: string | null;
    issuedFrom: Moment | null;
    issuedBefore: Moment | null;
    /** only holders whose e-mail is not known: nobody can write to them but by post */
    withoutEmail: boolean;
    now: Moment;
  },
): Promise<PrintableSheet[]> {
  const sheets = await sheetsOf(tx, { positionIds: await rows.openPositions(tx, of), now: of.now });
  if (!of.withoutEmail) return sheets;
  const known = await debtors(
    tx,
    sheets.map(({ holderId }) => holderId),
  );
  return sheets.filter(({ holderId }) => !known.get(holderId)?.email);
}

/** The sheets of these positions that have something to pay; others are left out. */
export async function sheetsOf(
  tx: ReadTx,
  of: { positionIds: readonly string[]; now: Moment },
): Promise<PrintableSheet[]> {
  const notices = await noticesOfPositions(tx, of.positionIds);
  const today = dayOf(of.now);
  const found: { positionId: string; holderId: string; sheet: PaperSheet<Notice> }[] = [];
  for (const [positionId, position] of Map.groupBy(notices, (notice) => notice.positionId)) {
    const sheet = sheetOf(position, { now: of.now, today });
    if (sheet) found.push({ positionId, holderId: position[0]!.holderId, sheet });
  }
  const noticesOf = ({ single, instalments }: PaperSheet<Notice>): readonly Notice[] =>
    single ? [single] : instalments;
  const ids = found.flatMap(({ sheet }) => noticesOf(sheet).map(({ id }) => id));
  const lines = Map.groupBy(await linesOf(tx, ids), ({ noticeId }) => noticeId);
  return found.map((one) => {
    const own = noticesOf(one.sheet);
    return {
      ...one,
      amountCents: own.reduce((sum, { amountCents }) => sum + amountCents, 0n),
      lines: own.flatMap(({ id }) => lines.get(id) ?? []),
    };
  });
}

export type StartedPrintRun =
  | { outcome: "started" | "already-started"; runId: string }
  | { outcome: "forbidden" | "nothing-to-print" };

/**
 * Keeps the order in which the papers are given: whoever calls sorts by school and class, or by address. The file is
 * made afterwards, part by part (`claimPrintRun`). The same `key` starts one run.
 */
export async function startPrintRun(
  tx: WriteTx,
  of: {
    actor: Actor;
    key: string;
    title: string;
    /** what was chosen, for the page that shows it and for a second run */
    choice: Record<string, string>;
    duplex: boolean;
    withLetter: boolean;
    /** each notice as a PDF of its own, too, in one archive */
    withSingles?: boolean;
    papers: readonly { positionId: string; heading: string }[];
    now: Moment;
  },
): Promise<StartedPrintRun> {
  const { actor, papers, now } = of;
  if (!MAY_PRINT.has(actor.role)) return { outcome: "forbidden" };
  const runId = idFromContent(`print-run\n${tx.tenantId}\n${of.key}`);
  if (await rows.printRun(tx, runId)) return { outcome: "already-started", runId };
  if (papers.length === 0) return { outcome: "nothing-to-print" };
  const inserted = await rows.insertPrintRun(tx, {
    id: runId,
    key: of.key,
    title: of.title.slice(0, LONGEST_TITLE),
    choice: of.choice,
    duplex: of.duplex,
    withLetter: of.withLetter,
    withSingles: of.withSingles === true && papers.length <= MAX_ZIP_FILES,
    madeAt: now,
    madeBy: actor.name,
    papers: papers.length,
  });
  if (!inserted) return { outcome: "already-started", runId };
  const numbered = papers.map(({ positionId, heading }, index) => ({
    paper: index + 1,
    part: partOfPaper(index + 1),
    positionId,
    heading: heading.slice(0, LONGEST_TITLE),
  }));
  // house-allow query-in-loop: thousands of rows go in batches
  for (const batch of batches(numbered)) await rows.insertPapers(tx, runId, batch);
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.print-notices",
    details: { runId, papers: papers.length, choice: of.choice },
  });
  return { outcome: "started", runId };
}

/** A paper of a run as its list names it, whatever became of its notices since. */
export interface ListedPaper extends rows.PrintPaper {
  debtorName: string;
  noticeNumbers: string[];
}

export async function listPapers(tx: ReadTx, runId: string): Promise<ListedPaper[]> {
  const papers = await rows.papersOf(tx, { runId });
  const positionIds = papers.map(({ positionId }) => positionId);
  const notices = Map.groupBy(
    await noticesOfPositions(tx, positionIds),
    ({ positionId }) => positionId,
  );
  return papers.map((paper) => {
    const own = notices.get(paper.positionId) ?? [];
    const noticeNumbers = own.map(({ noticeNumber }) => noticeNumber);
    return { ...paper, debtorName: own[0]?.debtorName ?? "", noticeNumbers };
  });
}

/** The file goes, and with it whatever was still to be made; the list of its papers stays. */
export async function discardPrintRun(
  tx: WriteTx,
  of: { actor: Actor; runId: string; now: Moment },
): Promise<"discarded" | "forbidden" | "unknown"> {
  const { actor, runId, now } = of;
  if (!MAY_PRINT.has(actor.role)) return "forbidden";
  const run = await rows.printRun(tx, runId);
  if (!run) return "unknown";
  if (run.removedAt !== null) return "discarded";
  await rows.removeFiles(tx, { runId, at: now });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.discard-print",
    details: { runId, papers: run.papers },
  });
  return "discarded";
}

/** Files older than `KEEP_PRINT_FILES_DAYS`. */
export function removeOldPrintFiles(tx: WriteTx, now: Moment): Promise<number> {
  const madeBefore = now.subtract({ hours: 24 * KEEP_PRINT_FILES_DAYS });
  return rows.removeFiles(tx, { madeBefore, at: now });
}
