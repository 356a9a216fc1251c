// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import {
  arrayRows,
  jsonRows,
  type ReadTx,
  sql,
  type Statement,
  type WriteTx,
} from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { NewCharge } from "../rules/draw-charges.ts";

/**
 * Inserts what is not there yet, by key, and returns it: only these may be posted. `isNew`: the caller knows that none
 * is there, and one that is ends the transaction.
 */
export async function insertMealCharges<Charge extends NewCharge & { id: string }>(
  tx: WriteTx,
  of: { serviceId: string; date: Day; billable: boolean; postedAt: Moment; isNew: boolean },
  charges: readonly Charge[],
): Promise<readonly Charge[]> {
  if (charges.length === 0) return charges;
  const insert = sql`
    insert into charge (tenant_id, id, kind, service_id, child_id, holder_id, site_id, date, charge_key, amount_cents,
      decision_id, attendance_source, attendance_by, attendance_at, posted_at, billable)
    select ${tx.tenantId}, r.id, 'meal', ${of.serviceId}::uuid, r."childId", r."holderId", r."siteId", ${of.date}::date,
      r."chargeKey", r."amountCents", r."decisionId", r."attendanceSource", r."attendanceBy", r."attendanceAt",
      ${of.postedAt}::timestamptz, ${of.billable}::boolean
    from ${arrayRows(charges, {
      id: "uuid",
      childId: "uuid",
      holderId: "uuid",
      siteId: "uuid",
      chargeKey: "text",
      amountCents: "bigint",
      decisionId: "uuid",
      attendanceSource: "text",
      attendanceBy: "text",
      attendanceAt: "timestamptz",
    })} as r(id, "childId", "holderId", "siteId", "chargeKey", "amountCents", "decisionId", "attendanceSource",
      "attendanceBy", "attendanceAt")`;
  if (of.isNew) {
    await tx.run(insert);
    return charges;
  }
  const inserted = await insertedKeys(
    tx,
    sql`${insert} on conflict (tenant_id, charge_key) do nothing returning charge_key as key`,
  );
  return charges.filter(({ chargeKey }) => inserted.has(chargeKey));
}

export async function insertedKeys(tx: WriteTx, insert: Statement<unknown>): Promise<Set<string>> {
  const rows = await tx.rows<{ key: string }>(insert as Statement<{ key: string }>);
  return new Set(rows.map(({ key }) => key));
}

export interface Charge {
  id: string;
  kind: "meal" | "fixed-fee" | "reversal";
  serviceId: string;
  childId: string | null;
  holderId: string;
  siteId: string | null;
  date: Day;
  chargeKey: string;
  amountCents: Cents;
  decisionId: string | null;
  attendanceSource: string | null;
  attendanceBy: string | null;
  attendanceAt: Moment | null;
  reversesId: string | null;
  reason: string;
  postedAt: Moment;
  dueOn: Day | null;
  /** has another charge taken this one back? */
  reversed: boolean;
}

/** Of `charge c`. */
export const CHARGE_COLUMNS = sql`c.id, c.kind, c.service_id as "serviceId", c.child_id as "childId", c.holder_id as "holderId",
  c.site_id as "siteId", c.date, c.charge_key as "chargeKey", c.amount_cents as "amountCents",
  c.decision_id as "decisionId", c.attendance_source as "attendanceSource", c.attendance_by as "attendanceBy",
  c.attendance_at as "attendanceAt", c.reverses_id as "reversesId", c.reason, c.posted_at as "postedAt",
  c.due_on as "dueOn", exists (select 1 from charge r where r.tenant_id = c.tenant_id and r.reverses_id = c.id)
    as reversed`;

export function chargeById(tx: ReadTx, id: string): Promise<Charge | undefined> {
  return tx.maybe<Charge>(
    sql`select ${CHARGE_COLUMNS} from charge c where c.tenant_id = ${tx.tenantId} and c.id = ${id}`,
  );
}

export function chargesByKeys(tx: ReadTx, keys: readonly string[]): Promise<Charge[]> {
  return tx.rows<Charge>(sql`
    select ${CHARGE_COLUMNS} from charge c
    where c.tenant_id = ${tx.tenantId} and c.charge_key = any(${keys}::text[])`);
}

export function chargesOf(
  tx: ReadTx,
  of: {
    holderId?: string;
    childIds?: readonly string[];
    kind?: Charge["kind"];
    from: Day;
    to: Day;
  },
): Promise<Charge[]> {
  const ofKind = of.kind === undefined ? sql`` : sql`and c.kind = ${of.kind}`;
  const ofHolder = of.holderId === undefined ? sql`` : sql`and c.holder_id = ${of.holderId}`;
  const ofChildren =
    of.childIds === undefined ? sql`` : sql`and c.child_id = any(${of.childIds}::uuid[])`;
  return tx.rows<Charge>(sql`
    select ${CHARGE_COLUMNS} from charge c
    where c.tenant_id = ${tx.tenantId} ${ofHolder} ${ofChildren} ${ofKind} and c.date between ${of.from} and ${of.to}
    order by c.date, c.posted_at, c.id`);
}

