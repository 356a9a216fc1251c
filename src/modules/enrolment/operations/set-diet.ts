// SPDX-License-Identifier: EUPL-1.2
import { holderOf } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, isBefore, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { settingsOn } from "#tenancy";
import { isDietCode, isKnownDiet } from "../rules/diet-code.ts";
import { mayWriteDiets } from "../rules/office.ts";
import { endDiets } from "../sql/diets.ts";
import { dietsOn, putDiets } from "../sql/enrolments.ts";

export type SetDiet =
  | { outcome: "set" }
  | { outcome: "ended" }
  /** a code has letters and digits (`D-07`): words would say what the child has */
  | { outcome: "not-a-code" }
  /** not in the town's list; `known` = the codes that are */
  | { outcome: "unknown-code"; known: string[] }
  | { outcome: "dates-reversed" }
  | { outcome: "not-allowed" };

/** The child's diet code from a day on, in place of any other; `code: null` ends it. No diagnosis. */
export async function setDiet(
  tx: WriteTx,
  change: {
    actor: Actor;
    childId: string;
    code: string | null;
    from: Day;
    to?: Day | null;
    at: Moment;
  },
): Promise<SetDiet> {
  const { actor, childId, code, from, at } = change;
  const to = change.to ?? null;
  if (!mayWriteDiets(actor)) return { outcome: "not-allowed" };
  if (code !== null && !isDietCode(code)) return { outcome: "not-a-code" };
  if (to !== null && isBefore(to, from)) return { outcome: "dates-reversed" };
  if (code !== null) {
    const known = (await settingsOn(tx, from)).town("dietCodes").map((one) => one.code);
    const before = (await dietsOn(tx, [childId], from)).get(childId);
    if (code !== before && !isKnownDiet(code, known)) return { outcome: "unknown-code", known };
  }
  await endDiets(tx, [childId], from);
  if (code !== null) {
    await putDiets(tx, [{ id: newId(), childId, code, from, to, source: "office" }], at);
  }
  await recordAudit(tx, {
    actor,
    at,
    action: "enrolment.set-diet",
    childId,
    holderId: await holderOf(tx, childId, from),
    // The code itself stays out of the log: others than the diet office may read it.
    details: { from: from.toString(), ended: code === null },
  });
  return { outcome: code === null ? "ended" : "set" };
}
