// SPDX-License-Identifier: EUPL-1.2
import type { ChildSchedule } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import { newestWins } from "../rules/newest-wins.ts";
import { newestMembership } from "./memberships.ts";

export interface RosterRow {
  childId: string;
  surname: string;
  givenName: string;
  classId: string;
  siteId: string;
  /** the child's own weekdays; null = as the class */
  weekdays: number | null;
  /** code the kitchen knows, '' = none */
  dietCode: string;
}

interface RosterAsked {
  serviceId: string;
  date: Day;
  siteId?: string | undefined;
  classId?: string | undefined;
  classIds?: readonly string[] | undefined;
}

/**
 * Children enrolled in a service on a day, with their class of that day, in class and name order. Each child once: of
 * enrolments or memberships that overlap the newest counts (`checkEnrolments` names them). Whether the day is a service day for them is the calendar's to say.
 */
export async function roster(tx: ReadTx, of: RosterAsked): Promise<RosterRow[]> {
  const isWholeTown =
    of.siteId === undefined && of.classId === undefined && of.classIds === undefined;
  if (isWholeTown) {
    // Overlaps are rare and show as a child read twice: without them this costs half of looking for them.
    const rows = await tx.rows(everyOverlap(tx, of));
    if (new Set(rows.map(({ childId }) => childId)).size === rows.length) return rows;
  }
  return tx.rows(newestOnly(tx, of));
}

const COLUMNS = sql.raw(`
  e.child_id as "childId", n.surname, n.given_name as "givenName", c.class_id as "classId",
  c.site_id as "siteId", e.weekdays, coalesce(d.code, '') as "dietCode"`);
const ORDER = sql.raw("order by c.grade, c.section, n.surname, n.given_name, e.child_id");

/** Does a dated row of this alias hold on the day? */
const holds = (alias: string, date: Day): ReturnType<typeof sql> => sql`
  ${sql.raw(`${alias}.from_date`)} <= ${date}
  and (${sql.raw(`${alias}.to_date`)} is null or ${sql.raw(`${alias}.to_date`)} >= ${date})`;

/** The whole town, one row for each pair of enrolment and membership of the day. */
const everyOverlap = (tx: ReadTx, { serviceId, date }: RosterAsked) => sql<RosterRow>`
  select ${COLUMNS}
  from enrolment e
  join class_membership m on m.tenant_id = e.tenant_id and m.child_id = e.child_id
    and ${holds("m", date)}
  join v_class_site c on c.tenant_id = m.tenant_id and c.class_id = m.class_id
  join v_child_name n on n.tenant_id = e.tenant_id and n.child_id = e.child_id
  left join (
    select distinct on (a.child_id) a.child_id, a.code from diet_assignment a
    where a.tenant_id = ${tx.tenantId} and ${holds("a", date)}
    order by a.child_id, a.from_date desc, a.id desc) d on d.child_id = e.child_id
  where e.tenant_id = ${tx.tenantId} and e.service_id = ${serviceId} and ${holds("e", date)}
  ${ORDER}`;

function newestOnly(tx: ReadTx, of: RosterAsked): ReturnType<typeof sql<RosterRow>> {
  const { date } = of;
  const inSite = of.siteId === undefined ? sql`` : sql`and c.site_id = ${of.siteId}`;
  const classIds = of.classIds ?? (of.classId === undefined ? undefined : [of.classId]);
  const inClass = classIds === undefined ? sql`` : sql`and m.class_id = any(${classIds}::uuid[])`;
  return sql<RosterRow>`
    select ${COLUMNS}
    from enrolment e
    join class_membership m on m.tenant_id = e.tenant_id and m.child_id = e.child_id
      and ${holds("m", date)} and ${newestMembership(date)}
    join v_class_site c on c.tenant_id = m.tenant_id and c.class_id = m.class_id ${inSite} ${inClass}
    join v_child_name n on n.tenant_id = e.tenant_id and n.child_id = e.child_id
    left join lateral (
      select a.code from diet_assignment a
      where a.tenant_id = e.tenant_id and a.child_id = e.child_id and ${holds("a", date)}
      order by a.from_date desc, a.id desc limit 1) d on true
    where e.tenant_id = ${tx.tenantId} and e.service_id = ${of.serviceId} and ${holds("e", date)}
      and not exists (select 1 from enrolment x
        where x.tenant_id = ${tx.tenantId} and x.child_id = e.child_id and x.service_id = e.service_id
          and ${holds("x", date)} and (x.from_date, x.id) > (e.from_date, e.id))
    ${ORDER}`;
}

