// SPDX-License-Identifier: EUPL-1.2
/**
 * A year of settlement, day by day: flows are stored, matched, found in the journal and posted. Says what a flow costs,
 * quarter by quarter: nothing may grow with what is settled already.
 *   bash scripts/with-postgres.sh "$(node scripts/node-path.mjs)" tests/bench/settlement.ts [flows] [lines per flow]
 */
import { loadavg } from "node:os";
import { type Day, type Moment, moment, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { refreshStatistics } from "#kernel/statistics.ts";
import { checkPayments, reconcile, type ReceivedReport, type ReportedPayment } from "#payments";
import { bigNoticeNumber, fillPayments } from "../support/big-payments.ts";
import { collecting } from "../support/collecting.ts";
import { testDatabase } from "../support/db.ts";
import {
  bankSays,
  causaleOf,
  journalOf,
  movementOf,
  reportOf,
  store,
} from "../support/settling.ts";
import { smallTown } from "../support/small-town.ts";

const FLOWS = Number(process.argv[2] ?? 5000);
const LINES = Number(process.argv[3] ?? 40);
const DAYS = 250;
const QUARTERS = 4;
const NOW = moment("2026-11-24T08:00:00Z");
const CENTS = 4600n;

const base = await testDatabase();
const place = await smallTown(base.db);
const { creditor, segregationCode } = await collecting(place);
const positions = FLOWS * LINES;
await place.town.write(async (tx) => {
  await tx.run(sql`set local statement_timeout = 0`);
  await fillPayments(tx, {
    creditor,
    segregationCode,
    positions,
    linesPerFlow: LINES,
    now: NOW,
    holderId: place.holderId,
    childId: place.giulia,
    serviceId: place.serviceId,
    withoutFlows: true,
  });
  // Their receipts are there, and arrive on their day: until then the notices are not paid.
  await tx.run(sql`
    update payment_notice set state = 'issued' where tenant_id = ${tx.tenantId} and state = 'paid'`);
});
await refreshStatistics(base.db);
say(`${positions} positions are there; load average ${loadavg()[0]!.toFixed(1)}`);

const paidOn = (index: number): Day =>
  NOW.subtract({ hours: Math.trunc(((positions - index) * 365 * 24) / positions) + 3 })
    .toZonedDateTimeISO("Europe/Rome")
    .toPlainDate();

function flowOf(flow: number): ReceivedReport {
  const payments: ReportedPayment[] = [];
  for (let index = flow * LINES + 1; index <= (flow + 1) * LINES; index += 1)
    if (![1, 2, 3].includes(index % 100))
      payments.push({
        iuv: bigNoticeNumber(segregationCode, index).slice(1),
        iur: `R1${index}`,
        transfer: 1,
        amountCents: CENTS,
        paidOn: paidOn(index),
        outcome: "EXECUTED",
      });
  const settledOn = paidOn((flow + 1) * LINES).add({ days: 1 });
  const flowCode = `F-${String(flow).padStart(9, "0")}`;
  return reportOf(creditor, payments, {
    flowCode,
    settledOn,
    flowAt: momentAt(settledOn, "17:00"),
    publishedAt: momentAt(settledOn, "17:05"),
  });
}

/** Whatever was paid in between is known to be. */
const receiptsArrive = (from: Moment, to: Moment): Promise<number> =>
  place.town.write((tx) =>
    tx.run(sql`
      update payment_notice n set state = 'paid' from payment_receipt r
      where n.tenant_id = ${tx.tenantId} and r.tenant_id = n.tenant_id and r.notice_id = n.id
        and r.paid_at > ${from} and r.paid_at <= ${to}`),
  );

const spent = { store: 0, match: 0, bank: 0 };
async function timed<Result>(
  part: keyof typeof spent,
  work: () => Promise<Result>,
): Promise<Result> {
  const from = performance.now();
  const result = await work();
  spent[part] += performance.now() - from;
  return result;
}

const perDay = Math.ceil(FLOWS / DAYS);
let done = 0;
let before = { ...spent };
let doneBefore = 0;
let arrivedUntil = NOW.subtract({ hours: 24 * 400 });
for (let flow = 0; flow < FLOWS; flow += perDay) {
  const reports = Array.from({ length: Math.min(perDay, FLOWS - flow) }, (_, n) =>
    flowOf(flow + n),
  );
  const last = reports.at(-1)!.settledOn;
  const now = momentAt(last.add({ days: 1 }), "08:00");
  await receiptsArrive(arrivedUntil, now);
  arrivedUntil = now;
  for (const report of reports) await timed("store", () => store(place, report, now));
  await timed("match", () => place.town.write((tx) => reconcile(tx, now)));
  const movements = reports.map((report) =>
    movementOf(report.totalCents, {
      causale: causaleOf(report.flowCode),
      key: report.flowCode,
      movedOn: report.settledOn,
    }),
  );
  await timed("bank", () => bankSays(place, journalOf(creditor, movements, `GDC-${flow}`), now));
  done += reports.length;
  if (
    done >= (FLOWS * (Math.floor((doneBefore * QUARTERS) / FLOWS) + 1)) / QUARTERS ||
    done >= FLOWS
  ) {
    const flows = done - doneBefore;
    const each = (part: keyof typeof spent): string =>
      ((spent[part] - before[part]) / flows).toFixed(1);
    say(
      `flows ${doneBefore + 1} to ${done}: stored in ${each("store")} ms each, matched in ${each("match")} ms, ` +
        `found at the bank and posted in ${each("bank")} ms; load average ${loadavg()[0]!.toFixed(1)}`,
    );
    before = { ...spent };
    doneBefore = done;
  }
}
const from = performance.now();
const faults = await place.town.read((tx) => checkPayments(tx));
say(
  `campanella check of it: ${faults.length} faults in ${Math.round(performance.now() - from)} ms`,
);
await base.close();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
