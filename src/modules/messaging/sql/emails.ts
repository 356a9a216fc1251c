// SPDX-License-Identifier: EUPL-1.2
import { batches } from "#kernel/batches.ts";
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { newId } from "#kernel/ids.ts";
import type { EmailState, NextEmailState } from "../rules/email-attempts.ts";

/** `credentials`, `recovery`, `staff-code`: their body is sealed, since it holds a code (`planSealedEmails`). */
export type EmailKind =
  | "bill"
  | "first-notice"
  | "reminder"
  | "payment"
  | "credentials"
  | "recovery"
  | "staff-code"
  | "link-answer"
  | "application-answer"
  | "access-changed";

export interface NewEmail {
  /**
   * both `null`: to somebody at work (`staff-code`, `access-changed`), or of no family yet (`link-answer`,
   * `application-answer`)
   */
  holderId: string | null;
  personId: string | null;
  kind: EmailKind;
  address: string;
  lang: Lang;
  subject: string;
  /** without greeting, link and signature: they are added when it leaves */
  body: string;
  /** the portal's page that it leads to, `/pagamenti`; empty: to none */
  path: string;
  /** payment notices that it carries as PDF */
  noticeIds: readonly string[];
  /** one event writes to a family once: a second e-mail with the same key is dropped */
  dedupeKey: string;
}

export interface Email extends Omit<NewEmail, "noticeIds"> {
  id: string;
  noticeIds: string[];
  state: EmailState;
  attempts: number;
  problem: string;
  plannedAt: Moment;
  doneAt: Moment | null;
}

const COLUMNS = sql`e.id, e.holder_id as "holderId", e.person_id as "personId", e.kind, e.address, e.lang, e.subject,
  e.body, e.path, to_jsonb(e.notice_ids) as "noticeIds", e.dedupe_key as "dedupeKey", e.state, e.attempts, e.problem,
  e.planned_at as "plannedAt", e.done_at as "doneAt"`;

/** Plans e-mails inside the transaction that causes them; what is committed is sent. */
export async function planEmails(
  tx: WriteTx,
  emails: readonly NewEmail[],
  at: Moment,
): Promise<void> {
  for (const batch of batches(emails.map((email) => ({ ...email, id: newId() }))))
    await tx.run(sql`
      insert into email (tenant_id, id, holder_id, person_id, kind, address, lang, subject, body, path, notice_ids,
        dedupe_key, next_attempt_at, planned_at)
      select ${tx.tenantId}, r.id, r."holderId", r."personId", r.kind, r.address, r.lang, r.subject, r.body, r.path,
        r."noticeIds", r."dedupeKey", ${at}::timestamptz, ${at}::timestamptz
      from ${jsonRows(batch)} as r(id uuid, "holderId" uuid, "personId" uuid, kind text, address text, lang text,
        subject text, body text, path text, "noticeIds" uuid[], "dedupeKey" text)
      on conflict (tenant_id, dedupe_key) do nothing`);
}

/** Takes what is due for one sender, the oldest first; nobody else has it before `until`. */
export function claimEmails(
  tx: WriteTx,
  of: { claim: string; now: Moment; until: Moment; limit: number },
): Promise<Email[]> {
  return tx.rows<Email>(sql`
    with due as (
      select d.id from email d
      where d.tenant_id = ${tx.tenantId} and d.state in ('planned', 'failed') and d.next_attempt_at <= ${of.now}
        and (d.claimed_until is null or d.claimed_until <= ${of.now})
      order by d.next_attempt_at, d.id limit ${of.limit} for update skip locked)
    update email e set claim = ${of.claim}::uuid, claimed_until = ${of.until}::timestamptz
    from due where e.tenant_id = ${tx.tenantId} and e.id = due.id
    returning ${COLUMNS}`);
}

