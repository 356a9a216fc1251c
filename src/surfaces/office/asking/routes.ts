// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES, type Route } from "../../web/route.ts";
import { firstNoticesPage, makeFirstNoticesNow } from "./first-notices-page.ts";
import { dismissNow, mailPage, resendNow } from "./mail-page.ts";
import { remindersPage, startRemindersNow } from "./reminders-page.ts";

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  method,
  path: `/ufficio${path}`,
  access: OFFICE_ROLES,
  handle,
});

/** First notices, reminders and the e-mails that carry them. */
export const askingRoutes: Route[] = [
  route("GET", "/primi-avvisi", firstNoticesPage),
  route("POST", "/primi-avvisi", makeFirstNoticesNow),
  route("GET", "/solleciti", remindersPage),
  route("POST", "/solleciti", startRemindersNow),
  route("GET", "/e-mail", mailPage),
  route("POST", "/e-mail/:id/rimanda", resendNow),
  route("POST", "/e-mail/:id/togli", dismissNow),
];
