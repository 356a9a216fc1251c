// SPDX-License-Identifier: EUPL-1.2
import { checkBookings } from "#booking";
import { townCalendar } from "#calendar";
import { checkEnrolments } from "#enrolment";
import { type Day, dayOf, earlier } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { checkLedger } from "#ledger";
import { checkPayments, waitingReceipts } from "#payments";
import { tenants } from "#tenancy";
import { checkDays } from "./check-days.ts";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { findTown } from "./find-town.ts";

const SHOWN_PER_RULE = 20;

interface Violation {
  readonly rule: string;
  readonly subject: string;
}

export const checkCommand: Command = {
  name: "check",
  summary: "recompute the invariants: ledger, payments, closed days, bookings, enrolments",
  usage: `campanella check: does what is stored agree with itself?

  campanella check [--tenant <slug>]
      Recomputes, town by town (default: all), from the rows alone:
      ledger       every account is there, the sum of all accounts is zero, reversals mirror what they undo
      payments     every receipt is posted once and whole, every paid notice has its receipt, money in suspense is
                   that of the open cases; what pagoPA owes and what the bank has are the same in the ledger and in
                   receipts and flows
      days         on closed days attended = charged + exempt + unpriced, child by child; no charge without
                   attendance, no cancelled meal charged
      bookings     every accepted receipt has its effect
      enrolments   no child twice in a class or a service, payer shares make a whole each day
      Receipts of pagoPA that could not be applied and are tried again are counted for all towns.
      It writes nothing. Names are not shown: rows are named by their ids.

Exit codes: 0 sound, 1 something does not agree, 2 wrong call.`,
  async run(args, io) {
    const { values, positionals } = readArgs(args, { tenant: { type: "string" } });
    if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
    const db = await io.database();
    const towns = values.tenant
      ? [await findTown(db, values.tenant)]
      : await db.platform((tx) => tenants(tx));
    let violations = 0;
    for (const { id, slug } of towns) {
      const town = db.forTenant(id);
      for (const [group, look] of Object.entries(groupsOf(town, dayOf(io.now())))) {
        const found = await look();
        violations += found.length;
        report(io, `${slug} ${group}`, found);
      }
    }
    const waiting = await db.platform((tx) => waitingReceipts(tx));
    if (waiting.failing > 0)
      io.out(
        `${waiting.failing} receipts could not be applied yet, the oldest is of ${String(waiting.oldest)}`,
      );
    violations += waiting.failing;
    io.out(violations === 0 ? `Sound: ${towns.length} towns` : `${violations} violations`);
    return violations === 0 ? EXIT.ok : EXIT.refused;
  },
};

function groupsOf(town: TenantDb, today: Day): Record<string, () => Promise<Violation[]>> {
  return {
    ledger: () => town.read((tx) => checkLedger(tx)),
    payments: () => town.read((tx) => checkPayments(tx)),
    days: () => checkYears(town, today),
    bookings: () => town.read((tx) => checkBookings(tx)),
    enrolments: () => town.read((tx) => checkEnrolments(tx)),
  };
}

/** Every school year there is, service by service: each in a transaction of its own. */
async function checkYears(town: TenantDb, today: Day): Promise<Violation[]> {
  const { years, services } = await town.read(townCalendar);
  const found: Violation[] = [];
  for (const service of services)
    for (const { startsOn, endsOn } of years) {
      const span = { service, from: startsOn, to: earlier(today, endsOn) };
      found.push(...(await town.read((tx) => checkDays(tx, span))));
    }
  return found;
}

function report(io: CommandIo, where: string, found: readonly Violation[]): void {
  if (found.length === 0) io.err(`${where}: sound`);
  for (const [rule, ofRule] of Map.groupBy(found, (one) => one.rule)) {
    io.out(`${where}: ${rule}: ${ofRule.length}`);
    for (const { subject } of ofRule.slice(0, SHOWN_PER_RULE)) io.out(`  ${subject}`);
  }
}
