// SPDX-License-Identifier: EUPL-1.2
import { type DayFacts } from "#booking";
import type { Service } from "#calendar";
import { type Day, isBefore, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { familyDays } from "../meals/family-days.ts";
import type { MealMoney } from "../meals/meal-money.ts";
import { schoolReportsUntil } from "../meals/school-reports.ts";
import { priceDays } from "./price-days.ts";

/** Beyond this no absence is planned on one page; an open end has no last day at all. */
export const LONGEST_DAYS = 180;
const RETURN_DAYS = 60;

/** What an absence would do for one child and service: shown before it is registered. */
export interface PlannedAbsence {
  child: ScopedChild;
  service: Service;
  /** service days that would be cancelled */
  meals: number;
  /** what they would have cost; `null` when a price is not known or nothing is paid per meal */
  cents: bigint | null;
  /** days inside that can no longer change: they stay booked */
  tooLate: DayFacts[];
  /** the first service day after it; `null` when the end is open or lies beyond the year */
  backOn: Day | null;
  /** families may not report absences on its first service day */
  schoolReports: boolean;
  money: MealMoney | undefined;
}

/** Services in which families report absences day by day, with the children they are for. */
export function absenceServices(
  scope: FamilyScope,
  children: readonly ScopedChild[],
  from: Day,
): Map<Service, ScopedChild[]> {
  const found = new Map<Service, ScopedChild[]>();
  for (const service of scope.services) {
    if (!scope.isDaily(service, from)) continue;
    if (scope.settings.service(service.code, "attendance", from).mode === "opt-in") continue;
    const own = children.filter(({ id }) => scope.schedule(id, service.id));
    if (own.length > 0) found.set(service, own);
  }
  return found;
}

/** How far ahead only the school reports absences, of all these children: `null` when families may already. */
export function schoolReportsAll(
  scope: FamilyScope,
  children: readonly ScopedChild[],
  from: Day,
): { until: Day | null } | null {
  const services = [...absenceServices(scope, children, from).keys()];
  const bySchool = services.every(
    ({ code }) => scope.settings.service(code, "absences", from).reportedBy === "school",
  );
  if (services.length === 0 || !bySchool) return null;
  const until = services.map((service) => schoolReportsUntil(scope.settings, service, from));
  const dated = until.filter((day) => day !== null).sort(Temporal.PlainDate.compare);
  return { until: dated[0] ?? null };
}

/** Counts meals and money of an absence before anybody decides. */
export async function planAbsence(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  of: { children: readonly ScopedChild[]; from: Day; to: Day | null },
): Promise<PlannedAbsence[]> {
  const end = of.to ?? of.from.add({ days: LONGEST_DAYS });
  const until = end.add({ days: RETURN_DAYS });
  const planned: PlannedAbsence[] = [];
  for (const [service, children] of absenceServices(scope, of.children, of.from)) {
    const days = await familyDays(tx, scope, visit, {
      childIds: children.map(({ id }) => id),
      serviceId: service.id,
      from: of.from,
      to: until,
    });
    const perChild = children.map((child) => {
      const facts = days.get(child.id) ?? [];
      const inside = facts.filter(
        ({ date, day }) => day.kind === "service" && isWithin(date, of.from, end),
      );
      const ordered = inside.filter(({ state }) => state === "expected" || state === "plain");
      const open = ordered.filter((on) => on.inTime && !on.locked && on.channelOpen);
      const back = facts.find(({ date, day }) => day.kind === "service" && isBefore(end, date));
      return { child, inside, open, tooLate: ordered.filter((on) => !open.includes(on)), back };
    });
    const wanted = perChild.map(({ child, open }) => ({
      child,
      // without an end nobody knows the days: the first one tells how the service is paid
      dates: (of.to ? open : open.slice(0, 1)).map(({ date }) => date),
    }));
    const costs = await priceDays(tx, scope, service, wanted, visit.lang);
    for (const { child, inside, open, tooLate, back } of perChild) {
      const cost = costs.get(child.id);
      planned.push({
        child,
        service,
        meals: open.length,
        cents: of.to && cost ? cost.cents : null,
        tooLate,
        backOn: of.to && back ? back.date : null,
        schoolReports: inside[0]?.familiesReport === false,
        money: cost?.money,
      });
    }
  }
  return planned;
}

/** The evening before the return, when `Oggi` reminds of it. */
export const reminderDay = (backOn: Day): Day => backOn.subtract({ days: 1 });
