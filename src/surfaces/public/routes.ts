// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../web/route.ts";
import { routes as federationRoutes } from "./federation/routes.ts";
import { noNetworkPage, noNetworkScript } from "./offline/no-network.ts";
import { signInWithPassword, signInWithPersona } from "./sign-in/sign-in.ts";
import { choosePage, signInPage } from "./sign-in/sign-in-page.ts";
import { deskPage } from "./town/desk-page.ts";
import { accessibilityPage, legalPage, privacyPage } from "./town/legal-pages.ts";
import { servicesPage } from "./town/services-page.ts";

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
  ...federationRoutes,
  get("/senza-rete.js", noNetworkScript),
  get("/senza-rete", noNetworkPage),
  get("/servizi", servicesPage),
  get("/sportello", deskPage),
  get("/accessibilita", accessibilityPage),
  get("/privacy", privacyPage),
  get("/note-legali", legalPage),
];
