// SPDX-License-Identifier: EUPL-1.2
import type { CodiceFiscaleFault, Sex } from "#kernel/codice-fiscale.ts";
import type { CodiceFiscaleState } from "#kernel/judge-codice-fiscale.ts";
import type { NameFault } from "#kernel/name-fault.ts";

/** A guardian as a file gives him or her. Plain text throughout: records are kept as JSON until applied. */
export interface GuardianRecord {
  readonly line: number;
  readonly surname: string;
  readonly givenName: string;
  readonly codiceFiscale: string | null;
  readonly codiceFiscaleState: CodiceFiscaleState;
  readonly role: string;
  readonly email: string;
  readonly phone: string;
  /** from a sheet of guardians: whose guardian */
  readonly pupilCode: string | null;
}

export interface PupilRecord {
  readonly line: number;
  readonly surname: string;
  readonly givenName: string;
  readonly codiceFiscale: string | null;
  readonly codiceFiscaleState: CodiceFiscaleState;
  readonly sex: Sex | null;
  /** ISO */
  readonly birthDate: string | null;
  readonly birthPlaceCode: string | null;
  readonly birthPlace: string;
  readonly address: string;
  readonly postalCode: string;
  readonly city: string;
  /** `null` = the file does not say where the child lives */
  readonly resident: boolean | null;
  /** codice meccanografico or name of the school; "" = the file has no such column */
  readonly site: string;
  readonly className: string;
  readonly section: string;
  readonly dietCode: string | null;
  readonly guardians: readonly GuardianRecord[];
  readonly cells: readonly string[];
}

/** A name that is none, of the pupil or of a guardian beside him or her. */
export type NameReason = `name-${NameFault}` | `guardian-name-${NameFault}`;

export type RejectReason =
  | NameReason
  | "name-missing"
  | "full-name-unclear"
  | "no-code-and-no-birth-date"
  | `codice-fiscale-${CodiceFiscaleFault}`
  | "repeated-row"
  | "code-of-an-adult"
  | "site-unknown"
  | "site-out-of-scope"
  | "class-missing"
  | "class-unreadable"
  | "later-class-change"
  | "diet-unknown"
  | "guardian-without-name"
  | "guardian-of-nobody";

/** A row that is not imported; nothing else stops. */
export interface RejectedPupil {
  readonly line: number;
  readonly sheet: "pupils" | "guardians";
  readonly reason: RejectReason;
  /** the line of the other row, the text that was not understood… */
  readonly detail: string;
  readonly cells: readonly string[];
}

export type WarningReason =
  | "codice-fiscale-mismatch"
  | "birth-date-unreadable"
  | "birth-place-unknown"
  | "postal-code-unreadable"
  | "phone-digits-lost"
  | "phone-unreadable"
  | "email-unreadable"
  | "guardian-code-invalid"
  | "guardian-code-is-the-pupils"
  | "text-too-long"
  | "text-not-plain"
  | "diet-is-not-a-code";

/** Imported all the same; somebody should look. */
export interface ImportWarning {
  readonly line: number;
  readonly sheet: "pupils" | "guardians";
  readonly reason: WarningReason;
  readonly detail: string;
}

export interface PupilFile {
  readonly pupils: readonly PupilRecord[];
  readonly guardians: readonly GuardianRecord[];
  readonly rejected: readonly RejectedPupil[];
  readonly warnings: readonly ImportWarning[];
  /** headings that were not understood */
  readonly unknownHeadings: readonly string[];
  /** headings of the pupils' sheet, for the error file */
  readonly headings: readonly string[];
}
