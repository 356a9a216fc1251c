// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { townCalendar } from "#calendar";
import { systemActor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { tenantBySlug } from "#tenancy";
import { readProfile } from "../cli/apply-profile.ts";
import { type DemoTown, demoTowns } from "./cast.ts";
import { collectMoney } from "./collect-money.ts";
import { type LoadedTown, loadTown } from "./load-town.ts";
import { runBuses } from "./run-buses.ts";
import { addMissingStaff } from "./staff.ts";

const PROFILES = new URL("../../profiles/", import.meta.url);

export interface DemoProgress {
  /** there is something to load */
  begins(): void;
  /** `share`: 0 … 1 of the town */
  town(of: { name: string; index: number; count: number; share: number }): void;
  loaded(of: LoadedTown & { seconds: number }): void;
}

/** Loads the demo towns that are not there yet, each in one transaction: killed anywhere, it goes on where it was. */
export async function loadDemo(
  db: Database,
  of: { receiptKey: string; now: Moment; progress: DemoProgress; only?: readonly string[] },
): Promise<LoadedTown[]> {
  const towns = await demoTowns();
  const loaded: LoadedTown[] = [];
  let begun = false;
  for (const [index, town] of towns.entries()) {
    if (of.only && !of.only.includes(town.profile)) continue;
    const profile = await profileOf(town);
    const known = await db.platform((tx) => tenantBySlug(tx, town.profile));
    if (known) {
      // Loaded by an earlier release: what it did not have yet, it gets now.
      const what = { town, profile: profile.profile, now: of.now };
      await db.forTenant(known.id).write(async (tx) => {
        await collectMoney(tx, what);
        await addMissingStaff(tx, { town, at: of.now });
        const calendar = await townCalendar(tx);
        await runBuses(tx, { town, calendar, actor: systemActor, at: of.now });
      });
      continue;
    }
    if (!begun) of.progress.begins();
    begun = true;
    const started = performance.now();
    const { name } = profile.profile.town;
    const done = await db.forTenant(newId()).write((tx) =>
      loadTown(tx, {
        ...of,
        town,
        seed: index + 1,
        profile,
        onProgress: (share) => of.progress.town({ name, index, count: towns.length, share }),
      }),
    );
    if (!done) continue;
    of.progress.loaded({ ...done, seconds: (performance.now() - started) / 1000 });
    loaded.push(done);
  }
  return loaded;
}

async function profileOf(town: DemoTown) {
  const fileName = `${town.profile}.yaml`;
  const document = await readFile(new URL(fileName, PROFILES), "utf8");
  const read = readProfile(document, fileName);
  if ("errors" in read) throw new Error(`profiles/${fileName} has errors`);
  return { profile: read.profile, document };
}
