// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { LONGEST_REQUEST } from "../rules/correction-request.ts";
import { tidyText } from "#kernel/name-fault.ts";
import { isOffice } from "../rules/may-edit.ts";
import { correction, type CorrectionRequest, writeAnswer } from "../sql/corrections.ts";
import { holderOf } from "../sql/households.ts";
import { person } from "../sql/people.ts";

export type AnsweredCorrection =
  | { outcome: "answered"; request: CorrectionRequest }
  | { outcome: "already-answered" }
  /** a refusal needs its reason */
  | { outcome: "answer-missing" }
  | { outcome: "unknown-request" }
  | { outcome: "not-allowed" };

/** The office has corrected the data, or says why not; the family reads the answer among its data. */
export async function answerCorrection(
  tx: WriteTx,
  of: { actor: Actor; id: string; corrected: boolean; answer: string; at: Moment },
): Promise<AnsweredCorrection> {
  const { actor, id, corrected, at } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const request = await correction(tx, id);
  if (!request) return { outcome: "unknown-request" };
  const answer = tidyText(of.answer).slice(0, LONGEST_REQUEST);
  if (!corrected && answer === "") return { outcome: "answer-missing" };
  const row = { id, answeredAt: at, answeredBy: actor.name, corrected, answer };
  if (!(await writeAnswer(tx, row))) return { outcome: "already-answered" };
  const about = await person(tx, request.personId);
  const isChild = about?.kind === "child";
  await recordAudit(tx, {
    actor,
    at,
    action: "families.answer-correction",
    childId: isChild ? request.personId : null,
    holderId: isChild ? await holderOf(tx, request.personId, dayOf(at)) : null,
    details: { requestId: id, topic: request.topic, corrected },
  });
  return { outcome: "answered", request };
}
