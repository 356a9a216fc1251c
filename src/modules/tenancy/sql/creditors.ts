// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";

/** An institution that collects for the town. */
export interface Creditor {
  readonly fiscalCode: string;
  readonly name: string;
  readonly ipaCode: string | null;
}

export function creditors(tx: ReadTx): Promise<Creditor[]> {
  return tx.rows<Creditor>(sql`
    select fiscal_code as "fiscalCode", name, ipa_code as "ipaCode" from creditor_institution
    where tenant_id = ${tx.tenantId} order by name, fiscal_code`);
}

/** Who collects the money: recognised by codice fiscale. Returns how many rows changed. */
export function writeCreditor(
  tx: WriteTx,
  row: { fiscalCode: string; name: string; ipaCode: string | null },
): Promise<number> {
  return tx.run(sql`
    insert into creditor_institution (tenant_id, id, fiscal_code, name, ipa_code)
    values (${tx.tenantId}, ${newId()}, ${row.fiscalCode}, ${row.name}, ${row.ipaCode})
    on conflict (tenant_id, fiscal_code) do update set name = excluded.name, ipa_code = excluded.ipa_code
    where (creditor_institution.name, creditor_institution.ipa_code)
      is distinct from (excluded.name, excluded.ipa_code)`);
}
