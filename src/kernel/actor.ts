// SPDX-License-Identifier: EUPL-1.2
/** Who works for the town: in its schools, its kitchens, on its buses, for its caterer, in its office. */
export const STAFF_ROLES = [
  "school",
  "kitchen",
  /** sees who gets on and off at the stops of the lines named in the grants, nothing else */
  "driver",
  /** the catering company: counts without names or diets, and its own news (BO-21) */
  "caterer",
  "office",
  /** an operator who alone sees and changes what touches health (domain.md "Who may do what") */
  "office-diet",
  "office-manager",
  "administrator",
] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export const ROLES = [
  "guardian",
  /** acts for a holder's family, and is of none here */
  "delegate",
  ...STAFF_ROLES,
] as const;
export type Role = (typeof ROLES)[number];

/** Who decides on money, tariffs and closures (domain.md "Who may do what"). */
export const MANAGER_ROLES = ["administrator", "office-manager"] as const;
/** The widest first: whoever has two of them acts as that one, on the page as in its form. */
export const OFFICE_ROLES = [...MANAGER_ROLES, "office-diet", "office"] as const;
export const isOfficeRole = (role: string): boolean => OFFICE_ROLES.some((one) => one === role);

/** What a delegate may do: `view` days and messages, change days, see and pay what is owed (BO-23). */
export const DELEGATE_SCOPES = ["view", "absences", "payments"] as const;
export type DelegateScope = (typeof DELEGATE_SCOPES)[number];

export interface Delegation {
  readonly holderId: string;
  readonly scopes: readonly DelegateScope[];
}

/** Who acts. Every operation gets one; the surfaces make it from the session, jobs use `systemActor`. */
export interface Actor {
  readonly role: Role | "system";
  /** account id, or `system` */
  readonly id: string;
  readonly name: string;
  /** the adult this account belongs to, when it is a family's */
  readonly personId: string | null;
  /** credentials of one child, and of those joined to it (PE-04): the person's other children are out of reach */
  readonly onlyChildIds?: readonly string[] | null;
  /** families of others this person may act for; only from an identity verified at this very sign-in (BO-23) */
  readonly delegations?: readonly Delegation[];
  /** school and kitchen staff, the caterer: their sites; `null` = every site of the town */
  readonly siteIds: readonly string[] | null;
  /** school staff: their classes; `null` = every class of their sites */
  readonly classIds: readonly string[] | null;
  /** drivers: their lines; without any, none */
  readonly lineIds?: readonly string[];
  /** the office acts for this family, for this reason; the family sees it */
  readonly desk: { readonly holderId: string; readonly reason: string } | null;
}

/** The channel a request came in by: cut-offs are set per channel. */
export const CHANNELS = ["portal", "app", "voice", "office", "school"] as const;
export type Channel = (typeof CHANNELS)[number];

export const systemActor: Actor = {
  role: "system",
  id: "system",
  name: "Campanella",
  personId: null,
  siteIds: null,
  classIds: null,
  desk: null,
};
