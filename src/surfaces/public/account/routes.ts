// SPDX-License-Identifier: EUPL-1.2
import { ROLES } from "#kernel/actor.ts";
import type { Route } from "../../web/route.ts";
import {
  addCodesNow,
  addPasskeyNow,
  newPasskeyChallenge,
  removeCodesNow,
  removePasskeyNow,
  showMeans,
} from "./sign-in-means.ts";
import { joinNow, joinPage, SPLIT, splitNow } from "./join-access.ts";
import { JOIN_PAGE, MEANS_PAGE } from "./means-page.ts";

const post = (path: string, handle: Route["handle"]): Route => ({
  ...{ method: "POST", access: ROLES, perMinute: 30 },
  path: MEANS_PAGE + path,
  handle,
});

/** One's own ways to sign in: of everybody who signed in. */
export const accountRoutes: Route[] = [
  { method: "GET", path: MEANS_PAGE, access: ROLES, handle: showMeans },
  post("/passkey/sfida", newPasskeyChallenge),
  post("/passkey", addPasskeyNow),
  post("/passkey/togli", removePasskeyNow),
  post("/codici", addCodesNow),
  post("/codici/togli", removeCodesNow),
  { method: "GET", path: JOIN_PAGE, access: ROLES, handle: joinPage },
  // As often as a sign-in may be tried.
  { method: "POST", path: JOIN_PAGE, access: ROLES, perMinute: 10, handle: joinNow },
  { method: "POST", path: SPLIT, access: ROLES, perMinute: 30, handle: splitNow },
];
