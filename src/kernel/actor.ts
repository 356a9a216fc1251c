// SPDX-License-Identifier: EUPL-1.2
export const ROLES = [
  "guardian",
  "school",
  "kitchen",
  "office",
  "office-manager",
  "administrator",
] as const;
export type Role = (typeof ROLES)[number];

/** Who acts. Every operation gets one; the surfaces make it from the session, jobs use `systemActor`. */
export interface Actor {
  readonly role: Role | "system";
  /** account id, or `system` */
  readonly id: string;
  readonly name: string;
  /** the adult this account belongs to, when it is a family's */
  readonly personId: string | null;
  /** school and kitchen staff: their sites; `null` = every site of the town */
  readonly siteIds: readonly string[] | null;
  /** school staff: their classes; `null` = every class of their sites */
  readonly classIds: readonly string[] | null;
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
