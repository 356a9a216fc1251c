// SPDX-License-Identifier: EUPL-1.2
import type { Database } from "#kernel/db/index.ts";
import { type Tenant, tenants } from "#tenancy";

export interface Rounds {
  /** waits for the round that runs; none begins after it */
  stop(): Promise<void>;
}

/** Every few seconds, town by town, never two rounds at once; the failure of a town is told and stops no other. */
export function startTownRounds(
  db: Database,
  of: {
    everyMs: number;
    /** what is done, for the log */
    work: string;
    oneTown: (town: Tenant, isStopping: () => boolean) => Promise<void>;
    onError: (work: string, error: unknown) => void;
  },
): Rounds {
  let stopping = false;
  let round: Promise<void> | null = null;
  const isStopping = (): boolean => stopping;
  const oneRound = async (): Promise<void> => {
    for (const town of await db.platform((tx) => tenants(tx))) {
      if (stopping) return;
      try {
        await of.oneTown(town, isStopping);
      } catch (error) {
        of.onError(`${town.slug}, ${of.work}`, error);
      }
    }
  };
  const look = (): void => {
    if (stopping || round) return;
    round = oneRound()
      .catch((error: unknown) => of.onError(of.work, error))
      .finally(() => {
        round = null;
      });
  };
  const timer = setInterval(look, of.everyMs);
  look();
  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await round;
    },
  };
}
