// SPDX-License-Identifier: EUPL-1.2
import type { Stranger } from "#identity";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Person } from "../rules/person.ts";
import {
  adultsOf,
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

/** An adult of a family, holder or not, whom the stranger may be. */
export type LinkAdult = Person & { readonly children: readonly Person[] };

export interface LinkMatches {
  readonly children: FoundPerson[];
  readonly adults: LinkAdult[];
}

/**
 * Who a stranger may be: children of the name that was written, children of the same surname, adults of the same name. With
 * `text`, whoever the office looks for instead.
 */
export async function linkMatches(
  tx: ReadTx,
  of: {
    stranger: Pick<Stranger, "surname" | "givenName"> & {
      readonly asked: { readonly childName: string } | null;
    };
    text: string;
    date: Day;
  },
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
  const found = adults?.adults ?? [];
  const known = await people(
    tx,
    found.map(({ id }) => id),
  );
  const holding = new Set(found.filter((one) => one.holderIds.length > 0).map(({ id }) => id));
  return {
    children: [...children.values()].slice(0, MOST),
    // A guardian of a child for whom nobody pays is of no account, and of a family all the same.
    adults: (await withChildren(tx, known, of.date)).filter(
      (adult) => holding.has(adult.id) || adult.children.length > 0,
    ),
  };
}

async function withChildren(
  tx: ReadTx,
  adults: readonly Person[],
  date: Day,
): Promise<LinkAdult[]> {
  const ids = adults.map(({ id }) => id);
  const theirs = await childrenOfEach(tx, ids, date);
  return adults.map((adult) => ({
    ...adult,
    children: theirs.filter(({ adultId }) => adultId === adult.id),
  }));
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
  /** who is written down for any of them already: the stranger may be one of these, under another spelling */
  readonly adults: readonly LinkAdult[];
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
  const adults = await withChildren(tx, await adultsOf(tx, childIds, of.date), of.date);
  const isProtected = await isAnyProtected(tx, { ...of, childIds });
  return { holderId, children, adults, isProtected };
}
