// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { arrayRows, jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { AttendanceSource, AttendanceStatus, MarkPhase } from "../rules/decide-attendance.ts";
import type { DayState } from "../rules/day-state.ts";

export interface AttendanceRow {
  childId: string;
  siteId: string;
  classId: string | null;
  status: AttendanceStatus;
  walkIn: boolean;
  plain: boolean;
  billable: boolean;
  source: AttendanceSource;
  recordedBy: string;
  recordedAt: Moment;
}

export const COLUMNS = sql`child_id as "childId", site_id as "siteId", class_id as "classId", status, walk_in as "walkIn",
  plain, billable, source, recorded_by as "recordedBy", recorded_at as "recordedAt"`;

export function attendanceOn(
  tx: ReadTx,
  of: {
    serviceId: string;
    date: Day;
    siteId?: string | undefined;
    childIds?: readonly string[] | undefined;
  },
): Promise<AttendanceRow[]> {
  const inSite = of.siteId === undefined ? sql`` : sql`and site_id = ${of.siteId}`;
  const ofChildren =
    of.childIds === undefined ? sql`` : sql`and child_id = any(${of.childIds}::uuid[])`;
  return tx.rows<AttendanceRow>(sql`
    select ${COLUMNS} from attendance
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date} ${inSite}
      ${ofChildren}`);
}

export function attendanceOfChildren(
  tx: ReadTx,
  of: { childIds: readonly string[]; from: Day; to: Day },
): Promise<(AttendanceRow & { serviceId: string; date: Day })[]> {
  return tx.rows(sql`
    select service_id as "serviceId", date, ${COLUMNS} from attendance
    where tenant_id = ${tx.tenantId} and child_id = any(${of.childIds}::uuid[])
      and date between ${of.from} and ${of.to} order by date, service_id`);
}

/** Of `r`. */
export const attendanceRows = (rows: readonly AttendanceRow[]) =>
  sql`${arrayRows(rows, {
    childId: "uuid",
    siteId: "uuid",
    classId: "uuid",
    status: "text",
    walkIn: "boolean",
    plain: "boolean",
    billable: "boolean",
    source: "text",
    recordedBy: "text",
    recordedAt: "timestamptz",
  })} as r("childId", "siteId", "classId", status, "walkIn", plain, billable, source, "recordedBy", "recordedAt")`;

/** Facts of a lesser kind never overwrite those of a greater one (presumed < morning < noon < correction). */
export async function saveAttendance(
  tx: WriteTx,
  of: { serviceId: string; date: Day },
  rows: readonly AttendanceRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into attendance (tenant_id, service_id, date, child_id, site_id, class_id, status, walk_in, plain,
      billable, source, recorded_by, recorded_at)
    select ${tx.tenantId}, ${of.serviceId}::uuid, ${of.date}::date, r."childId", r."siteId", r."classId", r.status,
      r."walkIn", r.plain, r.billable, r.source, r."recordedBy", r."recordedAt"
    from ${attendanceRows(rows)}
    on conflict (tenant_id, child_id, date, service_id) do update set
      site_id = excluded.site_id, class_id = excluded.class_id, status = excluded.status,
      walk_in = excluded.walk_in, plain = excluded.plain, billable = excluded.billable, source = excluded.source,
      recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at
    where array_position(array['presumed', 'morning', 'noon', 'correction'], excluded.source)
       >= array_position(array['presumed', 'morning', 'noon', 'correction'], attendance.source)`);
}

export interface NewMark {
  id: string;
  childId: string;
  siteId: string;
  classId: string | null;
  phase: MarkPhase;
  status: AttendanceStatus;
  walkIn: boolean;
  billable: boolean;
  reason: string;
}

export async function insertMarks(
  tx: WriteTx,
  of: {
    serviceId: string;
    date: Day;
    by: string;
    receivedAt: Moment;
    tappedAt?: Moment | null;
    now: Moment;
  },
  rows: readonly NewMark[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into attendance_mark (tenant_id, id, service_id, date, child_id, site_id, class_id, phase, status, walk_in,
      billable, reason, recorded_by, received_at, tapped_at, recorded_at)
    select ${tx.tenantId}, r.id, ${of.serviceId}::uuid, ${of.date}::date, r."childId", r."siteId", r."classId",
      r.phase, r.status, r."walkIn", r.billable, r.reason, ${of.by}::text, ${of.receivedAt}::timestamptz,
      ${of.tappedAt ?? null}::timestamptz, ${of.now}::timestamptz
    from ${jsonRows(rows)} as r(id uuid, "childId" uuid, "siteId" uuid, "classId" uuid, phase text, status text,
      "walkIn" boolean, billable boolean, reason text)`);
}

export interface Mark extends Omit<NewMark, "id"> {
  recordedBy: string;
  receivedAt: Moment;
  tappedAt: Moment | null;
}

/** The history of one child's day, oldest first: "chi e quando". */
export function marksOf(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day },
): Promise<Mark[]> {
  return tx.rows<Mark>(sql`
    select child_id as "childId", site_id as "siteId", class_id as "classId", phase, status, walk_in as "walkIn",
      billable, reason, recorded_by as "recordedBy", received_at as "receivedAt",
      tapped_at as "tappedAt"
    from attendance_mark where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date}
      and child_id = ${of.childId} order by recorded_at, id`);
}

