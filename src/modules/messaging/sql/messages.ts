// SPDX-License-Identifier: EUPL-1.2
import { batches } from "#kernel/batches.ts";
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";

export interface NewMessage {
  holderId: string;
  kind: string;
  subject: string;
  body: string;
  /** one event tells a family once: a second message with the same key is dropped */
  dedupeKey: string;
}

export interface Message extends Omit<NewMessage, "dedupeKey"> {
  id: string;
  plannedAt: Moment;
  readAt: Moment | null;
}

/** Plans messages inside the transaction that causes them. Families read them in the portal. */
export async function planMessages(
  tx: WriteTx,
  messages: readonly NewMessage[],
  at: Moment,
): Promise<void> {
  for (const batch of batches(messages.map((message) => ({ ...message, id: newId() }))))
    await tx.run(sql`
      insert into message (tenant_id, id, holder_id, kind, subject, body, dedupe_key, planned_at)
      select ${tx.tenantId}, r.id, r."holderId", r.kind, r.subject, r.body, r."dedupeKey", ${at}::timestamptz
      from ${jsonRows(batch)} as r(id uuid, "holderId" uuid, kind text, subject text, body text, "dedupeKey" text)
      on conflict (tenant_id, dedupe_key) do nothing`);
}

/** A family's messages, newest first. */
export function messagesOf(
  tx: ReadTx,
  of: { holderIds: readonly string[]; limit: number },
): Promise<Message[]> {
  return tx.rows<Message>(sql`
    select id, holder_id as "holderId", kind, subject, body, planned_at as "plannedAt", read_at as "readAt"
    from message where tenant_id = ${tx.tenantId} and holder_id = any(${of.holderIds}::uuid[])
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
