// SPDX-License-Identifier: EUPL-1.2
import { type Family, family } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import type { Visit } from "../../web/visit.ts";

/** The family named in the address; `null` = there is none. */
export async function familyOfAddress(tx: ReadTx, visit: Visit): Promise<Family | null> {
  const id = visit.params["id"] ?? "";
  if (!isUuid(id)) return null;
  return (await family(tx, id, visit.today)) ?? null;
}

export const familyPath = (holderId: string): string => `/ufficio/famiglie/${holderId}`;

/** An adult or child of this family by the id in the address. */
export function memberOf(of: Family, personId: string | undefined): Family["person"] | undefined {
  return [of.person, ...of.guardians, ...of.children].find(({ id }) => id === personId);
}

export const fullName = (of: { givenName: string; surname: string }): string =>
  `${of.givenName} ${of.surname}`;
