// SPDX-License-Identifier: EUPL-1.2
import { holdersOn, residentsOn } from "#families";
import { type Day, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Level } from "../rules/author-form.ts";
import { needsOf, type PriceFacts } from "../rules/price-facts.ts";
import { type SiblingRank, siblingRanker } from "../rules/rank-siblings.ts";
import { type AppliedIsee, iseesOn } from "../sql/isees.ts";
import { exemptionsOn } from "../sql/exemptions.ts";
import { enrolledChildren, householdsOn } from "../sql/households.ts";
import type { TariffVersion } from "../sql/tariff-versions.ts";

/** All that the tariff asks about one child on the day, as the database gives it. */
export interface ChildFacts {
  isee: AppliedIsee | undefined;
  resident: boolean | undefined;
  sibling: SiblingRank | undefined;
  exemptions: readonly string[];
}

const NONE: readonly string[] = [];

/** Rank among siblings and minors at home; siblings are the children of the same account holder that day. */
async function loadRanks(
  tx: ReadTx,
  { definition, serviceId }: TariffVersion,
  date: Day,
  childIds: readonly string[],
): Promise<Map<string, SiblingRank>> {
  const rule = definition.siblings;
  const holders = await holdersOn(tx, childIds, date);
  const rows = await householdsOn(tx, { holderIds: [...new Set(holders.values())], date });
  const households = Map.groupBy(rows, ({ holderId }) => holderId);
  // An only child is the first whoever counts: most of a town asks nothing about enrolments.
  const childrenWithSiblings = rows
    .filter(({ holderId }) => (households.get(holderId)?.length ?? 0) > 1)
    .map(({ childId }) => childId);
  const enrolled =
    rule.count === "household" || childrenWithSiblings.length === 0
      ? new Set<string>()
      : await enrolledChildren(tx, {
          childIds: childrenWithSiblings,
          serviceId,
          date,
          schoolYear: schoolYearOf(date),
          rule,
        });
  const rankOf = siblingRanker(rule, date);
  const ranks = new Map<string, SiblingRank>();
  for (const household of households.values()) {
    const siblings = household.map((row) => ({ ...row, enrolled: enrolled.has(row.childId) }));
    for (const [index, rank] of rankOf(siblings).entries()) {
      ranks.set(siblings[index]?.childId ?? "", rank);
    }
  }
  return ranks;
}

/** Reads, once for all children, only what this tariff looks at. */
export async function loadFacts(
  tx: ReadTx,
  version: TariffVersion,
  date: Day,
  childIds: readonly string[],
): Promise<(childId: string) => ChildFacts> {
  const needs = needsOf(version.definition);
  const { serviceId } = version;
  const isees = needs.isee ? await iseesOn(tx, { childIds, date }) : [];
  const residents = needs.residency
    ? await residentsOn(tx, childIds, date)
    : new Map<string, boolean>();
  const siblings =
    needs.rank || needs.minors
      ? await loadRanks(tx, version, date, childIds)
      : new Map<string, SiblingRank>();
  const exemptions = needs.exemptions
    ? await exemptionsOn(tx, { serviceId, date, childIds })
    : new Map<string, string[]>();
  const iseeOf = new Map(isees.map((isee) => [isee.childId, isee]));
  return (childId) => ({
    isee: iseeOf.get(childId),
    resident: residents.get(childId),
    sibling: siblings.get(childId),
    exemptions: exemptions.get(childId) ?? NONE,
  });
}

/** Two children with the same key get the same price for the same reasons. */
export function factsKey(
  level: Level | null,
  { isee, resident, sibling, exemptions }: ChildFacts,
): string {
  const income = isee
    ? `${isee.valueCents}|${isee.kind}|${isee.validFrom}|${isee.validTo}|${isee.overriddenBy ?? ""}`
    : "-";
  return `${level}|${resident}|${sibling?.rank}|${sibling?.minors}|${exemptions.join(",")}|${income}`;
}

export function toPriceFacts(
  date: Day,
  level: Level | null,
  { isee, resident, sibling, exemptions }: ChildFacts,
): PriceFacts {
  return {
    date,
    level,
    isee: isee
      ? {
          valueCents: isee.valueCents,
          kind: isee.kind,
          validFrom: Temporal.PlainDate.from(isee.validFrom),
          validTo: Temporal.PlainDate.from(isee.validTo),
          overriddenBy: isee.overriddenBy,
        }
      : null,
    resident: resident ?? null,
    siblingRank: sibling?.rank ?? 1,
    minors: sibling?.minors ?? null,
    exemptions,
  };
}
