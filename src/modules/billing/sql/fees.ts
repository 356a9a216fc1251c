// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { NewFee } from "../rules/draw-fees.ts";
import { supplementOf } from "../rules/reprice-fee.ts";
import { CHARGE_COLUMNS, type Charge, insertedKeys } from "./charges.ts";

/** Inserts what is not there yet, by key. Returns the keys that are new: only these may be posted. */
export async function insertFeeCharges(
  tx: WriteTx,
  of: { serviceId: string; date: Day; billable: boolean; postedAt: Moment },
  fees: readonly (NewFee & { id: string })[],
): Promise<Set<string>> {
  if (fees.length === 0) return new Set();
  return insertedKeys(
    tx,
    sql`
    insert into charge (tenant_id, id, kind, service_id, child_id, holder_id, date, charge_key, amount_cents,
      decision_id, reason, posted_at, due_on, billable)
    select ${tx.tenantId}, r.id, 'fixed-fee', ${of.serviceId}::uuid, r."childId", r."holderId", ${of.date}::date,
      r."chargeKey", r."amountCents", r."decisionId", r.reason, ${of.postedAt}::timestamptz, r."dueOn",
      ${of.billable}::boolean
    from ${jsonRows(fees)} as r(id uuid, "childId" uuid, "holderId" uuid, "chargeKey" text, "amountCents" bigint,
      "decisionId" uuid, reason text, "dueOn" date)
    on conflict (tenant_id, charge_key) do nothing returning charge_key as key`,
  );
}

/** Every fee posted for a period, also those taken back; told by its name, inside one school year. */
export function feesOf(
  tx: ReadTx,
  of: { serviceId: string; name: string; from: Day; to: Day },
): Promise<Charge[]> {
  return tx.rows<Charge>(sql`
    select ${CHARGE_COLUMNS} from charge c
    where c.tenant_id = ${tx.tenantId} and c.service_id = ${of.serviceId} and c.kind = 'fixed-fee'
      and c.date between ${of.from} and ${of.to}
      and (c.reason = ${of.name} or starts_with(c.reason, ${`${of.name}, rata `})
        or starts_with(c.reason, ${supplementOf(of.name)}))
    order by c.posted_at, c.id`);
}

/** Every fee that these accounts were ever to pay by themselves, also those taken back; no bill asks for them. */
export function feesOfHolders(tx: ReadTx, holderIds: readonly string[]): Promise<Charge[]> {
  return tx.rows<Charge>(sql`
    select ${CHARGE_COLUMNS} from charge c
    where c.tenant_id = ${tx.tenantId} and c.holder_id = any(${holderIds}::uuid[]) and c.kind = 'fixed-fee'
      and not c.billable
    order by c.posted_at, c.id`);
}
