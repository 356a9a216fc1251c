// SPDX-License-Identifier: EUPL-1.2
import { batches } from "#kernel/batches.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";

/**
 * The adult an account belongs to, and the one child it is for (PE-04), by itself; `undefined` = it is not a family's. `verified`: the
 * codice fiscale that a provider vouched for; whose it no longer is in the registry sees nothing of that adult.
 */
export function personOfAccount(
  tx: ReadTx,
  accountId: string,
  verified: string | null = null,
): Promise<{ personId: string; onlyChildId: string | null; isJoined: boolean } | undefined> {
  const isTheirs = verified === null ? sql`` : sql`and p.codice_fiscale = ${verified}`;
  return tx.maybe(sql`
    select a.person_id as "personId", a.child_id as "onlyChildId",
      exists (select 1 from joined_access j where j.tenant_id = a.tenant_id and j.account_id = a.account_id) as "isJoined"
    from person_account a join person p on p.tenant_id = a.tenant_id and p.id = a.person_id
    where a.tenant_id = ${tx.tenantId} and a.account_id = ${accountId} ${isTheirs}`);
}

/** The accounts of an adult that are not for one child only. */
export async function accountIdsOfPerson(tx: ReadTx, personId: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select account_id as id from person_account
    where tenant_id = ${tx.tenantId} and person_id = ${personId} and child_id is null`);
  return rows.map(({ id }) => id);
}

/** Ties accounts to adults, or to adults for one child only (PE-04); an account belongs to one person. */
export async function putPersonAccounts(
  tx: WriteTx,
  rows: readonly { accountId: string; personId: string; childId?: string | null }[],
): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.run(sql`
      insert into person_account (tenant_id, account_id, person_id, child_id)
      select ${tx.tenantId}, r."accountId", r."personId", r."childId"
      from ${jsonRows(batch)} as r("accountId" uuid, "personId" uuid, "childId" uuid)
      on conflict (tenant_id, account_id) do update set person_id = excluded.person_id`);
  }
}

/** What this account's person is written to in, outside the portal. */
export function putLanguage(tx: WriteTx, of: { accountId: string; lang: Lang }): Promise<number> {
  return tx.run(sql`
    update person p set language = ${of.lang} from person_account a
    where a.tenant_id = ${tx.tenantId} and a.account_id = ${of.accountId}
      and p.tenant_id = ${tx.tenantId} and p.id = a.person_id and p.language <> ${of.lang}`);
}