export interface RosterSpan {
  serviceId: string;
  childId: string;
  classId: string;
  siteId: string;
  weekdays: number | null;
  /** both the enrolment and the membership hold from … to, inside the span asked for */
  from: Day;
  to: Day;
}

/**
 * Who is enrolled in some services between two days, in which class: one row per child, class and enrolment, and never
 * two for one child, service and day.
 */
export async function rosterBetween(
  tx: ReadTx,
  of: {
    serviceIds: readonly string[];
    from: Day;
    to: Day;
    siteId?: string | undefined;
    classId?: string | undefined;
  },
): Promise<RosterSpan[]> {
  // Chosen by child: which of two classes counts is known only when both are read.
  const ofPlace = (place: ReturnType<typeof sql>) => sql`and e.child_id in (
    select p.child_id from class_membership p
    join v_class_site s on s.tenant_id = p.tenant_id and s.class_id = p.class_id
    where p.tenant_id = ${tx.tenantId} and ${place})`;
  const inSite = of.siteId === undefined ? sql`` : ofPlace(sql`s.site_id = ${of.siteId}`);
  const inClass = of.classId === undefined ? sql`` : ofPlace(sql`s.class_id = ${of.classId}`);
  const rows = await tx.rows<RosterSpan>(sql`
    select e.service_id as "serviceId", e.child_id as "childId", c.class_id as "classId", c.site_id as "siteId",
      e.weekdays, greatest(e.from_date, m.from_date, ${of.from}::date) as "from",
      least(coalesce(e.to_date, ${of.to}::date), coalesce(m.to_date, ${of.to}::date), ${of.to}::date) as "to"
    from enrolment e
    join class_membership m on m.tenant_id = e.tenant_id and m.child_id = e.child_id
      and m.from_date <= ${of.to} and (m.to_date is null or m.to_date >= ${of.from})
      and m.from_date <= coalesce(e.to_date, m.from_date) and e.from_date <= coalesce(m.to_date, e.from_date)
    join v_class_site c on c.tenant_id = m.tenant_id and c.class_id = m.class_id
    where e.tenant_id = ${tx.tenantId} and e.service_id = any(${of.serviceIds}::uuid[])
      and e.from_date <= ${of.to} and (e.to_date is null or e.to_date >= ${of.from}) ${inSite} ${inClass}
    order by e.from_date, e.id, m.from_date, m.id`);
  const spans = Map.groupBy(rows, ({ serviceId, childId }) => `${serviceId}/${childId}`);
  return [...spans.values()]
    .flatMap((ofOne) => newestWins(ofOne))
    .filter(
      ({ siteId, classId }) =>
        siteId === (of.siteId ?? siteId) && classId === (of.classId ?? classId),
    );
}

interface ScheduleRow {
  childId: string;
  serviceId: string;
  memberships: { classId: string; from: string; to: string | null }[];
  enrolments: { from: string; to: string | null; weekdays: number | null }[];
}

/**
 * The dated rights of some children to one service, or to every service they have; one row per child and service, in it
 * disjoint spells, the oldest first.
 */
export async function schedulesOf(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId?: string | undefined },
): Promise<(ChildSchedule & { childId: string })[]> {
  const inService = of.serviceId === undefined ? sql`` : sql`and e.service_id = ${of.serviceId}`;
  const rows = await tx.rows<ScheduleRow>(sql`
    select e.child_id as "childId", e.service_id as "serviceId",
      jsonb_agg(jsonb_build_object('from', e.from_date, 'to', e.to_date, 'weekdays', e.weekdays)
        order by e.from_date, e.id) as enrolments,
      coalesce((select jsonb_agg(jsonb_build_object('classId', m.class_id, 'from', m.from_date, 'to', m.to_date)
          order by m.from_date, m.id)
        from class_membership m where m.tenant_id = e.tenant_id and m.child_id = e.child_id), '[]') as memberships
    from enrolment e
    where e.tenant_id = ${tx.tenantId} ${inService}
      and e.child_id = any(${of.childIds}::uuid[])
    group by e.tenant_id, e.child_id, e.service_id`);
  return rows.map((row) => ({
    childId: row.childId,
    serviceId: row.serviceId,
    memberships: newestWins(
      row.memberships.map(({ classId, from, to }) => ({ classId, ...dated(from, to) })),
    ),
    enrolments: newestWins(
      row.enrolments.map(({ weekdays, from, to }) => ({ weekdays, ...dated(from, to) })),
    ),
  }));
}

const dated = (from: string, to: string | null): { from: Day; to: Day | null } => ({
  from: Temporal.PlainDate.from(from),
  to: to === null ? null : Temporal.PlainDate.from(to),
});
