// SPDX-License-Identifier: EUPL-1.2
/** What a row of the role table says, and how it is written in short. */

/** Whom a route admits; everybody else is refused. */
export type Who =
  | "everyone"
  | "people"
  | "family-pages"
  | "family"
  | "school"
  | "kitchen"
  | "kitchen-only"
  | "driver"
  | "caterer"
  | "caterer-only"
  | "office"
  | "managers"
  | "diets"
  | "administrator"
  | "outside";

/** What a delegate of the family must have been given to be admitted too (BO-23); `no`: it is the family's alone. */
export type Delegated = "view" | "absences" | "payments" | "all" | "no";

export type Body = Readonly<Record<string, string>>;

export interface RoleRow {
  /** `POST /figli/:slug/pasti` */
  readonly route: string;
  readonly who: Who;
  /** where it is asked: a real address */
  readonly at: string;
  /** POST: a form that whoever is admitted gets written */
  readonly body?: Body;
  /** GET: there only in towns that have set it up */
  readonly whereSet?: true;
  /** POST: why even that form writes nothing here */
  readonly writesNothing?: string;
  /** a form with a file: its field, name and content */
  readonly file?: { readonly field: string; readonly name: string; readonly text: string };
  /** of a family's routes; without it a delegate is not asked for */
  readonly delegated?: Delegated;
  /** its ids begin anew in every town: another town's are one's own too */
  readonly numbered?: true;
  /** POST: ids in the form that are somebody else's are left out, and the rest is written */
  readonly leavesOut?: true;
}

type Extra = Omit<RoleRow, "route" | "who" | "at" | "body">;

export const rows = (who: Who, prefix = "", all: Extra = {}) => ({
  get: (route: string, at = route, extra: Extra = {}): RoleRow => ({
    route: `GET ${prefix}${route}`,
    who,
    at: prefix + at,
    ...all,
    ...extra,
  }),
  post: (route: string, at: string, body: Body, extra: Extra = {}): RoleRow => ({
    route: `POST ${prefix}${route}`,
    who,
    at: prefix + at,
    body,
    ...all,
    ...extra,
  }),
});

/** Words of the table that are nobody's: days, and what is the same for all. */
const NOBODYS = [
  "journal",
  "today",
  "day",
  "laterDay",
  "openDay",
  "closedDay",
  "line",
  "asset",
  "digest",
  "delegateCode",
  "session",
];
const OF_CLASSES = ["site", "class", "child", "surname"];
const OF_TOWNS = ["service", "site", "class", "journal", "persona"];

/** Which of a row's ids decide whose it is, for somebody who is admitted in general. */
export function isScoping(who: Who, word: string): boolean {
  if (NOBODYS.includes(word)) return false;
  if (who === "caterer") return word === "site";
  if (who === "school") return OF_CLASSES.includes(word);
  if (who === "family") return !OF_TOWNS.includes(word);
  return true;
}
