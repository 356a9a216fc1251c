// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { newId } from "#kernel/ids.ts";

/** Whom a provider vouches for, and nobody here knows. */
export interface StrangerIdentity {
  /** `cf:<codice fiscale>` or `eidas:<identifier>` */
  readonly subject: string;
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: Day | null;
}

/** What they wrote to the office, so that it finds the family. */
export interface AskedLink {
  readonly childName: string;
  /** ISO date; `null` where the school was written instead */
  readonly childBirthDate: string | null;
  /** school and class; may be empty */
  readonly school: string;
  readonly note: string;
  /** both may be empty */
  readonly email: string;
  readonly phone: string;
  readonly lang: Lang;
}

export interface Stranger extends StrangerIdentity {
  readonly id: string;
  readonly lastSeenAt: Moment;
  /** both `null`: of another country, seen at the door, and has asked nothing */
  readonly asked: AskedLink | null;
  readonly askedAt: Moment | null;
  readonly answeredAt: Moment | null;
  /** `false`: refused, and `answer` says why */
  readonly isLinked: boolean | null;
  readonly answer: string;
}

const COLUMNS = sql.raw(`
  l.id, l.subject, l.given_name as "givenName", l.surname, l.birth_date as "birthDate",
  l.last_seen_at as "lastSeenAt", l.asked, l.asked_at as "askedAt", l.answered_at as "answeredAt",
  l.is_linked as "isLinked", l.answer`);

export function strangerBySubject(tx: ReadTx, subject: string): Promise<Stranger | undefined> {
  return tx.maybe<Stranger>(sql`
    select ${COLUMNS} from identity_to_link l
    where l.tenant_id = ${tx.tenantId} and l.subject = ${subject}`);
}

export function strangerById(tx: ReadTx, id: string): Promise<Stranger | undefined> {
  return tx.maybe<Stranger>(sql`
    select ${COLUMNS} from identity_to_link l where l.tenant_id = ${tx.tenantId} and l.id = ${id}`);
}

/** Who waits for the office: whoever asked, and foreign identities that came to the door. The oldest first. */
export function waitingStrangers(tx: ReadTx, limit: number): Promise<Stranger[]> {
  return tx.rows<Stranger>(sql`
    select ${COLUMNS} from identity_to_link l
    where l.tenant_id = ${tx.tenantId} and l.answered_at is null
    order by coalesce(l.asked_at, l.last_seen_at), l.id limit ${limit}`);
}

/** A foreign identity at the door: the office sees it without being asked. */
export function noteStranger(
  tx: WriteTx,
  row: StrangerIdentity & { readonly at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into identity_to_link (tenant_id, id, subject, given_name, surname, birth_date, first_seen_at, last_seen_at)
    values (${tx.tenantId}, ${newId()}, ${row.subject}, ${row.givenName}, ${row.surname}, ${row.birthDate}, ${row.at},
      ${row.at})
    on conflict (tenant_id, subject) do update set last_seen_at = excluded.last_seen_at,
      given_name = excluded.given_name, surname = excluded.surname`);
}

/**
 * Keeps a request, in the place of one that was refused, or of a link that a sign-in since then (`provenAt`) did not find;
 * whether it did.
 */
export async function keepRequest(
  tx: WriteTx,
  row: StrangerIdentity & {
    readonly asked: AskedLink;
    readonly provenAt: Moment;
    readonly at: Moment;
  },
): Promise<boolean> {
  const { at } = row;
  const written = await tx.run(sql`
    insert into identity_to_link as l (tenant_id, id, subject, given_name, surname, birth_date, first_seen_at,
      last_seen_at, asked, asked_at)
    values (${tx.tenantId}, ${newId()}, ${row.subject}, ${row.givenName}, ${row.surname}, ${row.birthDate}, ${at}, ${at},
      ${JSON.stringify(row.asked)}::jsonb, ${at})
    on conflict (tenant_id, subject) do update set last_seen_at = ${at}, asked = excluded.asked, asked_at = ${at},
      answered_at = null, answered_by = null, is_linked = null, answer = ''
    where case when l.is_linked then l.answered_at < ${row.provenAt} else l.asked_at is null or l.answered_at is not null
      end`);
  return written > 0;
}

/** The first answer stays: whether this one is it. */
export async function answerStranger(
  tx: WriteTx,
  of: { id: string; isLinked: boolean; answer: string; by: string; at: Moment },
): Promise<boolean> {
  const written = await tx.run(sql`
    update identity_to_link set answered_at = ${of.at}, answered_by = ${of.by}, is_linked = ${of.isLinked},
      answer = ${of.answer}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and answered_at is null`);
  return written > 0;
}

/** Whoever got in is no stranger any more, and nothing of the request is kept. Had they asked? */
export async function forgetStranger(tx: WriteTx, subject: string): Promise<boolean> {
  const gone = await tx.rows<{ asked: boolean }>(sql`
    delete from identity_to_link where tenant_id = ${tx.tenantId} and subject = ${subject}
    returning asked_at is not null as asked`);
  return gone.some(({ asked }) => asked);
}
