// SPDX-License-Identifier: EUPL-1.2
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
