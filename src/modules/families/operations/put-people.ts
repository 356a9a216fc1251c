// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { type CodiceFiscaleState, judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";
import type { NewPerson, Person } from "../rules/person.ts";
import { searchTextOf } from "../rules/search-text.ts";
import { upsertPeople } from "../sql/people.ts";

/**
 * Inserts people or overwrites those whose id exists, any number at once. The state of the codice fiscale is
 * worked out unless the caller knows better (`codiceFiscaleState`). A malformed code is the caller's bug.
 */
export async function putPeople(
  tx: WriteTx,
  rows: readonly (NewPerson & { codiceFiscaleState?: CodiceFiscaleState })[],
  at: Moment,
): Promise<void> {
  const people = rows.map((row) => completePerson(row, at));
  await upsertPeople(
    tx,
    people.map((person) => ({ ...person, search: searchTextOf(person) })),
  );
}

function completePerson(
  row: NewPerson & { codiceFiscaleState?: CodiceFiscaleState },
  at: Moment,
): Omit<Person, "contactsProtected"> {
  const judged = judgeCodiceFiscale(row.codiceFiscale ?? null, row);
  if (judged.outcome === "invalid") {
    throw new RangeError(`a malformed codice fiscale (${judged.fault}) for person ${row.id}`);
  }
  return {
    sex: null,
    birthDate: null,
    birthPlaceCode: null,
    birthPlace: "",
    email: "",
    phone: "",
    address: "",
    postalCode: "",
    city: "",
    ...row,
    codiceFiscale: judged.codiceFiscale,
    codiceFiscaleState: row.codiceFiscaleState ?? judged.state,
    createdAt: at,
  };
}
