// SPDX-License-Identifier: EUPL-1.2
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { perConfiguration } from "#tenancy";
import {
  type ClassSession,
  type Closure,
  type SchoolYear,
  type Service,
  type ServicePeriod,
  sessionKey,
  type TownCalendar,
} from "../rules/service-day.ts";
import { classes, sites } from "./sites.ts";

/** The town's whole calendar, from memory while nothing changed. */
export const townCalendar: (tx: ReadTx) => Promise<TownCalendar> = perConfiguration(loadCalendar);

async function loadCalendar(tx: ReadTx): Promise<TownCalendar> {
  const years = await tx.rows<SchoolYear>(sql`
    select year, starts_on as "startsOn", ends_on as "endsOn"
    from school_year where tenant_id = ${tx.tenantId} order by year`);
  const services = await tx.rows<Service>(sql`
    select id, code, kind, name from service where tenant_id = ${tx.tenantId} order by position, code`);
  const periods = await tx.rows<ServicePeriod>(sql`
    select service_id as "serviceId", year, level, site_id as "siteId",
      starts_on as "startsOn", ends_on as "endsOn", weekdays
    from service_period where tenant_id = ${tx.tenantId} order by starts_on, id`);
  const sessions = new Map<string, ClassSession[]>();
  for (const session of await tx.rows<ClassSession>(sql`
    select service_id as "serviceId", class_id as "classId", weekdays, weekdays_b as "weekdaysB",
      week_a_monday as "weekAMonday", from_date as "from", to_date as "to"
    from class_session where tenant_id = ${tx.tenantId} order by from_date, id`)) {
    const key = sessionKey(session.serviceId, session.classId);
    sessions.set(key, [...(sessions.get(key) ?? []), session]);
  }
  return {
    years,
    services,
    periods,
    sessions,
    closures: await closures(tx),
    sites: new Map((await sites(tx)).map((site) => [site.id, site])),
    classes: new Map((await classes(tx)).map((schoolClass) => [schoolClass.id, schoolClass])),
  };
}

/** Closures in force, the widest first (town, then site, then class). */
export function closures(tx: ReadTx): Promise<Closure[]> {
  return tx.rows<Closure>(sql`
    select id, service_id as "serviceId", site_id as "siteId", class_id as "classId",
      from_date as "from", to_date as "to", reason, note
    from closure where tenant_id = ${tx.tenantId} and cancelled_at is null
    order by (site_id is not null)::int + (class_id is not null)::int * 2, from_date, id`);
}

/** Closures taken back as a whole, with who and when; the latest first. */
export function cancelledClosures(
  tx: ReadTx,
  limit: number,
): Promise<(Closure & { cancelledBy: string; cancelledAt: Temporal.Instant })[]> {
  return tx.rows(sql`
    select id, service_id as "serviceId", site_id as "siteId", class_id as "classId",
      from_date as "from", to_date as "to", reason, note, cancelled_by as "cancelledBy",
      cancelled_at as "cancelledAt"
    from closure where tenant_id = ${tx.tenantId} and cancelled_at is not null
    order by cancelled_at desc, id limit ${limit}`);
}

/** When the closures that cover a day were recorded: a kitchen that has begun to cook wants to know. */
export function closuresRecorded(
  tx: ReadTx,
  of: { serviceId: string; date: Temporal.PlainDate },
): Promise<{ siteId: string | null; classId: string | null; at: Temporal.Instant }[]> {
  return tx.rows(sql`
    select c.site_id as "siteId", c.class_id as "classId", c.created_at as at from closure c
    where c.tenant_id = ${tx.tenantId} and c.cancelled_at is null
      and ${of.date} between c.from_date and c.to_date
      and (c.service_id is null or c.service_id = ${of.serviceId})`);
}

/** Who recorded closures, and when; the earliest first. */
export function closureAuthors(
  tx: ReadTx,
  closureIds: readonly string[],
): Promise<{ id: string; by: string; at: Temporal.Instant }[]> {
  return tx.rows(sql`
    select id, created_by as by, created_at as at from closure
    where tenant_id = ${tx.tenantId} and id = any(${closureIds}::uuid[]) order by created_at, id`);
}

/** What one act closed: the same place, moment and author, one closure per service; also those taken back since. */
export function closuresOfAct(
  tx: ReadTx,
  closureId: string,
): Promise<{ id: string; serviceId: string | null }[]> {
  return tx.rows(sql`
    select c.id, c.service_id as "serviceId" from closure c
    join closure one on one.tenant_id = c.tenant_id and one.id = ${closureId}
      and one.created_at = c.created_at and one.created_by = c.created_by
      and one.from_date = c.from_date and one.site_id is not distinct from c.site_id
      and one.class_id is not distinct from c.class_id
    where c.tenant_id = ${tx.tenantId} order by c.id`);
}

