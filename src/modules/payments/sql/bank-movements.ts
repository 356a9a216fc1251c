// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { batches } from "#kernel/batches.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { JournalMovement } from "../rules/cash-journal.ts";
import type { MatchedMovement } from "../rules/match-bank-movements.ts";

export interface MovementRow extends JournalMovement {
  readonly id: string;
  /** whose treasury */
  readonly creditorFiscalCode: string;
}

export interface BankMovement extends MovementRow {
  uploadId: string;
  flowId: string | null;
  standing: MatchedMovement["standing"];
  chosenFlowId: string | null;
  /** why it is right all the same */
  note: string | null;
}

const COLUMNS = sql`m.id, m.creditor_fiscal_code as "creditorFiscalCode", m.movement_key as key, m.moved_on as "movedOn", m.amount_cents as "amountCents",
  m.causale, m.account, m.document, m.upload_id as "uploadId", m.flow_id as "flowId", m.standing,
  m.chosen_flow_id as "chosenFlowId", (
    select n.reason from settlement_note n
    where n.tenant_id = m.tenant_id and n.subject = 'movement:' || m.id
    order by n.noted_at desc limit 1) as note`;

/** How many were new: the same movement may come in several journals. */
export async function insertMovements(
  tx: WriteTx,
  of: {
    uploadId: string;
    creditorFiscalCode: string;
    rows: readonly Omit<MovementRow, "creditorFiscalCode">[];
  },
): Promise<number> {
  let added = 0;
  // house-allow query-in-loop: one statement per 5,000 rows
  for (const rows of batches(of.rows))
    added += await tx.run(sql`
      insert into bank_movement (tenant_id, id, upload_id, creditor_fiscal_code, movement_key, moved_on, amount_cents,
        causale, account, document)
      select ${tx.tenantId}, r.id, ${of.uploadId}::uuid, ${of.creditorFiscalCode}::text, r.key, r."movedOn",
        r."amountCents", r.causale, r.account, r.document
      from ${jsonRows(rows)} as r(id uuid, key text, "movedOn" date, "amountCents" bigint, causale text,
        account text, document text)
      on conflict (tenant_id, creditor_fiscal_code, movement_key) do nothing`);
  return added;
}

export async function knownMovements(
  tx: ReadTx,
  of: { creditorFiscalCode: string; keys: readonly string[] },
): Promise<Set<string>> {
  const rows = await tx.rows<{ key: string }>(sql`
    select movement_key as key from bank_movement
    where tenant_id = ${tx.tenantId} and creditor_fiscal_code = ${of.creditorFiscalCode}
      and movement_key = any(${of.keys}::text[])`);
  return new Set(rows.map(({ key }) => key));
}

/** Those since that day, those of the flows in question, and all that match nothing. */
export function movementsToMatch(
  tx: ReadTx,
  of: { since: Day; flowIds: readonly string[] },
): Promise<BankMovement[]> {
  return tx.rows<BankMovement>(sql`
    select ${COLUMNS} from bank_movement m
    where m.tenant_id = ${tx.tenantId} and m.id in (
      select o.id from bank_movement o where o.tenant_id = ${tx.tenantId} and o.standing <> 'matched'
      union all
      select o.id from bank_movement o where o.tenant_id = ${tx.tenantId} and o.moved_on >= ${of.since}
      union all
      select o.id from bank_movement o
        where o.tenant_id = ${tx.tenantId} and o.flow_id = any(${of.flowIds}::uuid[]))
    order by m.id`);
}

