// SPDX-License-Identifier: EUPL-1.2
import { type Actor, isOfficeRole } from "#kernel/actor.ts";

/** The office may write any family's data (on the record); schools and kitchens none. */
export function isOffice(actor: Actor): boolean {
  return isOfficeRole(actor.role) || actor.role === "system";
}
