// SPDX-License-Identifier: EUPL-1.2
import type { Balance } from "#ledger";
import type { ServiceSettings } from "#tenancy";

type Rule = ServiceSettings["residualCredit"]["rule"];

export interface ResidualService {
  readonly id: string;
  readonly rule: Rule;
}

export interface ResidualCredit extends Balance {
  /** why it is due: the service is not used again, or the child uses none any more */
  readonly why: "not-used-again" | "career-over";
}

/**
 * Which credits the town's rule gives back after a school year (MC-12, BI-06). An account is given back when every
 * prepaid service that it may pay says so: `refunded-at-year-end-if-unused`, none of its children is enrolled in the
 * service for a later year; `refunded-at-career-end`, none is enrolled in any service any more; `carried-over` never.
 */
export function residualCredits(of: {
  balances: readonly Balance[];
  /** the prepaid services of the town */
  services: readonly ResidualService[];
  /** the children an account without a child is for */
  childrenOf: (holderId: string) => readonly string[];
  /** services a child is enrolled in for a later year */
  laterServicesOf: (childId: string) => ReadonlySet<string>;
}): ResidualCredit[] {
  const { services, childrenOf, laterServicesOf } = of;
  return of.balances.flatMap((balance): ResidualCredit[] => {
    const { holderId, childId, serviceId, balanceCents } = balance;
    const paid = services.filter(({ id }) => serviceId === null || id === serviceId);
    const childIds = childId ? [childId] : childrenOf(holderId);
    if (balanceCents <= 0n || paid.length === 0) return [];
    const isDue = paid.every(({ id, rule }) => {
      switch (rule) {
        case "carried-over":
          return false;
        case "refunded-at-year-end-if-unused":
          return childIds.every((child) => !laterServicesOf(child).has(id));
        case "refunded-at-career-end":
          return childIds.every((child) => laterServicesOf(child).size === 0);
      }
    });
    if (!isDue) return [];
    const isOver = childIds.every((child) => laterServicesOf(child).size === 0);
    return [{ ...balance, why: isOver ? "career-over" : "not-used-again" }];
  });
}
