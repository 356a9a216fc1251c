// SPDX-License-Identifier: EUPL-1.2
import { FEDERATIONS } from "#identity";
import { OIDC_PATH } from "../../web/oidc-party.ts";
import type { Route } from "../../web/route.ts";
import { acs } from "./acs.ts";
import { LINK_PAGE, linkNow, linkPage } from "./ask-link.ts";
import { enterWith } from "./enter.ts";
import { metadata } from "./metadata.ts";
import { leaveThere, leftPage, signOutHere } from "./leave.ts";
import { callback } from "./oidc/callback.ts";
import { enterWithOidc } from "./oidc/enter.ts";
import { configuration, resolve } from "./oidc/statements.ts";
import { OUTCOME_PATH, outcomeAgain } from "./outcome-pages.ts";
import { logoutByForm, logoutByLink } from "./slo.ts";
import { returnFromWork } from "./staff-oidc/callback.ts";
import { enterAtWork } from "./staff-oidc/enter.ts";
import { STAFF_DOOR, STAFF_RETURN } from "../../web/staff-provider.ts";

/**
 * Each costs a signature to check or to make. Families of many towns share the addresses of their telephone company, and
 * most sign in within the same quarter of an hour: the limit is for machines.
 */
const PER_MINUTE = 300;

/** The doors of the federations: `/spid/metadata`, `/spid/entra`, `/spid/acs`, `/spid/slo`, and so for CIE and eIDAS. */
const federations: Route[] = FEDERATIONS.flatMap((federation): Route[] => {
  const at = { access: "public", perMinute: PER_MINUTE } as const;
  const base = `/${federation}`;
  return [
    { ...at, method: "GET", path: `${base}/metadata`, handle: metadata(federation) },
    { ...at, method: "GET", path: `${base}/entra`, handle: enterWith(federation) },
    { ...at, method: "GET", path: base + OUTCOME_PATH, handle: outcomeAgain(federation) },
    { ...at, method: "POST", path: `${base}/acs`, handle: acs(federation), fromOutside: true },
    { ...at, method: "GET", path: `${base}/slo`, handle: logoutByLink(federation) },
    {
      ...at,
      method: "POST",
      path: `${base}/slo`,
      handle: logoutByForm(federation),
      fromOutside: true,
    },
  ];
});

/** CIE by OpenID Connect, the other door to the same people. */
const oidc: Route[] = [
  ["/.well-known/openid-federation", configuration] as const,
  ["/resolve", resolve] as const,
  ["/entra", enterWithOidc] as const,
  ["/callback", callback] as const,
].map(([path, handle]) => ({
  ...{ method: "GET", access: "public", perMinute: PER_MINUTE },
  path: `${OIDC_PATH}${path}`,
  handle,
}));

/** The municipality's own provider, for those who work here. */
const atWork: Route[] = [
  [STAFF_DOOR, enterAtWork] as const,
  [STAFF_RETURN, returnFromWork] as const,
].map(([path, handle]) => ({
  ...{ method: "GET", access: "public", perMinute: PER_MINUTE, path, handle },
}));

export const routes: Route[] = [
  ...federations,
  ...oidc,
  ...atWork,
  { method: "GET", path: LINK_PAGE, access: "public", handle: linkPage },
  { method: "POST", path: LINK_PAGE, access: "public", perMinute: 30, handle: linkNow },
  { method: "POST", path: "/esci", access: "public", handle: signOutHere },
  { method: "GET", path: "/uscita", access: "public", handle: leftPage },
  { method: "GET", path: "/uscita/provider", access: "public", handle: leaveThere },
];
