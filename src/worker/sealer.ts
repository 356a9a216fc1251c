// SPDX-License-Identifier: EUPL-1.2
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { logHeads, sealLogs } from "#identity";
import { systemClock } from "#kernel/clock.ts";
import { dayOf } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { oldestOpenTransaction } from "#kernel/open-transactions.ts";
import type { Tenant } from "#tenancy";
import { type Rounds, startTownRounds } from "./town-rounds.ts";

const EVERY_MS = 10 * 60_000;

/**
 * Seals the logs of every town, and writes the newest heads of each day to a file outside the database: whoever could
 * rewrite the tables would still have to reach that file, or the copies of it that the operator keeps elsewhere.
 */
export function startSealer(
  db: Database,
  options: { folder: string; everyMs?: number; onError: (work: string, error: unknown) => void },
): Rounds {
  const written = new Map<string, string>();
  return startTownRounds(db, {
    everyMs: options.everyMs ?? EVERY_MS,
    work: "seals",
    onError: options.onError,
    oneTown: async (town) => {
      // Ids are made by the system's clock, whatever a demonstration's clock shows.
      const now = systemClock.now();
      await sealLogs(db.forTenant(town.id), { now, openSince: await oldestOpenTransaction(db) });
      const today = dayOf(now).toString();
      if (written.get(town.id) === today) return;
      await exportHeads(db, town, join(options.folder, `${today}.jsonl`));
      written.set(town.id, today);
    },
  });
}

/** One line for each log: town, log, number of the seal, head. A file is only ever added to. */
async function exportHeads(db: Database, town: Tenant, file: string): Promise<void> {
  const heads = await db.forTenant(town.id).read((tx) => logHeads(tx));
  if (heads.length === 0) return;
  const lines = heads.map(({ log, number, head, sealedAt }) =>
    JSON.stringify({
      town: town.slug,
      log,
      number: Number(number),
      head,
      sealedAt: String(sealedAt),
    }),
  );
  await mkdir(join(file, ".."), { recursive: true });
  await appendFile(file, `${lines.join("\n")}\n`, { mode: 0o600 });
}
