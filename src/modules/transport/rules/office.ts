// SPDX-License-Identifier: EUPL-1.2
import { type Actor, isOfficeRole } from "#kernel/actor.ts";

/** Lines and seats are the office's to write. */
export const isOffice = ({ role }: Actor): boolean => isOfficeRole(role) || role === "system";

/** A driver sees the lines of the own grants; without any, none (domain.md "Who may do what"). */
export const maySeeLine = (actor: Actor, lineId: string): boolean =>
  isOffice(actor) || (actor.role === "driver" && (actor.lineIds ?? []).includes(lineId));
