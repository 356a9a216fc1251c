// SPDX-License-Identifier: EUPL-1.2
import {
  type ChildSchedule,
  className,
  type SchoolLevel,
  type Service,
  type TownCalendar,
  townCalendar,
} from "#calendar";
import { holdersSharing, schedulesOf, sharesInForce } from "#enrolment";
import {
  accountsInPart,
  accountsInReach,
  childrenInReach,
  type FamilyChild,
  holder,
  person,
} from "#families";
import type { Channel } from "#kernel/actor.ts";
import { type Day, isBefore, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type DatedSettings, datedSettings } from "#tenancy";
import { cookieName, type Visit } from "../web/visit.ts";
import { type Reach, reachOf } from "./delegate-scope.ts";
import { words } from "./meals/words.ts";

/** A child of the family as pages show it: first name, class, address. */
export interface ScopedChild {
  readonly id: string;
  /** in addresses: the first name, unique in the family, never the surname alone */
  readonly slug: string;
  readonly name: string;
  readonly surname: string;
  /** `3A primaria`, `` when the child is in no class today */
  readonly classLabel: string;
  readonly siteName: string;
  readonly level: SchoolLevel | null;
  readonly holderId: string | null;
}

/** What the visitor may see, and with whose eyes: the family's own, or the office's at its desk. */
export interface FamilyScope extends Reach {
  readonly surname: string;
  /** the adult: the guardian who signed in, or the holder whose desk is open */
  readonly personId: string;
  /** accounts whose money and messages may be shown: a parent with an account sees only that one */
  readonly holderIds: readonly string[];
  /** of those, the visitor's that pay for a child's service: the child's own, or by an agreed share */
  payersOf(child: ScopedChild, serviceId: string): string[];
  /**
   * May a charge, a movement, a bill or an account be shown? A guardian without an account of their own sees only what
   * is about their children; what is about a whole account (no child) only where all its children are theirs.
   */
  maySee(of: { holderId: string; childId: string | null }): boolean;
  /** the youngest first */
  readonly children: readonly ScopedChild[];
  /** those that some child is or was enrolled in, in the town's order */
  readonly services: readonly Service[];
  /** the one that was looked at last, for the bottom bar */
  readonly lastChild: ScopedChild | null;
  readonly channel: Channel;
  readonly calendar: TownCalendar;
  readonly settings: DatedSettings;
  childBySlug(slug: string | undefined): ScopedChild | undefined;
  /** services of a child, in the town's order */
  servicesOf(childId: string): Service[];
  schedule(childId: string, serviceId: string): ChildSchedule | undefined;
  /** does the service count single days (attendance, cut-offs), or is it a fee only? */
  isDaily(service: Service, date: Day): boolean;
}

interface People {
  reach: Reach;
  surname: string;
  personId: string;
  holderIds: string[];
  /** accounts that also pay, or paid, for children of somebody else: shown in part */
  inPart: readonly string[];
  children: readonly FamilyChild[];
}

