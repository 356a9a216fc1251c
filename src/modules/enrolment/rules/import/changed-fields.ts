// SPDX-License-Identifier: EUPL-1.2
import type { Person } from "#families";
import { placeKey } from "#kernel/belfiore.ts";
import { nameKey } from "./match-pupils.ts";
import type { ChangedField } from "./pupil-plan.ts";
import type { PupilRecord } from "./pupil-record.ts";

/** An empty cell says nothing; a name that differs only in accents or case has not changed. */
export function changedFields(child: Person, record: PupilRecord): ChangedField[] {
  const fields: ChangedField[] = [];
  const compare = (field: string, old: string | null, value: string | null, isSame: boolean) => {
    if (value !== null && value !== "" && !isSame)
      fields.push({ field, old: old ?? "", new: value });
  };
  const sameText = (a: string, b: string) => placeKey(a) === placeKey(b);
  if (nameKey(child) !== nameKey(record)) {
    compare("surname", child.surname, record.surname, sameText(child.surname, record.surname));
    compare(
      "givenName",
      child.givenName,
      record.givenName,
      sameText(child.givenName, record.givenName),
    );
  }
  compare("sex", child.sex, record.sex, child.sex === record.sex);
  const birthDate = child.birthDate?.toString() ?? null;
  compare("birthDate", birthDate, record.birthDate, birthDate === record.birthDate);
  const samePlace =
    record.birthPlaceCode === null
      ? sameText(child.birthPlace, record.birthPlace)
      : child.birthPlaceCode === record.birthPlaceCode;
  compare("birthPlace", child.birthPlace, record.birthPlace, samePlace);
  compare(
    "codiceFiscale",
    child.codiceFiscale,
    record.codiceFiscale,
    child.codiceFiscale === record.codiceFiscale,
  );
  compare("address", child.address, record.address, sameText(child.address, record.address));
  compare(
    "postalCode",
    child.postalCode,
    record.postalCode,
    child.postalCode === record.postalCode,
  );
  compare("city", child.city, record.city, sameText(child.city, record.city));
  return fields;
}
