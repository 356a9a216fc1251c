// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { className, townCalendar } from "#calendar";
import type { Actor } from "#kernel/actor.ts";
import { loadPlaces } from "#kernel/belfiore.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { readTable, type Sheet, type TableFaultKind } from "#kernel/tabular/index.ts";
import { canonicalJson } from "../rules/import/canonical-json.ts";
import type { LearnedHeading } from "../rules/import/learned-headings.ts";
import { planPupils } from "../rules/import/plan-pupils.ts";
import type { PupilPlan, PupilScope } from "../rules/import/pupil-plan.ts";
import type { PupilFile } from "../rules/import/pupil-record.ts";
import { readPupilSheets } from "../rules/import/read-pupils.ts";
import { isOffice, mayWriteDiets } from "../rules/office.ts";
import { insertImportRun, lockImportRun, markApplied } from "../sql/import-runs.ts";
import { lockAllEnrolments } from "../sql/memberships.ts";
import { loadExisting } from "./load-existing.ts";
import { writePupils } from "./write-pupils.ts";

/** The files of one import as cells, before anybody knows what the columns mean. */
export interface PupilTables {
  readonly sha256: string;
  readonly tables: readonly { readonly name: string; readonly sheets: readonly Sheet[] }[];
}

export interface ReadPupils {
  readonly fileName: string;
  readonly sha256: string;
  readonly file: PupilFile;
  /** kept only when the file has headings that nobody knows: they can still be pointed out */
  readonly tables?: PupilTables["tables"] | undefined;
}

type Unreadable = {
  outcome: "unreadable";
  fileName: string;
  fault: TableFaultKind;
  line: number | null;
};

export type ReadPupilTables =
  | ({ outcome: "read" } & ReadPupils)
  /** `at` = which of the tables; the office can say what its columns are */
  | { outcome: "columns-not-found"; fileName: string; at: number; of: PupilTables };

export type ReadPupilFiles = Unreadable | ReadPupilTables;

interface Reading {
  /** Belfiore code of the municipality */
  readonly townCode: string;
  /** the day the file is of */
  readonly reference: Day;
  readonly learned?: readonly LearnedHeading[];
}

/** Reads a school's export of pupils, and its sheet of guardians when that is a file of its own. No database. */
export async function readPupilFiles(
  uploads: readonly { name: string; bytes: Buffer }[],
  of: Reading,
): Promise<ReadPupilFiles> {
  const hash = createHash("sha256");
  const tables: PupilTables["tables"][number][] = [];
  for (const { name, bytes } of uploads) {
    const table = await readTable(bytes);
    if (table.outcome === "unreadable") return { ...table, fileName: name };
    tables.push({ name, sheets: table.sheets });
    hash.update(bytes);
  }
  return readPupilTables({ sha256: hash.digest("hex"), tables }, of);
}

/** The same from cells that were kept: what the columns mean may be known by now. */
export async function readPupilTables(of: PupilTables, reading: Reading): Promise<ReadPupilTables> {
  const places = await loadPlaces();
  const files: PupilFile[] = [];
  for (const [at, { name, sheets }] of of.tables.entries()) {
    const file = readPupilSheets(sheets, { places, ...reading });
    if (!file) return { outcome: "columns-not-found", fileName: name, at, of };
    files.push(file);
  }
  const merged: PupilFile = {
    pupils: files.flatMap((file) => file.pupils),
    guardians: files.flatMap((file) => file.guardians),
    rejected: files.flatMap((file) => file.rejected),
    warnings: files.flatMap((file) => file.warnings),
    unknownHeadings: files.flatMap((file) => file.unknownHeadings),
    headings: files.find((file) => file.pupils.length > 0)?.headings ?? [],
  };
  const fileName = of.tables.map(({ name }) => name).join(", ");
  const tables = merged.unknownHeadings.length > 0 ? of.tables : undefined;
  return { outcome: "read", fileName, sha256: of.sha256, file: merged, tables };
}

/** What is kept between the dry run and the application; afterwards only the summary. */
export interface StoredPupilImport {
  readonly file: PupilFile;
  readonly scope: Omit<PupilScope, "effectiveOn"> & { readonly effectiveOn: string };
  readonly plan: PupilPlan;
  readonly digest: string;
  readonly tables?: PupilTables["tables"] | undefined;
}

export type PlannedPupils =
  | { outcome: "planned"; importRunId: string; plan: PupilPlan }
  | { outcome: "unknown-site" }
  | { outcome: "unknown-school-year"; year: number }
  | { outcome: "not-allowed" };

