// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import {
  type ServiceSettings,
  serviceSettingSchemas,
  type TownSettings,
  townSettingSchemas,
} from "../rules/settings.ts";
import { perConfiguration } from "./configuration.ts";

/** A town's settings of every date, in memory; asks for one date are plain look-ups. */
export interface DatedSettings {
  /** Throws when the town or service lacks the key on that date: a profile must give every key it uses. */
  town<Key extends keyof TownSettings>(key: Key, date: Day): TownSettings[Key];
  service<Key extends keyof ServiceSettings>(
    serviceCode: string,
    key: Key,
    date: Day,
  ): ServiceSettings[Key];
  /** the same, `undefined` when the service has no such setting */
  maybeService<Key extends keyof ServiceSettings>(
    serviceCode: string,
    key: Key,
    date: Day,
  ): ServiceSettings[Key] | undefined;
}

interface Row {
  scope: string;
  key: string;
  validFrom: Day;
  value: unknown;
}

export const datedSettings: (tx: ReadTx) => Promise<DatedSettings> = perConfiguration(load);

async function load(tx: ReadTx): Promise<DatedSettings> {
  const rows = await tx.rows<Row>(sql`
    select scope, key, valid_from as "validFrom", value
    from tenant_setting where tenant_id = ${tx.tenantId} order by valid_from`);
  const byKey = new Map<string, { validFrom: Day; value: unknown }[]>();
  for (const row of rows) {
    const name = `${row.scope}/${row.key}`;
    byKey.set(name, [...(byKey.get(name) ?? []), { validFrom: row.validFrom, value: parse(row) }]);
  }
  const find = (scope: string, key: string, date: Day): unknown =>
    byKey.get(`${scope}/${key}`)?.findLast(({ validFrom }) => !isBefore(date, validFrom))?.value;
  const need = (scope: string, key: string, date: Day): unknown => {
    const value = find(scope, key, date);
    if (value === undefined)
      throw new Error(`no setting ${key} of ${scope || "the town"} on ${date.toString()}`);
    return value;
  };
  return {
    town: (key, date) => need("", key, date) as TownSettings[typeof key],
    service: (code, key, date) => need(code, key, date) as ServiceSettings[typeof key],
    maybeService: (code, key, date) =>
      find(code, key, date) as ServiceSettings[typeof key] | undefined,
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