export function putSchoolYear(tx: WriteTx, row: SchoolYear): Promise<number> {
  return tx.run(sql`
    insert into school_year (tenant_id, year, starts_on, ends_on)
    values (${tx.tenantId}, ${row.year}, ${row.startsOn}, ${row.endsOn})
    on conflict (tenant_id, year) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on`);
}

/** A service is recognised by its code; the id of one that exists stays. */
export function putServices(
  tx: WriteTx,
  rows: readonly (Service & { position: number })[],
): Promise<number> {
  return tx.run(sql`
    insert into service (tenant_id, id, code, kind, name, position)
    select ${tx.tenantId}, r.id, r.code, r.kind, r.name, r.position
    from ${jsonRows(rows)} as r(id uuid, code text, kind text, name text, position smallint)
    on conflict (tenant_id, code) do update set name = excluded.name, position = excluded.position`);
}

/** Replaces the periods of one service and school year. */
export async function putServicePeriods(
  tx: WriteTx,
  service: { serviceId: string; year: number },
  rows: readonly (ServicePeriod & { id: string })[],
): Promise<void> {
  await tx.run(sql`delete from service_period where tenant_id = ${tx.tenantId}
    and service_id = ${service.serviceId} and year = ${service.year}`);
  await tx.run(sql`
    insert into service_period (tenant_id, id, service_id, year, level, site_id, starts_on, ends_on, weekdays)
    select ${tx.tenantId}, r.id, r."serviceId", r.year, r.level, r."siteId", r."startsOn", r."endsOn", r.weekdays
    from ${jsonRows(rows)} as r(id uuid, "serviceId" uuid, year integer, level text, "siteId" uuid,
      "startsOn" date, "endsOn" date, weekdays smallint)`);
}

/** Adds rientri; a row with the same class, service and first day replaces the earlier one. */
export async function putClassSessions(
  tx: WriteTx,
  rows: readonly (ClassSession & { id: string })[],
): Promise<void> {
  await tx.run(sql`
    delete from class_session s using ${jsonRows(rows)} as r("serviceId" uuid, "classId" uuid, "from" date)
    where s.tenant_id = ${tx.tenantId} and s.service_id = r."serviceId" and s.class_id = r."classId"
      and s.from_date = r."from"`);
  await tx.run(sql`
    insert into class_session
      (tenant_id, id, service_id, class_id, weekdays, weekdays_b, week_a_monday, from_date, to_date)
    select ${tx.tenantId}, r.id, r."serviceId", r."classId", r.weekdays, r."weekdaysB", r."weekAMonday", r."from", r."to"
    from ${jsonRows(rows)} as r(id uuid, "serviceId" uuid, "classId" uuid, weekdays smallint, "weekdaysB" smallint,
      "weekAMonday" date, "from" date, "to" date)`);
}

/** Inserts closures; one whose id is there already stays as it is. */
export function insertClosures(
  tx: WriteTx,
  rows: readonly Closure[],
  by: { name: string; at: Temporal.Instant },
): Promise<number> {
  return tx.run(sql`
    insert into closure (tenant_id, id, service_id, site_id, class_id, from_date, to_date, reason, note,
      created_at, created_by)
    select ${tx.tenantId}, r.id, r."serviceId", r."siteId", r."classId", r."from", r."to", r.reason, r.note,
      ${by.at}::timestamptz, ${by.name}
    from ${jsonRows(rows)} as r(id uuid, "serviceId" uuid, "siteId" uuid, "classId" uuid, "from" date, "to" date,
      reason text, note text)
    on conflict do nothing`);
}

export function markClosureCancelled(
  tx: WriteTx,
  closureId: string,
  by: { name: string; at: Temporal.Instant },
): Promise<number> {
  return tx.run(sql`
    update closure set cancelled_at = ${by.at}, cancelled_by = ${by.name}
    where tenant_id = ${tx.tenantId} and id = ${closureId} and cancelled_at is null`);
}

/** A closure ends earlier than announced: its days up to `to` stay closed. */
export function setClosureEnd(
  tx: WriteTx,
  of: { closureId: string; to: Temporal.PlainDate },
): Promise<number> {
  return tx.run(sql`
    update closure set to_date = ${of.to}
    where tenant_id = ${tx.tenantId} and id = ${of.closureId} and cancelled_at is null
      and ${of.to} between from_date and to_date`);
}
