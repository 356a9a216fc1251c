// SPDX-License-Identifier: EUPL-1.2
import type { ExpectedMeal } from "#booking";

/** One line of a site's order. A plain meal keeps the child's diet code: both hold (BO-12). */
export interface OrderLine {
  siteId: string;
  /** null: staff, and children without a class */
  classId: string | null;
  meal: "normal" | "plain" | "staff";
  dietCode: string;
  meals: number;
}

export interface MarkedChild {
  childId: string;
  siteId: string;
  classId: string | null;
  status: "present" | "absent";
  billable: boolean;
  plain: boolean;
}

export interface OrderFacts {
  meals: readonly ExpectedMeal[];
  marked: readonly MarkedChild[];
  /** diet codes of marked children who are on no list of this service */
  dietOf: ReadonlyMap<string, string>;
  /** children served whom nobody could name, per site */
  unknown: ReadonlyMap<string, number>;
  /** adults who eat, per site that serves today */
  staff: ReadonlyMap<string, number>;
  /** nothing is cooked for a closed place, whatever was marked before the closure */
  isClosed(siteId: string, classId: string | null): boolean;
}

/**
 * The order as things stand: what is booked, corrected by what the school has said. An absence reported too late
 * stays ordered; who is served without a booking is added.
 */
export function computeOrder(facts: OrderFacts): OrderLine[] {
  const lines = new Map<string, OrderLine>();
  const add = (line: Omit<OrderLine, "meals">, meals: number): void => {
    if (meals === 0) return;
    const key = lineKey(line);
    const found = lines.get(key);
    if (found) found.meals += meals;
    else lines.set(key, { ...line, meals });
  };
  const marks = new Map(facts.marked.map((mark) => [mark.childId, mark]));
  const serving = new Set<string>();
  for (const meal of facts.meals) {
    if (meal.day.kind !== "service") continue;
    serving.add(meal.siteId);
    const mark = marks.get(meal.childId);
    const ordered = ["expected", "plain", "absent-late"].includes(meal.state);
    const eats = mark ? mark.status === "present" || mark.billable : ordered;
    if (!eats || (mark && mark.siteId !== meal.siteId)) continue;
    const kind = meal.state === "plain" ? "plain" : "normal";
    const { siteId, classId, dietCode } = meal;
    add({ siteId, classId, meal: kind, dietCode }, 1);
  }
  const listed = new Map(facts.meals.map((meal) => [meal.childId, meal]));
  for (const mark of facts.marked) {
    const meal = listed.get(mark.childId);
    if (meal?.day.kind === "service" && meal.siteId === mark.siteId) continue;
    if (mark.status !== "present" || facts.isClosed(mark.siteId, mark.classId)) continue;
    const dietCode = meal?.dietCode ?? facts.dietOf.get(mark.childId) ?? "";
    add({ siteId: mark.siteId, classId: mark.classId, meal: "normal", dietCode }, 1);
    serving.add(mark.siteId);
  }
  for (const [siteId, meals] of facts.unknown)
    if (!facts.isClosed(siteId, null))
      add({ siteId, classId: null, meal: "normal", dietCode: "" }, meals);
  for (const [siteId, meals] of facts.staff)
    if (serving.has(siteId)) add({ siteId, classId: null, meal: "staff", dietCode: "" }, meals);
  return [...lines.values()].sort((a, b) => lineKey(a).localeCompare(lineKey(b)));
}

export const lineKey = (line: Omit<OrderLine, "meals">): string =>
  [line.siteId, line.classId ?? "", line.meal, line.dietCode].join("/");

export interface Difference extends Omit<OrderLine, "meals"> {
  /** +1: one more than frozen, -1: one less */
  change: number;
}

/** What changed since the order was frozen, line by line. */
export function differences(
  frozen: readonly OrderLine[],
  current: readonly OrderLine[],
): Difference[] {
  const before = new Map(frozen.map((line) => [lineKey(line), line]));
  const after = new Map(current.map((line) => [lineKey(line), line]));
  const result: Difference[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const change = (after.get(key)?.meals ?? 0) - (before.get(key)?.meals ?? 0);
    if (change === 0) continue;
    const { siteId, classId, meal, dietCode } = (after.get(key) ?? before.get(key))!;
    result.push({ siteId, classId, meal, dietCode, change });
  }
  return result.sort((a, b) => lineKey(a).localeCompare(lineKey(b)));
}
