// SPDX-License-Identifier: EUPL-1.2
export { createAccount, type CreatedAccount } from "./operations/create-account.ts";
export {
  hashToken,
  IDLE_MINUTES,
  type SignedIn,
  signIn,
  signInAsPersona,
  signOut,
} from "./operations/sign-in.ts";
export {
  type Account,
  accountOfSession,
  demoAccounts,
  putAccounts,
  putRoleGrants,
  type RoleGrant,
  sessionByToken,
  type SessionRow,
  setDesk,
  touchSession,
} from "./sql/accounts.ts";
export { purgeSignIns } from "./sql/purge.ts";