/** The dry run: compares the file with the town and keeps the difference. Writes nothing else. */
export async function planPupilImport(
  tx: WriteTx,
  request: { read: ReadPupils; scope: PupilScope; actor: Actor; at: Moment },
): Promise<PlannedPupils> {
  const { read, scope, actor, at } = request;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const { years } = await townCalendar(tx);
  if (!years.some(({ year }) => year === scope.year)) {
    return { outcome: "unknown-school-year", year: scope.year };
  }
  const existing = await loadExisting(tx, scope);
  if (scope.siteId !== null && !existing.sites.some((site) => site.id === scope.siteId)) {
    return { outcome: "unknown-site" };
  }
  const { plan } = planPupils(existing, read.file, scope, className);
  const importRunId = newId();
  const stored: StoredPupilImport = {
    file: read.file,
    scope: { ...scope, effectiveOn: scope.effectiveOn.toString() },
    plan,
    digest: digestOf(plan),
    ...(read.tables ? { tables: read.tables } : {}),
  };
  await insertImportRun(tx, {
    id: importRunId,
    kind: "pupils",
    fileName: read.fileName,
    sha256: read.sha256,
    siteId: scope.siteId,
    effectiveOn: scope.effectiveOn,
    plan: stored,
    createdAt: at,
    createdBy: actor.name,
  });
  return { outcome: "planned", importRunId, plan };
}

export interface PupilImportSummary {
  readonly newPupils: number;
  readonly changed: number;
  readonly moved: number;
  readonly left: number;
  readonly newAdults: number;
  readonly newEnrolments: number;
  readonly rejected: number;
}

/** About how many rows an import wrote, for whoever tends the database's statistics. */
export const rowsWritten = (summary: PupilImportSummary): number =>
  Object.values(summary).reduce((sum: number, count: number) => sum + count, 0) - summary.rejected;

export type AppliedPupils =
  | { outcome: "applied"; summary: PupilImportSummary }
  /** the town has changed since the dry run in a way that matters, or the plan expired: compare the file again */
  | { outcome: "plan-outdated" }
  /** somebody compared the file again: that difference is the one to read */
  | { outcome: "replaced"; by: string }
  | { outcome: "already-applied" }
  | { outcome: "unknown-import" }
  /** it gives `children` another diet code: whoever keeps the diets applies it */
  | { outcome: "for-the-diet-role"; children: number }
  | { outcome: "not-allowed" };

/**
 * Writes what a dry run showed, all or nothing. Pupils that the file lacks leave their class on `effectiveOn` only when
 * their ids are in `confirmMissing`.
 */
export async function applyPupils(
  tx: WriteTx,
  request: { importRunId: string; confirmMissing: readonly string[]; actor: Actor; at: Moment },
): Promise<AppliedPupils> {
  const { importRunId, actor, at } = request;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const run = await lockImportRun<StoredPupilImport>(tx, importRunId);
  if (!run || run.kind !== "pupils") return { outcome: "unknown-import" };
  if (run.state === "applied") return { outcome: "already-applied" };
  if (run.replacedBy !== null) return { outcome: "replaced", by: run.replacedBy };
  if (run.state !== "planned") return { outcome: "plan-outdated" };
  const { file, digest } = run.plan;
  const scope = { ...run.plan.scope, effectiveOn: run.effectiveOn };
  await lockAllEnrolments(tx);
  const existing = await loadExisting(tx, scope);
  const { plan, work } = planPupils(existing, file, scope, className);
  if (digestOf(plan) !== digest) return { outcome: "plan-outdated" };
  const diets = work.pupils.filter(({ dietCode }) => dietCode !== null).length;
  if (diets > 0 && !mayWriteDiets(actor)) return { outcome: "for-the-diet-role", children: diets };
  const confirmed = new Set(request.confirmMissing);
  const leaving = plan.missing.map(({ childId }) => childId).filter((id) => confirmed.has(id));
  await writePupils(tx, { existing, plan, work, leaving, scope, actor, at, importRunId });
  const summary: PupilImportSummary = {
    newPupils: plan.newPupils.length,
    changed: plan.changed.length,
    moved: plan.moved.length,
    left: leaving.length,
    newAdults: plan.newAdults.length,
    newEnrolments: plan.newEnrolments,
    rejected: plan.rejected.length,
  };
  await markApplied(tx, { id: importRunId, summary, at, by: actor.name });
  return { outcome: "applied", summary };
}

const digestOf = (plan: PupilPlan): string =>
  createHash("sha256").update(canonicalJson(plan)).digest("hex");
