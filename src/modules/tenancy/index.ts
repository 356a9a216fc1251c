// SPDX-License-Identifier: EUPL-1.2
export { bumpConfiguration, configurationVersion, perConfiguration } from "./sql/configuration.ts";
export type {
  CutoffSetting,
  ServiceSettingKey,
  ServiceSettings,
  TownSettingKey,
  TownSettings,
} from "./rules/settings.ts";
export { type DatedSettings, datedSettings } from "./sql/town-settings.ts";
