// SPDX-License-Identifier: EUPL-1.2
export { createAccount, type CreatedAccount } from "./operations/create-account.ts";
export { hashToken, IDLE_MINUTES, openSession } from "./operations/open-session.ts";
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
