// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../web/route.ts";
import { classesPage } from "./classes/classes-page.ts";
import { saveStaffMeals } from "./classes/staff-meals.ts";
import { correct } from "./corrections/correct.ts";
import { correctionsPage } from "./corrections/corrections-page.ts";
import { rollCallPage } from "./roll-call/roll-call-page.ts";
import { sendRollCall } from "./roll-call/send-roll-call.ts";
import { SCHOOL_ROLES } from "./school-day.ts";
import { sheetsPage } from "./sheets/sheets-page.ts";
import { serveWalkIn } from "./walk-in/serve.ts";
import { walkInPage } from "./walk-in/walk-in-page.ts";

const route = (method: Route["method"], path: string, handle: Route["handle"]): Route => ({
  method,
  path,
  access: SCHOOL_ROLES,
  handle,
});

export const routes: Route[] = [
  route("GET", "/scuola", classesPage),
  route("POST", "/scuola/adulti", saveStaffMeals),
  route("GET", "/scuola/fogli", sheetsPage),
  route("GET", "/scuola/:classId", rollCallPage),
  route("POST", "/scuola/:classId", sendRollCall),
  route("GET", "/scuola/:classId/foglio", sheetsPage),
  route("GET", "/scuola/:classId/fuori-lista", walkInPage),
  route("POST", "/scuola/:classId/fuori-lista", serveWalkIn),
  route("GET", "/scuola/:classId/correzioni", (visit) => correctionsPage(visit)),
  route("POST", "/scuola/:classId/correzioni", correct),
];
