// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { cartTimes } from "../rules/notice-state.ts";

export const CART_RETURNS = ["ok", "waiting", "error", "cancel"] as const;
export type CartReturn = (typeof CART_RETURNS)[number];

export interface Cart {
  id: string;
  startedAt: Moment;
  startedBy: string;
  key: string;
  state: "started" | "sent" | "refused";
  location: string;
  returnedAt: Moment | null;
  returnedAs: CartReturn | null;
  noticeIds: string[];
}

const COLUMNS = sql`c.id, c.started_at as "startedAt", c.started_by as "startedBy", c.idempotency_key as key,
  c.state, c.location, c.returned_at as "returnedAt", c.returned_as as "returnedAs",
  array(select x.notice_id::text from payment_cart_notice x
    where x.tenant_id = c.tenant_id and x.cart_id = c.id order by x.notice_id) as "noticeIds"`;

export async function insertCart(
  tx: WriteTx,
  row: Pick<Cart, "id" | "startedAt" | "startedBy" | "key" | "noticeIds">,
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into payment_cart (tenant_id, id, started_at, started_by, idempotency_key, state)
    values (${tx.tenantId}, ${row.id}, ${row.startedAt}, ${row.startedBy}, ${row.key}, 'started')
    on conflict (tenant_id, idempotency_key) do nothing`);
  if (inserted === 0) return false;
  await tx.run(sql`
    insert into payment_cart_notice (tenant_id, cart_id, notice_id)
    select ${tx.tenantId}, ${row.id}::uuid, r.id from unnest(${row.noticeIds}::uuid[]) as r(id)`);
  return true;
}

export function cartById(tx: ReadTx, id: string): Promise<Cart | undefined> {
  return tx.maybe<Cart>(
    sql`select ${COLUMNS} from payment_cart c where c.tenant_id = ${tx.tenantId} and c.id = ${id}`,
  );
}

export function cartByKey(tx: ReadTx, key: string): Promise<Cart | undefined> {
  return tx.maybe<Cart>(sql`
    select ${COLUMNS} from payment_cart c where c.tenant_id = ${tx.tenantId} and c.idempotency_key = ${key}`);
}

/** Of each notice that went to pagoPA from here, the last cart it was in. */
export function cartsOfNotices(
  tx: ReadTx,
  noticeIds: readonly string[],
): Promise<{ noticeId: string; cartId: string }[]> {
  return tx.rows(sql`
    select distinct on (x.notice_id) x.notice_id as "noticeId", x.cart_id as "cartId"
    from payment_cart_notice x join payment_cart c on c.tenant_id = x.tenant_id and c.id = x.cart_id
    where x.tenant_id = ${tx.tenantId} and x.notice_id = any(${noticeIds}::uuid[]) and c.state = 'sent'
    order by x.notice_id, c.started_at desc`);
}

/**
 * The cart with which this notice was paid: the latest that went to pagoPA, if it was paid before its visit must be over.
 * Locked, so that receipts of one cart come one by one.
 */
export async function paidCart(
  tx: WriteTx,
  of: { noticeId: string; paidAt: Moment },
): Promise<Cart | undefined> {
  const { from, to } = cartTimes(of.paidAt);
  const found = await tx.maybe<{ id: string }>(sql`
    select c.id from payment_cart_notice x join payment_cart c on c.tenant_id = x.tenant_id and c.id = x.cart_id
    where x.tenant_id = ${tx.tenantId} and x.notice_id = ${of.noticeId} and c.state = 'sent'
      and c.started_at between ${from} and ${to}
    order by c.started_at desc limit 1 for update of c`);
  return found && cartById(tx, found.id);
}

export function answerCart(
  tx: WriteTx,
  of: { id: string; state: "sent" | "refused"; location: string },
): Promise<number> {
  return tx.run(sql`
    update payment_cart set state = ${of.state}, location = ${of.location}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and state = 'started'`);
}

/** The browser is back. The first word of the end stays, but "waiting" may be followed by one. */
export function returnCart(
  tx: WriteTx,
  of: { id: string; as: CartReturn; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update payment_cart set returned_as = ${of.as}, returned_at = ${of.at}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and coalesce(returned_as, 'waiting') = 'waiting'`);
}
