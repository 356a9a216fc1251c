// SPDX-License-Identifier: EUPL-1.2
import { joinedLength, joinedPdf } from "#documents";
import type { TenantDb } from "#kernel/db/index.ts";
import {
  archivedIn,
  partBytes,
  type PartContent,
  partsOf,
  printArchives,
  type PrintRun,
} from "#payments";
import { settingsOn } from "#tenancy";
import { dayOf } from "#kernel/dates.ts";
import { zipEnd, zipPieceLength } from "#kernel/zip.ts";

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
  const read = ({ part }: { part: number }) => bytesOf(town, run, { part, what: "pages" });
  return { length: joinedLength(parts, info), chunks: joinedPdf(parts, read, info) };
}

async function bytesOf(
  town: TenantDb,
  run: PrintRun,
  of: { part: number; what: PartContent },
): Promise<Uint8Array> {
  const bytes = await town.read((tx) => partBytes(tx, { runId: run.id, ...of }));
  if (!bytes) throw new Error("the print file was removed while it was read");
  return bytes;
}

/**
 * The same notices one by one in ZIP archives, likewise part by part: a run of many thousands has several, since neither
 * the format nor every program takes them in one. `archive`: 1, 2, 3 …
 */
export async function openPrintArchive(
  town: TenantDb,
  run: PrintRun,
  of: { archive: number; limits?: { files: number; bytes: number } },
): Promise<PrintFile | null> {
  if (run.state !== "ready" || run.removedAt !== null || !run.withSingles) return null;
  const { id: runId } = run;
  const found = await town.read(async (tx) => {
    const parts = (await printArchives(tx, runId, of.limits))[of.archive - 1];
    return parts && { parts, entries: await archivedIn(tx, { runId, parts }) };
  });
  if (!found) return null;
  const { parts, entries } = found;
  const end = zipEnd(entries);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield await bytesOf(town, run, { part, what: "singles" });
    yield end;
  }
  return { length: zipPieceLength(entries) + end.length, chunks: chunks() };
}
