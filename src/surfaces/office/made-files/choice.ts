// SPDX-License-Identifier: EUPL-1.2
/** What goes into a file is chosen by service and school, and sorted as it will be handed out. */
import type { SchoolClass, SchoolSite, TownCalendar } from "#calendar";
import type { Html } from "#kernel/html.ts";
import { selectField } from "#ui/components.ts";

/** Service and school of a choice; empty: all of them. */
export function serviceField({ services }: TownCalendar, value: string): Html {
  return selectField({
    name: "servizio",
    label: "Servizio",
    empty: "Tutti i servizi",
    choices: services.map(({ id, name }) => ({ value: id, label: name })),
    value,
  });
}

export function schoolField({ sites }: TownCalendar, value: string): Html {
  const sorted = [...sites.values()].toSorted((a, b) => a.name.localeCompare(b.name, "it"));
  return selectField({
    name: "scuola",
    label: "Scuola",
    empty: "Tutte le scuole",
    choices: sorted.map(({ id, name }) => ({ value: id, label: name })),
    value,
  });
}

/** What is sorted last: nothing is known of it. */
export const LAST = "\u{10FFFF}";

/** House numbers count as numbers; accents and capitals do not. */
const collator = new Intl.Collator("it", { numeric: true, sensitivity: "base" });

/** Compares part by part. */
export function byKey(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? "";
    if (part === other) continue;
    if (part === LAST || other === LAST) return part === LAST ? 1 : -1;
    const order = collator.compare(part, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** A class with its school, and its place in the order of schools and classes; `null`: not known. */
export function classSeat(
  { classes, sites }: TownCalendar,
  classId: string | undefined,
): { site: SchoolSite; schoolClass: SchoolClass; key: string[] } | null {
  const schoolClass = classes.get(classId ?? "");
  const site = schoolClass && sites.get(schoolClass.siteId);
  if (!schoolClass || !site) return null;
  const key = [site.name, String(schoolClass.grade).padStart(2, "0"), schoolClass.section];
  return { site, schoolClass, key };
}
