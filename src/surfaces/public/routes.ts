// SPDX-License-Identifier: EUPL-1.2
import { ROLES } from "#kernel/actor.ts";
import type { Route } from "../web/route.ts";
import { accountRoutes } from "./account/routes.ts";
import { DEVICE_LINK, enrolNow, enrolPage } from "./device/enrol.ts";
import { enrolmentRoutes } from "./enrolment/routes.ts";
import { routes as federationRoutes } from "./federation/routes.ts";
import { manifestRoute } from "./offline/app-manifest.ts";
import { noNetworkPage, noNetworkScript } from "./offline/no-network.ts";
import { routes as credentialRoutes } from "./sign-in/routes.ts";
import { changePasswordNow, PASSWORD_PAGE, passwordPage } from "./sign-in/password-page.ts";
import { signInWithPassword, signInWithPersona } from "./sign-in/sign-in.ts";
import { choosePage, signInPage } from "./sign-in/sign-in-page.ts";
import { endOtherSessions, endSession, SESSIONS, showSessions } from "./sign-in/sessions-page.ts";
import { deskPage } from "./town/desk-page.ts";
import { accessibilityPage, legalPage, privacyPage } from "./town/legal-pages.ts";
import { newsPage } from "./town/news-page.ts";
import { servicesPage } from "./town/services-page.ts";

/** Everybody who signed in; a form of one's own, also with a desk open. */
const PEOPLE = ROLES;

const get = (path: string, handle: Route["handle"]): Route => ({
  method: "GET",
  path,
  access: "public",
  handle,
});

export const routes: Route[] = [
  get("/accedi", (visit) => signInPage(visit)),
  get("/accedi/ruolo", choosePage),
  // Guessing is the danger here: attempts are limited by address, and by user code inside #identity.
  {
    method: "POST",
    path: "/accedi",
    access: "public",
    handle: signInWithPassword,
    perMinute: 30,
  },
  {
    method: "POST",
    path: "/accedi/persona",
    access: "public",
    handle: signInWithPersona,
    perMinute: 60,
  },
  ...credentialRoutes,
  ...accountRoutes,
  ...federationRoutes,
  ...enrolmentRoutes,
  { ...get(DEVICE_LINK, enrolPage), perMinute: 30 },
  { method: "POST", path: DEVICE_LINK, access: "public", handle: enrolNow, perMinute: 10 },
  { ...get(SESSIONS, showSessions), access: PEOPLE },
  { method: "POST", path: `${SESSIONS}/chiudi`, access: PEOPLE, handle: endSession },
  { method: "POST", path: `${SESSIONS}/altri`, access: PEOPLE, handle: endOtherSessions },
  { ...get(PASSWORD_PAGE, passwordPage), access: PEOPLE },
  { method: "POST", path: PASSWORD_PAGE, access: PEOPLE, handle: changePasswordNow },
  manifestRoute,
  get("/senza-rete.js", noNetworkScript),
  get("/senza-rete", noNetworkPage),
  get("/servizi", servicesPage),
  get("/novita", newsPage),
  get("/sportello", deskPage),
  get("/accessibilita", accessibilityPage),
  get("/privacy", privacyPage),
  get("/note-legali", legalPage),
];
