// SPDX-License-Identifier: EUPL-1.2
export {
  beginSignIn,
  type SignInDetails,
  type TakenSignIn,
  takeSignIn,
} from "./operations/begin-sign-in.ts";
export {
  discardLetters,
  KEEP_LETTERS_HOURS,
  keepLetters,
  letterBytes,
  type LetterPages,
  nextLetters,
  releaseLetters,
  removeOldLetters,
  startLetters,
} from "./operations/letter-runs.ts";
export {
  childByVoiceCode,
  LETTER_DAYS,
  makeCodes,
  makeVoiceCodes,
  RECOVERY_MINUTES,
} from "./operations/one-time-codes.ts";
export {
  activateAccount,
  changePassword,
  type ChangedPassword,
  type ChosenPassword,
  type NewPassword,
  resetPassword,
  standingRecovery,
} from "./operations/set-password.ts";
export { groupedCode, typedCode } from "./rules/one-time-code.ts";
export type { PasswordFault } from "./rules/password-policy.ts";
export { typedUsername } from "./rules/typed-username.ts";
export { codesMadeSince, type LatestCode, latestLetters } from "./sql/one-time-codes.ts";
export {
  itemsOf as letterItems,
  type LetterItem,
  type LetterOutcome,
  type LetterRun,
  letterRun,
  letterRuns,
  oldestPreparing as oldestLetterRun,
  partsOf as letterParts,
} from "./sql/letter-runs.ts";
export {
  type Attempt,
  checkCredentials,
  type CheckedCredentials,
} from "./operations/check-credentials.ts";
export { createAccount, type CreatedAccount } from "./operations/create-account.ts";
export {
  journalSignIn,
  type OpenedJournalEntry,
  searchJournal,
} from "./operations/journal-sign-in.ts";
export { hashToken, IDLE_MINUTES, openSession } from "./operations/open-session.ts";
export { switchDesk } from "./operations/switch-desk.ts";
export type { AccessChange, TellAccess } from "./operations/access-change.ts";
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
export { openStaffProvider, type StaffProviderAccess } from "./operations/open-staff-provider.ts";
export { enterAsStaff, type EnteredStaff, type VouchedStaff } from "./operations/enter-as-staff.ts";
export { finishWithPasskey } from "./operations/finish-with-passkey.ts";
export { requireSecondFactor, waiveSecondFactor } from "./operations/waive-second-factor.ts";
export { type FactorWaiver, standingWaiver } from "./sql/second-factor-waiver.ts";
export {
  admitStaffIdentity,
  changeStaffEmail,
  enableStaff,
  refuseStaffIdentity,
  requireFactorOf,
} from "./operations/staff-access.ts";
export { staffIdentitiesOf, type StaffIdentityRow } from "./sql/staff-identities.ts";
export {
  addCodes,
  type CodeOffer,
  finishSignIn,
  type HalfSignIn,
  offerCodes,
  openOrHalve,
  removeOwnCodes,
  resetSecondFactor,
  standingHalf,
} from "./operations/second-factor.ts";
export {
  addPasskey,
  askForPasskey,
  offerPasskey,
  type RelyingParty,
  removeOwnPasskey,
  signInWithPasskey,
} from "./operations/passkeys.ts";
export { type Passkey, passkeysOf } from "./sql/passkeys.ts";
export {
  DEVICE_LINK_MINUTES,
  DEVICE_SESSION_DAYS,
  deviceOfLink,
  enrolDevice,
  makeDevice,
  renewDeviceLink,
  revokeDevice,
} from "./operations/devices.ts";
export { type Device, devices } from "./sql/devices.ts";
export {
  type CodeWay,
  type CreatedStaff,
  createStaff,
  disableStaff,
  endRole,
  grantRole,
  renewActivation,
  resetStaffFactor,
  STAFF_CODE_DAYS,
  type StaffScope,
} from "./operations/staff-accounts.ts";
export {
  putStaffEmail,
  type StaffAccount,
  staffAccounts,
  type StaffGrant,
} from "./sql/staff-accounts.ts";
export { type SignedIn, signIn, signInAsPersona, signOut } from "./operations/sign-in.ts";
export { type SecondFactors, secondFactorsOf } from "./sql/second-factors.ts";
export {
  type Account,
  accountForLogin,
  accountsByIds,
  type CredentialState,
  demoAccounts,
  grantMissing,
  oldestInUse,
  putAccounts,
  putRoleGrants,
  putUsernames,
  signedInNames,
  type RoleGrant,
  roleGrantsOf,
  takenUsernames,
} from "./sql/accounts.ts";
export {
  accountsOfSubjects,
  eidasOf,
  holdSubject,
  identityBySubject,
  linkIdentity,
  openEidas,
  subjectOf,
  touchIdentity,
} from "./sql/identities.ts";
export {
  answerStranger,
  type AskedLink,
  forgetStranger,
  keepRequest,
  noteStranger,
  type Stranger,
  strangerById,
  strangerBySubject,
  type StrangerIdentity,
  waitingStrangers,
} from "./sql/strangers.ts";
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
  readProviderSettings,
  type StaffOidcSettings,
} from "./rules/provider-settings.ts";
export { suggestOidcSettings, suggestProviderSettings } from "./rules/suggest-provider.ts";
export {
  enabledProvider,
  endingKeys,
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
export { acceptOnce, anomaliesSince } from "./sql/requests.ts";
export {
  recordSecurity,
  recordSecurityAll,
  SECURITY_EVENTS,
  type SecurityEvent,
  type SecurityEventKind,
  securityEvents,
  type SecurityRow,
} from "./sql/security-events.ts";
export {
  type ExportedHead,
  forgetSecurityEvents,
  logHeads,
  sealLogs,
  type VerifiedLog,
  verifyLog,
} from "./operations/seal-logs.ts";
export { SEALED_LOGS, type SealedLog } from "./sql/log-seals.ts";
