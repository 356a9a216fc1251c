// SPDX-License-Identifier: EUPL-1.2
import type { SchoolClass } from "#calendar";
import type { Person } from "#families";
import { placeKey } from "#kernel/belfiore.ts";
import { isBefore } from "#kernel/dates.ts";
import { parseClass } from "#kernel/tabular/index.ts";
import type { ClassMembership } from "../rows.ts";
import { isKnownDiet, unknownDiet } from "../diet-code.ts";
import { changedFields } from "./changed-fields.ts";
import { matchPupils } from "./match-pupils.ts";
import { planGuardians } from "./plan-guardians.ts";
import {
  classKeyOf,
  type Existing,
  type PlannedPupil,
  type PupilPlan,
  type PupilScope,
  type PupilWork,
} from "./pupil-plan.ts";
import type { PupilFile, PupilRecord, RejectedPupil, RejectReason } from "./pupil-record.ts";

type Target =
  | { outcome: "class"; siteId: string; grade: number; section: string }
  | { outcome: "not-stated"; siteId: string }
  | { outcome: "rejected"; reason: RejectReason; detail: string };

/** How the town writes a class: `3A`, `Sezione A`. */
type ClassNamer = (of: { grade: number; section: string }) => string;

const nameOf = (of: { surname: string; givenName: string }): string =>
  `${of.surname} ${of.givenName}`;

/**
 * Compares a school's file with the town: new, changed, moved, missing, ambiguous, rejected. Pure; the same file after
 * it was applied plans nothing. `work` is what applying writes, `plan` what the office reads.
 */
export function planPupils(
  existing: Existing,
  file: PupilFile,
  scope: PupilScope,
  className: ClassNamer,
): { plan: PupilPlan; work: PupilWork } {
  const town = townOf(existing, scope, className);
  const targets = new Map(file.pupils.map((record) => [record, targetOf(record, town, scope)]));
  const matches = matchPupils(file.pupils, existing, {
    decisions: scope.decisions,
    classOfChild: (childId) => town.classKeyOfChild(childId),
    classOfRecord(record) {
      const target = targets.get(record);
      return target?.outcome === "class" ? classKeyOf(target) : null;
    },
  });
  const pupils: PlannedPupil[] = [];
  const rejected: RejectedPupil[] = [...file.rejected];
  const ambiguous: PupilPlan["ambiguous"][number][] = [];
  const seen = new Set<string>();
  const refuse = ({ line, cells }: PupilRecord, reason: RejectReason, detail: string) =>
    rejected.push({ line, sheet: "pupils", reason, detail, cells });
  for (const [record, match] of matches) {
    const target = targets.get(record);
    if (match.kind === "existing") seen.add(match.child.id);
    if (match.kind === "rejected") refuse(record, match.reason, match.detail);
    else if (match.kind === "ambiguous") {
      for (const candidate of match.candidates) seen.add(candidate.id);
      const candidates = match.candidates.map((child) => ({
        childId: child.id,
        name: nameOf(child),
        birthDate: child.birthDate?.toString() ?? "",
        className: town.classNameOfChild(child.id) ?? "",
      }));
      ambiguous.push({ line: record.line, name: nameOf(record), reason: match.reason, candidates });
    } else if (!target || target.outcome === "rejected") {
      refuse(record, target?.reason ?? "class-missing", target?.detail ?? "");
    } else {
      const child = match.kind === "existing" ? match.child : null;
      const planned = planPupil(record, child, target, { existing, scope, town });
      if ("reason" in planned) refuse(record, planned.reason, planned.detail);
      else pupils.push(planned);
    }
  }
  const guardians = planGuardians(existing, file, pupils);
  const work = {
    pupils,
    adults: guardians.adults,
    ties: guardians.ties,
    holders: guardians.holders,
  };
  const missing = missingOf(file, town, scope, { seen, targets: [...targets.values()] });
  const allRejected = [...rejected, ...guardians.rejected].toSorted((a, b) => a.line - b.line);
  return { work, plan: reportOf(work, town, { ambiguous, missing, rejected: allRejected, file }) };
}

type Town = ReturnType<typeof townOf>;

