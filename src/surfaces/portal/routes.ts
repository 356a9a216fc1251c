// SPDX-License-Identifier: EUPL-1.2
import { FAMILY_ROLES, type Route } from "../web/route.ts";
import { showDay } from "./calendar/show-day.ts";
import { openCalendar, showMonth } from "./calendar/show-month.ts";
import { changeMeal } from "./meals/change-meal.ts";
import { cancelAll, cancelDays, showCancelAll } from "./meals/change-several.ts";
import { listReceipts } from "./receipts/list-receipts.ts";
import { showReceipt } from "./receipts/show-receipt.ts";
import { showToday } from "./today/show-today.ts";

const get = (path: string, handle: Route["handle"]): Route => ({
  method: "GET",
  path,
  access: FAMILY_ROLES,
  handle,
});
const post = (path: string, handle: Route["handle"]): Route => ({
  ...get(path, handle),
  method: "POST",
});

export const routes: Route[] = [
  get("/oggi", showToday),
  post("/figli/:slug/pasti", changeMeal),
  get("/disdici", showCancelAll),
  post("/disdici", cancelAll),
  get("/ricevute", listReceipts),
  get("/ricevute/:codice", showReceipt),
  get("/calendario", openCalendar),
  get("/figli/:slug/calendario", showMonth),
  post("/figli/:slug/giorni", cancelDays),
  get("/figli/:slug/giorni/:giorno", showDay),
];
