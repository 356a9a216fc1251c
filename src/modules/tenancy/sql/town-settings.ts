// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import { SERVICE_DEFAULTS, TOWN_DEFAULTS } from "../rules/default-settings.ts";
import {
  type ServiceSettings,
  serviceSettingSchemas,
  type TownSettings,
  townSettingSchemas,
} from "../rules/settings.ts";
import { perConfiguration } from "./configuration.ts";

/** A town's settings of every date, in memory; asks for one date are plain look-ups. */
export interface DatedSettings {
  /** Throws when the town or service lacks the key on that date and the key has no default. */
  town<Key extends keyof TownSettings>(key: Key, date: Day): TownSettings[Key];
  service<Key extends keyof ServiceSettings>(
    serviceCode: string,
    key: Key,
    date: Day,
  ): ServiceSettings[Key];
  /** the same without defaults: `undefined` when the service has no such setting */
  maybeService<Key extends keyof ServiceSettings>(
    serviceCode: string,
    key: Key,
    date: Day,
  ): ServiceSettings[Key] | undefined;
  /** codes of the services that have settings on that date */
  services(date: Day): string[];
  /** why the value is assumed, for the pages that say so; `null` = it comes from the town's document */
  assumed(scope: string, key: string, date: Day): string | null;
}

/** The settings of one date. */
export interface Settings {
  readonly services: readonly string[];
  town<Key extends keyof TownSettings>(key: Key): TownSettings[Key];
  service(code: string): <Key extends keyof ServiceSettings>(key: Key) => ServiceSettings[Key];
}

interface Row {
  scope: string;
  key: string;
  validFrom: Day;
  value: unknown;
  assumedReason: string | null;
}

export const datedSettings: (tx: ReadTx) => Promise<DatedSettings> = perConfiguration(load);

/** Typed settings in force on `date`; one look at the configuration's version, the rest is in memory. */
export async function settingsOn(tx: ReadTx, date: Day): Promise<Settings> {
  const settings = await datedSettings(tx);
  return {
    services: settings.services(date),
    town: (key) => settings.town(key, date),
    service: (code) => (key) => settings.service(code, key, date),
  };
}

async function load(tx: ReadTx): Promise<DatedSettings> {
  const rows = await tx.rows<Row>(sql`
    select scope, key, valid_from as "validFrom", value, assumed_reason as "assumedReason"
    from tenant_setting where tenant_id = ${tx.tenantId} order by valid_from`);
  const byKey = Map.groupBy(
    rows.map((row) => ({ ...row, value: parse(row) })),
    ({ scope, key }) => `${scope}/${key}`,
  );
  const rowOn = (scope: string, key: string, date: Day): Row | undefined =>
    byKey.get(`${scope}/${key}`)?.findLast(({ validFrom }) => !isBefore(date, validFrom));
  const find = (scope: string, key: string, date: Day): unknown => rowOn(scope, key, date)?.value;
  const defaults = (scope: string): Record<string, unknown> =>
    scope === "" ? TOWN_DEFAULTS : SERVICE_DEFAULTS;
  const codes = [...new Set(rows.map(({ scope }) => scope))].filter((scope) => scope !== "");
  const need = (scope: string, key: string, date: Day): unknown => {
    const value = find(scope, key, date) ?? defaults(scope)[key];
    if (value === undefined)
      throw new Error(`no setting ${key} of ${scope || "the town"} on ${date.toString()}`);
    return value;
  };
  return {
    town: (key, date) => need("", key, date) as TownSettings[typeof key],
    service: (code, key, date) => need(code, key, date) as ServiceSettings[typeof key],
    maybeService: (code, key, date) =>
      find(code, key, date) as ServiceSettings[typeof key] | undefined,
    services: (date) => codes.filter((code) => rowOn(code, "payment", date)),
    assumed: (scope, key, date) => rowOn(scope, key, date)?.assumedReason ?? null,
  };
}

/** Stored values are checked again: a row edited by hand must not reach a rule in a wrong shape. */
function parse(row: Row): unknown {
  const schemas = (row.scope === "" ? townSettingSchemas : serviceSettingSchemas) as Record<
    string,
    { parse(value: unknown): unknown } | undefined
  >;
  return schemas[row.key]?.parse(row.value);
}
