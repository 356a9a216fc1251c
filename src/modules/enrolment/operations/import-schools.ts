// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { classes, putClasses, putSites, sites, townCalendar } from "#calendar";
import type { Actor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { readTable, type TableFaultKind } from "#kernel/tabular/index.ts";
import { planSchools, type SchoolPlan, type SchoolScope } from "../rules/import/plan-schools.ts";
import { readSchoolSheets, type SchoolFile } from "../rules/import/school-file.ts";
import { isOffice } from "../rules/office.ts";
import { insertImportRun, lockImportRun, markApplied } from "../sql/import-runs.ts";

export interface ReadSchools {
  readonly fileName: string;
  readonly sha256: string;
  readonly files: readonly SchoolFile[];
}

export type ReadSchoolFiles =
  | ({ outcome: "read" } & ReadSchools)
  | { outcome: "unreadable"; fileName: string; fault: TableFaultKind; line: number | null }
  | { outcome: "columns-not-found"; fileName: string };

/** Reads the ministry's lists of schools and of classes, in any order. No database. */
export async function readSchoolFiles(
  uploads: readonly { name: string; bytes: Buffer }[],
): Promise<ReadSchoolFiles> {
  const files: SchoolFile[] = [];
  const hash = createHash("sha256");
  for (const { name, bytes } of uploads) {
    const table = await readTable(bytes);
    if (table.outcome === "unreadable") return { ...table, fileName: name };
    const file = readSchoolSheets(table.sheets);
    if (file.kind === "unknown") return { outcome: "columns-not-found", fileName: name };
    files.push(file);
    hash.update(bytes);
  }
  const fileName = uploads.map((upload) => upload.name).join(", ");
  return { outcome: "read", fileName, sha256: hash.digest("hex"), files };
}

export type PlannedSchools =
  | { outcome: "planned"; importRunId: string; plan: SchoolPlan }
  | { outcome: "not-allowed" };

/** The dry run: what the lists would change, kept until somebody applies it. */
export async function planSchoolImport(
  tx: WriteTx,
  request: { read: ReadSchools; scope: SchoolScope; actor: Actor; at: Moment },
): Promise<PlannedSchools> {
  const { read, scope, actor, at } = request;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const existing = { sites: await sites(tx), classes: await classes(tx, scope.year) };
  const plan = planSchools(read.files, existing, scope);
  const importRunId = newId();
  await insertImportRun(tx, {
    id: importRunId,
    kind: "schools",
    fileName: read.fileName,
    sha256: read.sha256,
    siteId: null,
    effectiveOn: dayOf(at),
    plan,
    createdAt: at,
    createdBy: actor.name,
  });
  return { outcome: "planned", importRunId, plan };
}

export type AppliedSchools =
  | { outcome: "applied"; newSites: number; changedSites: number; newClasses: number }
  | { outcome: "already-applied" }
  /** expired: compare the lists again */
  | { outcome: "plan-outdated" }
  | { outcome: "unknown-import" }
  /** classes need the school year first */
  | { outcome: "unknown-school-year"; year: number }
  | { outcome: "not-allowed" };

/** Writes a planned import. What has been created meanwhile is left as it is. */
export async function applySchools(
  tx: WriteTx,
  request: { importRunId: string; actor: Actor; at: Moment },
): Promise<AppliedSchools> {
  const { importRunId, actor, at } = request;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const run = await lockImportRun<SchoolPlan>(tx, importRunId);
  if (!run || run.kind !== "schools") return { outcome: "unknown-import" };
  if (run.state === "applied") return { outcome: "already-applied" };
  if (run.state === "expired") return { outcome: "plan-outdated" };
  const { plan } = run;
  const { years } = await townCalendar(tx);
  const knowsYear = years.some(({ year }) => year === plan.scope.year);
  if (plan.newClasses.length > 0 && !knowsYear) {
    return { outcome: "unknown-school-year", year: plan.scope.year };
  }
  await writeSites(tx, plan);
  const siteIds = new Map((await sites(tx)).map((site) => [site.ministryCode, site.id]));
  const newClasses = plan.newClasses.flatMap(({ ministryCode, grade, section }) => {
    const siteId = siteIds.get(ministryCode);
    return siteId ? [{ id: newId(), siteId, year: plan.scope.year, grade, section }] : [];
  });
  await putClasses(tx, newClasses);
  const summary = {
    newSites: plan.newSites.length,
    changedSites: plan.changedSites.length,
    newClasses: newClasses.length,
  };
  await markApplied(tx, {
    id: importRunId,
    summary: { ...plan, applied: summary },
    at,
    by: actor.name,
  });
  return { outcome: "applied", ...summary };
}

async function writeSites(tx: WriteTx, plan: SchoolPlan): Promise<void> {
  const existing = await sites(tx);
  const codes = new Set(existing.map((site) => site.ministryCode));
  const created = plan.newSites
    .filter((site) => !codes.has(site.ministryCode))
    .map((site) => ({ ...site, id: newId() }));
  const changed = plan.changedSites.flatMap((change) => {
    const site = existing.find((candidate) => candidate.id === change.siteId);
    if (!site) return [];
    const values = Object.fromEntries(change.fields.map(({ field, new: value }) => [field, value]));
    const assumedReason = "name" in values ? null : site.assumedReason;
    return [{ ...site, ...values, assumedReason }];
  });
  await putSites(tx, [...created, ...changed]);
}
