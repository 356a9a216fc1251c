// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../../web/route.ts";
import { identityPage } from "./identity-page.ts";
import { IDENTITY_PAGE } from "./identity-words.ts";
import { journalPage, searchJournalNow } from "./journal-page.ts";
import {
  checkOidc,
  disableOidc,
  enableOidc,
  makeOidcKeys,
  retireOidcKeys,
  useOidcKeys,
} from "./oidc-acts.ts";
import { oidcPage, saveOidc } from "./oidc-page.ts";
import {
  disableNow,
  enableNow,
  makeCertificate,
  retireCertificate,
  useNextCertificate,
} from "./provider-acts.ts";
import { providerPage, saveProviderNow } from "./provider-page.ts";

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  method,
  path: IDENTITY_PAGE + path,
  access: ["administrator"],
  handle,
});

/** SPID, CIE and eIDAS of the town, and the journal of what was said: the administrator's alone. */
export const identityRoutes: Route[] = [
  route("GET", "", identityPage),
  route("GET", "/registro", journalPage),
  // Whoever looks people up does so one at a time.
  { ...route("POST", "/registro", searchJournalNow), perMinute: 20 },
  route("GET", "/cie-oidc", oidcPage),
  route("POST", "/cie-oidc", saveOidc),
  { ...route("POST", "/cie-oidc/chiavi", makeOidcKeys), perMinute: 10 },
  route("POST", "/cie-oidc/chiavi/usa", useOidcKeys),
  route("POST", "/cie-oidc/chiavi/ritira", retireOidcKeys),
  // Asks others' machines.
  { ...route("POST", "/cie-oidc/prova", checkOidc), perMinute: 10 },
  route("POST", "/cie-oidc/attiva", enableOidc),
  route("POST", "/cie-oidc/disattiva", disableOidc),
  route("GET", "/:federation", providerPage),
  route("POST", "/:federation", saveProviderNow),
  // A key costs seconds of the machine.
  { ...route("POST", "/:federation/certificato", makeCertificate), perMinute: 10 },
  route("POST", "/:federation/certificato/usa", useNextCertificate),
  route("POST", "/:federation/certificato/ritira", retireCertificate),
  route("POST", "/:federation/attiva", enableNow),
  route("POST", "/:federation/disattiva", disableNow),
];
