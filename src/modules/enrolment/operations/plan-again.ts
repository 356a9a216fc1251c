// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { isOffice } from "../rules/office.ts";
import { lockImportRun, markReplaced } from "../sql/import-runs.ts";
import { planPupilImport, type StoredPupilImport } from "./import-pupils.ts";

export type PlannedAgain =
  | { outcome: "planned"; importRunId: string }
  | { outcome: "replaced"; by: string }
  | { outcome: "already-applied" }
  /** the rows of the file are gone: it must be uploaded again */
  | { outcome: "expired" }
  | { outcome: "unknown-import" }
  | { outcome: "not-allowed" };

/**
 * Compares the kept file with the town as it is now, and with answers to what was unclear. The new difference has an
 * id of its own, so that nobody applies one that he or she has not seen.
 */
export async function planPupilsAgain(
  tx: WriteTx,
  request: {
    importRunId: string;
    decisions?: Readonly<Record<number, string>>;
    actor: Actor;
    at: Moment;
  },
): Promise<PlannedAgain> {
  const { importRunId, actor, at } = request;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const run = await lockImportRun<StoredPupilImport>(tx, importRunId);
  if (!run || run.kind !== "pupils" || run.state === "unmapped")
    return { outcome: "unknown-import" };
  if (run.replacedBy !== null) return { outcome: "replaced", by: run.replacedBy };
  if (run.state === "applied") return { outcome: "already-applied" };
  if (run.state !== "planned") return { outcome: "expired" };
  const { file, scope, tables } = run.plan;
  const decisions = { ...scope.decisions, ...request.decisions };
  const planned = await planPupilImport(tx, {
    read: { fileName: run.fileName, sha256: run.sha256, file, tables },
    scope: { ...scope, effectiveOn: run.effectiveOn, decisions },
    actor,
    at,
  });
  // A school or a school year that is gone since
  if (planned.outcome !== "planned") return { outcome: "unknown-import" };
  await markReplaced(tx, { id: importRunId, by: planned.importRunId });
  return { outcome: "planned", importRunId: planned.importRunId };
}
