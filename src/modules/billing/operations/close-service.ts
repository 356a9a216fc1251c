// SPDX-License-Identifier: EUPL-1.2
import { serviceDays } from "#attendance";
import { expectedMeals, isOrdered } from "#booking";
import {
  cancelClosure,
  className,
  type Closure,
  type ClosureReason,
  closures,
  putClosures,
  townCalendar,
} from "#calendar";
import { holdersOn } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, daysBetween, isBefore, later, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { planMessages } from "#messaging";
import { priceMeals } from "#tariffs";
import { closureCancelledMessage, closureMessage } from "../rules/closure-message.ts";
import { standingMealCharges } from "../sql/charges.ts";
import { reverseCharges } from "./reverse-charges.ts";

/** Where and when nothing is served. `serviceIds`: the canteens (or other services) that it concerns. */
export interface ClosureScope {
  serviceIds: readonly string[];
  siteId: string | null;
  classId: string | null;
  from: Day;
  to: Day;
}

export interface ClosureEffect {
  meals: number;
  /** what the meals that fall would have cost, by today's prices */
  amountCents: Cents;
  /** charges already posted that will be reversed */
  chargesToReverse: number;
  families: number;
  childrenByHolder: Map<string, Set<string>>;
}

const MAX_DAYS = 62;

/** What a closure would do: meals that fall, money, families to tell (D4: effects before anybody is told). */
export async function closureEffect(tx: ReadTx, scope: ClosureScope): Promise<ClosureEffect> {
  const calendar = await townCalendar(tx);
  const effect: ClosureEffect = {
    meals: 0,
    amountCents: 0n,
    chargesToReverse: 0,
    families: 0,
    childrenByHolder: new Map(),
  };
  for (const serviceId of scope.serviceIds) {
    for (const date of daysBetween(scope.from, scope.to)) {
      const { siteId, classId } = scope;
      const all = await expectedMeals(tx, {
        serviceId,
        date,
        siteId: siteId ?? undefined,
        classId: classId ?? undefined,
      });
      const served = all.filter(({ day }) => day.kind === "service");
      if (served.length === 0) continue;
      const ordered = served.filter(({ state }) => isOrdered(state));
      effect.meals += ordered.length;
      const prices = await priceMeals(tx, {
        serviceId,
        date,
        meals: ordered.map((meal) => ({
          childId: meal.childId,
          level: calendar.sites.get(meal.siteId)?.level ?? null,
        })),
      });
      for (const { childId } of ordered) {
        const price = prices.get(childId);
        if (price?.outcome === "priced") effect.amountCents += price.amountCents;
      }
      effect.chargesToReverse += (await chargesUnder(tx, scope, serviceId, date)).length;
      const childIds = served.map(({ childId }) => childId);
      for (const [childId, holderId] of await holdersOn(tx, childIds, date)) {
        const children = effect.childrenByHolder.get(holderId) ?? new Set();
        effect.childrenByHolder.set(holderId, children.add(childId));
      }
    }
  }
  effect.families = effect.childrenByHolder.size;
  return effect;
}

async function chargesUnder(tx: ReadTx, scope: ClosureScope, serviceId: string, date: Day) {
  const charges = await standingMealCharges(tx, {
    serviceId,
    date,
    siteId: scope.siteId ?? undefined,
  });
  if (scope.classId === null) return charges;
  const { classId } = scope;
  const ofClass = await expectedMeals(tx, { serviceId, date, classId });
  const children = new Set(ofClass.map(({ childId }) => childId));
  return charges.filter(({ childId }) => childId !== null && children.has(childId));
}

export type ClosedService =
  | { outcome: "closed"; closureIds: string[]; effect: ClosureEffect }
  | { outcome: "wrong-dates" | "too-long" | "note-missing" };

/**
 * Closes a class, a school or the town for some days, also on the day itself and after the cut-off (BO-19, X-07):
 * bookings fall, charges already made are reversed, every family concerned gets one message.
 */
