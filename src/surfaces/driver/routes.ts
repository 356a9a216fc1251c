// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES, type Route } from "../web/route.ts";
import { printRidePage } from "./print-page.ts";
import { RIDES } from "./ride-scope.ts";
import { ridePage } from "./ride-page.ts";

const get = (path: string, handle: Route["handle"]): Route => ({
  method: "GET",
  path,
  access: ["driver", ...OFFICE_ROLES],
  handle,
});

export const routes: Route[] = [
  get(RIDES, ridePage),
  get(`${RIDES}/:id`, ridePage),
  get(`${RIDES}/:id/stampa`, printRidePage),
];
