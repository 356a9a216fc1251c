// SPDX-License-Identifier: EUPL-1.2
import { searchWords } from "#kernel/search-words.ts";
import type { PersonName } from "./person.ts";

/**
 * A short name for addresses (`/presenze/anna`), unique among the children given: first name, then with the
 * surname, then with a number in order of id, so that the same children always get the same names.
 */
export function childSlugs(children: readonly PersonName[]): Map<string, string> {
  const slugs = new Map<string, string>();
  const taken = new Set<string>();
  const byFirstName = Map.groupBy(children, firstName);
  for (const child of [...children].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const alone = (byFirstName.get(firstName(child)) ?? []).length === 1;
    const base = alone
      ? firstName(child)
      : `${firstName(child)}-${searchWords(child.surname).join("-")}`;
    let slug = base;
    for (let number = 2; taken.has(slug); number += 1) slug = `${base}-${number}`;
    taken.add(slug);
    slugs.set(child.id, slug);
  }
  return slugs;
}

const firstName = (child: PersonName): string => searchWords(child.givenName)[0] ?? "figlio";
