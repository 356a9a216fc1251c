// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";

/** Rows of this module. Dates count on both ends; `to: null` is open. */
export interface ClassMembership {
  id: string;
  childId: string;
  classId: string;
  from: Day;
  to: Day | null;
}

export interface Enrolment {
  id: string;
  childId: string;
  serviceId: string;
  year: number;
  from: Day;
  to: Day | null;
  /** null: the class's rientri decide */
  weekdays: number | null;
}

export interface DietAssignment {
  id: string;
  childId: string;
  code: string;
  from: Day;
  to: Day | null;
  source: "office" | "import";
}

export interface PayerShare {
  id: string;
  childId: string;
  serviceId: string | null;
  holderId: string;
  basisPoints: number;
  from: Day;
  to: Day | null;
}
