// SPDX-License-Identifier: EUPL-1.2
import type { SchoolClass, SchoolSite } from "#calendar";
import type { AccountHolder, ChildHolder, Guardianship, Person, Residency } from "#families";
import type { Day } from "#kernel/dates.ts";
import type { ClassMembership, Enrolment } from "../rows.ts";
import type { GuardianRecord, ImportWarning, PupilRecord, RejectedPupil } from "./pupil-record.ts";

/** What the office states before a file is read. */
export interface PupilScope {
  /** the school the file is of; `null` = the file's own column tells */
  readonly siteId: string | null;
  /** the day from which the file is true */
  readonly effectiveOn: Day;
  /** school year of the classes, by the year it starts in */
  readonly year: number;
  /** services every pupil of the file gets, when not enrolled yet */
  readonly enrolIn: readonly string[];
  /** answers to ambiguous rows: line → child id, or `new` */
  readonly decisions: Readonly<Record<number, string>>;
}

/** The town as it is on `effectiveOn`. */
export interface Existing {
  readonly children: readonly Person[];
  readonly adults: readonly Person[];
  readonly sites: readonly SchoolSite[];
  readonly classes: readonly SchoolClass[];
  readonly memberships: readonly ClassMembership[];
  readonly guardianships: readonly Guardianship[];
  readonly holders: readonly AccountHolder[];
  readonly childHolders: readonly ChildHolder[];
  readonly residencies: readonly Residency[];
  /** of every school year */
  readonly enrolments: readonly Enrolment[];
  /** service → its last day in the school year of the file, for the services to enrol in */
  readonly lastDays: ReadonlyMap<string, Day>;
  /** child → diet code */
  readonly diets: ReadonlyMap<string, string>;
  /** the town's own list; empty = any code */
  readonly dietCodes: readonly string[];
}

export interface ChangedField {
  readonly field: string;
  readonly old: string;
  readonly new: string;
}

/** The difference, as the office reads it. Plain values only. */
export interface PupilPlan {
  readonly newPupils: readonly { line: number; name: string; className: string }[];
  readonly changed: readonly {
    line: number;
    childId: string;
    name: string;
    fields: readonly ChangedField[];
  }[];
  /** `from: null` = in no class until now */
  readonly moved: readonly {
    line: number;
    childId: string;
    name: string;
    from: string | null;
    to: string;
  }[];
  /** at the school, not in the file: nothing happens to them without confirmation */
  readonly missing: readonly { childId: string; name: string; className: string }[];
  readonly ambiguous: readonly {
    line: number;
    name: string;
    reason: "homonyms" | "other-code";
    candidates: readonly { childId: string; name: string; birthDate: string; className: string }[];
  }[];
  readonly rejected: readonly RejectedPupil[];
  readonly warnings: readonly ImportWarning[];
  readonly unchanged: number;
  readonly newClasses: readonly { siteId: string; grade: number; section: string }[];
  readonly newAdults: readonly { line: number; name: string; role: string }[];
  readonly changedAdults: readonly {
    line: number;
    personId: string;
    name: string;
    fields: readonly ChangedField[];
  }[];
  readonly newGuardianships: number;
  readonly newHolders: number;
  readonly newEnrolments: number;
}

/** A pupil of the file: `childId` when known, otherwise a new child. */
export interface PlannedPupil {
  readonly record: PupilRecord;
  readonly childId: string | null;
  /** key of the class to be in from `effectiveOn`; `null` = stays where he or she is */
  readonly classKey: string | null;
  /** what ends for it */
  readonly endMembershipIds: readonly string[];
  readonly fields: readonly ChangedField[];
  readonly resident: boolean | null;
  readonly dietCode: string | null;
  readonly enrolIn: readonly string[];
  /** of earlier school years, not over yet: they end for the new ones */
  readonly endEnrolmentIds: readonly string[];
}

export interface PlannedAdult {
  /** `personId`, or a key of this plan for a new adult */
  readonly key: string;
  readonly personId: string | null;
  readonly record: GuardianRecord;
  readonly fields: readonly ChangedField[];
  /** needs an account because he or she becomes a holder */
  becomesHolder: boolean;
}

/** What applying writes: the same difference with everything needed to do it. */
export interface PupilWork {
  readonly pupils: readonly PlannedPupil[];
  readonly adults: readonly PlannedAdult[];
  /** `child` = child id, or `line:<n>` for a new one */
  readonly ties: readonly { child: string; adultKey: string; role: string }[];
  readonly holders: readonly { child: string; adultKey: string }[];
}

export const classKeyOf = (of: { siteId: string; grade: number; section: string }): string =>
  `${of.siteId} ${of.grade} ${of.section}`;

export const childRef = (pupil: { childId: string | null; record: { line: number } }): string =>
  pupil.childId ?? `line:${pupil.record.line}`;
