// SPDX-License-Identifier: EUPL-1.2
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { typedUsername } from "#identity";
import { cookieName } from "./form-fields.ts";
import type { Visit } from "./visit.ts";

/** A family shares a browser; more people than this, and the first one is a stranger again. */
const MOST = 4;
const KEEP_SECONDS = 400 * 24 * 3600;
const ENTRY = /^[\w-]{22}\.[\w-]{43}$/;

const nameFor = ({ app, tenant }: Visit): string =>
  `${app.secureCookies ? "__Host-" : ""}${cookieName(tenant)}_noto`;

/**
 * Has this browser signed in with that user code before? Then its attempts are counted by themselves: whoever tries the
 * code from elsewhere makes nobody wait here. The word of a browser opens nothing; `null`: not known.
 */
export function knownBrowser(visit: Visit, username: string): string | null {
  const entry = entriesOf(visit).find((one) => isFor(visit, one, username));
  return entry?.split(".")[0] ?? null;
}

/** After a sign-in: from now on this browser is known for the user code. */
export function rememberBrowser(visit: Visit, username: string): void {
  if (knownBrowser(visit, username) !== null) return;
  const id = randomBytes(16).toString("base64url");
  const entries = [...entriesOf(visit), `${id}.${markOf(visit, id, username)}`].slice(-MOST);
  visit.reply.setCookie(nameFor(visit), entries.join("~"), {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: visit.app.secureCookies,
    maxAge: KEEP_SECONDS,
  });
}

function entriesOf(visit: Visit): string[] {
  const text = visit.request.cookies[nameFor(visit)]?.slice(0, 600) ?? "";
  return text.split("~").filter((one) => ENTRY.test(one));
}

const markOf = ({ app, tenant }: Visit, id: string, username: string): string =>
  createHmac("sha256", app.formKey)
    .update(JSON.stringify(["known browser", tenant.id, typedUsername(username), id]))
    .digest("base64url");

function isFor(visit: Visit, entry: string, username: string): boolean {
  const [id = "", mark = ""] = entry.split(".");
  const expected = Buffer.from(markOf(visit, id, username));
  const given = Buffer.from(mark);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
