// SPDX-License-Identifier: EUPL-1.2
import { routes as driverRoutes } from "./driver/routes.ts";
import { home } from "./public/home.ts";
import { routes as kitchenRoutes } from "./kitchen/routes.ts";
import { routes as officeRoutes } from "./office/routes.ts";
import { stationEndpoint } from "./pagopa-station/endpoint.ts";
import { routes as portalRoutes } from "./portal/routes.ts";
import { routes as publicRoutes } from "./public/routes.ts";
import { routes as schoolRoutes } from "./school/routes.ts";
import type { Site } from "./web/server.ts";

/** Every page of the product: each surface lists its own routes. */
export const site: Site = {
  routes: [
    ...publicRoutes,
    ...portalRoutes,
    ...officeRoutes,
    ...schoolRoutes,
    ...kitchenRoutes,
    ...driverRoutes,
  ],
  home,
  endpoints: [stationEndpoint],
};
