// SPDX-License-Identifier: EUPL-1.2
/** Accounts of which each town has one. */
export const TOWN_ACCOUNTS = [
  "bank",
  "cash-desk",
  "vouchers",
  "pagopa-clearing",
  "sdd-clearing",
  "refunds-payable",
  "write-offs",
  "suspense",
  "collected-by-others",
] as const;
export type TownAccount = (typeof TOWN_ACCOUNTS)[number];

/** A family's account. Child and service are set as far as the town's wallet scope says (OS-12, PE-03). */
export interface FamilyAccount {
  kind: "family";
  holderId: string;
  childId?: string | null;
  serviceId?: string | null;
}

export type AccountRef =
  | FamilyAccount
  | { kind: "revenue"; serviceId: string }
  | { kind: TownAccount };

/** One text per account of a town: `family:<holder>:<child or ->:<service or ->`, `revenue:<service>`, `bank`. */
export function accountKey(account: AccountRef): string {
  switch (account.kind) {
    case "family":
      return `family:${account.holderId}:${account.childId ?? "-"}:${account.serviceId ?? "-"}`;
    case "revenue":
      return `revenue:${account.serviceId}`;
    default:
      return account.kind;
  }
}

/** Which account a use of a service moves, by the town's scope setting; no child: a household's fee. */
export function familyAccount(
  scope: "family" | "child" | "child-service",
  of: { holderId: string; childId: string | null; serviceId: string },
): FamilyAccount {
  const { holderId, childId, serviceId } = of;
  switch (scope) {
    case "family":
      return { kind: "family", holderId };
    case "child":
      return { kind: "family", holderId, childId };
    case "child-service":
      return { kind: "family", holderId, childId, serviceId };
  }
}
