// SPDX-License-Identifier: EUPL-1.2
export { type CheckedProvider, checkStaffProvider } from "./check-client.ts";
export { type Outside } from "../oidc-federation/call-outside.ts";
export { isCallable } from "./check-client.ts";
export { saysTwoFactors } from "./two-factors.ts";
export {
  discoverStaffProvider,
  finishStaffLogin,
  type PendingStaffLogin,
  staffAuthorizationUrl,
  type StaffAnswer,
  type StaffFault,
  type StaffIdentity,
  type StaffProviderMetadata,
  type StaffProviderSettings,
} from "./staff-login.ts";
