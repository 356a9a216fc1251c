// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface ImportRun<Plan> {
  readonly id: string;
  readonly kind: "schools" | "pupils";
  readonly fileName: string;
  readonly sha256: string;
  readonly siteId: string | null;
  readonly effectiveOn: Day;
  /**
   * `unmapped`: waits for somebody to say what its columns are; `expired`: never applied, `plan` holds only counts;
   * `replaced`: compared again as `replacedBy`, `plan` is empty
   */
  readonly state: "unmapped" | "planned" | "applied" | "expired" | "replaced";
  readonly replacedBy: string | null;
  readonly plan: Plan;
  readonly createdAt: Moment;
  readonly createdBy: string;
  readonly appliedAt: Moment | null;
  readonly appliedBy: string | null;
}

const COLUMNS = sql.raw(`
  id, kind, file_name as "fileName", sha256, site_id as "siteId", effective_on as "effectiveOn", state,
  replaced_by as "replacedBy",
  created_at as "createdAt", created_by as "createdBy", applied_at as "appliedAt",
  applied_by as "appliedBy"`);

export function importRun<Plan>(tx: ReadTx, id: string): Promise<ImportRun<Plan> | undefined> {
  return tx.maybe<ImportRun<Plan>>(sql`
    select ${COLUMNS}, plan from import_run where tenant_id = ${tx.tenantId} and id = ${id}`);
}

/** The same, locked: two people who apply one plan come one after the other. */
export function lockImportRun<Plan>(tx: WriteTx, id: string): Promise<ImportRun<Plan> | undefined> {
  return tx.maybe<ImportRun<Plan>>(sql`
    select ${COLUMNS}, plan from import_run
    where tenant_id = ${tx.tenantId} and id = ${id} for update`);
}

/** The newest first, without their plans; a comparison that was made again counts once. */
export function importRuns(tx: ReadTx, limit: number): Promise<Omit<ImportRun<never>, "plan">[]> {
  return tx.rows(sql`
    select ${COLUMNS} from import_run
    where tenant_id = ${tx.tenantId} and state <> 'replaced'
    order by created_at desc, id desc limit ${limit}`);
}

export async function insertImportRun(
  tx: WriteTx,
  run: Pick<
    ImportRun<unknown>,
    | "id"
    | "kind"
    | "fileName"
    | "sha256"
    | "siteId"
    | "effectiveOn"
    | "plan"
    | "createdAt"
    | "createdBy"
  > & { readonly state?: "unmapped" | "planned" },
): Promise<void> {
  await tx.run(sql`
    insert into import_run (tenant_id, id, kind, file_name, sha256, site_id, effective_on, state, plan,
      created_at, created_by)
    values (${tx.tenantId}, ${run.id}, ${run.kind}, ${run.fileName}, ${run.sha256}, ${run.siteId},
      ${run.effectiveOn}, ${run.state ?? "planned"}, ${JSON.stringify(run.plan)}::text::jsonb, ${run.createdAt},
      ${run.createdBy})`);
}

/** Applied: what it did stays (`plan` becomes a summary), the rows of the file go. */
export async function markApplied(
  tx: WriteTx,
  run: { id: string; summary: object; at: Moment; by: string },
): Promise<void> {
  await tx.run(sql`
    update import_run set state = 'applied', applied_at = ${run.at}, applied_by = ${run.by},
      plan = ${JSON.stringify(run.summary)}::text::jsonb
    where tenant_id = ${tx.tenantId} and id = ${run.id}`);
}

/** Compared again: the rows of the file live on in the newer one. */
export async function markReplaced(tx: WriteTx, run: { id: string; by: string }): Promise<void> {
  await tx.run(sql`
    update import_run set state = 'replaced', replaced_by = ${run.by}, plan = '{}'
    where tenant_id = ${tx.tenantId} and id = ${run.id} and state in ('unmapped', 'planned')`);
}

/** Imports planned before a moment and never applied lose the rows of their file; how many there were stays. */
export async function expirePlans(tx: WriteTx, before: Moment): Promise<void> {
  await tx.run(sql`
    update import_run set state = 'expired', plan = coalesce((
      select jsonb_object_agg(found.key, case jsonb_typeof(found.value)
        when 'array' then to_jsonb(jsonb_array_length(found.value)) else found.value end)
      from jsonb_each(coalesce(import_run.plan -> 'plan', import_run.plan)) as found
      where jsonb_typeof(found.value) in ('array', 'number')), '{}')
    where tenant_id = ${tx.tenantId} and state in ('unmapped', 'planned') and created_at < ${before}::timestamptz`);
}
