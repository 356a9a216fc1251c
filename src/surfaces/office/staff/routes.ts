// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../../web/route.ts";
import { createStaffNow, newStaffPage } from "./new-staff.ts";
import { staffListPage } from "./staff-list.ts";
import {
  disableStaffNow,
  endRoleNow,
  grantRoleNow,
  renewCodeNow,
  resetFactorNow,
  staffPage,
} from "./staff-page.ts";
import { STAFF_PAGE } from "./staff-words.ts";

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  ...{ method, handle },
  path: STAFF_PAGE + path,
  access: ["administrator"],
});

/** Who works for the town: the administrator's alone. */
export const staffRoutes: Route[] = [
  route("GET", "", staffListPage),
  route("GET", "/nuovo", newStaffPage),
  route("POST", "/nuovo", createStaffNow),
  route("GET", "/:id", staffPage),
  route("POST", "/:id/ruoli", grantRoleNow),
  route("POST", "/:id/ruoli/fine", endRoleNow),
  route("POST", "/:id/codice", renewCodeNow),
  route("POST", "/:id/fattore", resetFactorNow),
  route("POST", "/:id/disattiva", disableStaffNow),
];
