// SPDX-License-Identifier: EUPL-1.2
import type { Clock } from "#kernel/clock.ts";
import type { Database } from "#kernel/db/index.ts";
import { applyReceipts, type ReadReceipt } from "#payments";
import { readRecoveredReceipt } from "../integrations/pagopa/biz-events.ts";
import { readStoredReceipt } from "../integrations/pagopa/soap/index.ts";

/** What failed is due again after minutes: looking for it costs one statement. */
const LOOK_EVERY_MS = 5000;

/** A receipt is kept as it came: as a message of the Node, or as the JSON it was recovered in. */
export const readAnyReceipt: ReadReceipt = (raw, operation) =>
  operation === "recovered" ? readRecoveredReceipt(raw) : readStoredReceipt(raw);

export interface ReceiptWorker {
  /** something arrived: apply it as soon as the round that runs is over */
  poke(): void;
  /** waits for the round that runs */
  stop(): Promise<void>;
}

/** Applies the receipts of the inbox as they come; never two rounds at once in one process, several may run beside it. */
export function startReceiptWorker(
  app: { readonly db: Database; readonly clock: Clock },
  options: { onError: (work: string, error: unknown) => void },
): ReceiptWorker {
  let stopping = false;
  let wanted = false;
  let round: Promise<void> | null = null;
  const applyAll = async (): Promise<void> => {
    while (wanted && !stopping) {
      wanted = false;
      const onError = (id: string, error: unknown): void => options.onError(`receipt ${id}`, error);
      const { applied } = await applyReceipts(app.db, {
        now: app.clock.now(),
        read: readAnyReceipt,
        onError,
      });
      // A full batch: there may be more.
      if (applied > 0) wanted = true;
    }
  };
  const poke = (): void => {
    wanted = true;
    if (stopping || round) return;
    round = applyAll()
      .catch((error: unknown) => options.onError("receipts", error))
      .finally(() => {
        round = null;
        if (wanted && !stopping) poke();
      });
  };
  const timer = setInterval(poke, LOOK_EVERY_MS);
  poke();
  return {
    poke,
    async stop() {
      stopping = true;
      clearInterval(timer);
      await round;
    },
  };
}
