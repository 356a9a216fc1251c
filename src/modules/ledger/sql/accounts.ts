// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, sql, type WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import type { AccountRef } from "../rules/account-key.ts";

/** An account's id follows from town and key: nobody needs to look it up. */
export const accountId = (tenantId: string, key: string): string =>
  idFromContent(`ledger-account\n${tenantId}\n${key}`);

/** Which of these ids have no account yet. */
async function missingIds(tx: WriteTx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(sql`
    select r.id from unnest(${ids}::uuid[]) as r(id)
    where not exists (select 1 from ledger_account a where a.tenant_id = ${tx.tenantId} and a.id = r.id)`);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Opens the accounts that are missing, in the order of their keys, in one statement; most often none is. Id
 * and key say the same: in a race either index may see the other first, so any conflict means "there already".
 */
export async function openAccounts(
  tx: WriteTx,
  accounts: readonly { id: string; key: string; account: AccountRef }[],
  openedAt: Moment,
): Promise<void> {
  const missing = await missingIds(
    tx,
    accounts.map(({ id }) => id),
  );
  if (missing.size === 0) return;
  const rows = accounts
    .filter(({ id }) => missing.has(id))
    .map(({ id, key, account }) => ({
      id,
      key,
      kind: account.kind,
      holder: account.kind === "family" ? account.holderId : null,
      child: account.kind === "family" ? (account.childId ?? null) : null,
      service:
        account.kind === "family" || account.kind === "revenue"
          ? (account.serviceId ?? null)
          : null,
    }));
  await tx.run(sql`
    insert into ledger_account (tenant_id, id, key, kind, holder_id, child_id, service_id, opened_at)
    select ${tx.tenantId}, r.id, r.key, r.kind, r.holder, r.child, r.service, ${openedAt}
    from ${jsonRows(rows)} as r(id uuid, key text, kind text, holder uuid, child uuid, service uuid)
    order by r.key
    on conflict do nothing`);
}
