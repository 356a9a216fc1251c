// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { decideHolderChange } from "../rules/decide-holder-change.ts";
import { isOffice } from "../rules/may-edit.ts";
import { endSpell, holder, holderSpells, lockChild, putChildHolders } from "../sql/holders.ts";

export type ChangedHolder =
  | { outcome: "changed" }
  | { outcome: "already-holder" }
  | { outcome: "later-change-exists"; from: Day }
  | { outcome: "unknown-child" }
  | { outcome: "unknown-holder" }
  | { outcome: "not-allowed" };

/**
 * From a day on, another account pays for the child. The old account keeps its credit and its charges
 * (domain.md, "Ledger"): nothing is moved here.
 */
export async function changeHolder(
  tx: WriteTx,
  change: {
    actor: Actor;
    childId: string;
    holderId: string;
    from: Day;
    at: Moment;
    reason: string;
  },
): Promise<ChangedHolder> {
  const { actor, childId, holderId, from, at, reason } = change;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  if (!(await lockChild(tx, childId))) return { outcome: "unknown-child" };
  if (!(await holder(tx, holderId))) return { outcome: "unknown-holder" };
  const spells = await holderSpells(tx, childId);
  const decision = decideHolderChange(spells, holderId, from);
  if (decision.outcome !== "change") return decision;
  if (decision.endSpell) await endSpell(tx, decision.endSpell);
  const id = decision.replaceSpell ?? newId();
  await putChildHolders(tx, [{ id, childId, holderId, from, to: null }]);
  const before = spells.find((spell) => spell.id === (decision.endSpell?.id ?? id));
  const details = { from: from.toString(), before: before?.holderId ?? null, after: holderId };
  const entry = { actor, at, action: "families.change-holder", childId, reason, details };
  await recordAudit(
    tx,
    { ...entry, holderId },
    ...(before && before.holderId !== holderId ? [{ ...entry, holderId: before.holderId }] : []),
  );
  return { outcome: "changed" };
}
