// SPDX-License-Identifier: EUPL-1.2
import { serviceDays, setClosedBillable } from "#attendance";
import { type DayMeal, holdServices, mealsBetween } from "#booking";
import { type Closure, type ClosureReason, closures, putClosures, townCalendar } from "#calendar";
import { type Reader, readersOf } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, daysBetween, isBefore, type Moment, sameDay } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { priceMeals } from "#tariffs";
import { type Charge, standingMealCharges } from "../sql/charges.ts";
import { reverseCharges } from "./reverse-charges.ts";
import { tellClosure } from "./tell-closure.ts";

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
  /** accounts to tell: holders, and guardians with an account of their own */
  families: number;
  readers: readonly Reader[];
}

const MAX_DAYS = 62;

/** What a closure would do: meals that fall, money, families to tell (D4: effects before anybody is told). */
export async function closureEffect(tx: ReadTx, scope: ClosureScope): Promise<ClosureEffect> {
  const meals = await mealsBetween(tx, {
    ...scope,
    siteId: scope.siteId ?? undefined,
    classId: scope.classId ?? undefined,
  });
  const served = new Map<string, DayMeal>();
  const ordered = new Map<string, { serviceId: string; childId: string; meals: number }>();
  for (const date of daysBetween(scope.from, scope.to)) {
    for (const meal of meals.on(date)) {
      const key = `${meal.serviceId}/${meal.childId}`;
      served.set(key, meal);
      if (!meal.ordered) continue;
      const { serviceId, childId } = meal;
      const count = (ordered.get(key)?.meals ?? 0) + 1;
      ordered.set(key, { serviceId, childId, meals: count });
    }
  }
  const counts = [...ordered.values()];
  const childIds = [...new Set([...served.values()].map(({ childId }) => childId))];
  const readers = await readersOf(tx, { childIds, date: scope.from });
  return {
    meals: counts.reduce((sum, { meals: count }) => sum + count, 0),
    amountCents: await worthOf(tx, scope, counts, served),
    chargesToReverse: (await chargesUnder(tx, scope)).length,
    families: new Set(readers.map(({ holderId }) => holderId)).size,
    readers,
  };
}

/** What the meals would have cost, each child at the price of the first day. */
async function worthOf(
  tx: ReadTx,
  scope: ClosureScope,
  counts: readonly { serviceId: string; childId: string; meals: number }[],
  served: ReadonlyMap<string, DayMeal>,
): Promise<Cents> {
  const calendar = await townCalendar(tx);
  const levelOf = (key: string) => calendar.sites.get(served.get(key)?.siteId ?? "")?.level ?? null;
  const worth = await Promise.all(
    scope.serviceIds.map(async (serviceId) => {
      const own = counts.filter((count) => count.serviceId === serviceId);
      const prices = await priceMeals(tx, {
        serviceId,
        date: scope.from,
        meals: own.map(({ childId }) => ({ childId, level: levelOf(`${serviceId}/${childId}`) })),
      });
      return own.reduce((sum, { childId, meals }) => {
        const price = prices.get(childId);
        return price?.outcome === "priced" ? sum + price.amountCents * BigInt(meals) : sum;
      }, 0n);
    }),
  );
  return worth.reduce((sum, part) => sum + part, 0n);
}

/** Charges already posted for the meals that a closure takes away. */
async function chargesUnder(tx: ReadTx, scope: ClosureScope): Promise<Charge[]> {
  const charges = await standingMealCharges(tx, { ...scope, siteId: scope.siteId ?? undefined });
  if (scope.classId === null) return charges;
  const { classId } = scope;
  const meals = await mealsBetween(tx, { ...scope, siteId: undefined, classId });
  const ofClass = new Set(
    [...daysBetween(scope.from, scope.to)].flatMap((date) =>
      meals.on(date).map(({ childId }) => `${childId}/${date.toString()}`),
    ),
  );
  return charges.filter(({ childId, date }) => ofClass.has(`${childId}/${date.toString()}`));
}

export type ClosedService =
  /** `alreadyClosed`: services of the scope for which the same closure stood; only the others were closed now */
  | {
      outcome: "closed";
      closureIds: string[];
      effect: ClosureEffect;
      alreadyClosed: readonly string[];
    }
  /** the same closure stands already for every service: a double click, or a colleague was faster */
  | { outcome: "already-closed"; closureIds: string[] }
  /** a day in the span is being closed this minute: try again when it is done */
  | { outcome: "wrong-dates" | "too-long" | "note-missing" | "day-closing" };

/**
 * Closes a class, a school or the town for some days, also on the day itself and after the cut-off (BO-19, X-07):
 * bookings fall, charges already made are reversed, every family concerned gets one message.
 */
export async function closeService(
  tx: WriteTx,
  asked: ClosureScope & { actor: Actor; reason: ClosureReason; note: string; now: Moment },
): Promise<ClosedService> {
  const { from, to } = asked;
  if (isBefore(to, from)) return { outcome: "wrong-dates" };
  if (from.until(to, { largestUnit: "days" }).days > MAX_DAYS) return { outcome: "too-long" };
  const note = inSentence(asked.note);
  if (asked.reason === "other" && note === "") return { outcome: "note-missing" };
  await holdServices(tx, asked.serviceIds);
  const present = (await closures(tx)).filter((one) => isSamePlaceAndTime(one, asked));
  const standing = new Set(present.map(({ serviceId }) => serviceId));
  const of = { ...asked, serviceIds: asked.serviceIds.filter((id) => !standing.has(id)) };
  if (of.serviceIds.length === 0)
    return { outcome: "already-closed", closureIds: present.map(({ id }) => id) };
  const days = await serviceDays(tx, of);
  if (days.some((day) => day.state === "closing" && of.serviceIds.includes(day.serviceId)))
    return { outcome: "day-closing" };
  const effect = await closureEffect(tx, of);
  const rows: Closure[] = of.serviceIds.map((serviceId) => ({
    id: newId(),
    serviceId,
    siteId: of.siteId,
    classId: of.classId,
    from: of.from,
    to: of.to,
    reason: of.reason,
    note,
  }));
  const charges = await chargesUnder(tx, of);
  await reverseCharges(tx, charges, { reason: `closure:${of.reason}`, now: of.now });
  await setClosedBillable(tx, { ...of, due: false });
  await putClosures(tx, rows, { name: of.actor.name, at: of.now });
  await tellClosure(tx, {
    ...of,
    note,
    closureId: rows[0]!.id,
    readers: effect.readers,
    reversed: new Set(charges.flatMap(({ childId }) => (childId ? [childId] : []))),
  });
  await recordAudit(tx, {
    actor: of.actor,
    at: of.now,
    action: "calendar.close",
    reason: note || of.reason,
    details: {
      from: of.from.toString(),
      to: of.to.toString(),
      siteId: of.siteId,
      classId: of.classId,
      families: effect.families,
    },
  });
  const alreadyClosed = asked.serviceIds.filter((id) => standing.has(id));
  return { outcome: "closed", closureIds: rows.map(({ id }) => id), effect, alreadyClosed };
}

/** Pages and messages put the note inside sentences of their own: its full stop would stand twice. */
const inSentence = (note: string): string => note.trim().replace(/[\s.]+$/, "");

const isSamePlaceAndTime = (one: Closure, of: ClosureScope): boolean =>
  one.serviceId !== null &&
  of.serviceIds.includes(one.serviceId) &&
  one.siteId === of.siteId &&
  one.classId === of.classId &&
  sameDay(one.from, of.from) &&
  sameDay(one.to, of.to);
