// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../web/route.ts";
import { classesPage } from "./classes/classes-page.ts";
import { saveStaffMeals } from "./classes/staff-meals.ts";
import { correct } from "./corrections/correct.ts";
import { correctionsPage } from "./corrections/corrections-page.ts";
import { keeping } from "./offline/keep.ts";
import { offlineState, schoolList } from "./offline/state.ts";
import { NO_COPY_PATH, noCopyPage, WORKER_PATH, workerScript } from "./offline/worker.ts";
import { rollCallPage } from "./roll-call/roll-call-page.ts";
import { sendRollCall } from "./roll-call/send-roll-call.ts";
import { SCHOOL_ROLES } from "./school-day.ts";
import { sheetsPage } from "./sheets/sheets-page.ts";
import { serveWalkIn } from "./walk-in/serve.ts";
import { walkInPage } from "./walk-in/walk-in-page.ts";

const get = (path: string, handle: Route["handle"], how = { kept: false }): Route =>
  keeping({ method: "GET", path, access: SCHOOL_ROLES, handle }, how.kept);

const post = (path: string, handle: Route["handle"]): Route => ({
  method: "POST",
  path,
  access: SCHOOL_ROLES,
  handle,
});

const open = (path: string, handle: Route["handle"]): Route => ({
  method: "GET",
  path,
  access: "public",
  handle,
});

/** What the roll call needs on a tablet without network. */
const KEPT = { kept: true };

export const routes: Route[] = [
  open(WORKER_PATH, workerScript),
  open(NO_COPY_PATH, noCopyPage),
  get("/scuola", classesPage, KEPT),
  get("/scuola/senza-rete", offlineState),
  get("/scuola/elenco", schoolList, KEPT),
  post("/scuola/adulti", saveStaffMeals),
  get("/scuola/fogli", sheetsPage),
  get("/scuola/:classId", rollCallPage, KEPT),
  post("/scuola/:classId", sendRollCall),
  get("/scuola/:classId/foglio", sheetsPage),
  get("/scuola/:classId/fuori-lista", walkInPage, KEPT),
  post("/scuola/:classId/fuori-lista", serveWalkIn),
  get("/scuola/:classId/correzioni", (visit) => correctionsPage(visit)),
  post("/scuola/:classId/correzioni", correct),
];