/** `null`: an account of no family, or the office without an open desk. */
export async function familyScope(tx: ReadTx, visit: Visit): Promise<FamilyScope | null> {
  const [people, calendar, settings] = await Promise.all([
    peopleOf(tx, visit),
    townCalendar(tx),
    datedSettings(tx),
  ]);
  if (!people) return null;
  const { today } = visit;
  const childIds = people.children.map(({ id }) => id);
  const [schedules, shares] = await Promise.all([
    schedulesOf(tx, { childIds }),
    sharesInForce(tx, { childIds, date: today }),
  ]);
  const children = people.children
    .map((child) => scopedChild(child, calendar, schedules, visit))
    .sort(youngestFirst(people.children));
  const has = new Set(schedules.map(({ serviceId }) => serviceId));
  const last = visit.request.cookies[lastChildCookie(visit)];
  const schedule = (childId: string, serviceId: string) =>
    schedules.find((row) => row.childId === childId && row.serviceId === serviceId);
  const { surname, personId, holderIds, inPart } = people;
  return {
    ...people.reach,
    surname,
    personId,
    holderIds,
    payersOf(child, serviceId) {
      const paying = shares
        .filter((one) => one.childId === child.id)
        .filter((one) => one.serviceId === null || one.serviceId === serviceId);
      const all = new Set([child.holderId, ...paying.map(({ holderId }) => holderId)]);
      return holderIds.filter((id) => all.has(id));
    },
    maySee: ({ holderId, childId }) =>
      holderIds.includes(holderId) &&
      (!inPart.includes(holderId) || (childId !== null && childIds.includes(childId))),
    children,
    calendar,
    settings,
    services: calendar.services.filter(({ id }) => has.has(id)),
    lastChild: children.find(({ slug }) => slug === last) ?? children[0] ?? null,
    channel: visit.actor?.desk ? "office" : "portal",
    childBySlug: (slug) => children.find((child) => child.slug === slug),
    schedule,
    servicesOf: (childId) => calendar.services.filter(({ id }) => schedule(childId, id)),
    isDaily: (service, date) =>
      settings.maybeService(service.code, "attendance", date) !== undefined &&
      settings.maybeService(service.code, "cutoffs", date) !== undefined,
  };
}

async function peopleOf(tx: ReadTx, visit: Visit): Promise<People | null> {
  const { actor, today } = visit;
  const personId = actor?.desk
    ? (await holder(tx, actor.desk.holderId))?.personId
    : actor?.personId;
  if (!actor || !personId) return null;
  const [adult, reach, children, holderIds] = await Promise.all([
    person(tx, personId),
    reachOf(tx, actor, today),
    childrenInReach(tx, actor, today),
    // Separated parents: whoever has an account of their own does not see the other one's (pages.md 2.0).
    accountsInReach(tx, actor, today),
  ]);
  if (!adult) return null;
  const childIds = children.map(({ id }) => id);
  const sharing = (of: Parameters<typeof holdersSharing>[1]) => holdersSharing(tx, of);
  const inPart = await accountsInPart(tx, actor, { holderIds, childIds, date: today, sharing });
  return { reach, surname: adult.surname, personId, holderIds, inPart, children };
}

function scopedChild(
  child: FamilyChild,
  calendar: TownCalendar,
  schedules: readonly (ChildSchedule & { childId: string })[],
  { today, lang }: Visit,
): ScopedChild {
  const memberships = schedules.find(({ childId }) => childId === child.id)?.memberships ?? [];
  const membership =
    memberships.find(({ from, to }) => isWithin(today, from, to)) ??
    memberships.find(({ from }) => isBefore(today, from));
  const schoolClass = membership && calendar.classes.get(membership.classId);
  const site = schoolClass && calendar.sites.get(schoolClass.siteId);
  const level = site ? ` ${words(lang).levels[site.level]}` : "";
  return {
    id: child.id,
    slug: child.slug,
    name: child.givenName,
    surname: child.surname,
    classLabel: schoolClass ? `${className(schoolClass)}${level}` : "",
    siteName: site?.name ?? "",
    level: site?.level ?? null,
    holderId: child.holderId,
  };
}

function youngestFirst(children: readonly FamilyChild[]) {
  const born = new Map(children.map(({ id, birthDate }) => [id, birthDate?.toString() ?? ""]));
  return (a: ScopedChild, b: ScopedChild): number => {
    const [bornA, bornB] = [born.get(a.id) ?? "", born.get(b.id) ?? ""];
    if (bornA !== bornB) return bornA < bornB ? 1 : -1;
    return a.slug < b.slug ? -1 : 1;
  };
}

const lastChildCookie = (visit: Visit): string => `${cookieName(visit.tenant)}_figlio`;

/** `Calendario` in the bottom bar opens this child from now on. */
export function rememberChild(visit: Visit, child: ScopedChild): void {
  visit.reply.setCookie(lastChildCookie(visit), child.slug, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    maxAge: 60 * 60 * 24 * 90,
    secure: visit.app.secureCookies,
  });
}
