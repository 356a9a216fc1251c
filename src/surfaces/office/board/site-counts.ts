// SPDX-License-Identifier: EUPL-1.2
import { type ExpectedMeal, isOrdered } from "#booking";
import type { TownCalendar } from "#calendar";
import { reasonText } from "../words.ts";

export interface SiteCount {
  readonly siteId: string;
  readonly name: string;
  readonly expected: number;
  readonly cancelled: number;
  readonly plain: number;
  readonly diets: number;
  /** `sciopero`; `null` when anybody is served */
  readonly closed: string | null;
}

/** Today's meals by school: who is ordered, who gave up, what is special. Schools without lunch today are left out. */
export function siteCounts(meals: readonly ExpectedMeal[], calendar: TownCalendar): SiteCount[] {
  const bySite = Map.groupBy(meals, ({ siteId }) => siteId);
  const counts: SiteCount[] = [];
  for (const [siteId, rows] of bySite) {
    const served = rows.filter(({ day }) => day.kind === "service");
    const closure = rows.find(({ day }) => day.kind === "closed")?.day;
    if (served.length === 0 && !closure) continue;
    const ordered = served.filter(({ state }) => isOrdered(state));
    counts.push({
      siteId,
      name: calendar.sites.get(siteId)?.name ?? "",
      expected: ordered.length,
      cancelled: served.filter(({ state }) => state === "cancelled").length,
      plain: ordered.filter(({ state }) => state === "plain").length,
      diets: ordered.filter(({ dietCode }) => dietCode !== "").length,
      closed: served.length === 0 && closure?.kind === "closed" ? reasonText(closure) : null,
    });
  }
  return counts.sort((a, b) => a.name.localeCompare(b.name, "it"));
}
