// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES, type Route } from "../../web/route.ts";
import { familyCredentialsPage, makeFamilyLetter } from "./family-credentials.ts";
import { discardLettersNow, letterFile, letterRunPage, letterRunVersion } from "./letter-run.ts";
import { letterRunsPage, newLettersPage, startLettersNow } from "./letter-runs.ts";
import { LETTERS } from "./letter-words.ts";

const FAMILY = "/ufficio/famiglie/:id/credenziali";

const route = (method: "GET" | "POST", path: string, handle: Route["handle"]): Route => ({
  ...{ method, path, handle },
  access: OFFICE_ROLES,
});

export const credentialRoutes: Route[] = [
  route("GET", FAMILY, familyCredentialsPage),
  route("POST", FAMILY, makeFamilyLetter),
  route("GET", LETTERS, letterRunsPage),
  route("GET", `${LETTERS}/nuove`, newLettersPage),
  route("POST", `${LETTERS}/nuove`, startLettersNow),
  route("GET", `${LETTERS}/:id`, letterRunPage),
  route("GET", `${LETTERS}/:id/stato`, letterRunVersion),
  route("GET", `${LETTERS}/:id/lettere.pdf`, letterFile),
  route("POST", `${LETTERS}/:id/elimina`, discardLettersNow),
];
