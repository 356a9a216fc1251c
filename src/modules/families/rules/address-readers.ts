// SPDX-License-Identifier: EUPL-1.2

/** Who is to read about some children: an account, or one adult who sees that account in part. */
export interface Reader {
  holderId: string;
  /** null: every adult who may see the account */
  personId: string | null;
  childIds: string[];
}

export interface ChildGuardian {
  childId: string;
  guardianId: string;
  /** accounts in the guardian's own name, the oldest first */
  ownHolderIds: readonly string[];
}

/**
 * One message per family about its children's meals: to the account of each child's holder, and to the guardians'. A
 * guardian with an account reads there; one without reads the holder's message, unless that names children of others:
 * then he or she gets one alone (X-12).
 */
export function addressReaders(of: {
  /** child → account holder */
  holders: ReadonlyMap<string, string>;
  guardians: readonly ChildGuardian[];
}): Reader[] {
  const named = new Map<string, Set<string>>();
  const name = (holderId: string, childId: string): void => {
    named.set(holderId, (named.get(holderId) ?? new Set()).add(childId));
  };
  for (const [childId, holderId] of of.holders) name(holderId, childId);
  const without = new Map<string, { holderId: string; personId: string; childIds: Set<string> }>();
  for (const { childId, guardianId, ownHolderIds } of of.guardians) {
    const holderId = of.holders.get(childId);
    const [own] = ownHolderIds;
    if (own !== undefined) {
      if (holderId === undefined || !ownHolderIds.includes(holderId)) name(own, childId);
      continue;
    }
    if (holderId === undefined) continue;
    const key = `${holderId}/${guardianId}`;
    const reader = without.get(key) ?? { holderId, personId: guardianId, childIds: new Set() };
    reader.childIds.add(childId);
    without.set(key, reader);
  }
  const apart = [...without.values()].filter(
    ({ holderId, childIds }) => !named.get(holderId)!.isSubsetOf(childIds),
  );
  return [
    ...[...named].map(([holderId, childIds]) => ({ holderId, personId: null, childIds })),
    ...apart,
  ].map((reader) => ({ ...reader, childIds: [...reader.childIds] }));
}
