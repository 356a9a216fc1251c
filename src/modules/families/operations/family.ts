// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { childSlugs } from "../rules/child-slugs.ts";
import type { Person } from "../rules/person.ts";
import { type AccountHolder, holder as holderRow } from "../sql/holders.ts";
import { childrenOfHolder, guardiansOf, type HouseholdChild } from "../sql/households.ts";
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

/** Children as pages address them. */
export function withSlugs(children: readonly HouseholdChild[]): FamilyChild[] {
  const slugs = childSlugs(children);
  return children.map((child) => ({ ...child, slug: slugs.get(child.id) ?? child.id }));
}
