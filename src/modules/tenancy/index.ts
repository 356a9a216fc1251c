// SPDX-License-Identifier: EUPL-1.2
export { applyProfile, planProfile } from "./operations/apply-profile.ts";
export { createTenant } from "./operations/create-tenant.ts";
export { type PutCreditor, putCreditor } from "./operations/put-creditor.ts";
export { putTownLogo } from "./operations/put-town-logo.ts";
export { putSettings } from "./operations/put-settings.ts";
export { settingsStart } from "./rules/day-pattern.ts";
export type { SettingChange } from "./rules/diff-settings.ts";
export type { Profile } from "./rules/profile-schema.ts";
export { type ParsedProfile, parseProfile, problemText } from "./rules/profile.ts";
export { calendarFor, type ProfileCalendar } from "./rules/resolve-profile.ts";
export type {
  CutoffSetting,
  ServiceSettingKey,
  ServiceSettings,
  TownSettingKey,
  TownSettings,
} from "./rules/settings.ts";
export { bumpConfiguration, configurationVersion, perConfiguration } from "./sql/configuration.ts";
export { type Creditor, creditors } from "./sql/creditors.ts";
export { appliedDocument, profileVersions } from "./sql/profile-versions.ts";
export { type Tenant, tenantByHost, tenantBySlug, tenants } from "./sql/tenants.ts";
export { type DatedSettings, datedSettings, settingsOn } from "./sql/town-settings.ts";
export { townLogo } from "./sql/town-logo.ts";
