// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../../web/route.ts";
import {
  newAccountPage,
  newCreditorPage,
  retireAccountNow,
  saveAccount,
  saveCreditor,
} from "./account-forms.ts";
import { keyPage, saveKey } from "./key-form.ts";
import { selfTestPage } from "./self-test-page.ts";
import {
  newStationPage,
  retireStationNow,
  retireStationPage,
  saveStation,
} from "./station-forms.ts";
import { stationPage } from "./station-page.ts";
import { STATION_PAGE } from "./station-words.ts";

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  method,
  path: STATION_PAGE + path,
  access: ["administrator"],
  handle,
});

/** How the town collects through pagoPA: the administrator's alone. */
export const stationRoutes: Route[] = [
  route("GET", "", stationPage),
  route("GET", "/stazioni/nuova", newStationPage),
  route("POST", "/stazioni/nuova", saveStation),
  route("GET", "/stazioni/:key/ritira", retireStationPage),
  route("POST", "/stazioni/:key/ritira", retireStationNow),
  route("GET", "/conti/nuovo", newAccountPage),
  route("POST", "/conti/nuovo", saveAccount),
  route("POST", "/conti/:id/ritira", retireAccountNow),
  route("GET", "/enti/nuovo", newCreditorPage),
  route("POST", "/enti/nuovo", saveCreditor),
  route("GET", "/chiavi", keyPage),
  route("POST", "/chiavi", saveKey),
  // It calls other machines: not more often than anybody needs.
  { ...route("POST", "/prova", selfTestPage), perMinute: 10 },
];
