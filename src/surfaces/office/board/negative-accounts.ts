// SPDX-License-Identifier: EUPL-1.2
import type { TownCalendar } from "#calendar";
import { type Day, day, isBefore } from "#kernel/dates.ts";
import type { Balance } from "#ledger";
import type { DatedSettings } from "#tenancy";

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
