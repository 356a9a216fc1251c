// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { searchPatterns } from "../rules/search-text.ts";
import { findPeople, type FoundPerson } from "../sql/search.ts";

export interface FoundPeople {
  readonly children: FoundPerson[];
  readonly adults: FoundPerson[];
}

/**
 * The office's search box: words of the name in any order (the start of each is enough), codice fiscale,
 * digits of the phone. At most `limit` children and `limit` adults.
 */
export async function searchPeople(
  tx: ReadTx,
  query: { text: string; limit: number; date: Day },
): Promise<FoundPeople> {
  const patterns = searchPatterns(query.text);
  if (patterns.length === 0) return { children: [], adults: [] };
  const found = await findPeople(tx, { patterns, limit: query.limit, date: query.date });
  return {
    children: found.filter((person) => person.kind === "child"),
    adults: found.filter((person) => person.kind === "adult"),
  };
}