/** What was corrected in a class on a day, newest first. */
export function correctionsOn(
  tx: ReadTx,
  of: { serviceId: string; classId: string; date: Day },
): Promise<Mark[]> {
  return tx.rows<Mark>(sql`
    select child_id as "childId", site_id as "siteId", class_id as "classId", phase, status, walk_in as "walkIn",
      billable, reason, recorded_by as "recordedBy", received_at as "receivedAt",
      tapped_at as "tappedAt"
    from attendance_mark where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date}
      and class_id = ${of.classId} and phase = 'correction' order by recorded_at desc, id desc`);
}

export interface RollCall {
  id: string;
  classId: string;
  phase: "morning" | "noon";
  presentCount: number;
  absentCount: number;
  submittedBy: string;
  receivedAt: Moment;
  /** by the tablet's clock, when it had to wait without a network */
  tappedAt: Moment | null;
  inputHash: string;
}

const ROLL_CALL = sql`id, class_id as "classId", phase, present_count as "presentCount",
  absent_count as "absentCount", submitted_by as "submittedBy", received_at as "receivedAt",
  tapped_at as "tappedAt", input_hash as "inputHash"`;

/** The latest roll call of each class and phase. */
export function rollCallsOn(tx: ReadTx, of: { serviceId: string; date: Day }): Promise<RollCall[]> {
  return tx.rows<RollCall>(sql`
    select distinct on (class_id, phase) ${ROLL_CALL} from roll_call
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date}
    order by class_id, phase, recorded_at desc, roll_call.id desc`);
}

/** Roll calls of one class take turns until the transaction ends. */
export async function lockClass(tx: WriteTx, classId: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId + classId}, 11))`);
}

/**
 * A closure came after facts were written: nobody pays for those days (BO-19, X-07). `due: true` takes that back for
 * children who were marked present.
 */
export async function setClosedBillable(
  tx: WriteTx,
  of: {
    serviceIds: readonly string[];
    siteId: string | null;
    classId: string | null;
    from: Day;
    to: Day;
    due: boolean;
  },
): Promise<number> {
  return tx.run(sql`
    update attendance set billable = ${of.due} and status = 'present'
    where tenant_id = ${tx.tenantId} and service_id = any(${of.serviceIds}::uuid[])
      and date between ${of.from} and ${of.to}
      and (${of.siteId}::uuid is null or site_id = ${of.siteId})
      and (${of.classId}::uuid is null or class_id = ${of.classId})`);
}

export function rollCallByKey(tx: ReadTx, key: string): Promise<RollCall | undefined> {
  return tx.maybe<RollCall>(sql`
    select ${ROLL_CALL} from roll_call where tenant_id = ${tx.tenantId} and idempotency_key = ${key}`);
}

export function insertRollCall(
  tx: WriteTx,
  row: RollCall & { serviceId: string; date: Day; now: Moment; key: string },
): Promise<number> {
  return tx.run(sql`
    insert into roll_call (tenant_id, id, service_id, class_id, date, phase, present_count, absent_count,
      submitted_by, received_at, tapped_at, recorded_at, idempotency_key, input_hash)
    values (${tx.tenantId}, ${row.id}, ${row.serviceId}, ${row.classId}, ${row.date}, ${row.phase},
      ${row.presentCount}, ${row.absentCount}, ${row.submittedBy}, ${row.receivedAt}, ${row.tappedAt},
      ${row.now}, ${row.key}, ${row.inputHash})`);
}

export interface ServiceDayRow {
  serviceId: string;
  siteId: string;
  date: Day;
  state: DayState;
  changedAt: Moment;
  changedBy: string;
  closingNumber: number;
}

const DAY = sql`service_id as "serviceId", site_id as "siteId", date, state, changed_at as "changedAt",
  changed_by as "changedBy", closing_number as "closingNumber"`;

/** Locked until the transaction ends, so that two closings of one day take turns. */
export function serviceDayForUpdate(
  tx: WriteTx,
  of: { serviceId: string; siteId: string; date: Day },
): Promise<ServiceDayRow | undefined> {
  return tx.maybe<ServiceDayRow>(sql`
    select ${DAY} from service_day where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and site_id = ${of.siteId} and date = ${of.date} for update`);
}

/** The days somebody has begun to close; a day without a row is open. */
export function serviceDays(
  tx: ReadTx,
  of: { serviceId?: string | undefined; from: Day; to: Day },
): Promise<ServiceDayRow[]> {
  const ofService = of.serviceId === undefined ? sql`` : sql`and service_id = ${of.serviceId}`;
  return tx.rows<ServiceDayRow>(sql`
    select ${DAY} from service_day
    where tenant_id = ${tx.tenantId} and date between ${of.from} and ${of.to} ${ofService}`);
}

export function putServiceDay(
  tx: WriteTx,
  row: ServiceDayRow & { reason: string },
): Promise<number> {
  return tx.run(sql`
    insert into service_day (tenant_id, service_id, site_id, date, state, changed_at, changed_by, reason, closing_number)
    values (${tx.tenantId}, ${row.serviceId}, ${row.siteId}, ${row.date}, ${row.state}, ${row.changedAt},
      ${row.changedBy}, ${row.reason}, ${row.closingNumber})
    on conflict (tenant_id, service_id, site_id, date) do update set state = excluded.state,
      changed_at = excluded.changed_at, changed_by = excluded.changed_by, reason = excluded.reason,
      closing_number = excluded.closing_number`);
}

/** How many meals to be paid stand on each site and day: the left-hand side of the closing invariant. */
export function attendedOfDays(
  tx: ReadTx,
  of: { serviceId: string; from: Day; to: Day },
): Promise<{ siteId: string; date: Day; attended: number }[]> {
  return tx.rows(sql`
    select site_id as "siteId", date, count(*)::int as attended from attendance
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date between ${of.from} and ${of.to}
      and billable
    group by site_id, date`);
}
