// SPDX-License-Identifier: EUPL-1.2
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { ChildAccess } from "../rules/joined-group.ts";

/** An adult's codes for one child each (PE-04), those of no group too. */
export function childAccessesOf(tx: ReadTx, personId: string): Promise<ChildAccess[]> {
  return tx.rows<ChildAccess>(sql`
    select a.account_id as "accountId", a.child_id as "childId", j.group_id as "groupId", j.joined_at as "joinedAt",
      j.password_changed_at as "passwordChangedAt"
    from person_account a
    left join joined_access j on j.tenant_id = a.tenant_id and j.account_id = a.account_id
    where a.tenant_id = ${tx.tenantId} and a.person_id = ${personId} and a.child_id is not null
    order by j.joined_at, a.account_id`);
}

/** Whoever joins or divides an adult's codes at the same moment stands in line. */
export async function holdChildAccesses(tx: WriteTx, personId: string): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId} joined ${personId}`}::text, 0))`,
  );
}

/** Makes these codes one group, whatever they were in before. */
export async function putJoined(
  tx: WriteTx,
  rows: readonly Pick<ChildAccess, "accountId" | "passwordChangedAt" | "joinedAt">[],
  groupId: string,
): Promise<void> {
  await tx.run(sql`
    insert into joined_access (tenant_id, account_id, group_id, password_changed_at, joined_at)
    select ${tx.tenantId}, r."accountId", ${groupId}::uuid, r."passwordChangedAt", r."joinedAt"
    from ${jsonRows(rows)} as r("accountId" uuid, "passwordChangedAt" timestamptz, "joinedAt" timestamptz)
    on conflict (tenant_id, account_id) do update set group_id = excluded.group_id,
      password_changed_at = excluded.password_changed_at, joined_at = excluded.joined_at`);
}

export function deleteJoined(tx: WriteTx, accountIds: readonly string[]): Promise<number> {
  return tx.run(sql`
    delete from joined_access
    where tenant_id = ${tx.tenantId} and account_id = any(${accountIds}::uuid[])`);
}
