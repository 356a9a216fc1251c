// SPDX-License-Identifier: EUPL-1.2
export {
  beginSignIn,
  type SignInDetails,
  type TakenSignIn,
  takeSignIn,
} from "./operations/begin-sign-in.ts";
export { createAccount, type CreatedAccount } from "./operations/create-account.ts";
export {
  journalSignIn,
  type OpenedJournalEntry,
  searchJournal,
} from "./operations/journal-sign-in.ts";
export { hashToken, IDLE_MINUTES, openSession } from "./operations/open-session.ts";
export {
  addProviderKey,
  type OpenedKey,
  openProviderKeys,
  promoteProviderKey,
  retireProviderKey,
} from "./operations/provider-keys.ts";
export {
  disableProvider,
  enableProvider,
  type SavedProvider,
  saveProvider,
} from "./operations/save-provider.ts";
export { type SignedIn, signIn, signInAsPersona, signOut } from "./operations/sign-in.ts";
export {
  type Account,
  demoAccounts,
  oldestInUse,
  putAccounts,
  putRoleGrants,
  type RoleGrant,
  roleGrantsOf,
} from "./sql/accounts.ts";
export {
  holdSubject,
  identitiesToLink,
  identityBySubject,
  type IdentityToLink,
  linkIdentity,
  noteIdentityToLink,
  openEidas,
  subjectOf,
  touchIdentity,
} from "./sql/identities.ts";
export { purgeSignIns } from "./sql/purge.ts";
export {
  accountOfSession,
  endProviderSession,
  endSessions,
  type LiveSession,
  liveSessions,
  logoutOf,
  sessionByToken,
  type SessionRow,
  setDesk,
  type SignInMeans,
  touchSession,
} from "./sql/sessions.ts";
export {
  type Federation,
  FEDERATIONS,
  type FederationSettings,
  type OidcFederationSettings,
  type ProviderProtocol,
  type StaffOidcSettings,
} from "./rules/provider-settings.ts";
export { suggestProviderSettings } from "./rules/suggest-provider.ts";
export {
  enabledProtocols,
  enabledProvider,
  type ProviderKey,
  providerKeys,
  providerVersions,
  type ServiceProviderVersion,
} from "./sql/providers.ts";
export {
  noteRegistryProblem,
  putRegistry,
  registryCopy,
  type RegistryCopy,
  registryFetchedAt,
} from "./sql/registry.ts";
export { acceptOnce } from "./sql/requests.ts";
export {
  recordSecurity,
  type SecurityEventKind,
  securityEvents,
  type SecurityRow,
} from "./sql/security-events.ts";
  readProviderSettings,
