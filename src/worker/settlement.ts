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
import { receiptSource } from "../integrations/pagopa/biz-events.ts";
import type { PagopaAccess } from "../integrations/pagopa/call-service.ts";
import { fdrSource } from "../integrations/pagopa/fdr/client.ts";
import type { App } from "../surfaces/web/app.ts";
import { type Rounds, startTownRounds } from "./town-rounds.ts";

const LOOK_EVERY_MS = 60_000;
/** Flows come once a day and PSP: asking more often than this tells nothing. */
const FETCH_EVERY_MINUTES = 30;
/** The simulator asks for no key. */
const DEMO_KEY = "demo";

type SettlementApp = Pick<App, "db" | "clock" | "demo" | "sealKey" | "pagoPa" | "receiptsArrived">;
type OnError = (work: string, error: unknown) => void;

/** Fetches flows, asks for lost receipts, works out what belongs together, town by town. */
export function startSettlementWorker(app: SettlementApp, options: { onError: OnError }): Rounds {
  const fetchedAt = new Map<string, Moment>();
  return startTownRounds(app.db, {
    everyMs: LOOK_EVERY_MS,
    work: "settlement",
    onError: options.onError,
    async oneTown({ id, slug }, isStopping) {
      const now = app.clock.now();
      const last = fetchedAt.get(id);
      const minutes = app.demo ? 0 : FETCH_EVERY_MINUTES;
      const fetches = !last || !isMomentAfter(last.add({ minutes }), now);
      if (fetches) fetchedAt.set(id, now);
      const onError = (what: string, error: unknown): void =>
        options.onError(`${slug}, ${what}`, error);
      await settleTown(app, app.db.forTenant(id), { now, fetches, onError, isStopping });
    },
  });
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
