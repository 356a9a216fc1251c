// SPDX-License-Identifier: EUPL-1.2
/** The catering company (BO-21): numbers of meals, and its own news. */
import { newsRoutes } from "../../web/news-desk.ts";
import { OFFICE_ROLES, type Route } from "../../web/route.ts";
import { CATERER_HOME, catererPage } from "./caterer-page.ts";
import { catererDayCsv, catererDayPage } from "./day-page.ts";
import { catererMonthCsv, catererMonthPage } from "./month-page.ts";

const get = (path: string, handle: Route["handle"]): Route => ({
  method: "GET",
  path: CATERER_HOME + path,
  access: ["caterer", ...OFFICE_ROLES],
  handle,
});

export const catererRoutes: readonly Route[] = [
  get("", catererDayPage),
  get("/pasti.csv", catererDayCsv),
  get("/mese", catererMonthPage),
  get("/mese.csv", catererMonthCsv),
  ...newsRoutes({
    home: `${CATERER_HOME}/novita`,
    access: ["caterer"],
    author: "caterer",
    frame: (visit, options) => catererPage(visit, "news", options),
  }),
];
