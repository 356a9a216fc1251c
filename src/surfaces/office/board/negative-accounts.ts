// SPDX-License-Identifier: EUPL-1.2
import type { TownCalendar } from "#calendar";
import { type Day, day, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Balance, negativeBalances } from "#ledger";
import type { DatedSettings } from "#tenancy";
import type { Visit } from "../../web/visit.ts";

export interface NegativeFigure {
  readonly count: number;
  /** when the ledger was summed */
  readonly at: Moment;
}

const FRESH_MINUTES = 10;
/** Per installation and town: summing reads the whole ledger, and the board is opened all day long. */
const known = new WeakMap<Visit["app"]["db"], Map<string, NegativeFigure>>();

/** How many accounts are beyond the rule: at most ten minutes old, with its time. The list page is always fresh. */
export async function negativeFigure(
  tx: ReadTx,
  visit: Visit,
  of: { calendar: TownCalendar; settings: DatedSettings },
): Promise<NegativeFigure> {
  const { now, today } = visit;
  const figures = known.get(visit.app.db) ?? new Map<string, NegativeFigure>();
  known.set(visit.app.db, figures);
  const last = figures.get(tx.tenantId);
  const age = last ? last.at.until(now).total("minutes") : -1;
  if (last && age >= 0 && age < FRESH_MINUTES) return last;
  const rows = await negativeBalances(tx, Number.POSITIVE_INFINITY);
  const figure = { count: beyondTheRule(rows, { ...of, today }).length, at: now };
  figures.set(tx.tenantId, figure);
  return figure;
}

/**
 * Prepaid accounts below what the town allows (MC-04): any negative one after the date of grace, those under the
 * floor. Where a negative balance never stops anything, all of them: the office sends the reminders.
 */
export function beyondTheRule(
  rows: readonly Balance[],
  of: { calendar: TownCalendar; settings: DatedSettings; today: Day },
): Balance[] {
  const { calendar, settings, today } = of;
  const prepaid = calendar.services.filter(
    ({ code }) => settings.maybeService(code, "payment", today)?.model === "prepaid",
  );
  return rows.filter((row) => {
    const service = row.serviceId
      ? prepaid.find(({ id }) => id === row.serviceId)
      : prepaid.find(() => true);
    if (!service) return false;
    const rule = settings.maybeService(service.code, "negativeBalance", today);
    switch (rule?.rule) {
      case "allowed-until":
        return isBefore(day(rule.until), today);
      case "floor":
        return row.balanceCents < BigInt(rule.floorCents);
      case "never-blocks":
        return true;
      case undefined:
        return false;
    }
  });
}
