// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import { seal, unseal } from "#kernel/seal.ts";
import { codeHash } from "../rules/one-time-code.ts";
import * as rows from "../sql/letter-runs.ts";
import { countStanding } from "../sql/one-time-codes.ts";
import { recordSecurityAll } from "../sql/security-events.ts";

/** Letters that are made together; a run that was interrupted goes on behind the last part. */
export const LETTERS_PER_PART = 25;
/** The pages hold codes: whoever wants them on paper fetches them on the day. */
export const KEEP_LETTERS_HOURS = 24;

export type StartedLetters =
  | { outcome: "started" | "already-started"; runId: string }
  | { outcome: "nothing" };

/** Begins a run of credential letters (BO-01), in the order of `items`. Twice the same key is one run. */
export async function startLetters(
  tx: WriteTx,
  of: {
    key: string;
    title: string;
    items: readonly Omit<rows.LetterItem, "item">[];
    by: string;
    now: Moment;
  },
): Promise<StartedLetters> {
  const before = await rows.runByKey(tx, of.key);
  if (before) return { outcome: "already-started", runId: before };
  if (of.items.length === 0) return { outcome: "nothing" };
  const runId = idFromContent(`letter run ${tx.tenantId} ${of.key}`);
  const inserted = await rows.insertRun(tx, {
    ...{ id: runId, key: of.key, title: of.title.slice(0, 200) },
    ...{ madeAt: of.now, madeBy: of.by, letters: of.items.length },
  });
  if (!inserted) return { outcome: "already-started", runId };
  const items = of.items.map((item, index) => ({ ...item, item: index + 1 }));
  await rows.insertItems(tx, runId, items);
  return { outcome: "started", runId };
}

/** Whoever takes longer for a part has ended; another goes on. */
const CLAIM_SECONDS = 120;

export interface LetterClaim {
  readonly runId: string;
  readonly claim: string;
}

const untilFor = (now: Moment): Moment => now.add({ seconds: CLAIM_SECONDS });

/** What is to be made next, for nobody else meanwhile; empty: the run is over, or another process works on it. */
export async function nextLetters(
  tx: WriteTx,
  of: LetterClaim & { now: Moment },
): Promise<rows.LetterItem[]> {
  if (!(await rows.claimRun(tx, { ...of, until: untilFor(of.now) }))) return [];
  return rows.waitingItems(tx, { runId: of.runId, limit: LETTERS_PER_PART });
}

/** At the end of one's work, done or not. */
export const releaseLetters = (tx: WriteTx, of: LetterClaim): Promise<number> =>
  rows.releaseRun(tx, of);

export type LetterPages = Omit<rows.LetterPart, "part"> & { readonly bytes: Uint8Array };

/**
 * Keeps what was made, all or nothing. False: the run is over or another's by now, or one of its codes no longer works
 * because a newer letter was made; what was drawn is thrown away.
 */
export async function keepLetters(
  tx: WriteTx,
  of: LetterClaim & {
    made: readonly rows.LetterOutcome[];
    /** account → code that the letter holds */
    codes: ReadonlyMap<string, string>;
    pages: LetterPages | null;
    by: string;
    sealKey: string;
    now: Moment;
  },
): Promise<boolean> {
  const { runId, made, codes, now } = of;
  if (!(await rows.claimRun(tx, { ...of, until: untilFor(now) }))) return false;
  const waiting = await rows.waitingItems(tx, { runId, limit: made.length });
  if (waiting.some(({ item }, index) => item !== made[index]?.item)) return false;
  const codeHashes = [...codes.values()].map((code) =>
    codeHash(of.sealKey, { tenantId: tx.tenantId, purpose: "activation", code }),
  );
  if ((await countStanding(tx, { codeHashes, now })) < codes.size) return false;
  await rows.markItems(tx, runId, made);
  const done = made.filter(({ outcome }) => outcome === "done").length;
  await rows.countItems(tx, { runId, done, leftOut: made.length - done, at: now });
  if (of.pages) {
    const { bytes, ...shape } = of.pages;
    const part = ((await rows.partsOf(tx, runId)).at(-1)?.part ?? 0) + 1;
    const text = Buffer.from(bytes).toString("base64");
    const sealedPages = seal(of.sealKey, sealedFor(tx, runId), text);
    await rows.insertFile(tx, runId, { ...shape, part, sealedPages });
  }
  const event = { kind: "code-sent", at: now, actorName: of.by, details: { runId } } as const;
  await recordSecurityAll(
    tx,
    [...codes.keys()].map((accountId) => ({ ...event, accountId })),
  );
  return true;
}

const sealedFor = (tx: ReadTx, runId: string) => ({
  tenantId: tx.tenantId,
  purpose: `letter run ${runId}`,
});

/** The bytes of one part; one at a time, however long the file is. `null`: removed meanwhile. */
export async function letterBytes(
  tx: ReadTx,
  of: { runId: string; part: number; sealKey: string },
): Promise<Uint8Array | null> {
  const sealed = await rows.sealedPagesOf(tx, of);
  if (sealed === undefined) return null;
  const text = unseal(of.sealKey, sealedFor(tx, of.runId), sealed);
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** Stops what is being made, and takes its pages away; letters that left stay what they are. */
export async function discardLetters(
  tx: WriteTx,
  of: { runId: string; now: Moment },
): Promise<void> {
  await rows.endRun(tx, { id: of.runId, at: of.now });
  await rows.deleteFiles(tx, of.runId);
}

export const removeOldLetters = (tx: WriteTx, now: Moment): Promise<number> =>
  rows.deleteOldFiles(tx, now.subtract({ hours: KEEP_LETTERS_HOURS }));
