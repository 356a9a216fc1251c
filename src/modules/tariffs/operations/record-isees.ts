// SPDX-License-Identifier: EUPL-1.2
import { type Actor, OFFICE_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { checkIsee, type IseeFault, type NewIsee } from "../rules/check-isee.ts";
import { insertIsees, knownChildren } from "../sql/isees.ts";

export type RecordIseesOutcome =
  | {
      outcome: "recorded";
      /** ids of the new rows */
      recorded: string[];
      /** rows that were there already with the same content */
      unchanged: number;
      refused: { id: string; childId: string; faults: IseeFault[] }[];
    }
  | { outcome: "forbidden" };

const MAY_RECORD = new Set<Actor["role"]>([...OFFICE_ROLES, "system"]);

/**
 * Records the ISEE of some children (office or import), set-based. A wrong row is refused with its faults and
 * stops no other; the same rows twice change nothing. Values do not go into the audit: only that it was done.
 */
export async function recordIsees(
  tx: WriteTx,
  of: { actor: Actor; at: Moment; isees: readonly NewIsee[]; reason?: string | null },
): Promise<RecordIseesOutcome> {
  if (!MAY_RECORD.has(of.actor.role)) return { outcome: "forbidden" };
  const today = dayOf(of.at);
  const known = await knownChildren(
    tx,
    of.isees.map(({ childId }) => childId),
  );
  const judged = of.isees.map((isee) => {
    const faults = checkIsee(isee, today);
    return {
      isee,
      faults: known.has(isee.childId) ? faults : [...faults, "unknown-child" as const],
    };
  });
  const sound = judged.filter(({ faults }) => faults.length === 0).map(({ isee }) => isee);
  const added = await insertIsees(
    tx,
    sound.map((isee) => ({ ...isee, recordedAt: of.at })),
  );
  const recorded = sound.filter(({ id }) => added.has(id));
  if (recorded.length > 0) {
    await recordAudit(
      tx,
      ...recorded.map(({ childId, kind, validTo, reason }) => ({
        actor: of.actor,
        at: of.at,
        action: "tariffs.record-isee",
        childId,
        reason: reason ?? of.reason ?? null,
        details: { kind, validTo: validTo.toString() },
      })),
    );
  }
  return {
    outcome: "recorded",
    recorded: recorded.map(({ id }) => id),
    unchanged: sound.length - recorded.length,
    refused: judged
      .filter(({ faults }) => faults.length > 0)
      .map(({ isee: { id, childId }, faults }) => ({ id, childId, faults })),
  };
}

/** One ISEE, as the office types it. */
export async function recordIsee(
  tx: WriteTx,
  of: { actor: Actor; at: Moment; isee: NewIsee; reason?: string | null },
): Promise<
  { outcome: "recorded" | "unchanged" | "forbidden" } | { outcome: "refused"; faults: IseeFault[] }
> {
  const { isee, ...rest } = of;
  const done = await recordIsees(tx, { ...rest, isees: [isee] });
  if (done.outcome === "forbidden") return done;
  const [refused] = done.refused;
  if (refused) return { outcome: "refused", faults: refused.faults };
  return { outcome: done.unchanged > 0 ? "unchanged" : "recorded" };
}
