// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { DatedSettings } from "#tenancy";

const LOOK_AHEAD_DAYS = 300;

/** The last day on which the schools report absences; `null` when no later setting changes that (BI-03). */
export function schoolReportsUntil(
  settings: DatedSettings,
  service: Service,
  from: Day,
): Day | null {
  for (let days = 1; days <= LOOK_AHEAD_DAYS; days += 1) {
    const date = from.add({ days });
    const { reportedBy } = settings.service(service.code, "absences", date);
    if (reportedBy !== "school") return date.subtract({ days: 1 });
  }
  return null;
}
