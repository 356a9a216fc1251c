// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { diffProfile, frozenChanges, type SettingChange } from "../rules/diff-settings.ts";
import type { Profile } from "../rules/profile-schema.ts";
import { bumpConfiguration } from "../sql/configuration.ts";
import { writeCreditor } from "../sql/creditors.ts";
import { insertProfileVersion, profileVersions } from "../sql/profile-versions.ts";
import { deleteSettings, storedSettings, writeSettings } from "../sql/settings-store.ts";

export interface ProfileApplication {
  readonly profile: Profile;
  /** the file's text, kept word for word */
  readonly document: string;
  readonly year: number;
  /** has the ledger postings in that school year? */
  readonly hasPostings: boolean;
}

export type ProfilePlan =
  | {
      readonly outcome: "planned";
      readonly changes: readonly SettingChange[];
      readonly isNew: boolean;
    }
  | { readonly outcome: "frozen"; readonly changes: readonly SettingChange[] };

/** What `applyProfile` would write. `isNew`: this text was not the last one applied for the year. */
export async function planProfile(
  tx: ReadTx,
  application: ProfileApplication,
): Promise<ProfilePlan> {
  const { profile, year, hasPostings, document } = application;
  const changes = diffProfile(await storedSettings(tx), profile, year);
  const frozen = frozenChanges(changes, hasPostings);
  if (frozen.length > 0) return { outcome: "frozen", changes: frozen };
  const last = (await profileVersions(tx)).find(({ schoolYear }) => schoolYear === year);
  return { outcome: "planned", changes, isNew: last?.sha256 !== sha256(document) };
}

export type ApplyProfileOutcome =
  | {
      readonly outcome: "applied";
      readonly version: number;
      readonly changes: readonly SettingChange[];
    }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "frozen"; readonly changes: readonly SettingChange[] };

/**
 * Writes the settings of a profile for one school year and remembers its text. The same profile twice changes
 * nothing. Calendar and tariffs belong to other modules: the composition layer applies them beside this.
 */
export async function applyProfile(
  tx: WriteTx,
  application: ProfileApplication & { readonly appliedBy: string; readonly now: Moment },
): Promise<ApplyProfileOutcome> {
  const plan = await planProfile(tx, application);
  if (plan.outcome === "frozen") return plan;
  const { profile, document, year, appliedBy, now } = application;
  const writes = plan.changes.filter(({ kind }) => kind === "added" || kind === "changed");
  const gone = plan.changes.filter(({ kind }) => kind === "removed");
  const creditor = profile.creditor ?? {
    fiscalCode: profile.town.fiscalCode,
    name: profile.town.name,
  };
  if (creditor.fiscalCode !== "")
    await writeCreditor(tx, {
      ...creditor,
      ipaCode: profile.creditor ? null : `c_${profile.town.cadastralCode.toLowerCase()}`,
    });
  if (gone.length > 0) await deleteSettings(tx, gone);
  if (writes.length > 0) {
    await writeSettings(tx, writes, { source: "profile", name: appliedBy, at: now });
  }
  if (!plan.isNew && writes.length + gone.length === 0) return { outcome: "unchanged" };
  await bumpConfiguration(tx);
  const version = await insertProfileVersion(tx, {
    profile: profile.profile,
    schoolYear: year,
    sha256: sha256(document),
    document,
    appliedAt: now,
    appliedBy,
  });
  return { outcome: "applied", version, changes: plan.changes };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
