// SPDX-License-Identifier: EUPL-1.2
/** A station that takes receipts and applies them until it is killed; says `ack` only after the commit. */
import { moment } from "#kernel/dates.ts";
import { openDatabase } from "#kernel/db/index.ts";
import { applyReceipts } from "#payments";
import { parseRequest, readStoredReceipt } from "../../src/integrations/pagopa/soap/index.ts";
import { takeReceipt } from "../../src/surfaces/pagopa-station/take-receipt.ts";

interface Task {
  url?: string;
  dataDir?: string;
  messages: string[];
}

const task = JSON.parse(process.env["CRASH_TASK"] ?? "{}") as Task;
const db = await openDatabase({ url: task.url, dataDir: task.dataDir });
const now = moment("2026-11-20T09:16:00Z");
process.stdout.write("ready\n");
let applying: Promise<unknown> = Promise.resolve();
for (const [index, message] of task.messages.entries()) {
  const call = parseRequest(Buffer.from(message));
  if (call.kind !== "receipt") throw new Error("the message is no receipt");
  await takeReceipt({ db, now }, call);
  process.stdout.write(`ack ${index}\n`);
  if (index % 3 === 0)
    applying = applying.then(() =>
      applyReceipts(db, {
        now,
        read: readStoredReceipt,
        onError: (_, error) => console.error(error),
      }),
    );
}
await applying;
await db.close();
process.stdout.write("done\n");
