// SPDX-License-Identifier: EUPL-1.2
import type { SchoolClass, SchoolLevel, SchoolSite } from "#calendar";
import { placeKey } from "#kernel/belfiore.ts";
import type { ClassRecord, RejectedRow, SchoolFile, SchoolRecord } from "./school-file.ts";

export interface SchoolScope {
  /** Belfiore code of the municipality; the name decides where a file has no code */
  readonly cadastralCode: string;
  readonly municipality: string;
  /** school year of the classes, by the year it starts in */
  readonly year: number;
  readonly levels: readonly SchoolLevel[];
}

export type PlannedSite = Omit<SchoolSite, "id" | "ministryCode"> & {
  readonly ministryCode: string;
};

export interface ChangedSite {
  readonly siteId: string;
  readonly name: string;
  readonly fields: readonly {
    field: "ministryCode" | "name" | "address";
    old: string;
    new: string;
  }[];
}

export interface PlannedClass {
  readonly ministryCode: string;
  readonly grade: number;
  readonly section: string;
}

export interface SchoolPlan {
  readonly scope: SchoolScope;
  readonly newSites: readonly PlannedSite[];
  readonly changedSites: readonly ChangedSite[];
  readonly unchangedSites: number;
  readonly newClasses: readonly PlannedClass[];
  readonly unchangedClasses: number;
  /** rows of other municipalities, other levels, institutes without pupils of their own */
  readonly outOfScope: number;
  readonly rejected: readonly RejectedRow[];
}

const LEVEL_NAMES: Record<SchoolLevel, string> = {
  nido: "Nido",
  infanzia: "Scuola dell'infanzia",
  primaria: "Scuola primaria",
  secondaria1: "Scuola secondaria di primo grado",
  secondaria2: "Scuola secondaria di secondo grado",
};
const NO_NAME = "L'elenco del Ministero non dà il nome della scuola";

/**
 * What the ministry's lists would change. A name or an address that the town has given stays: only an assumed name,
 * an empty address, a missing ministry code are filled. The same files again plan nothing.
 */
export function planSchools(
  files: readonly SchoolFile[],
  existing: { sites: readonly SchoolSite[]; classes: readonly SchoolClass[] },
  scope: SchoolScope,
): SchoolPlan {
  const records = files.flatMap((file) => (file.kind === "schools" ? file.records : []));
  const inScope = latestByCode(records.filter((record) => isInScope(record, scope)));
  const newSites: PlannedSite[] = [];
  const changedSites: ChangedSite[] = [];
  let unchangedSites = 0;
  for (const record of inScope) {
    const site = siteOf(existing.sites, record);
    if (!site) {
      newSites.push(newSiteFrom(record));
      continue;
    }
    const fields = changesOf(site, record);
    if (fields.length > 0) changedSites.push({ siteId: site.id, name: site.name, fields });
    else unchangedSites += 1;
  }
  const classes = planClasses(files, existing, scope, inScope);
  return {
    scope,
    newSites,
    changedSites,
    unchangedSites,
    ...classes,
    outOfScope: records.filter((record) => !isInScope(record, scope)).length + classes.outOfScope,
    rejected: files.flatMap((file) => (file.kind === "unknown" ? [] : file.rejected)),
  };
}

function isInScope(record: SchoolRecord, scope: SchoolScope): boolean {
  const inTown =
    record.cadastralCode === ""
      ? placeKey(record.municipality) === placeKey(scope.municipality)
      : record.cadastralCode === scope.cadastralCode;
  return inTown && record.level !== null && scope.levels.includes(record.level);
}

/** Lists of several years may be read together: the latest row of a school counts. */
function latestByCode(records: readonly SchoolRecord[]): SchoolRecord[] {
  const latest = new Map<string, SchoolRecord>();
  for (const record of records) {
    const known = latest.get(record.code);
    if (!known || (record.year ?? 0) >= (known.year ?? 0)) latest.set(record.code, record);
  }
  return [...latest.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

function siteOf(sites: readonly SchoolSite[], record: SchoolRecord): SchoolSite | undefined {
  return (
    sites.find((site) => site.ministryCode === record.code) ??
    sites.find(
      (site) =>
        site.ministryCode === null &&
        site.level === record.level &&
        record.name !== "" &&
        placeKey(site.name) === placeKey(record.name),
    )
  );
}

function newSiteFrom(record: SchoolRecord): PlannedSite {
  const level = record.level ?? "primaria";
  const fallback = [LEVEL_NAMES[level], record.address.split(",")[0]].filter(Boolean).join(", ");
  return {
    ministryCode: record.code,
    name: record.name || `${fallback} (${record.code})`,
    level,
    address: record.address,
    assumedReason: record.name ? null : NO_NAME,
  };
}

function changesOf(site: SchoolSite, record: SchoolRecord): ChangedSite["fields"] {
  const nameIsOpen = site.assumedReason !== null && record.name !== "";
  const changes = [
    { field: "ministryCode" as const, old: site.ministryCode ?? "", new: record.code },
    { field: "name" as const, old: site.name, new: nameIsOpen ? record.name : site.name },
    { field: "address" as const, old: site.address, new: site.address || record.address },
  ];
  return changes.filter((change) => change.old !== change.new);
}

function planClasses(
  files: readonly SchoolFile[],
  existing: { sites: readonly SchoolSite[]; classes: readonly SchoolClass[] },
  scope: SchoolScope,
  schools: readonly SchoolRecord[],
): { newClasses: PlannedClass[]; unchangedClasses: number; outOfScope: number } {
  const siteIds = new Map(existing.sites.map((site) => [site.ministryCode, site.id]));
  for (const school of schools) {
    const site = siteOf(existing.sites, school);
    if (site) siteIds.set(school.code, site.id);
  }
  const codes = new Set([...siteIds.keys(), ...schools.map((school) => school.code)]);
  const known = new Set(
    existing.classes
      .filter((schoolClass) => schoolClass.year === scope.year)
      .map(({ siteId, grade, section }) => `${siteId} ${grade} ${section}`),
  );
  const newClasses = new Map<string, PlannedClass>();
  const unchanged = new Set<string>();
  let outOfScope = 0;
  for (const record of files.flatMap((file): ClassRecord[] =>
    file.kind === "classes" ? file.records : [],
  )) {
    const { schoolCode, grade, section } = record;
    const key = `${siteIds.get(schoolCode) ?? schoolCode} ${grade} ${section}`;
    if (!codes.has(schoolCode)) outOfScope += 1;
    else if (known.has(key)) unchanged.add(key);
    else newClasses.set(key, { ministryCode: schoolCode, grade, section });
  }
  return { newClasses: [...newClasses.values()], unchangedClasses: unchanged.size, outOfScope };
}
