// SPDX-License-Identifier: EUPL-1.2
/** Closes one day as the tick does, and watches its own memory meanwhile. Started by `processes.ts`. */
import { closeDay } from "#billing";
import { day, momentAt } from "#kernel/dates.ts";
import { openDatabase } from "#kernel/db/index.ts";
import type { Closed, ClosingTask } from "./processes.ts";
import { idOf, SERVICE_ID } from "./town.ts";

const url = process.env["BENCH_DATABASE_URL"];
if (!url || !process.send) throw new Error("started by tests/bench/processes.ts only");
const db = await openDatabase({ url });

process.on("message", (task: ClosingTask) => {
  void close(task).then((closed) => process.send?.(closed));
});
process.on("disconnect", () => {
  process.exit(0);
});
process.send({ ready: true });

async function close({ tenantId, date }: ClosingTask): Promise<Closed> {
  const town = db.forTenant(tenantId);
  const on = day(date);
  const rssBeforeBytes = process.memoryUsage.rss();
  let rssPeakBytes = rssBeforeBytes;
  const watch = setInterval(() => {
    rssPeakBytes = Math.max(rssPeakBytes, process.memoryUsage.rss());
  }, 20);
  const started = performance.now();
  const closed = await closeDay(town, {
    serviceId: SERVICE_ID,
    siteId: idOf("site", 0),
    date: on,
    by: "bench",
    now: momentAt(on, "16:00"),
  });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  if (closed.outcome !== "closed") throw new Error(`the day was not closed: ${closed.outcome}`);
  rssPeakBytes = Math.max(rssPeakBytes, process.memoryUsage.rss());
  return { seconds, charged: closed.charged, rssBeforeBytes, rssPeakBytes };
}
