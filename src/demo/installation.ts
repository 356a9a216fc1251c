// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { installationPurpose, type Purpose, settlePurpose } from "#kernel/installation.ts";
import { profileVersions, type Tenant, tenants } from "#tenancy";
import { LOADER } from "./load-town.ts";

export type DemoMode =
  | { outcome: "demo" | "real" }
  /** demo mode was asked for where real towns are */
  | { outcome: "refused"; towns: readonly Tenant[] };

/**
 * Is this a demo? `wanted`: as the operator says, `null`: as the database says. A folder that the demo began in and that
 * holds nothing but demo towns is one, and an empty embedded database becomes one; every other is real. The first answer
 * is kept, so that a real installation never turns into a demo because its towns are not there yet.
 */
export async function demoMode(
  db: Database,
  of: { wanted: boolean | null; now: Moment },
): Promise<DemoMode> {
  const towns = await db.platform((tx) => tenants(tx));
  const real = towns.filter(({ demo }) => !demo);
  if (of.wanted === true && real.length > 0) return { outcome: "refused", towns: real };
  const kept = await purposeOf(db, towns);
  const isFresh = kept === null && towns.length === 0 && db.engine === "pglite";
  const purpose = of.wanted === true || (of.wanted === null && isFresh) ? "demo" : (kept ?? "real");
  await settlePurpose(db, { purpose, changes: of.wanted === true, now: of.now });
  const demo = of.wanted ?? (purpose === "demo" && real.length === 0 && db.engine === "pglite");
  return { outcome: demo ? "demo" : "real" };
}

/** Does the demo live here? Then a real town does not belong here. */
export async function isDemoInstallation(db: Database): Promise<boolean> {
  const towns = await db.platform((tx) => tenants(tx));
  return (await purposeOf(db, towns)) === "demo" && towns.every(({ demo }) => demo);
}

/** As it was kept; in an installation of an earlier release, as its first town tells. */
async function purposeOf(db: Database, towns: readonly Tenant[]): Promise<Purpose | null> {
  const kept = await installationPurpose(db);
  const [first] = towns;
  if (kept !== null || first === undefined) return kept;
  if (!towns.every(({ demo }) => demo)) return "real";
  const versions = await db.forTenant(first.id).read((tx) => profileVersions(tx));
  return versions.some(({ appliedBy }) => appliedBy === LOADER) ? "demo" : "real";
}
