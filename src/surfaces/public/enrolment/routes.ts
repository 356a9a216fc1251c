// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../../web/route.ts";
import { applicationPage, withdrawNow } from "./application-page.ts";
import { applyNow, applyPage, summaryPage } from "./apply.ts";
import { ENROLMENT } from "./form-view.ts";
import { windowPage } from "./window-page.ts";

const at = { access: "public" } as const;
/** Families of a town send theirs in the same days, many from one telephone company's address; the limit is for machines. */
const perMinute = 60;

/** Public pages: who applies may be of no family yet. Who it is, and by which means, each page asks itself (OS-17). */
export const enrolmentRoutes: Route[] = [
  { ...at, method: "GET", path: ENROLMENT, handle: windowPage },
  { ...at, method: "GET", path: `${ENROLMENT}/:anno`, handle: applyPage },
  { ...at, method: "POST", path: `${ENROLMENT}/:anno`, perMinute, handle: applyNow },
  { ...at, method: "POST", path: `${ENROLMENT}/:anno/riepilogo`, perMinute, handle: summaryPage },
  { ...at, method: "GET", path: `${ENROLMENT}/domande/:id`, handle: applicationPage },
  {
    ...at,
    method: "POST",
    path: `${ENROLMENT}/domande/:id/ritira`,
    perMinute,
    handle: withdrawNow,
  },
];
