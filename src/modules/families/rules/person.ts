// SPDX-License-Identifier: EUPL-1.2
import type { Sex } from "#kernel/codice-fiscale.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { CodiceFiscaleState } from "#kernel/judge-codice-fiscale.ts";

export type PersonKind = "adult" | "child";

export interface Person {
  readonly id: string;
  readonly kind: PersonKind;
  readonly surname: string;
  readonly givenName: string;
  readonly sex: Sex | null;
  readonly birthDate: Day | null;
  /** Belfiore code of municipality or country */
  readonly birthPlaceCode: string | null;
  readonly birthPlace: string;
  readonly codiceFiscale: string | null;
  readonly codiceFiscaleState: CodiceFiscaleState;
  readonly email: string;
  readonly phone: string;
  readonly address: string;
  readonly postalCode: string;
  readonly city: string;
  /** the office alone, and the adult in person, may read the contacts: a separated parent must not find them */
  readonly contactsProtected: boolean;
  readonly createdAt: Moment;
}

/** What a form or a file gives; the rest has defaults, the state of the code is worked out. */
export type NewPerson = Pick<Person, "id" | "kind" | "surname" | "givenName"> &
  Partial<Omit<Person, "codiceFiscaleState" | "contactsProtected" | "createdAt">>;

/** A child or adult in a list. */
export type PersonName = Pick<Person, "id" | "surname" | "givenName">;