export async function markMovements(
  tx: WriteTx,
  rows: readonly ({ id: string } & MatchedMovement)[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    update bank_movement m set flow_id = r."flowId", standing = r.standing
    from ${jsonRows(rows)} as r(id uuid, "flowId" uuid, standing text)
    where m.tenant_id = ${tx.tenantId} and m.id = r.id`);
}

export function movementById(tx: ReadTx, id: string): Promise<BankMovement | undefined> {
  return tx.maybe<BankMovement>(
    sql`select ${COLUMNS} from bank_movement m where m.tenant_id = ${tx.tenantId} and m.id = ${id}`,
  );
}

export function movementsOfFlow(tx: ReadTx, flowId: string): Promise<BankMovement[]> {
  return tx.rows<BankMovement>(sql`
    select ${COLUMNS} from bank_movement m
    where m.tenant_id = ${tx.tenantId} and m.flow_id = ${flowId} order by m.moved_on, m.id`);
}

/** Of movement `m`: has no flow yet, names one, and is not older than that: the flow may still come. */
export const isAwaited = (
  awaitedFrom: Day,
) => sql`(m.standing = 'unexplained' and m.moved_on >= ${awaitedFrom}
  and regexp_replace(m.causale, '\\s', '', 'g') ~* '/URI/.')`;

/** Movements that match nothing and that nobody has explained, oldest first; the awaited ones, or the others. */
export function openMovements(
  tx: ReadTx,
  of: { awaited: boolean; awaitedFrom: Day; limit: number },
): Promise<BankMovement[]> {
  return tx.rows<BankMovement>(sql`
    select * from (select ${COLUMNS} from bank_movement m
      where m.tenant_id = ${tx.tenantId} and m.standing <> 'matched'
        and ${of.awaited ? sql`` : sql`not`} ${isAwaited(of.awaitedFrom)}) open
    where note is null order by "movedOn", id limit ${of.limit}`);
}

export function chooseFlow(
  tx: WriteTx,
  of: { movementId: string; flowId: string },
): Promise<number> {
  return tx.run(sql`
    update bank_movement set chosen_flow_id = ${of.flowId}
    where tenant_id = ${tx.tenantId} and id = ${of.movementId}`);
}

export async function insertNote(
  tx: WriteTx,
  row: { id: string; subject: string; reason: string; at: Moment; by: string },
): Promise<void> {
  await tx.run(sql`
    insert into settlement_note (tenant_id, id, subject, reason, noted_at, noted_by)
    values (${tx.tenantId}, ${row.id}, ${row.subject}, ${row.reason}, ${row.at}, ${row.by})`);
}

export interface UploadRow {
  id: string;
  kind: "cash-journal" | "settlement-report";
  fileName: string;
  code: string;
  content: unknown;
  uploadedAt: Moment;
  uploadedBy: string;
  appliedAt: Moment | null;
  appliedBy: string | null;
}

export async function insertUpload(
  tx: WriteTx,
  row: Omit<UploadRow, "appliedAt" | "appliedBy" | "content"> & { content: object },
): Promise<void> {
  await tx.run(sql`
    insert into settlement_upload (tenant_id, id, kind, file_name, code, content, uploaded_at, uploaded_by)
    select ${tx.tenantId}, r.id, r.kind, r."fileName", r.code, r.content, r."uploadedAt", r."uploadedBy"
    from ${jsonRows([row])} as r(id uuid, kind text, "fileName" text, code text, content jsonb,
      "uploadedAt" timestamptz, "uploadedBy" text)`);
}

const UPLOAD = sql`id, kind, file_name as "fileName", code, content, uploaded_at as "uploadedAt",
  uploaded_by as "uploadedBy", applied_at as "appliedAt", applied_by as "appliedBy"`;

export function uploadById(
  tx: ReadTx,
  id: string,
  lock: "" | "lock" = "",
): Promise<UploadRow | undefined> {
  return tx.maybe<UploadRow>(sql`
    select ${UPLOAD} from settlement_upload where tenant_id = ${tx.tenantId} and id = ${id}
    ${lock === "lock" ? sql`for update` : sql``}`);
}

export function markUploadApplied(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string },
): Promise<number> {
  return tx.run(sql`
    update settlement_upload set applied_at = ${of.at}, applied_by = ${of.by}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and applied_at is null`);
}

/** A file that was shown and never applied is kept no longer than needed. */
export function dropUploads(tx: WriteTx, before: Moment): Promise<number> {
  return tx.run(sql`
    delete from settlement_upload
    where tenant_id = ${tx.tenantId} and applied_at is null and uploaded_at < ${before}`);
}