export async function closeService(
  tx: WriteTx,
  of: ClosureScope & { actor: Actor; reason: ClosureReason; note: string; now: Moment },
): Promise<ClosedService> {
  if (isBefore(of.to, of.from)) return { outcome: "wrong-dates" };
  if (of.from.until(of.to, { largestUnit: "days" }).days > MAX_DAYS) return { outcome: "too-long" };
  if (of.reason === "other" && of.note.trim() === "") return { outcome: "note-missing" };
  const effect = await closureEffect(tx, of);
  const rows: Closure[] = of.serviceIds.map((serviceId) => ({
    id: newId(),
    serviceId,
    siteId: of.siteId,
    classId: of.classId,
    from: of.from,
    to: of.to,
    reason: of.reason,
    note: of.note.trim(),
  }));
  for (const serviceId of of.serviceIds)
    for (const date of daysBetween(of.from, of.to))
      await reverseCharges(tx, await chargesUnder(tx, of, serviceId, date), {
        reason: `closure:${of.reason}`,
        now: of.now,
      });
  await putClosures(tx, rows, { name: of.actor.name, at: of.now });
  const calendar = await townCalendar(tx);
  const place = placeOf(calendar, of);
  await planMessages(
    tx,
    [...effect.childrenByHolder.keys()].map((holderId) => ({
      holderId,
      kind: "closure",
      ...closureMessage({ ...of, place, childIds: [...effect.childrenByHolder.get(holderId)!] }),
      dedupeKey: `closure:${rows[0]!.id}:${holderId}`,
    })),
    of.now,
  );
  await recordAudit(tx, {
    actor: of.actor,
    at: of.now,
    action: "calendar.close",
    reason: of.note || of.reason,
    details: {
      from: of.from.toString(),
      to: of.to.toString(),
      siteId: of.siteId,
      classId: of.classId,
      families: effect.families,
    },
  });
  return { outcome: "closed", closureIds: rows.map(({ id }) => id), effect };
}

/**
 * Takes a closure back for the days still to come: bookings are as before, the same families get one correction.
 * Days already past stay closed: nobody cooked.
 */
export async function reopenService(
  tx: WriteTx,
  of: { actor: Actor; closureId: string; now: Moment },
): Promise<{ outcome: "cancelled"; families: number } | { outcome: "not-found" | "past" }> {
  const closure = (await closures(tx)).find(({ id }) => id === of.closureId);
  if (!closure || closure.serviceId === null) return { outcome: "not-found" };
  const today = dayOf(of.now);
  if (isBefore(closure.to, today)) return { outcome: "past" };
  const days = await serviceDays(tx, { ...closure, serviceId: closure.serviceId });
  if (days.some(({ date, state }) => state === "closed" && !isBefore(date, today)))
    return { outcome: "past" };
  await cancelClosure(tx, closure.id, { name: of.actor.name, at: of.now });
  const scope = { ...closure, serviceIds: [closure.serviceId], from: later(closure.from, today) };
  const effect = await closureEffect(tx, scope);
  const place = placeOf(await townCalendar(tx), closure);
  await planMessages(
    tx,
    [...effect.childrenByHolder.keys()].map((holderId) => ({
      holderId,
      kind: "closure-cancelled",
      ...closureCancelledMessage({ ...scope, place }),
      dedupeKey: `closure-cancelled:${closure.id}:${holderId}`,
    })),
    of.now,
  );
  await recordAudit(tx, {
    actor: of.actor,
    at: of.now,
    action: "calendar.reopen",
    details: { closureId: closure.id },
  });
  return { outcome: "cancelled", families: effect.families };
}

function placeOf(
  calendar: Awaited<ReturnType<typeof townCalendar>>,
  of: { siteId: string | null; classId: string | null },
): string {
  const schoolClass = of.classId ? calendar.classes.get(of.classId) : undefined;
  const site = calendar.sites.get(schoolClass?.siteId ?? of.siteId ?? "");
  if (schoolClass && site) return `la classe ${className(schoolClass)}, ${site.name}`;
  return site ? site.name : "tutte le scuole";
}
