// SPDX-License-Identifier: EUPL-1.2
/** Which notices go on paper, in how many parts a file of thousands is made, and when a failed part is tried again. */
import type { Day, Moment } from "#kernel/dates.ts";
import { isPending, type NoticeState, payability } from "./notice-state.ts";

/** Papers of one part: about a second of work, half a megabyte. */
export const PAPERS_PER_PART = 100;
/** An archive that every program opens: the format without its extension ends at 65,535 files and 4 GiB. */
export const ARCHIVE_LIMITS = { files: 10_000, bytes: 2 ** 31 } as const;

/** Which parts go into which archive: as many as fit, in their order; one that fits nowhere has its own. */
export function inArchives(
  parts: readonly { part: number; files: number; bytes: number }[],
  limits: { readonly files: number; readonly bytes: number },
): number[][] {
  const archives: number[][] = [];
  const held = { files: 0, bytes: 0 };
  for (const { part, files, bytes } of parts) {
    held.files += files;
    held.bytes += bytes;
    const fits = held.files <= limits.files && held.bytes <= limits.bytes;
    if (fits && archives.length > 0) archives.at(-1)!.push(part);
    else {
      archives.push([part]);
      Object.assign(held, { files, bytes });
    }
  }
  return archives;
}

/** A claim that nobody renewed belongs to a process that has ended. */
export const CLAIM_SECONDS = 60;
const LONGEST_PAUSE_MINUTES = 30;

/** The part of the file that the paper at this place (1, 2, 3 …) belongs to. */
export const partOfPaper = (paper: number): number => Math.ceil(paper / PAPERS_PER_PART);

/** After the first failure a minute, then twice as long each time, at most half an hour. */
export const pauseMinutes = (attempts: number): number =>
  Math.min(LONGEST_PAUSE_MINUTES, 2 ** Math.max(0, attempts - 1));

export interface PrintableNotice {
  readonly instalment: number | null;
  readonly state: NoticeState;
  readonly dueOn: Day | null;
  readonly payableAfterDue: boolean;
  readonly inPreparation: boolean;
  readonly lastAttemptAt: Moment | null;
}

export interface PaperSheet<Notice> {
  /** the whole amount */
  readonly single: Notice | null;
  /** what may be paid instead, in its order */
  readonly instalments: readonly Notice[];
}

/**
 * What of a position is printed: what can still be paid. Null: nothing, or a payment is under way and may end well
 * . The last instalment that is left has no others beside it; pagoPA's layout prints it as a single amount.
 */
export function sheetOf<Notice extends PrintableNotice>(
  position: readonly Notice[],
  of: { now: Moment; today: Day },
): PaperSheet<Notice> | null {
  if (position.some(({ lastAttemptAt }) => isPending(lastAttemptAt, of.now))) return null;
  const open = position.filter((notice) => {
    const siblings = position
      .filter((other) => (other.instalment === null) !== (notice.instalment === null))
      .map(({ state }) => state);
    const { outcome } = payability(notice, siblings, of.today);
    return outcome === "payable" || outcome === "in-preparation";
  });
  const single = open.find(({ instalment }) => instalment === null) ?? null;
  const instalments = open
    .filter(({ instalment }) => instalment !== null)
    .toSorted((a, b) => a.instalment! - b.instalment!);
  if (single === null && instalments.length === 1)
    return { single: instalments[0]!, instalments: [] };
  if (single === null && instalments.length === 0) return null;
  // One instalment beside the whole is no plan: the whole says it all.
  return { single, instalments: instalments.length === 1 ? [] : instalments };
}
