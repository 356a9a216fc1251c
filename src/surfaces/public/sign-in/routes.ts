// SPDX-License-Identifier: EUPL-1.2
import type { Route } from "../../web/route.ts";
import { activateNow, activatePage } from "./activate.ts";
import { SECOND_FACTOR } from "./half-cookie.ts";
import { enterWithPasskey, PASSKEY, passkeyChallenge } from "./passkey.ts";
import { recoverNow, recoverPage, resetNow, resetPage, sentPage } from "./recover.ts";
import {
  FIRST_PASSKEY,
  finishNow,
  finishWithFirstPasskey,
  firstPasskeyChallenge,
  secondFactorPage,
} from "./second-factor.ts";

/** Guessing and filling letter boxes are the dangers here: few a minute and address, less inside. */
const PER_MINUTE = 10;

const at = { access: "public", perMinute: PER_MINUTE } as const;

export const routes: Route[] = [
  { method: "GET", path: "/accedi/attiva", access: "public", handle: activatePage },
  { ...at, method: "POST", path: "/accedi/attiva", handle: activateNow },
  { method: "GET", path: SECOND_FACTOR, access: "public", handle: secondFactorPage },
  { ...at, perMinute: 30, method: "POST", path: SECOND_FACTOR, handle: finishNow },
  {
    ...{ ...at, perMinute: 30, method: "POST" },
    ...{ path: `${FIRST_PASSKEY}/sfida`, handle: firstPasskeyChallenge },
  },
  { ...at, perMinute: 30, method: "POST", path: FIRST_PASSKEY, handle: finishWithFirstPasskey },
  { ...at, perMinute: 30, method: "POST", path: `${PASSKEY}/sfida`, handle: passkeyChallenge },
  { ...at, perMinute: 30, method: "POST", path: PASSKEY, handle: enterWithPasskey },
  { method: "GET", path: "/accedi/recupero", access: "public", handle: recoverPage },
  { ...at, method: "POST", path: "/accedi/recupero", handle: recoverNow },
  { method: "GET", path: "/accedi/recupero/inviato", access: "public", handle: sentPage },
  { ...at, perMinute: 30, method: "GET", path: "/accedi/recupero/:token", handle: resetPage },
  { ...at, method: "POST", path: "/accedi/recupero/:token", handle: resetNow },
];
