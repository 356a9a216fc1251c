// SPDX-License-Identifier: EUPL-1.2
import { className, type TownCalendar } from "#calendar";
import type { OrderLine, SiteOrder } from "#kitchen";

export interface Counts {
  normal: number;
  plain: number;
  /** children with a diet code and a normal meal */
  diets: number;
  staff: number;
  total: number;
  /** `D-02` → 6; a plain meal with a diet code stands apart, as `D-02 in bianco` */
  byDiet: ReadonlyMap<string, number>;
}

export function countLines(lines: readonly OrderLine[]): Counts {
  const counts = { normal: 0, plain: 0, diets: 0, staff: 0, total: 0 };
  const byDiet = new Map<string, number>();
  for (const { meal, dietCode, meals } of lines) {
    counts.total += meals;
    if (meal === "staff") counts.staff += meals;
    else if (meal === "plain") counts.plain += meals;
    else if (dietCode !== "") counts.diets += meals;
    else counts.normal += meals;
    if (dietCode === "") continue;
    const name = meal === "plain" ? `${dietCode} in bianco` : dietCode;
    byDiet.set(name, (byDiet.get(name) ?? 0) + meals);
  }
  const sorted = [...byDiet].toSorted(([a], [b]) => a.localeCompare(b, "it", { numeric: true }));
  return { ...counts, byDiet: new Map(sorted) };
}

/** What is to be delivered as things stand: the frozen lines and the differences since. */
export function currentLines(site: SiteOrder): OrderLine[] {
  const lines = new Map<string, OrderLine>();
  const all = [...site.lines, ...site.differences.map((row) => ({ ...row, meals: row.change }))];
  for (const { siteId, classId, meal, dietCode, meals } of all) {
    const key = `${classId ?? ""}/${meal}/${dietCode}`;
    const before = lines.get(key)?.meals ?? 0;
    lines.set(key, { siteId, classId, meal, dietCode, meals: before + meals });
  }
  return [...lines.values()].filter(({ meals }) => meals > 0);
}

/** `3A`; meals of no class: adults, and children nobody has named yet. */
export function lineClass(
  calendar: TownCalendar,
  line: Pick<OrderLine, "classId" | "meal">,
): string {
  const schoolClass = line.classId === null ? null : calendar.classes.get(line.classId);
  if (schoolClass) return className(schoolClass);
  return line.meal === "staff" ? "Adulti" : "Senza classe";
}

/** Lines by class name, in the order schools call their classes; adults last. */
export function byClass(
  calendar: TownCalendar,
  lines: readonly OrderLine[],
): { name: string; lines: OrderLine[] }[] {
  const groups = Map.groupBy(lines, (line) => lineClass(calendar, line));
  const rank = (name: string): number => (name === "Adulti" ? 2 : name === "Senza classe" ? 1 : 0);
  return [...groups]
    .map(([name, own]) => ({ name, lines: own }))
    .toSorted(
      (a, b) =>
        rank(a.name) - rank(b.name) || a.name.localeCompare(b.name, "it", { numeric: true }),
    );
}
