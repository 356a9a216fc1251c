// SPDX-License-Identifier: EUPL-1.2
import type { Role } from "#kernel/actor.ts";
import { FAMILY_ROLES, OFFICE_ROLES } from "../../web/route.ts";

export interface Area {
  /** the role that opens it */
  readonly role: "guardian" | "school" | "kitchen" | "caterer" | "driver" | "office";
  readonly home: string;
  readonly roles: readonly Role[];
}

/** Where each role works; the first one a person has is where sign-in leads. */
export const AREAS: readonly Area[] = [
  { role: "office", home: "/ufficio", roles: OFFICE_ROLES },
  { role: "kitchen", home: "/cucina", roles: ["kitchen"] },
  { role: "caterer", home: "/ristorazione", roles: ["caterer"] },
  { role: "driver", home: "/autista", roles: ["driver"] },
  { role: "school", home: "/scuola", roles: ["school"] },
  { role: "guardian", home: "/oggi", roles: ["guardian", "delegate"] },
];

export const areasOf = (roles: readonly Role[]): Area[] =>
  AREAS.filter((area) => area.roles.some((role) => roles.includes(role)));

const PUBLIC_PAGES =
  /^\/(?:servizi|iscrizioni|novita|sportello|accessibilita|privacy|note-legali|verifica|aiuto|lingua)(?:[/?]|$)/;

/** Who may open the pages under a path of this site; `null`: everybody. */
function rolesFor(path: string): readonly Role[] | null {
  if (PUBLIC_PAGES.test(path)) return null;
  if (/^\/ufficio(?:[/?]|$)/.test(path)) return OFFICE_ROLES;
  if (/^\/scuola(?:[/?]|$)/.test(path)) return ["school", ...OFFICE_ROLES];
  if (/^\/cucina(?:[/?]|$)/.test(path)) return ["kitchen", ...OFFICE_ROLES];
  if (/^\/autista(?:[/?]|$)/.test(path)) return ["driver", ...OFFICE_ROLES];
  if (/^\/ristorazione\/novita(?:[/?]|$)/.test(path)) return ["caterer"];
  if (/^\/ristorazione(?:[/?]|$)/.test(path)) return ["caterer", ...OFFICE_ROLES];
  return FAMILY_ROLES.slice(0, 2);
}

/** A path of this site that was asked for before signing in, as an address line has it; anything else is dropped. */
export function returnPath(text: string | undefined): string | null {
  if (!text || text.length > 300 || !/^\/(?![/\\])[!-[\]-~]*$/.test(text)) return null;
  return /^\/(?:accedi|esci)(?:[/?]|$)/.test(text) ? null : text;
}

/** After signing in: where the person was going, if the role may; otherwise their own first page. */
export function landing(roles: readonly Role[], wanted: string | null): string {
  if (wanted) {
    const needed = rolesFor(wanted);
    if (needed === null || needed.some((role) => roles.includes(role))) return wanted;
  }
  const areas = areasOf(roles);
  return areas.length > 1 ? "/accedi/ruolo" : (areas[0]?.home ?? "/servizi");
}
