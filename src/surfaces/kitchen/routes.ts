// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../web/route.ts";
import { catererRoutes } from "./caterer/routes.ts";
import { dietsPage, labelsPage } from "./diets/diets-page.ts";
import { KITCHEN_ROLES } from "./kitchen-scope.ts";
import { acknowledge, changesPage } from "./order/changes-page.ts";
import { orderPage } from "./order/order-page.ts";
import { orderCsv, printPage } from "./order/print-page.ts";
import { orderVersionText } from "./order/version.ts";

const get = (path: string, handle: Route["handle"]): Route => ({
  method: "GET",
  path,
  access: KITCHEN_ROLES,
  handle,
});

export const routes: Route[] = [
  get("/cucina", orderPage),
  get("/cucina/versione", orderVersionText),
  get("/cucina/differenze", changesPage),
  get("/cucina/stampa", printPage),
  get("/cucina/ordine.csv", orderCsv),
  get("/cucina/diete", dietsPage),
  get("/cucina/etichette", labelsPage),
  { method: "POST", path: "/cucina/presa-visione", access: ["kitchen"], handle: acknowledge },
  ...catererRoutes,
];