function townOf(existing: Existing, scope: PupilScope, className: ClassNamer) {
  const sites = new Map(existing.sites.map((site) => [site.id, site]));
  const classes = new Map(existing.classes.map((one) => [one.id, one]));
  const classIds = new Map(
    existing.classes
      .filter((one) => one.year === scope.year)
      .map((one) => [classKeyOf(one), one.id]),
  );
  const memberships = Map.groupBy(existing.memberships, (one) => one.childId);
  const current = (childId: string): ClassMembership | undefined =>
    memberships.get(childId)?.findLast((one) => !isBefore(scope.effectiveOn, one.from));
  const classOf = (childId: string): SchoolClass | undefined =>
    classes.get(current(childId)?.classId ?? "");
  const siteByText = new Map<string, string>();
  for (const site of existing.sites) {
    siteByText.set(placeKey(site.name), site.id);
    if (site.ministryCode) siteByText.set(placeKey(site.ministryCode), site.id);
  }
  return {
    sites,
    classIds,
    memberships,
    current,
    currentIds: (childId: string) =>
      (memberships.get(childId) ?? [])
        .filter((one) => !isBefore(scope.effectiveOn, one.from))
        .map(({ id }) => id),
    classOf,
    siteByText,
    children: new Map(existing.children.map((child) => [child.id, child])),
    residents: new Map(existing.residencies.map((one) => [one.personId, one.resident])),
    enrolments: Map.groupBy(existing.enrolments, (one) => one.childId),
    laterMembership: (childId: string) =>
      memberships.get(childId)?.find((one) => isBefore(scope.effectiveOn, one.from)),
    classKeyOfChild(childId: string): string | null {
      const found = classOf(childId);
      return found && found.year === scope.year ? classKeyOf(found) : null;
    },
    classNameOfChild(childId: string): string | null {
      const found = classOf(childId);
      if (!found) return null;
      const site = sites.get(found.siteId)?.name ?? "";
      return scope.siteId === found.siteId ? className(found) : `${className(found)}, ${site}`;
    },
    nameOfKey(key: string): string {
      const [siteId = "", grade = "", ...section] = key.split(" ");
      const name = className({ grade: Number(grade), section: section.join(" ") });
      return scope.siteId === siteId ? name : `${name}, ${sites.get(siteId)?.name ?? ""}`;
    },
  };
}

function targetOf(record: PupilRecord, town: Town, scope: PupilScope): Target {
  const stated = record.site === "" ? undefined : town.siteByText.get(placeKey(record.site));
  // A file of one school may name the institute: only another known school is out of scope.
  if (scope.siteId !== null && stated !== undefined && stated !== scope.siteId) {
    return { outcome: "rejected", reason: "site-out-of-scope", detail: record.site };
  }
  const siteId = scope.siteId ?? stated;
  const site = siteId === undefined ? undefined : town.sites.get(siteId);
  if (!site) return { outcome: "rejected", reason: "site-unknown", detail: record.site };
  if (record.className === "" && record.section === "")
    return { outcome: "not-stated", siteId: site.id };
  const isNursery = site.level === "infanzia" || site.level === "nido";
  const parsed = parseClass(record.className, record.section, isNursery);
  const text = `${record.className} ${record.section}`.trim();
  if (!parsed) return { outcome: "rejected", reason: "class-unreadable", detail: text };
  return { outcome: "class", siteId: site.id, ...parsed };
}

function planPupil(
  record: PupilRecord,
  child: Person | null,
  target: Exclude<Target, { outcome: "rejected" }>,
  of: { existing: Existing; scope: PupilScope; town: Town },
): PlannedPupil | { reason: RejectReason; detail: string } {
  const { existing, scope, town } = of;
  const before = child ? existing.diets.get(child.id) : undefined;
  const { dietCode } = record;
  if (dietCode !== null && dietCode !== before && !isKnownDiet(dietCode, existing.dietCodes)) {
    return { reason: "diet-unknown", detail: unknownDiet(dietCode, existing.dietCodes) };
  }
  const currentClass = child ? town.classOf(child.id) : undefined;
  if (target.outcome === "not-stated" && currentClass?.siteId !== target.siteId) {
    return { reason: "class-missing", detail: "" };
  }
  const wanted = target.outcome === "class" ? classKeyOf(target) : null;
  const later = child ? town.laterMembership(child.id) : undefined;
  const laterIsWanted = later !== undefined && town.classIds.get(wanted ?? "") === later.classId;
  if (later && wanted !== null && !laterIsWanted) {
    return { reason: "later-class-change", detail: later.from.toString() };
  }
  const isThere = child !== null && town.classKeyOfChild(child.id) === wanted;
  const stays = wanted === null || laterIsWanted || isThere;
  return {
    record,
    childId: child?.id ?? null,
    classKey: stays ? null : wanted,
    endMembershipIds: stays || !child ? [] : town.currentIds(child.id),
    ...planExtras(record, child, existing, town),
    ...planEnrolments(child, existing, { scope, town }),
  };
}

/** Services the child lacks in this school year and that are not over yet, and what ends for them. */
function planEnrolments(
  child: Person | null,
  { lastDays }: Existing,
  { scope, town }: { scope: PupilScope; town: Town },
): Pick<PlannedPupil, "enrolIn" | "endEnrolmentIds"> {
  const own = (child && town.enrolments.get(child.id)) ?? [];
  const has = new Set(own.filter(({ year }) => year === scope.year).map((one) => one.serviceId));
  const enrolIn = scope.enrolIn.filter((serviceId) => {
    const lastDay = lastDays.get(serviceId);
    return lastDay && !isBefore(lastDay, scope.effectiveOn) && !has.has(serviceId);
  });
  const ended = own.filter(
    ({ serviceId, year }) => year < scope.year && enrolIn.includes(serviceId),
  );
  return { enrolIn, endEnrolmentIds: ended.map(({ id }) => id) };
}

