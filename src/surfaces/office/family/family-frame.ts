// SPDX-License-Identifier: EUPL-1.2
import type { Family } from "#families";
import type { Html } from "#kernel/html.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { familyPath } from "./family-guard.ts";

/** A page about one family: whose it is, and the way back to it. */
export function familyFrame(
  visit: Visit,
  { holder, person }: Family,
  options: Parameters<typeof officePage>[2],
): Html {
  const whose = `Famiglia ${person.surname}`;
  const back = { href: familyPath(holder.id), label: whose };
  return officePage(visit, { current: null }, { lead: whose, back, ...options });
}
