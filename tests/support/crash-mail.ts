// SPDX-License-Identifier: EUPL-1.2
/** A sender that works until it is killed. The moment is the task's: each life begins after the last one's claims. */
import { moment } from "#kernel/dates.ts";
import { openDatabase } from "#kernel/db/index.ts";
import type { Mailer } from "../../src/integrations/mail/mailer.ts";
import { smtpMailer } from "../../src/integrations/mail/smtp.ts";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { sendEmails } from "../../src/worker/mail.ts";

interface Task {
  url?: string;
  dataDir?: string;
  smtp: string;
  tenantId: string;
  now: string;
}

const task = JSON.parse(process.env["CRASH_TASK"] ?? "{}") as Task;
const db = await openDatabase({ url: task.url, dataDir: task.dataDir });
const server = smtpMailer({ url: new URL(task.smtp), from: "scuola@comune.example.it" });
let count = 0;
/** Says `ack` between the server's answer and our note of it: the worst moment to be killed. */
const mailer: Mailer = {
  ...server,
  async send(email) {
    const outcome = await server.send(email);
    process.stdout.write(`ack ${(count += 1)}\n`);
    return outcome;
  },
};
const now = moment(task.now);
const app = {
  db,
  clock: { now: () => now },
  port: 80,
  secureCookies: false,
  pagoPa: NO_PAGOPA,
  sealKey: "seal",
};
process.stdout.write("ready\n");
const town = { id: task.tenantId, slug: "prova", hosts: [] };
while ((await sendEmails(app, { town, mailer })) > 0);
mailer.close();
await db.close();
process.stdout.write("done\n");
