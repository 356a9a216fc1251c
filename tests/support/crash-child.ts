// SPDX-License-Identifier: EUPL-1.2
/** A process that works until it is killed: `close` closes a day in small batches, `rush` cancels meal after meal. */
import { randomUUID } from "node:crypto";
import { closeDay } from "#billing";
import { changeMeals } from "#booking";
import { day, momentAt } from "#kernel/dates.ts";
import { openDatabase } from "#kernel/db/index.ts";
import { RECEIPT_KEY, type SmallTown } from "./small-town.ts";

interface Task {
  mode: "close" | "rush";
  url?: string;
  dataDir?: string;
  date: string;
  place: Pick<SmallTown, "tenantId" | "serviceId" | "siteId" | "sara">;
  families: { childId: string; personId: string }[];
}

const task = JSON.parse(process.env["CRASH_TASK"] ?? "{}") as Task;
const db = await openDatabase({ url: task.url, dataDir: task.dataDir });
const town = db.forTenant(task.place.tenantId);
const { serviceId, siteId } = task.place;
const date = day(task.date);
process.stdout.write("ready\n");

if (task.mode === "close") {
  await closeDay(town, {
    serviceId,
    siteId,
    date,
    by: "test",
    now: momentAt(date, "15:00"),
    batchMeals: 3,
  });
} else {
  for (const { childId, personId } of task.families) {
    const result = await town.write((tx) =>
      changeMeals(tx, {
        actor: { ...task.place.sara, personId },
        channel: "portal",
        act: "cancel",
        serviceId,
        items: [{ childId, date }],
        receivedAt: momentAt(date, "08:55"),
        now: momentAt(date, "08:55"),
        idempotencyKey: randomUUID(),
        receiptKey: RECEIPT_KEY,
      }),
    );
    if (result.outcome === "answered") process.stdout.write(`ack ${childId}\n`);
  }
}
await db.close();
process.stdout.write("done\n");
