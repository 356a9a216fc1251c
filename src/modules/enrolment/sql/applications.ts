// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import type { AppliedChild } from "../rules/judge-application.ts";

/** What was proven before may go with its answer (as with requests for the link); what nobody answered, a year later. */
const KEEP_ENDED_DAYS = 180;
const KEEP_OPEN_DAYS = 400;

/** Who applies, as a provider or the town's own registry says it; e-mail and telephone as they were typed. */
export interface Applicant {
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: string | null;
  /** how they came in: `spid`, `cie`, `eidas`, `password`, … */
  readonly means: string;
  readonly email: string;
  readonly phone: string;
  readonly lang: Lang;
}

export interface Application {
  readonly id: string;
  readonly year: number;
  /** of its year: 1, 2, … */
  readonly number: number;
  /** `cf:`, `eidas:` or `person:` and who */
  readonly subject: string;
  readonly personId: string | null;
  readonly applicant: Applicant;
  readonly childId: string | null;
  readonly child: AppliedChild;
  /** codes */
  readonly services: readonly string[];
  readonly note: string;
  readonly sentAt: Moment;
  readonly withdrawnAt: Moment | null;
  readonly answeredAt: Moment | null;
  readonly isAccepted: boolean | null;
  readonly answer: string;
}

const COLUMNS = sql.raw(`
  a.id, a.year, a.number, a.subject, a.person_id as "personId", a.applicant, a.child_id as "childId", a.child,
  to_jsonb(a.services) as services, a.note, a.sent_at as "sentAt", a.withdrawn_at as "withdrawnAt",
  a.answered_at as "answeredAt", a.is_accepted as "isAccepted", a.answer`);
const IS_OPEN = sql.raw("a.answered_at is null and a.withdrawn_at is null");

/** Until the transaction ends, no other application of the town is sent, answered or withdrawn: numbers have no gap. */
export async function holdApplications(tx: WriteTx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId}, 62))`);
}

export function applicationById(tx: ReadTx, id: string): Promise<Application | undefined> {
  return tx.maybe<Application>(sql`
    select ${COLUMNS} from enrolment_application a where a.tenant_id = ${tx.tenantId} and a.id = ${id}`);
}

/** What this form was sent as before. */
export function applicationByKey(
  tx: ReadTx,
  of: { subject: string; key: string },
): Promise<Application | undefined> {
  return tx.maybe<Application>(sql`
    select ${COLUMNS} from enrolment_application a
    where a.tenant_id = ${tx.tenantId} and a.subject = ${of.subject} and a.request_key = ${of.key}`);
}

/** Somebody's own, by the identity they came in with or the adult they are here; the newest first. */
export function applicationsOf(
  tx: ReadTx,
  of: { subject: string; personId: string | null },
): Promise<Application[]> {
  return tx.rows<Application>(sql`
    select ${COLUMNS} from enrolment_application a
    where a.tenant_id = ${tx.tenantId} and (a.subject = ${of.subject} or a.person_id = ${of.personId}::uuid)
    order by a.sent_at desc, a.id desc`);
}

/** Those for a child that the town knows, whoever sent them. */
export function openApplicationsFor(tx: ReadTx, childId: string): Promise<Application[]> {
  return tx.rows<Application>(sql`
    select ${COLUMNS} from enrolment_application a
    where a.tenant_id = ${tx.tenantId} and a.child_id = ${childId} and ${IS_OPEN}
    order by a.sent_at, a.id`);
}

/** What waits for the office, the oldest first. */
export function openApplications(tx: ReadTx, limit: number): Promise<Application[]> {
  return tx.rows<Application>(sql`
    select ${COLUMNS} from enrolment_application a
    where a.tenant_id = ${tx.tenantId} and ${IS_OPEN}
    order by a.sent_at, a.id limit ${limit}`);
}

export async function countOpenApplications(tx: ReadTx): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    select count(*)::int as count from enrolment_application a
    where a.tenant_id = ${tx.tenantId} and ${IS_OPEN}`);
  return count;
}

/** Others that wait and may be for the same child: which are, the rule says. */
export function openApplicationsLike(
  tx: ReadTx,
  { id, childId, child }: Pick<Application, "id" | "childId" | "child">,
): Promise<Application[]> {
  return tx.rows<Application>(sql`
    select ${COLUMNS} from enrolment_application a
    where a.tenant_id = ${tx.tenantId} and a.id <> ${id} and ${IS_OPEN}
      and (a.child_id = ${childId}::uuid or a.child->>'codiceFiscale' = ${child.codiceFiscale}::text
        or a.child->>'birthDate' is not distinct from ${child.birthDate}::text)
    order by a.sent_at, a.id`);
}

/** Keeps an application and gives it the next number of its year; the caller holds `holdApplications`. */
export async function insertApplication(
  tx: WriteTx,
  row: Pick<
    Application,
    | "id"
    | "year"
    | "subject"
    | "personId"
    | "applicant"
    | "childId"
    | "child"
    | "services"
    | "note"
    | "sentAt"
  > & { readonly key: string },
): Promise<number> {
  const { number } = await tx.one<{ number: number }>(sql`
    insert into enrolment_application (tenant_id, id, year, number, subject, person_id, applicant, child_id, child,
      services, note, sent_at, request_key)
    select ${tx.tenantId}, ${row.id}, ${row.year}::int, coalesce(max(a.number), 0) + 1, ${row.subject},
      ${row.personId}::uuid, ${JSON.stringify(row.applicant)}::text::jsonb, ${row.childId}::uuid,
      ${JSON.stringify(row.child)}::text::jsonb, ${[...row.services]}::text[], ${row.note},
      ${row.sentAt}::timestamptz, ${row.key}
    from enrolment_application a where a.tenant_id = ${tx.tenantId} and a.year = ${row.year}::int
    returning number`);
  return number;
}

/** Whether it was still open. */
export async function endApplication(
  tx: WriteTx,
  of: { id: string; at: Moment } & (
    | { isWithdrawn: true }
    | { isAccepted: boolean; answer: string; by: string; childId: string | null }
  ),
): Promise<boolean> {
  const change =
    "by" in of
      ? sql`answered_at = ${of.at}, answered_by = ${of.by}, is_accepted = ${of.isAccepted}, answer = ${of.answer},
          child_id = coalesce(${of.childId}::uuid, child_id)`
      : sql`withdrawn_at = ${of.at}`;
  const written = await tx.run(sql`
    update enrolment_application a set ${change}
    where a.tenant_id = ${tx.tenantId} and a.id = ${of.id} and ${IS_OPEN}`);
  return written > 0;
}

/**
 * Deletes what has served its purpose; what an accepted one did is in the registry and its history. The last of a school
 * year that has not begun yet stays until then: no number is given twice.
 */
export async function purgeApplications(tx: WriteTx, now: Moment): Promise<void> {
  const before = (days: number): Moment => now.subtract({ hours: 24 * days });
  const today = dayOf(now);
  const begun = today.month < 9 ? today.year - 1 : today.year;
  await tx.run(sql`
    delete from enrolment_application a
    where tenant_id = ${tx.tenantId}
      and (year <= ${begun}::int or exists (select 1 from enrolment_application l
        where l.tenant_id = a.tenant_id and l.year = a.year and l.number > a.number))
      and (coalesce(answered_at, withdrawn_at) < ${before(KEEP_ENDED_DAYS)}::timestamptz
        or (answered_at is null and withdrawn_at is null
          and sent_at < ${before(KEEP_OPEN_DAYS)}::timestamptz))`);
}
