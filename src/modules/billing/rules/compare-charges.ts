// SPDX-License-Identifier: EUPL-1.2
import type { Cents } from "#kernel/money.ts";

/** What one account pays for one child's meal. */
interface Part {
  readonly childId: string | null;
  readonly holderId: string;
  readonly amountCents: Cents;
}

export interface PartDifference {
  readonly childId: string;
  readonly holderId: string;
  readonly before: Cents;
  readonly after: Cents;
}

/**
 * What stands charged for some children's meals of one day beside what they come to now: each account whose part is
 * another one. A child that is not among `now` has no price now and is left alone; who had no charge gets one, also of
 * nothing (`isNew`: an exemption is a decision too).
 */
export function compareCharges(
  standing: readonly Part[],
  now: readonly (Part & { readonly childId: string })[],
): { differences: PartDifference[]; isNew: string[] } {
  const before = Map.groupBy(standing, ({ childId }) => childId ?? "");
  const differences: PartDifference[] = [];
  const isNew: string[] = [];
  for (const [childId, parts] of Map.groupBy(now, (part) => part.childId)) {
    const stood = before.get(childId) ?? [];
    if (stood.length === 0) isNew.push(childId);
    const holders = new Set([...stood, ...parts].map(({ holderId }) => holderId));
    for (const holderId of holders) {
      const [was, is] = [sumOf(stood, holderId), sumOf(parts, holderId)];
      if (was !== is) differences.push({ childId, holderId, before: was, after: is });
    }
  }
  return { differences, isNew };
}

const sumOf = (parts: readonly Part[], holderId: string): Cents =>
  parts
    .filter((part) => part.holderId === holderId)
    .reduce((sum, { amountCents }) => sum + amountCents, 0n);
