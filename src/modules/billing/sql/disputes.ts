// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface Dispute {
  id: string;
  number: number;
  chargeId: string;
  holderId: string;
  text: string;
  openedAt: Moment;
  openedBy: string;
  answerDueOn: Day;
  answeredAt: Moment | null;
  answeredBy: string | null;
  answer: string | null;
  /** null: open, or answered before the office was asked to decide */
  decision: Decision | null;
}

export type Decision = "accepted" | "refused";

const COLUMNS = sql`id, number, charge_id as "chargeId", holder_id as "holderId", text, opened_at as "openedAt",
  opened_by as "openedBy", answer_due_on as "answerDueOn", answered_at as "answeredAt",
  answered_by as "answeredBy", answer, decision`;

export function disputesOf(
  tx: ReadTx,
  of: { holderId?: string; chargeId?: string; onlyOpen?: boolean },
): Promise<Dispute[]> {
  const ofHolder = of.holderId === undefined ? sql`` : sql`and holder_id = ${of.holderId}`;
  const ofCharge = of.chargeId === undefined ? sql`` : sql`and charge_id = ${of.chargeId}`;
  const open = of.onlyOpen ? sql`and answered_at is null` : sql``;
  return tx.rows<Dispute>(sql`
    select ${COLUMNS} from dispute where tenant_id = ${tx.tenantId} ${ofHolder} ${ofCharge} ${open}
    order by answer_due_on, number`);
}

/** Two disputes at once take turns: two taps open one, and numbers count up per town. */
export async function lockDisputes(tx: WriteTx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId}, 10))`);
}

/** Under `lockDisputes`. */
export async function insertDispute(
  tx: WriteTx,
  row: Pick<
    Dispute,
    "id" | "chargeId" | "holderId" | "text" | "openedAt" | "openedBy" | "answerDueOn"
  >,
): Promise<Dispute> {
  return tx.one<Dispute>(sql`
    insert into dispute (tenant_id, id, number, charge_id, holder_id, text, opened_at, opened_by, answer_due_on)
    select ${tx.tenantId}, ${row.id}::uuid,
      coalesce((select max(number) from dispute where tenant_id = ${tx.tenantId}), 0) + 1, ${row.chargeId}::uuid,
      ${row.holderId}::uuid, ${row.text}::text, ${row.openedAt}::timestamptz, ${row.openedBy}::text,
      ${row.answerDueOn}::date
    returning ${COLUMNS}`);
}

export function answerDisputeRow(
  tx: WriteTx,
  of: { id: string; decision: Decision; answer: string; by: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update dispute set answer = ${of.answer}, decision = ${of.decision}, answered_by = ${of.by}, answered_at = ${of.at}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and answered_at is null`);
}
