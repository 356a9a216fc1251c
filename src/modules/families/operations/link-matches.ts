// SPDX-License-Identifier: EUPL-1.2
import type { Stranger } from "#identity";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Person } from "../rules/person.ts";
import {
  childrenOf,
  childrenOfEach,
  childrenOfHolder,
  holderOf,
  isAnyProtected,
} from "../sql/households.ts";
import { people, person } from "../sql/people.ts";
import type { FoundPerson } from "../sql/search.ts";
import { searchPeople } from "./search-people.ts";

const MOST = 15;

export interface LinkMatches {
  readonly children: FoundPerson[];
  /** of a family; with what the town knows of their codice fiscale, and their children */
  readonly adults: (FoundPerson &
    Pick<Person, "codiceFiscaleState"> & { readonly children: readonly Person[] })[];
}

/**
 * Who a stranger may be: children of the name that was written, children of the same surname, adults of the same name. With
 * `text`, whoever the office looks for instead.
 */
export async function linkMatches(
  tx: ReadTx,
  of: { stranger: Stranger; text: string; date: Day },
): Promise<LinkMatches> {
  const { surname, givenName, asked } = of.stranger;
  const texts =
    of.text === ""
      ? [asked?.childName ?? "", surname, `${surname} ${givenName}`]
      : [of.text, "", of.text];
  const [named, alike, adults] = await Promise.all(
    texts.map((text) => searchPeople(tx, { text, limit: MOST, date: of.date })),
  );
  const children = new Map(
    [...(named?.children ?? []), ...(alike?.children ?? [])].map((child) => [child.id, child]),
  );
  const ofFamilies = (adults?.adults ?? []).filter(({ holderIds }) => holderIds.length > 0);
  const adultIds = ofFamilies.map(({ id }) => id);
  const [known, theirs] = await Promise.all([
    people(tx, adultIds),
    childrenOfEach(tx, adultIds, of.date),
  ]);
  const states = new Map(known.map(({ id, codiceFiscaleState }) => [id, codiceFiscaleState]));
  return {
    children: [...children.values()].slice(0, MOST),
    adults: ofFamilies.map((adult) => ({
      ...adult,
      codiceFiscaleState: states.get(adult.id) ?? "missing",
      children: theirs.filter(({ adultId }) => adultId === adult.id),
    })),
  };
}

/** The adult that was chosen, and whose data the identity will open. */
export async function adultToLink(
  tx: ReadTx,
  of: { personId: string; date: Day },
): Promise<{ adult: Person; children: readonly Person[]; isProtected: boolean } | null> {
  const adult = await person(tx, of.personId);
  if (adult?.kind !== "adult") return null;
  const children = await childrenOf(tx, adult.id, of.date);
  const childIds = children.map(({ id }) => id);
  const isProtected =
    adult.contactsProtected || (await isAnyProtected(tx, { childIds, date: of.date }));
  return { adult, children, isProtected };
}

export interface FamilyToLink {
  readonly holderId: string | null;
  /** the child itself first */
  readonly children: readonly Pick<Person, "id" | "givenName" | "surname">[];
  /** somebody's contacts are kept by the office: a parent must not find the family through this */
  readonly isProtected: boolean;
}

/** The child that was chosen, and those for whom the same adult pays. */
export async function familyToLink(
  tx: ReadTx,
  of: { childId: string; date: Day },
): Promise<FamilyToLink | null> {
  const child = await person(tx, of.childId);
  if (child?.kind !== "child") return null;
  const holderId = await holderOf(tx, child.id, of.date);
  const siblings = holderId === null ? [] : await childrenOfHolder(tx, holderId, of.date);
  const children = [child, ...siblings.filter(({ id }) => id !== child.id)];
  const childIds = children.map(({ id }) => id);
  return { holderId, children, isProtected: await isAnyProtected(tx, { ...of, childIds }) };
}
