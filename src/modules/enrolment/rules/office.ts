// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";

const OFFICE_ROLES: readonly Actor["role"][] = [
  "office",
  "office-manager",
  "administrator",
  "system",
];

/** Enrolments, classes, diet codes and payers are the office's to write. */
export const isOffice = (actor: Actor): boolean => OFFICE_ROLES.includes(actor.role);
