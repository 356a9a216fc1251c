// SPDX-License-Identifier: EUPL-1.2
/** Staff with a password and an authenticator app, as they come in. */
import { TOTP } from "otpauth";
import { createAccount } from "#identity";
import type { Role } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import { csrfToken } from "../../src/surfaces/web/visit.ts";
import { sessionCookieName } from "../../src/surfaces/web/form-fields.ts";
import type { SignedIn, TestSite } from "./site.ts";

export const STAFF_PASSWORD = "il trattore viola sul tetto";

/** An account with a password; returns its id. */
export async function staffAccount(
  site: TestSite,
  of: { username: string; role: Role; displayName?: string },
): Promise<string> {
  const made = await site.place.town.write((tx) =>
    createAccount(tx, {
      displayName: "Marta Conti",
      password: STAFF_PASSWORD,
      siteIds: [],
      townName: "Borgo di prova",
      now: site.app.clock.now(),
      ...of,
    }),
  );
  if (made.outcome !== "created") throw new Error(made.outcome);
  return made.accountId;
}

type Response = Awaited<ReturnType<TestSite["get"]>>;

/** Cookies an answer sets, as the browser sends them back; those taken away are empty. */
export const cookiesOf = (response: Response): Map<string, string> =>
  new Map(response.cookies.map(({ name, value }) => [name, value]));

/** The first half: user code and password. `half`: the cookie header for what follows. */
export async function withPassword(
  site: TestSite,
  username: string,
  more: Record<string, string> = {},
): Promise<{ response: Response; half: string }> {
  const fields = { codice: username, password: STAFF_PASSWORD, ...more };
  const response = await site.post("/accedi", fields);
  const name = `${sessionCookieName(site.app, site.tenant)}_codice`;
  return { response, half: `${name}=${cookiesOf(response).get(name) ?? ""}` };
}

/** As the app shows it. */
export const appCode = (secret: string, at: Moment): string =>
  new TOTP({ secret }).generate({ timestamp: at.epochMilliseconds });

export const hidden = (body: string, name: string): string =>
  new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(body)?.[1] ?? "";

/** The key under the QR code. */
export const offered = (body: string): string =>
  (/secret-key">([A-Z2-7 ]+)</.exec(body)?.[1] ?? "").replaceAll(" ", "");

/** Whom the answer signed in; `null`: nobody. */
export function signedInBy(site: TestSite, response: Response): Omit<SignedIn, "accountId"> | null {
  const name = sessionCookieName(site.app, site.tenant);
  const token = cookiesOf(response).get(name);
  if (!token) return null;
  return {
    token,
    cookie: `${name}=${token}`,
    csrf: csrfToken(site.app, site.tenant, { token }),
  };
}