/** What came of it, by whoever still holds the claim; `said`: what it said, where that is not what was planned. */
export function recordAttempt(
  tx: WriteTx,
  of: {
    id: string;
    claim: string;
    next: NextEmailState;
    said: { subject: string; body: string } | null;
    now: Moment;
  },
): Promise<number> {
  const { next, said, now } = of;
  const isOver = next.waitMinutes === null;
  const nextAt = isOver ? now : now.add({ minutes: next.waitMinutes ?? 0 });
  return tx.run(sql`
    update email set state = ${next.state}, attempts = ${next.attempts}, problem = ${next.problem},
      subject = coalesce(${said?.subject ?? null}::text, subject), body = coalesce(${said?.body ?? null}::text, body),
      next_attempt_at = ${nextAt}::timestamptz, done_at = ${isOver ? now : null}::timestamptz,
      claim = null, claimed_until = null
    where tenant_id = ${tx.tenantId} and id = ${of.id} and claim = ${of.claim}::uuid`);
}

/** Messages that nobody will get, while the person's address is still the one that was refused. */
export function givenUpEmails(tx: ReadTx, limit: number): Promise<Email[]> {
  return tx.rows<Email>(sql`
    select ${COLUMNS} from email e where e.tenant_id = ${tx.tenantId} and e.state = 'given-up'
    order by e.done_at, e.id limit ${limit}`);
}

/** Sends again what was given up, each to the address it has now. */
export function replanEmails(
  tx: WriteTx,
  of: { emails: readonly { id: string; address: string }[]; now: Moment },
): Promise<number> {
  return tx.run(sql`
    update email e set state = 'planned', attempts = 0, problem = '', address = r.address, done_at = null,
      next_attempt_at = ${of.now}::timestamptz
    from ${jsonRows(of.emails)} as r(id uuid, address text)
    where e.tenant_id = ${tx.tenantId} and e.id = r.id and e.state = 'given-up'`);
}

/** Given up for good, because the office says so: the family is told otherwise. */
export function dismissEmails(
  tx: WriteTx,
  of: { ids: readonly string[]; now: Moment },
): Promise<number> {
  return tx.run(sql`
    update email set state = 'withdrawn', done_at = ${of.now}::timestamptz
    where tenant_id = ${tx.tenantId} and id = any(${of.ids}::uuid[]) and state = 'given-up'`);
}

export interface EmailCount {
  state: EmailState;
  count: number;
  /** of those that wait: the latest thing that went wrong */
  problem: string;
  latestAt: Moment | null;
}

/** How many messages are in which state, of those planned since then. */
export function emailCounts(tx: ReadTx, since: Moment): Promise<EmailCount[]> {
  return tx.rows<EmailCount>(sql`
    select state, count(*)::int as count, max(coalesce(done_at, planned_at)) as "latestAt",
      coalesce((array_agg(problem order by next_attempt_at desc) filter (where problem <> ''))[1], '') as problem
    from email where tenant_id = ${tx.tenantId} and planned_at >= ${since} group by state order by state`);
}

const TO_STRANGERS = sql.raw("kind in ('link-answer', 'application-answer')");

/**
 * The text of messages that are over since before then; that one was sent, to whom and when, stays. Of an answer to somebody
 * of no family the address goes, too, and nobody tries it again. Returns how many.
 */
export function emptySentEmails(
  tx: WriteTx,
  of: { before: Moment; limit: number },
): Promise<number> {
  return tx.run(sql`
    update email set body = '', address = case when ${TO_STRANGERS} then '-' else address end,
      state = case when ${TO_STRANGERS} and state = 'given-up' then 'withdrawn' else state end
    where tenant_id = ${tx.tenantId} and id in (
      select id from email
      where tenant_id = ${tx.tenantId} and body <> '' and done_at < ${of.before}
        and (state in ('sent', 'withdrawn') or ${TO_STRANGERS})
      order by done_at limit ${of.limit} for update skip locked)`);
}

/** A demo's past: what would have left by then has left. Nothing is sent. */
export function settleEmails(tx: WriteTx, upTo: Moment): Promise<number> {
  return tx.run(sql`
    update email set state = 'sent', attempts = 1, done_at = planned_at
    where tenant_id = ${tx.tenantId} and state = 'planned' and planned_at <= ${upTo}`);
}
