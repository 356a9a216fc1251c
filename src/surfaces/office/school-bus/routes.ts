// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES, type Route } from "../../web/route.ts";
import { addChildNow, addChildPage } from "./add-child.ts";
import { busListPage } from "./bus-list.ts";
import { SCHOOL_BUS } from "./bus-words.ts";
import { lineFormPage, saveLineNow } from "./line-form.ts";
import { endLineNow, linePage } from "./line-page.ts";
import { saveSeat, seatPage } from "./seat-page.ts";

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  ...{ method, handle, path: SCHOOL_BUS + path },
  access: OFFICE_ROLES,
});

/** Lines of the school bus, their stops, and who gets on where. */
export const busRoutes: Route[] = [
  route("GET", "", busListPage),
  route("GET", "/nuova", lineFormPage),
  route("POST", "/nuova", saveLineNow),
  route("GET", "/bambini/:serviceId/:childId", seatPage),
  route("POST", "/bambini/:serviceId/:childId", saveSeat),
  route("GET", "/:id", linePage),
  route("GET", "/:id/fermate", lineFormPage),
  route("POST", "/:id/fermate", saveLineNow),
  route("POST", "/:id/fine", endLineNow),
  route("GET", "/:id/aggiungi", addChildPage),
  route("POST", "/:id/aggiungi", addChildNow),
];