/** Meal charges of some services and days that nobody has reversed yet; of one site or some children if given. */
export function standingMealCharges(
  tx: ReadTx,
  of: {
    serviceIds: readonly string[];
    from: Day;
    to: Day;
    siteId?: string | undefined;
    childIds?: readonly string[] | undefined;
  },
): Promise<Charge[]> {
  const inSite = of.siteId === undefined ? sql`` : sql`and c.site_id = ${of.siteId}`;
  const ofChildren =
    of.childIds === undefined ? sql`` : sql`and c.child_id = any(${of.childIds}::uuid[])`;
  return tx.rows<Charge>(sql`
    select ${CHARGE_COLUMNS} from charge c
    where c.tenant_id = ${tx.tenantId} and c.service_id = any(${of.serviceIds}::uuid[])
      and c.date between ${of.from} and ${of.to} and c.kind = 'meal' ${inSite} ${ofChildren}
      and not exists (select 1 from charge r where r.tenant_id = c.tenant_id and r.reverses_id = c.id)
    order by c.id`);
}

export async function insertReversals(
  tx: WriteTx,
  rows: readonly { id: string; reversesId: string; chargeKey: string }[],
  of: { reason: string; postedAt: Moment },
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into charge (tenant_id, id, kind, service_id, child_id, holder_id, site_id, date, charge_key, amount_cents,
      decision_id, reverses_id, reason, posted_at, billable)
    select c.tenant_id, r.id, 'reversal', c.service_id, c.child_id, c.holder_id, c.site_id, c.date, r."chargeKey",
      -c.amount_cents, c.decision_id, c.id, ${of.reason}::text, ${of.postedAt}::timestamptz, c.billable
    from ${jsonRows(rows)} as r(id uuid, "reversesId" uuid, "chargeKey" text)
    join charge c on c.tenant_id = ${tx.tenantId} and c.id = r."reversesId"`);
}

/** The closing invariant's right-hand side, for one site and day. */
export function countCharged(
  tx: ReadTx,
  of: { serviceId: string; siteId: string; date: Day },
): Promise<{ charged: number; exempt: number; unpriced: number; totalCents: Cents }> {
  return tx.one(sql`
    with meal as (
      select c.child_id, sum(c.amount_cents)::bigint as cents from charge c
      where c.tenant_id = ${tx.tenantId} and c.service_id = ${of.serviceId} and c.site_id = ${of.siteId}
        and c.date = ${of.date} and c.kind = 'meal'
        and c.id not in (select r.reverses_id from charge r
          where r.tenant_id = ${tx.tenantId} and r.service_id = ${of.serviceId} and r.date = ${of.date}
            and r.reverses_id is not null)
      group by c.child_id)
    select (count(*) filter (where cents > 0))::int as charged, (count(*) filter (where cents = 0))::int as exempt,
      (select count(*)::int from unpriced_meal u where u.tenant_id = ${tx.tenantId}
        and u.service_id = ${of.serviceId} and u.site_id = ${of.siteId} and u.date = ${of.date}
        and u.kind = 'meal' and u.resolved_at is null) as unpriced,
      coalesce(sum(cents), 0)::bigint as "totalCents"
    from meal`);
}

/**
 * Of a site's day that was opened again and has been charged anew: what each account paid for each child before, and
 * pays now; only where that is not the same. `reason`: why the day was opened. Without `reopenedAt` it is the last
 * time charges were taken back there; not by a closure, which tells the families itself.
 */
export async function chargesBeforeReopening(
  tx: ReadTx,
  of: { serviceId: string; siteId: string; date: Day; reopenedAt: Moment | null },
): Promise<{
  reason: string;
  differences: { childId: string; holderId: string; before: Cents; now: Cents }[];
}> {
  const ofDay = sql`c.tenant_id = ${tx.tenantId} and c.service_id = ${of.serviceId} and c.date = ${of.date}`;
  const rows = await tx.rows<{
    childId: string;
    holderId: string;
    before: Cents;
    now: Cents;
    reason: string | null;
  }>(sql`
    with opened as (
      select coalesce(${of.reopenedAt}::timestamptz, (select max(c.posted_at) from charge c
        where ${ofDay} and c.site_id = ${of.siteId} and c.kind = 'reversal'
          and not starts_with(c.reason, 'closure:'))) as at),
    before as (
      select c.child_id, c.holder_id, sum(c.amount_cents)::bigint as cents, max(r.reason) as reason from charge c
      join charge r on r.tenant_id = c.tenant_id and r.reverses_id = c.id and r.posted_at = (select at from opened)
      where ${ofDay} and c.site_id = ${of.siteId} and c.kind = 'meal' group by c.child_id, c.holder_id),
    after as (
      select c.child_id, c.holder_id, sum(c.amount_cents)::bigint as cents from charge c
      where ${ofDay} and c.kind = 'meal'
        and (c.site_id = ${of.siteId} or c.child_id in (select child_id from before))
        and not exists (select 1 from charge r where r.tenant_id = c.tenant_id and r.reverses_id = c.id)
      group by c.child_id, c.holder_id)
    select coalesce(b.child_id, a.child_id) as "childId", coalesce(b.holder_id, a.holder_id) as "holderId",
      coalesce(b.cents, 0)::bigint as before, coalesce(a.cents, 0)::bigint as now,
      (select max(reason) from before) as reason
    from before b full join after a on a.child_id = b.child_id and a.holder_id = b.holder_id
    where coalesce(b.cents, 0) <> coalesce(a.cents, 0)
    order by 1, 2`);
  return { reason: rows[0]?.reason ?? "", differences: rows };
}