/** Changed fields, residency and diet code; a new child has no changed fields. */
function planExtras(
  record: PupilRecord,
  child: Person | null,
  existing: Existing,
  town: Town,
): Pick<PlannedPupil, "fields" | "resident" | "dietCode"> {
  const before = {
    resident: child ? town.residents.get(child.id) : undefined,
    dietCode: child ? existing.diets.get(child.id) : undefined,
  };
  const resident = record.resident === before.resident ? null : record.resident;
  const dietCode = record.dietCode === before.dietCode ? null : record.dietCode;
  if (!child) return { fields: [], resident, dietCode };
  const fields = changedFields(child, record);
  if (resident !== null) {
    fields.push({ field: "resident", old: yesNo(before.resident), new: yesNo(resident) });
  }
  if (dietCode !== null) {
    fields.push({ field: "dietCode", old: before.dietCode ?? "", new: dietCode });
  }
  return { fields, resident, dietCode };
}

const yesNo = (value: boolean | undefined): string =>
  value === true ? "sì" : value === false ? "no" : "";

/** Children of the schools in the file whom no row names. A file of guardians alone says nothing about that. */
function missingOf(
  file: PupilFile,
  town: Town,
  scope: PupilScope,
  of: { seen: ReadonlySet<string>; targets: readonly Target[] },
): PupilPlan["missing"][number][] {
  if (file.pupils.length === 0) return [];
  const siteIds = new Set(
    scope.siteId !== null
      ? [scope.siteId]
      : of.targets.flatMap((target) => (target.outcome === "rejected" ? [] : [target.siteId])),
  );
  const missing: PupilPlan["missing"][number][] = [];
  for (const childId of town.memberships.keys()) {
    const schoolClass = town.classOf(childId);
    const child = town.children.get(childId);
    if (!schoolClass || !child || of.seen.has(childId) || !siteIds.has(schoolClass.siteId))
      continue;
    missing.push({ childId, name: nameOf(child), className: town.classNameOfChild(childId) ?? "" });
  }
  return missing.toSorted(
    (a, b) => a.name.localeCompare(b.name, "it") || (a.childId < b.childId ? -1 : 1),
  );
}

function reportOf(
  work: PupilWork,
  town: Town,
  of: Pick<PupilPlan, "ambiguous" | "missing" | "rejected"> & { file: PupilFile },
): PupilPlan {
  const { pupils, adults, ties, holders } = work;
  const known = pupils.flatMap((pupil) =>
    pupil.childId === null ? [] : [{ ...pupil, childId: pupil.childId }],
  );
  const newKeys = new Set(
    pupils.flatMap(({ classKey }) => classKey ?? []).filter((key) => !town.classIds.has(key)),
  );
  const head = ({ record }: PlannedPupil) => ({ line: record.line, name: nameOf(record) });
  const moves = known.filter((pupil) => pupil.classKey !== null);
  return {
    newPupils: pupils
      .filter((pupil) => pupil.childId === null)
      .map((pupil) => ({ ...head(pupil), className: town.nameOfKey(pupil.classKey ?? "") })),
    changed: known
      .filter((pupil) => pupil.fields.length > 0)
      .map((pupil) => ({ ...head(pupil), childId: pupil.childId, fields: pupil.fields })),
    moved: moves.map((pupil) => ({
      ...head(pupil),
      childId: pupil.childId,
      from: town.classNameOfChild(pupil.childId),
      to: town.nameOfKey(pupil.classKey ?? ""),
    })),
    missing: of.missing,
    ambiguous: of.ambiguous,
    rejected: of.rejected,
    warnings: of.file.warnings,
    unchanged: known.filter((pupil) => pupil.fields.length === 0 && pupil.classKey === null).length,
    newClasses: [...newKeys].map((key) => {
      const [siteId = "", grade = "", ...section] = key.split(" ");
      return { siteId, grade: Number(grade), section: section.join(" ") };
    }),
    newAdults: adults
      .filter((adult) => adult.personId === null)
      .map(({ record }) => ({ line: record.line, name: nameOf(record), role: record.role })),
    changedAdults: adults.flatMap(({ personId, record, fields }) =>
      personId === null || fields.length === 0
        ? []
        : [{ line: record.line, personId, name: nameOf(record), fields }],
    ),
    newGuardianships: ties.length,
    newHolders: holders.length,
    newEnrolments: pupils.reduce((sum, pupil) => sum + pupil.enrolIn.length, 0),
  };
}
