// SPDX-License-Identifier: EUPL-1.2
import type { SchoolLevel, TownCalendar } from "#calendar";
import type { CastFamily } from "./cast.ts";
import type { Desk } from "./make-families.ts";

const PUPILS_PER_CLASS = 15;
const CHILDREN_PER_FAMILY = 1.55;
/** A school's share of the town's children: the years it has. */
const YEARS: Record<SchoolLevel, number> = {
  nido: 2,
  infanzia: 3,
  primaria: 5,
  secondaria1: 3,
  secondaria2: 5,
};

/**
 * The classes that get pupils: few and full rather than many and empty. All first sections before the second
 * ones; the classes of the cast in any case.
 */
export function chooseDesks(of: {
  calendar: TownCalendar;
  year: number;
  families: number;
  cast: readonly CastFamily[];
}): Desk[] {
  const { calendar, year, families, cast } = of;
  const sites = [...calendar.sites.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const years = sites.reduce((sum, { level }) => sum + YEARS[level], 0);
  const classes = (families * CHILDREN_PER_FAMILY) / PUPILS_PER_CLASS;
  return sites.flatMap((site) => {
    const here: Desk[] = [...calendar.classes.values()]
      .filter((one) => one.siteId === site.id && one.year === year)
      .map(({ id, siteId, grade, section }) => {
        return { classId: id, siteId, level: site.level, grade, section };
      })
      .toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
    const share = Math.max(1, Math.round((classes * YEARS[site.level]) / years));
    return here.filter((desk, index) => index < share || isOfCast(desk, cast));
  });
}

const order = ({ section, grade }: Desk): string => `${section}/${grade}`;

const isOfCast = (desk: Desk, cast: readonly CastFamily[]): boolean =>
  cast.some(({ children }) =>
    children.some(
      ({ level, grade, section }) =>
        level === desk.level && grade === desk.grade && section === desk.section,
    ),
  );
