// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { CorrectionTopic } from "../rules/correction-request.ts";

export interface CorrectionRequest {
  readonly id: string;
  /** whose data */
  readonly personId: string;
  readonly askedByPersonId: string;
  readonly askedBy: string;
  readonly askedAt: Moment;
  readonly topic: CorrectionTopic;
  readonly request: string;
  /** null: the office has not answered yet */
  readonly answeredAt: Moment | null;
  readonly answeredBy: string | null;
  readonly corrected: boolean | null;
  readonly answer: string;
}

const COLUMNS = sql.raw(`
  id, person_id as "personId", asked_by_person_id as "askedByPersonId", asked_by as "askedBy",
  asked_at as "askedAt", topic, request, answered_at as "answeredAt", answered_by as "answeredBy",
  corrected, answer`);

export async function insertCorrection(
  tx: WriteTx,
  row: Pick<
    CorrectionRequest,
    "id" | "personId" | "askedByPersonId" | "askedBy" | "askedAt" | "topic" | "request"
  >,
): Promise<void> {
  await tx.run(sql`
    insert into correction_request (tenant_id, id, person_id, asked_by_person_id, asked_by, asked_at,
      topic, request)
    values (${tx.tenantId}, ${row.id}, ${row.personId}, ${row.askedByPersonId}, ${row.askedBy},
      ${row.askedAt}, ${row.topic}, ${row.request})
    on conflict (tenant_id, id) do nothing`);
}

/** What an adult asked, the newest first. Another guardian's requests are his or her own. */
export function correctionsAskedBy(
  tx: ReadTx,
  personId: string,
  limit: number,
): Promise<CorrectionRequest[]> {
  return tx.rows<CorrectionRequest>(sql`
    select ${COLUMNS} from correction_request
    where tenant_id = ${tx.tenantId} and asked_by_person_id = ${personId}
    order by asked_at desc, id desc limit ${limit}`);
}

/** Without an answer, the oldest first. */
export function openCorrections(tx: ReadTx, limit: number): Promise<CorrectionRequest[]> {
  return tx.rows<CorrectionRequest>(sql`
    select ${COLUMNS} from correction_request
    where tenant_id = ${tx.tenantId} and answered_at is null order by asked_at, id limit ${limit}`);
}

export function correction(tx: ReadTx, id: string): Promise<CorrectionRequest | undefined> {
  return tx.maybe<CorrectionRequest>(sql`
    select ${COLUMNS} from correction_request where tenant_id = ${tx.tenantId} and id = ${id}`);
}

/** The first answer stays: whether this one is it. */
export async function writeAnswer(
  tx: WriteTx,
  row: { id: string; answeredAt: Moment; answeredBy: string; corrected: boolean; answer: string },
): Promise<boolean> {
  const written = await tx.run(sql`
    update correction_request set answered_at = ${row.answeredAt}, answered_by = ${row.answeredBy},
      corrected = ${row.corrected}, answer = ${row.answer}
    where tenant_id = ${tx.tenantId} and id = ${row.id} and answered_at is null`);
  return written > 0;
}
