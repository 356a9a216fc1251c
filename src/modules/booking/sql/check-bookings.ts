// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";

export interface BookingViolation {
  rule: "receipt-without-effect" | "absence-receipt-without-absence" | "moved-without-effect";
  /** number of the receipt */
  subject: string;
}

/**
 * Receipts that promise what the bookings do not keep: an accepted change of a day that left neither a choice nor a
 * later absence over it, an accepted absence that is not there, a late cancellation that took no later day away. Empty = sound; at most 100 per rule.
 */
export function checkBookings(tx: ReadTx): Promise<BookingViolation[]> {
  return tx.rows<BookingViolation>(sql`
    (select 'receipt-without-effect' as rule, r.number as subject from receipt r
      where r.tenant_id = ${tx.tenantId} and r.outcome = 'done' and r.act not in ('absence', 'resume')
        and not exists (select 1 from meal_choice c where c.tenant_id = ${tx.tenantId}
          and c.service_id = r.service_id and c.date = r.from_date and c.child_id = r.child_id)
        and not exists (select 1 from absence_period a where a.tenant_id = ${tx.tenantId}
          and a.service_id = r.service_id and a.child_id = r.child_id and a.from_date <= r.from_date
          and a.created_at >= r.recorded_at)
      limit 100)
    union all
    (select 'absence-receipt-without-absence', r.number from receipt r
      where r.tenant_id = ${tx.tenantId} and r.outcome = 'done' and r.act = 'absence'
        and not exists (select 1 from absence_period a where a.tenant_id = ${tx.tenantId}
          and a.receipt_id = r.id)
      limit 100)
    union all
    (select 'moved-without-effect', r.number from receipt r
      where r.tenant_id = ${tx.tenantId} and r.effect ->> 'countsFor' is not null
        and not exists (select 1 from meal_choice c where c.tenant_id = ${tx.tenantId}
          and c.service_id = r.service_id and c.date = (r.effect ->> 'countsFor')::date
          and c.child_id = r.child_id)
        and not exists (select 1 from absence_period a where a.tenant_id = ${tx.tenantId}
          and a.service_id = r.service_id and a.child_id = r.child_id
          and a.from_date <= (r.effect ->> 'countsFor')::date
          and (r.effect ? 'wasOff' or a.created_at >= r.recorded_at))
      limit 100)`);
}
