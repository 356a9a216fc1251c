// SPDX-License-Identifier: EUPL-1.2
import { type SchoolLevel, townCalendar } from "#calendar";
import { schedulesOf } from "#enrolment";
import { type Day, isBefore, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { endingIsees, iseesOn, type MealToPrice, priceMeals } from "#tariffs";
import { paymentOn } from "./charge-meals.ts";

/** announced so many days before, and for so long after to whoever was not told in time. */
const DAYS_BEFORE = 30;
const DAYS_AFTER = 14;

export interface IseeEnding {
  childId: string;
  /** last day on which the ISEE decides the price */
  validTo: Day;
  hasEnded: boolean;
  /** of each service paid by the meal whose price changes; `null` = no price without an ISEE: the office decides */
  changes: readonly { serviceId: string; before: Cents; after: Cents | null }[];
}

/**
 * ISEEs that end within thirty days, or ended in the last fourteen, with nothing after them, and what a meal costs
 * then. Of all children or of some. Fees of a period keep the price they were posted at and are not in here.
 */
export async function iseeEndings(
  tx: ReadTx,
  of: { today: Day; childIds?: readonly string[] },
): Promise<IseeEnding[]> {
  const { today } = of;
  const span = { from: today.subtract({ days: DAYS_AFTER }), to: today.add({ days: DAYS_BEFORE }) };
  const found = await endingIsees(tx, { ...of, ...span });
  if (found.length === 0) return [];
  const childIds = [...new Set(found.map(({ childId }) => childId))];
  const covered = new Set((await iseesOn(tx, { childIds, date: today })).map((one) => one.childId));
  const endings = found
    .map(({ childId, validTo }) => ({ childId, validTo, hasEnded: isBefore(validTo, today) }))
    .filter(({ childId, hasEnded }) => !hasEnded || !covered.has(childId));
  const changes = await priceChanges(tx, endings);
  return endings.map((ending) => ({ ...ending, changes: changes.get(keyOf(ending)) ?? [] }));
}

const keyOf = ({ childId, validTo }: { childId: string; validTo: Day }): string =>
  `${childId}/${validTo.toString()}`;

type Change = IseeEnding["changes"][number];

/** Most ISEEs end on the same day, 31 December: prices are asked for by service and day. */
async function priceChanges(
  tx: ReadTx,
  endings: readonly { childId: string; validTo: Day }[],
): Promise<Map<string, Change[]>> {
  const users = await usersOf(tx, endings);
  const changes = new Map<string, Change[]>();
  await Promise.all(
    [...Map.groupBy(users, ({ serviceId, validTo }) => `${serviceId}/${validTo}`).values()].map(
      async (group) => {
        const { serviceId, validTo } = group[0]!;
        const next = validTo.add({ days: 1 });
        if ((await paymentOn(tx, { serviceId, date: next })).model === "fixed-fee") return;
        const before = await priceMeals(tx, { serviceId, date: validTo, meals: group });
        const after = await priceMeals(tx, { serviceId, date: next, meals: group });
        for (const user of group) {
          const [was, is] = [before.get(user.childId), after.get(user.childId)];
          if (was?.outcome !== "priced") continue;
          const now = is?.outcome === "priced" ? is.amountCents : null;
          if (now === was.amountCents) continue;
          const key = keyOf(user);
          const known = changes.get(key) ?? [];
          changes.set(key, [...known, { serviceId, before: was.amountCents, after: now }]);
        }
      },
    ),
  );
  return changes;
}

type User = MealToPrice & { serviceId: string; validTo: Day; level: SchoolLevel | null };

/** Each child's services of the day after, with the level of its school. */
async function usersOf(
  tx: ReadTx,
  endings: readonly { childId: string; validTo: Day }[],
): Promise<User[]> {
  const calendar = await townCalendar(tx);
  const childIds = [...new Set(endings.map(({ childId }) => childId))];
  const schedules = Map.groupBy(await schedulesOf(tx, { childIds }), ({ childId }) => childId);
  return endings.flatMap(({ childId, validTo }) => {
    const next = validTo.add({ days: 1 });
    return (schedules.get(childId) ?? []).flatMap((schedule): User[] => {
      if (!schedule.enrolments.some(({ from, to }) => isWithin(next, from, to))) return [];
      const { serviceId } = schedule;
      const membership = schedule.memberships.find(({ from, to }) => isWithin(next, from, to));
      const siteId = calendar.classes.get(membership?.classId ?? "")?.siteId ?? "";
      return [{ childId, serviceId, validTo, level: calendar.sites.get(siteId)?.level ?? null }];
    });
  });
}
