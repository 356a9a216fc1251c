// SPDX-License-Identifier: EUPL-1.2
import { newsRoutes } from "../../web/news-desk.ts";
import { OFFICE_ROLES, type Route } from "../../web/route.ts";
import { officePage } from "../office-page.ts";

/** `/ufficio/novita` (BO-21): for the municipality; what the catering company wrote can be taken back here, too. */
export const newsDeskRoutes: readonly Route[] = newsRoutes({
  home: "/ufficio/novita",
  access: OFFICE_ROLES,
  author: "municipality",
  frame: (visit, options) => officePage(visit, { current: "news" }, options),
});
