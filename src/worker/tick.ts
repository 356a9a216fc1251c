// SPDX-License-Identifier: EUPL-1.2
import type { Clock } from "#kernel/clock.ts";
import { dayOf } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { refreshStatistics } from "#kernel/statistics.ts";
import { type Tenant, tenants } from "#tenancy";
import { DueWork } from "./due-work.ts";
import { forgetForeign } from "./retention.ts";

const EVERY_MS = 5000;
/** PostgreSQL gathers its own statistics. */
const STATISTICS_EVERY_MS = 30 * 60_000;

export interface Tick {
  /** Waits for the round that runs; none begins after it. */
  stop(): Promise<void>;
}

/**
 * Does what is due, town by town, every few seconds (docs/adr/0006): each round follows from data and clock
 * alone, so any number of processes may run it and a missed one costs nothing. Never two rounds at once; the failure
 * of a town, of a service or of a school is told and stops no other.
 */
export function startTick(
  app: { readonly db: Database; readonly clock: Clock },
  options: { everyMs?: number; onError: (work: string, error: unknown) => void },
): Tick {
  const work = new DueWork();
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  let gatheredAt = Number.NEGATIVE_INFINITY;
  const gatherStatistics = async (): Promise<void> => {
    if (app.db.engine !== "pglite") return;
    if (performance.now() - gatheredAt < STATISTICS_EVERY_MS) return;
    gatheredAt = performance.now();
    await refreshStatistics(app.db);
  };
  let forgotOn = "";
  const forgetOnceADay = async (): Promise<void> => {
    const now = app.clock.now();
    const today = dayOf(now).toString();
    if (forgotOn === today) return;
    forgotOn = today;
    await forgetForeign(app.db, { now, isStopping: () => stopping });
  };
  const oneRound = async (): Promise<void> => {
    await gatherStatistics();
    await forgetOnceADay();
    const towns = await app.db.platform((tx) => tenants(tx));
    for (const town of towns) {
      if (stopping) return;
      await oneTown(town);
    }
  };
  const oneTown = async (town: Tenant): Promise<void> => {
    try {
      await work.doFor(
        app.db.forTenant(town.id),
        app.clock.now(),
        () => stopping,
        (what, error) => options.onError(`${town.slug}, ${what}`, error),
      );
    } catch (error) {
      options.onError(town.slug, error);
    }
  };
  const next = (): void => {
    if (stopping) return;
    timer = setTimeout(() => {
      round = oneRound()
        .catch((error: unknown) => options.onError("", error))
        .finally(next);
    }, options.everyMs ?? EVERY_MS);
  };
  next();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await round;
    },
  };
}
