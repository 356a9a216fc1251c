// SPDX-License-Identifier: EUPL-1.2
import { holdersOn } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import type { UnpricedReason } from "../rules/price-facts.ts";
import { type FeePeriod, type Instalment, priceFee } from "../rules/price-fee.ts";
import type { Decision } from "../sql/price-decisions.ts";
import { tariffOn, type TariffVersion } from "../sql/tariff-versions.ts";
import { type ChildFacts, loadFacts, toPriceFacts } from "./load-facts.ts";
import { type MealToPrice, toDecision } from "./price-meals.ts";

/** A child that uses the service in the period, with the variant chosen at enrolment where there are some. */
export interface FeeChild extends MealToPrice {
  option?: string | null;
}

/** Who a fee is of: one child, or a household with all its children in the service. */
export type FeeSubject =
  | { kind: "child"; childId: string }
  | { kind: "household"; holderId: string; childIds: string[] };

export type PricedFee =
  | ({ outcome: "priced"; subject: FeeSubject; instalments: Instalment[] } & Decision)
  | { outcome: "unpriced"; subject: FeeSubject; reason: UnpricedReason };

interface Group {
  subject: FeeSubject;
  members: FeeChild[];
}

const byChild = (children: readonly FeeChild[]): Group[] =>
  children.map((child) => ({
    subject: { kind: "child", childId: child.childId },
    members: [child],
  }));

/** A child without a holder has nobody to share with: it is a fee of its own. */
function byHousehold(children: readonly FeeChild[], holders: ReadonlyMap<string, string>): Group[] {
  const groups = new Map<
    string,
    { subject: FeeSubject & { kind: "household" }; members: FeeChild[] }
  >();
  const alone: FeeChild[] = [];
  for (const child of children) {
    const holderId = holders.get(child.childId);
    if (holderId === undefined) {
      alone.push(child);
      continue;
    }
    const group = groups.get(holderId) ?? {
      subject: { kind: "household", holderId, childIds: [] },
      members: [],
    };
    group.subject.childIds.push(child.childId);
    group.members.push(child);
    groups.set(holderId, group);
  }
  return [...groups.values(), ...byChild(alone)];
}

/** A household's facts: those of its first child, with the lowest ISEE among its children. */
function householdFacts(facts: readonly ChildFacts[]): ChildFacts {
  const [first] = facts.toSorted((a, b) => (a.sibling?.rank ?? 1) - (b.sibling?.rank ?? 1));
  const [lowest] = facts
    .flatMap(({ isee }) => (isee ? [isee] : []))
    .toSorted((a, b) => (a.valueCents < b.valueCents ? -1 : a.valueCents > b.valueCents ? 1 : 0));
  if (!first) throw new Error("a household without children");
  return { ...first, isee: lowest };
}

function priceGroup(
  tx: ReadTx,
  version: TariffVersion,
  period: FeePeriod,
  { subject, members }: Group,
  factsOf: (childId: string) => ChildFacts,
): PricedFee {
  const [first] = members;
  if (!first) throw new Error("a fee of nobody");
  const own = householdFacts(members.map(({ childId }) => factsOf(childId)));
  const fee = priceFee(version.definition, period, {
    ...toPriceFacts(period.from, first.level, own),
    option: first.option ?? null,
    children: members.length,
  });
  if (fee.outcome === "unpriced") return { ...fee, subject };
  const decision = toDecision(tx.tenantId, version.id, fee);
  return decision.outcome === "unpriced"
    ? { ...decision, subject }
    : { ...decision, subject, instalments: fee.instalments };
}

/**
 * The fixed fees of one service for one period (see `feePeriods`), per child or per household as the tariff
 * says, with their instalments. The tariff, ISEE, residency and siblings of the period's first day count.
 */
export async function priceFees(
  tx: ReadTx,
  of: {
    serviceId: string;
    period: FeePeriod;
    children: readonly FeeChild[];
    /** whose household each child is of; default: that of the period's first day */
    holders?: ReadonlyMap<string, string>;
  },
): Promise<PricedFee[]> {
  const { serviceId, period, children } = of;
  const date = period.from;
  const version = await tariffOn(tx, { serviceId, date });
  if (!version) {
    return byChild(children).map(({ subject }) => ({
      outcome: "unpriced",
      subject,
      reason: "no-tariff",
    }));
  }
  const childIds = children.map(({ childId }) => childId);
  const { definition } = version;
  const perHousehold = definition.kind === "fixed-fee" && definition.payer === "household";
  const groups = perHousehold
    ? byHousehold(children, of.holders ?? (await holdersOn(tx, childIds, date)))
    : byChild(children);
  const factsOf = await loadFacts(tx, version, date, childIds);
  return groups.map((group) => priceGroup(tx, version, period, group, factsOf));
}
