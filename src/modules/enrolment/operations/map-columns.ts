// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  headingsOf,
  learn,
  type LearnedHeading,
  type SheetKind,
} from "../rules/import/learned-headings.ts";
import type { PupilScope } from "../rules/import/pupil-plan.ts";
import { isOffice } from "../rules/office.ts";
import { learnedHeadings, putHeadings } from "../sql/import-headings.ts";
import { insertImportRun, lockImportRun, markReplaced } from "../sql/import-runs.ts";
import {
  planPupilImport,
  type PlannedPupils,
  type PupilTables,
  readPupilTables,
  type StoredPupilImport,
} from "./import-pupils.ts";

/** A file whose columns nobody knows yet. */
export interface UnmappedImport {
  readonly tables: PupilTables["tables"];
  readonly scope: StoredPupilImport["scope"];
}

/** Keeps a file that was not understood until somebody says what its columns are, or it expires. */
export async function keepUnmapped(
  tx: WriteTx,
  request: { of: PupilTables; scope: PupilScope; actor: Actor; at: Moment },
): Promise<{ outcome: "kept"; importRunId: string } | { outcome: "not-allowed" }> {
  const { of, scope, actor, at } = request;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const importRunId = newId();
  const kept: UnmappedImport = {
    tables: of.tables,
    scope: { ...scope, effectiveOn: scope.effectiveOn.toString() },
  };
  await insertImportRun(tx, {
    id: importRunId,
    kind: "pupils",
    state: "unmapped",
    fileName: of.tables.map(({ name }) => name).join(", "),
    sha256: of.sha256,
    siteId: scope.siteId,
    effectiveOn: scope.effectiveOn,
    plan: kept,
    createdAt: at,
    createdBy: actor.name,
  });
  return { outcome: "kept", importRunId };
}

export type MappedColumns =
  | Exclude<PlannedPupils, { outcome: "not-allowed" }>
  /** another file of the same import waits for its own columns: the choices were kept */
  | { outcome: "next-table" }
  /** the chosen columns do not make a file of pupils or of guardians: nothing was kept */
  | { outcome: "not-enough" }
  | { outcome: "unknown-import" }
  | { outcome: "not-allowed" };

/**
 * The office says which heading is which column. It is remembered for the school (or for the town, when the file itself
 * names the schools), the file is read again and compared: next time the same headings are understood at once.
 */
export async function mapColumns(
  tx: WriteTx,
  request: {
    importRunId: string;
    /** which of the files */
    table: number;
    kind: SheetKind;
    /** column → heading key */
    choices: ReadonlyMap<string, string>;
    townCode: string;
    actor: Actor;
    at: Moment;
  },
): Promise<MappedColumns> {
  const { importRunId, kind, actor, at } = request;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const run = await lockImportRun<StoredPupilImport | UnmappedImport>(tx, importRunId);
  const open = run?.state === "unmapped" || run?.state === "planned";
  const tables = open ? run.plan.tables : undefined;
  const table = tables?.[request.table];
  if (!run || !tables || !table) return { outcome: "unknown-import" };
  const { siteId, plan } = run;
  const before = await learnedHeadings(tx, siteId);
  const learnt = learn(headingsOf(table.sheets, kind, before), kind, request.choices);
  const read = await readPupilTables(
    { sha256: run.sha256, tables },
    { townCode: request.townCode, reference: run.effectiveOn, learned: withNew(before, learnt) },
  );
  if (read.outcome === "columns-not-found" && read.at <= request.table)
    return { outcome: "not-enough" };
  await putHeadings(tx, { siteId, headings: learnt, recordedAt: at, recordedBy: actor.name });
  await recordAudit(tx, {
    actor,
    at,
    action: "enrolment.map-columns",
    details: { siteId, headings: learnt.map(({ heading, column }) => [heading, column]) },
  });
  if (read.outcome === "columns-not-found") return { outcome: "next-table" };
  const scope = { ...plan.scope, effectiveOn: run.effectiveOn };
  const planned = await planPupilImport(tx, { read, scope, actor, at });
  if (planned.outcome === "planned")
    await markReplaced(tx, { id: importRunId, by: planned.importRunId });
  return planned;
}

/** Headings told now come before what was known of them. */
export function withNew(
  before: readonly LearnedHeading[],
  now: readonly LearnedHeading[],
): LearnedHeading[] {
  const keyOf = (one: LearnedHeading): string => `${one.sheet} ${one.headingKey}`;
  const told = new Set(now.map(keyOf));
  return [...before.filter((one) => !told.has(keyOf(one))), ...now];
}
