// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { isMomentAfter } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import {
  fetchReports,
  type PagopaService,
  reconcile,
  recoverReceipts,
  serviceKey,
} from "#payments";
import { type Tenant, tenants } from "#tenancy";
import { receiptSource } from "../integrations/pagopa/biz-events.ts";
import type { PagopaAccess } from "../integrations/pagopa/call-service.ts";
import { fdrSource } from "../integrations/pagopa/fdr/client.ts";
import type { App } from "../surfaces/web/app.ts";

const LOOK_EVERY_MS = 60_000;
/** Flows come once a day and PSP: asking more often than this tells nothing. */
const FETCH_EVERY_MINUTES = 30;
/** The simulator asks for no key. */
const DEMO_KEY = "demo";

type SettlementApp = Pick<App, "db" | "clock" | "demo" | "sealKey" | "pagoPa" | "receiptsArrived">;
type OnError = (work: string, error: unknown) => void;

export interface SettlementWorker {
  /** waits for the town that is being worked on */
  stop(): Promise<void>;
}

/**
 * Fetches flows, asks for lost receipts, works out what belongs together, town by town; never two rounds at once in
 * one process, several may run beside it.
 */
export function startSettlementWorker(
  app: SettlementApp,
  options: { onError: OnError },
): SettlementWorker {
  let stopping = false;
  let round: Promise<void> | null = null;
  const fetchedAt = new Map<string, Moment>();
  const oneTown = async ({ id, slug }: Tenant): Promise<void> => {
    const onError = (what: string, error: unknown): void =>
      options.onError(`${slug}, ${what}`, error);
    const now = app.clock.now();
    const last = fetchedAt.get(id);
    const minutes = app.demo ? 0 : FETCH_EVERY_MINUTES;
    const isDue = !last || !isMomentAfter(last.add({ minutes }), now);
    if (isDue) fetchedAt.set(id, now);
    try {
      await settleTown(app, app.db.forTenant(id), {
        now,
        fetches: isDue,
        onError,
        isStopping: () => stopping,
      });
    } catch (error) {
      onError("settlement", error);
    }
  };
  const oneRound = async (): Promise<void> => {
    for (const town of await app.db.platform((tx) => tenants(tx))) {
      if (stopping) return;
      await oneTown(town);
    }
  };
  const look = (): void => {
    if (stopping || round) return;
    round = oneRound()
      .catch((error: unknown) => options.onError("settlement", error))
      .finally(() => {
        round = null;
      });
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  look();
  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await round;
    },
  };
}

/** One round of one town: flows, lost receipts, then what follows from them. Exported for its tests. */
export async function settleTown(
  app: SettlementApp,
  town: TenantDb,
  of: {
    now: Moment;
    fetches: boolean;
    onError: OnError;
    isStopping?: () => boolean;
    pauseMs?: number;
  },
): Promise<void> {
  const { now, onError } = of;
  const fdr = of.fetches ? await accessTo(app, town, "fdr") : null;
  if (fdr) {
    const pause = of.pauseMs === undefined ? {} : { pauseMs: of.pauseMs };
    await fetchReports(town, { ...of, source: fdrSource(fdr, pause) });
  }
  const events = await accessTo(app, town, "biz-events");
  if (events) {
    const ask = receiptSource(events);
    const { found } = await recoverReceipts(app.db, town, { ask, now, onError });
    if (found > 0) app.receiptsArrived();
  }
  await town.write((tx) => reconcile(tx, now));
}

/** null: nothing is sent out, or the town has no key for that service. */
async function accessTo(
  { pagoPa: { apiUrl }, sealKey, demo }: SettlementApp,
  town: TenantDb,
  service: PagopaService,
): Promise<PagopaAccess | null> {
  if (apiUrl === null) return null;
  const key = await town.read((tx) => serviceKey(tx, { service, sealKey }));
  const subscriptionKey = key ?? (demo ? DEMO_KEY : null);
  return subscriptionKey === null ? null : { apiUrl, subscriptionKey };
}
