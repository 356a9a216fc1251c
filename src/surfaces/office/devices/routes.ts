// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES, type Route } from "../../web/route.ts";
import { deviceListPage, DEVICES, renewLinkNow, revokeNow } from "./device-list.ts";
import { makeDeviceNow, newDevicePage } from "./new-device.ts";

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  ...{ method, handle, path: DEVICES + path },
  access: OFFICE_ROLES,
});

/** Tablets of schools and screens of kitchens. */
export const deviceRoutes: Route[] = [
  route("GET", "", deviceListPage),
  route("GET", "/nuovo", newDevicePage),
  route("POST", "/nuovo", makeDeviceNow),
  route("POST", "/:id/codice", renewLinkNow),
  route("POST", "/:id/revoca", revokeNow),
];
