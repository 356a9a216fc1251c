// SPDX-License-Identifier: EUPL-1.2
export {
  applyProfile,
  type ApplyProfileOutcome,
  planProfile,
  type ProfileApplication,
  type ProfilePlan,
} from "./operations/apply-profile.ts";
export { createTenant, type CreateTenantOutcome } from "./operations/create-tenant.ts";
export {
  type NewSetting,
  putSettings,
  type PutSettingsOutcome,
} from "./operations/put-settings.ts";
export { settingsStart } from "./rules/day-pattern.ts";
export { diffProfile, type SettingChange } from "./rules/diff-settings.ts";
export type { ProfileProblem } from "./rules/profile-problems.ts";
export type { Profile } from "./rules/profile-schema.ts";
export {
  type CheckTariff,
  type ParsedProfile,
  parseProfile,
  problemText,
} from "./rules/profile.ts";
export { calendarFor, type ProfileCalendar, type ProfileClass } from "./rules/resolve-profile.ts";
export type {
  CutoffSetting,
  ServiceSettingKey,
  ServiceSettings,
  TownSettingKey,
  TownSettings,
} from "./rules/settings.ts";
export { bumpConfiguration, configurationVersion, perConfiguration } from "./sql/configuration.ts";
export { appliedDocument, type ProfileVersion, profileVersions } from "./sql/profile-versions.ts";
export { hostName, type Tenant, tenantByHost, tenantBySlug, tenants } from "./sql/tenants.ts";
export {
  type DatedSettings,
  datedSettings,
  type Settings,
  settingsOn,
} from "./sql/town-settings.ts";
