// SPDX-License-Identifier: EUPL-1.2
/** A print worker that works until it is killed; says `ack` after each part that is committed. */
import { moment } from "#kernel/dates.ts";
import { openDatabase } from "#kernel/db/index.ts";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { makePrintFiles } from "../../src/worker/print-runs.ts";

interface Task {
  url?: string;
  dataDir?: string;
  tenantId: string;
}

const task = JSON.parse(process.env["CRASH_TASK"] ?? "{}") as Task;
const db = await openDatabase({ url: task.url, dataDir: task.dataDir });
process.stdout.write("ready\n");
await makePrintFiles(
  { clock: { now: () => moment("2026-11-20T09:00:00Z") }, pagoPa: NO_PAGOPA },
  db.forTenant(task.tenantId),
  {
    isStopping: () => false,
    onError: (_, error) => console.error(error),
    onPart: () => process.stdout.write("ack part\n"),
  },
);
await db.close();
process.stdout.write("done\n");
