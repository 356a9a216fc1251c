// SPDX-License-Identifier: EUPL-1.2
import type { Delegation, DelegateScope } from "#kernel/actor.ts";
import { type Day, isWithin, type Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** An adult who may act for a holder, known by codice fiscale alone (BO-23). */
export interface Delegate {
  readonly id: string;
  readonly holderId: string;
  readonly codiceFiscale: string;
  readonly givenName: string;
  readonly surname: string;
  readonly scopes: readonly DelegateScope[];
  readonly from: Day;
  readonly to: Day | null;
  readonly addedAt: Moment;
  readonly addedBy: string;
  readonly endedAt: Moment | null;
  readonly endedBy: string | null;
}

/** May the delegate act on this day? */
export const isInForce = ({ from, to, endedAt }: Delegate, date: Day): boolean =>
  endedAt === null && isWithin(date, from, to);

const COLUMNS = sql`d.id, d.holder_id as "holderId", d.codice_fiscale as "codiceFiscale", d.given_name as "givenName",
  d.surname, d.scopes, d.from_date as "from", d.to_date as "to", d.added_at as "addedAt", d.added_by as "addedBy",
  d.ended_at as "endedAt", d.ended_by as "endedBy"`;

/** For whom, and how far, the owner of this codice fiscale may act on a day. */
export function delegationsInForce(
  tx: ReadTx,
  of: { codiceFiscale: string; date: Day },
): Promise<Delegation[]> {
  return tx.rows<Delegation>(sql`
    select d.holder_id as "holderId", d.scopes from delegate d
    where d.tenant_id = ${tx.tenantId} and d.codice_fiscale = ${of.codiceFiscale} and d.ended_at is null
      and d.from_date <= ${of.date} and (d.to_date is null or d.to_date >= ${of.date})
    order by d.added_at, d.id`);
}

/** Everybody these accounts named, the newest first; those that ended too. */
export function delegatesOf(tx: ReadTx, holderIds: readonly string[]): Promise<Delegate[]> {
  return tx.rows<Delegate>(sql`
    select ${COLUMNS} from delegate d
    where d.tenant_id = ${tx.tenantId} and d.holder_id = any(${holderIds}::uuid[])
    order by d.ended_at desc nulls first, d.added_at desc, d.id`);
}

export function delegateById(tx: ReadTx, id: string): Promise<Delegate | undefined> {
  return tx.maybe<Delegate>(
    sql`select ${COLUMNS} from delegate d where d.tenant_id = ${tx.tenantId} and d.id = ${id}`,
  );
}

/** False: this account has named the same person already. */
export async function insertDelegate(
  tx: WriteTx,
  row: Omit<Delegate, "endedAt" | "endedBy">,
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into delegate (tenant_id, id, holder_id, codice_fiscale, given_name, surname, scopes, from_date, to_date,
      added_at, added_by)
    values (${tx.tenantId}, ${row.id}, ${row.holderId}, ${row.codiceFiscale}, ${row.givenName}, ${row.surname},
      ${JSON.stringify(row.scopes)}::jsonb, ${row.from}, ${row.to}, ${row.addedAt}, ${row.addedBy})
    on conflict (tenant_id, holder_id, codice_fiscale) where ended_at is null do nothing`);
  return inserted === 1;
}

/** Those whose last day is over: whoever was named until June may be named again in September. */
export function endOverdueDelegates(
  tx: WriteTx,
  of: { holderId: string; today: Day; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update delegate set ended_at = ${of.at}, ended_by = added_by
    where tenant_id = ${tx.tenantId} and holder_id = ${of.holderId} and ended_at is null
      and to_date < ${of.today}`);
}

export function endDelegate(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string },
): Promise<number> {
  return tx.run(sql`
    update delegate set ended_at = ${of.at}, ended_by = ${of.by}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and ended_at is null`);
}
