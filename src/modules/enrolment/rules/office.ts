// SPDX-License-Identifier: EUPL-1.2
import { type Actor, isOfficeRole } from "#kernel/actor.ts";

/** Enrolments, classes and payers are the office's to write. */
export const isOffice = ({ role }: Actor): boolean => isOfficeRole(role) || role === "system";

/** What touches health is the diet role's alone, whatever else somebody decides (domain.md "Who may do what"). */
export const mayWriteDiets = ({ role }: Actor): boolean =>
  role === "office-diet" || role === "system";
