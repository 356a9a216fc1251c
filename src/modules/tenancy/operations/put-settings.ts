// SPDX-License-Identifier: EUPL-1.2
import type { z } from "zod";
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { differencesOf, frozenChanges, type SettingChange } from "../rules/diff-settings.ts";
import { serviceSettingSchemas, townSettingSchemas } from "../rules/settings.ts";
import { bumpConfiguration } from "../sql/configuration.ts";
import { storedSettings, writeSettings } from "../sql/settings-store.ts";

export interface NewSetting {
  /** '' = the whole town, otherwise a service code */
  readonly scope: string;
  readonly key: string;
  readonly validFrom: Day;
  readonly value: unknown;
}

export type PutSettingsOutcome =
  | { readonly outcome: "saved"; readonly rows: number }
  | { readonly outcome: "invalid"; readonly problems: readonly string[] }
  | { readonly outcome: "frozen"; readonly changes: readonly SettingChange[] };

/**
 * The office changes settings from a day on; earlier days keep what they had. Wallet scope and payment model
 * are refused once the year has postings.
 */
export async function putSettings(
  tx: WriteTx,
  change: {
    settings: readonly NewSetting[];
    hasPostings: boolean;
    recordedBy: string;
    recordedAt: Moment;
  },
): Promise<PutSettingsOutcome> {
  const problems: string[] = [];
  const rows = change.settings.map((setting) => {
    const read = schemaOf(setting)?.safeParse(setting.value);
    if (!read) problems.push(`${setting.scope}/${setting.key}: unknown setting`);
    else if (!read.success) problems.push(`${setting.scope}/${setting.key}: ${read.error.message}`);
    return { ...setting, value: read?.data, assumedReason: null };
  });
  if (problems.length > 0) return { outcome: "invalid", problems };
  const current = await storedSettings(tx);
  const changes = rows.map((row): SettingChange => {
    const before = current.findLast(
      (stored) =>
        stored.scope === row.scope &&
        stored.key === row.key &&
        Temporal.PlainDate.compare(stored.validFrom, row.validFrom) <= 0,
    );
    return { kind: "changed", ...row, differences: differencesOf(before?.value, row.value) };
  });
  const frozen = frozenChanges(changes, change.hasPostings);
  if (frozen.length > 0) return { outcome: "frozen", changes: frozen };
  await writeSettings(tx, rows, {
    source: "office",
    name: change.recordedBy,
    at: change.recordedAt,
  });
  await bumpConfiguration(tx);
  return { outcome: "saved", rows: rows.length };
}

function schemaOf({ scope, key }: NewSetting): z.ZodType | undefined {
  const schemas: Record<string, z.ZodType> =
    scope === "" ? townSettingSchemas : serviceSettingSchemas;
  return Object.hasOwn(schemas, key) ? schemas[key] : undefined;
}
