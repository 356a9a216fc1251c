// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { childSlugs } from "../rules/child-slugs.ts";
import type { Person } from "../rules/person.ts";
import { type AccountHolder, holder as holderRow } from "../sql/holders.ts";
import {
  childrenOf,
  childrenOfHolder,
  guardiansOf,
  holdersOfPerson,
  type HouseholdChild,
} from "../sql/households.ts";
import { person } from "../sql/people.ts";

export type FamilyChild = HouseholdChild & {
  /** for addresses: unique among the children listed with it */
  readonly slug: string;
};

export interface Family {
  readonly holder: AccountHolder;
  /** the adult who holds the account */
  readonly person: Person;
  /** the children it pays for on the day, the eldest first */
  readonly children: FamilyChild[];
  /** every adult responsible for one of them, the holder included when he or she is */
  readonly guardians: (Person & { readonly role: string; readonly childIds: string[] })[];
}

/** One account with its people on a day (OS-12). `undefined` = no such holder. */
export async function family(tx: ReadTx, holderId: string, date: Day): Promise<Family | undefined> {
  const holder = await holderRow(tx, holderId);
  if (!holder) return undefined;
  const adult = await person(tx, holder.personId);
  if (!adult) throw new Error(`account holder ${holderId} has no person`);
  const children = await childrenOfHolder(tx, holderId, date);
  const rows = await guardiansOf(
    tx,
    children.map((child) => child.id),
    date,
  );
  const guardians = [...Map.groupBy(rows, (row) => row.id).values()].map((same) => {
    const { childId: _childId, ...guardian } = same[0]!;
    return { ...guardian, childIds: same.map((row) => row.childId) };
  });
  return { holder, person: adult, children: withSlugs(children), guardians };
}

export interface FamilyOfPerson {
  readonly person: Person;
  /** the accounts this adult holds, or that pay for a child he or she is a guardian of */
  readonly holderIds: string[];
  /** the children he or she may act for */
  readonly children: FamilyChild[];
}

/** What an adult sees in the portal on a day: accounts and children (OS-05). */
export async function familyOfPerson(
  tx: ReadTx,
  personId: string,
  date: Day,
): Promise<FamilyOfPerson | undefined> {
  const [adult, holderIds, children] = await Promise.all([
    person(tx, personId),
    holdersOfPerson(tx, personId, date),
    childrenOf(tx, personId, date),
  ]);
  if (!adult) return undefined;
  return { person: adult, holderIds, children: withSlugs(children) };
}

function withSlugs(children: readonly HouseholdChild[]): FamilyChild[] {
  const slugs = childSlugs(children);
  return children.map((child) => ({ ...child, slug: slugs.get(child.id) ?? child.id }));
}
