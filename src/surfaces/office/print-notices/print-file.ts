// SPDX-License-Identifier: EUPL-1.2
import { joinedLength, joinedPdf } from "#documents";
import type { TenantDb } from "#kernel/db/index.ts";
import { partBytes, partsOf, type PrintRun } from "#payments";
import { settingsOn } from "#tenancy";
import { dayOf } from "#kernel/dates.ts";

export interface PrintFile {
  readonly length: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The whole file of a finished run: its length, and its bytes part by part, each read in a transaction of its own, so
 * that one part is in memory and nobody waits for a slow reader. Null: there is none (any more).
 */
export async function openPrintFile(town: TenantDb, run: PrintRun): Promise<PrintFile | null> {
  if (run.state !== "ready" || run.removedAt !== null) return null;
  const { parts, author } = await town.read(async (tx) => ({
    parts: (await partsOf(tx, run.id)).map(({ shape, ...part }) => ({ ...part, ...shape })),
    author: (await settingsOn(tx, dayOf(run.madeAt))).town("town").name,
  }));
  if (parts.length === 0) return null;
  const info = { title: run.title, author };
  const read = async ({ part }: { part: number }): Promise<Uint8Array> => {
    const bytes = await town.read((tx) => partBytes(tx, { runId: run.id, part }));
    if (!bytes) throw new Error("the print file was removed while it was read");
    return bytes;
  };
  return { length: joinedLength(parts, info), chunks: joinedPdf(parts, read, info) };
}
