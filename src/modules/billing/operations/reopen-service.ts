// SPDX-License-Identifier: EUPL-1.2
import { serviceDays, setClosedBillable } from "#attendance";
import { cutoffAt, holdServices, isInTime } from "#booking";
import {
  cancelClosure,
  type Closure,
  closures,
  shortenClosure,
  type TownCalendar,
  townCalendar,
} from "#calendar";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import {
  type Day,
  dayOf,
  daysBetween,
  isBefore,
  isWithin,
  later,
  type Moment,
} from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { type DatedSettings, datedSettings } from "#tenancy";
import { closureEffect } from "./close-service.ts";
import { tellClosureCancelled } from "./tell-closure.ts";

const FAMILY_CHANNELS = ["portal", "app", "voice"] as const;

export type ReopenedService =
  /** `from`: the first day that is served again */
  | { outcome: "cancelled"; families: number; from: Day }
  /** every day of it is over, or too near for a family to cancel, or already in the books */
  | { outcome: "not-found" | "past" };

/**
 * Takes a closure back for the days that whoever reports absences may still cancel: families had read that there was
 * nothing to cancel. Bookings are as before, each family gets one correction, also when one act takes back several
 * services. The days before stay closed: nobody cooked.
 */
export async function reopenService(
  tx: WriteTx,
  of: { actor: Actor; closureId: string; now: Moment },
): Promise<ReopenedService> {
  const known = (await closures(tx)).find(({ id }) => id === of.closureId);
  if (!known?.serviceId) return { outcome: "not-found" };
  const { serviceId } = known;
  await holdServices(tx, [serviceId]);
  // Read again: who held the services before us may have taken it back.
  const closure = (await closures(tx)).find(({ id }) => id === of.closureId);
  if (!closure) return { outcome: "not-found" };
  const [from] = await reopenDays(tx, { closures: [closure], now: of.now });
  if (!from) return { outcome: "past" };
  const to = from.subtract({ days: 1 });
  if (isBefore(to, closure.from))
    await cancelClosure(tx, closure.id, { name: of.actor.name, at: of.now });
  else await shortenClosure(tx, { closureId: closure.id, to });
  const scope = { ...closure, serviceIds: [serviceId], from };
  await setClosedBillable(tx, { ...scope, due: true });
  const effect = await closureEffect(tx, scope);
  const served = new Set(effect.readers.flatMap(({ childIds }) => childIds));
  const { families } = await tellClosureCancelled(tx, {
    ...closure,
    closureId: closure.id,
    from,
    served,
    now: of.now,
  });
  await recordAudit(tx, {
    actor: of.actor,
    at: of.now,
    action: "calendar.reopen",
    details: { closureId: closure.id, from: from.toString() },
  });
  return { outcome: "cancelled", families, from };
}

/** A closure, or one that is only thought of. */
export type ClosedSpan = Pick<Closure, "serviceId" | "siteId" | "classId" | "from" | "to">;

/** Of each closure the first day that could be served again now, `null` when it can no longer be taken back. */
export async function reopenDays(
  tx: ReadTx,
  of: { closures: readonly ClosedSpan[]; now: Moment },
): Promise<(Day | null)[]> {
  const [first] = of.closures;
  if (!first) return [];
  const today = dayOf(of.now);
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const to = of.closures.reduce((last, one) => later(last, one.to), first.to);
  const days = isBefore(to, today) ? [] : await serviceDays(tx, { from: today, to });
  return of.closures.map((closure) => {
    const { serviceId } = closure;
    if (!serviceId || isBefore(closure.to, today)) return null;
    const siteIds = concernedSites(calendar, closure);
    const isOpen = stillCancellable({ calendar, settings, serviceId, siteIds, now: of.now });
    const from = daysBetween(later(closure.from, today), closure.to).find(isOpen);
    if (!from) return null;
    const isBooked = days.some(
      (day) =>
        day.serviceId === serviceId &&
        day.state !== "open" &&
        siteIds.includes(day.siteId) &&
        isWithin(day.date, from, closure.to),
    );
    return isBooked ? null : from;
  });
}

function concernedSites(calendar: TownCalendar, { siteId, classId }: ClosedSpan): string[] {
  const schoolClass = classId ? calendar.classes.get(classId) : undefined;
  const only = schoolClass?.siteId ?? siteId;
  return only ? [only] : [...calendar.sites.keys()];
}

/** May a day's absences still be reported, at every site concerned, by families or else by the school? */
function stillCancellable(of: {
  calendar: TownCalendar;
  settings: DatedSettings;
  serviceId: string;
  siteIds: readonly string[];
  now: Moment;
}): (date: Day) => boolean {
  const { calendar, settings, serviceId, siteIds, now } = of;
  const code = calendar.services.find(({ id }) => id === serviceId)!.code;
  return (date) => {
    const cutoffs = settings.service(code, "cutoffs", date);
    const { reportedBy } = settings.service(code, "absences", date);
    const channels = reportedBy === "school" ? (["school"] as const) : FAMILY_CHANNELS;
    return siteIds.every((siteId) => {
      const site = calendar.sites.get(siteId)?.name ?? "";
      return channels.some((channel) => {
        const cutoff = cutoffAt(cutoffs, channel, site, date);
        return cutoff !== null && isInTime(now, cutoff, cutoffs.toleranceSeconds);
      });
    });
  };
}
