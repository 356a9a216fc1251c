// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../../web/route.ts";
import { accessRulesPage, requireFactorNow, waiveFactorNow } from "./access-rules.ts";
import { createStaffNow, newStaffPage } from "./new-staff.ts";
import {
  checkProviderNow,
  disableStaffProvider,
  enableStaffProvider,
  saveStaffProvider,
  staffProviderPage,
} from "./provider-page.ts";
import {
  admitIdentityNow,
  changeEmailNow,
  disableStaffNow,
  enableStaffNow,
  endRoleNow,
  grantRoleNow,
  mailCodeNow,
  refuseIdentityNow,
  renewCodeNow,
  requireFactorNowOf,
  resetFactorNow,
} from "./staff-acts.ts";
import { staffListPage } from "./staff-list.ts";
import { staffPage } from "./staff-page.ts";
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
  route("GET", "/accesso", accessRulesPage),
  route("POST", "/accesso/secondo-fattore", waiveFactorNow),
  route("POST", "/accesso/secondo-fattore/obbligatorio", requireFactorNow),
  route("GET", "/accesso/comune", staffProviderPage),
  route("POST", "/accesso/comune", saveStaffProvider),
  // Each asks somebody else's server.
  { ...route("POST", "/accesso/comune/prova", checkProviderNow), perMinute: 10 },
  route("POST", "/accesso/comune/attiva", enableStaffProvider),
  route("POST", "/accesso/comune/disattiva", disableStaffProvider),
  route("GET", "/:id", staffPage),
  route("POST", "/:id/ruoli", grantRoleNow),
  route("POST", "/:id/ruoli/fine", endRoleNow),
  route("POST", "/:id/codice", renewCodeNow),
  route("POST", "/:id/codice/e-mail", mailCodeNow),
  route("POST", "/:id/e-mail", changeEmailNow),
  route("POST", "/:id/identita/rifiuta", refuseIdentityNow),
  route("POST", "/:id/identita/ammetti", admitIdentityNow),
  route("POST", "/:id/fattore", resetFactorNow),
  route("POST", "/:id/fattore/obbligo", requireFactorNowOf),
  route("POST", "/:id/disattiva", disableStaffNow),
  route("POST", "/:id/riattiva", enableStaffNow),
];
