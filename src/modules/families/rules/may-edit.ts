// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";

/** The office may write any family's data (on the record); schools and kitchens none. */
export function isOffice(actor: Actor): boolean {
  return (
    actor.role === "office" ||
    actor.role === "office-manager" ||
    actor.role === "administrator" ||
    actor.role === "system"
  );
}
