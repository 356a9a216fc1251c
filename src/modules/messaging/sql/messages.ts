// SPDX-License-Identifier: EUPL-1.2
import { batches } from "#kernel/batches.ts";
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { TranslatedText } from "../rules/texts.ts";

/** Whom a message is for: an account's adults, or of them one alone who may not read what it says of others. */
export interface Recipient {
  holderId: string;
  /** null: every adult who may see the account */
  personId?: string | null;
  /** the children that the text names */
  childIds?: readonly string[];
}

export interface NewMessage extends Recipient, TranslatedText {
  kind: string;
  /** one event tells a family once: a second message with the same key is dropped */
  dedupeKey: string;
}

export interface Message extends Required<Recipient>, Required<TranslatedText> {
  id: string;
  kind: string;
  plannedAt: Moment;
  readAt: Moment | null;
}

/** Plans messages inside the transaction that causes them. Families read them in the portal. */
export const planMessages = (
  tx: WriteTx,
  messages: readonly NewMessage[],
  at: Moment,
): Promise<void> => insertMessages(tx, messages, { at, ifKnown: sql`do nothing` });

/** The same, but what was planned under its key says the new words, unread again: one event that goes on for a while. */
export const rewriteMessages = (
  tx: WriteTx,
  messages: readonly NewMessage[],
  at: Moment,
): Promise<void> =>
  insertMessages(tx, messages, {
    at,
    ifKnown: sql`do update set subject = excluded.subject, body = excluded.body,
      translations = excluded.translations, child_ids = excluded.child_ids, planned_at = excluded.planned_at,
      read_at = null`,
  });

async function insertMessages(
  tx: WriteTx,
  messages: readonly NewMessage[],
  { at, ifKnown }: { at: Moment; ifKnown: ReturnType<typeof sql> },
): Promise<void> {
  for (const batch of batches(messages.map((message) => ({ ...message, id: newId() }))))
    await tx.run(sql`
      insert into message (tenant_id, id, holder_id, person_id, child_ids, kind, subject, body, translations,
        dedupe_key, planned_at)
      select ${tx.tenantId}, r.id, r."holderId", r."personId", coalesce(r."childIds", '{}'), r.kind, r.subject,
        r.body, coalesce(r.translations, '{}'), r."dedupeKey", ${at}::timestamptz
      from ${jsonRows(batch)} as r(id uuid, "holderId" uuid, "personId" uuid, "childIds" uuid[], kind text,
        subject text, body text, translations jsonb, "dedupeKey" text)
      on conflict (tenant_id, dedupe_key) ${ifKnown}`);
}

/** An account's messages, newest first. With `personId`, only what that adult may read: not another guardian's own. */
export function messagesOf(
  tx: ReadTx,
  of: { holderIds: readonly string[]; personId?: string; limit: number },
): Promise<Message[]> {
  const ofPerson =
    of.personId === undefined
      ? sql``
      : sql`and (person_id is null or person_id = ${of.personId}::uuid)`;
  return tx.rows<Message>(sql`
    select id, holder_id as "holderId", person_id as "personId", to_jsonb(child_ids) as "childIds", kind, subject,
      body, translations, planned_at as "plannedAt", read_at as "readAt"
    from message
    where tenant_id = ${tx.tenantId} and holder_id = any(${of.holderIds}::uuid[]) ${ofPerson}
    order by planned_at desc, id desc limit ${of.limit}`);
}

export function markRead(
  tx: WriteTx,
  of: { id: string; holderIds: readonly string[]; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update message set read_at = ${of.at} where tenant_id = ${tx.tenantId} and id = ${of.id}
      and holder_id = any(${of.holderIds}::uuid[]) and read_at is null`);
}

/** How many families were told of events whose keys begin so (`closure:<id>:`); no wildcards in them. */
export async function familiesTold(tx: ReadTx, keysBegin: readonly string[]): Promise<number> {
  const { told } = await tx.one<{ told: number }>(sql`
    select count(distinct m.holder_id)::int as told from message m
    where m.tenant_id = ${tx.tenantId}
      and exists (select 1 from unnest(${keysBegin}::text[]) as k(start) where starts_with(m.dedupe_key, k.start))`);
  return told;
}

/** Who was told of events whose keys begin so; one row per message. */
export function recipientsTold(
  tx: ReadTx,
  keysBegin: readonly string[],
): Promise<(Required<Recipient> & { dedupeKey: string })[]> {
  return tx.rows<Required<Recipient> & { dedupeKey: string }>(sql`
    select m.holder_id as "holderId", m.person_id as "personId", to_jsonb(m.child_ids) as "childIds",
      m.dedupe_key as "dedupeKey"
    from message m
    where m.tenant_id = ${tx.tenantId}
      and exists (select 1 from unnest(${keysBegin}::text[]) as k(start) where starts_with(m.dedupe_key, k.start))
    order by m.id`);
}
