// SPDX-License-Identifier: EUPL-1.2
/** Codes for one child each (PE-04), as families have them once they chose a password. */
import { putPersonAccounts } from "#families";
import { putAccounts, putRoleGrants } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { hashPassword } from "#kernel/password.ts";
import { PASSWORD } from "./credentials.ts";
import { signedInBy } from "./second-factor.ts";
import type { SignedIn, TestSite } from "./site.ts";

/** An account of an adult with `PASSWORD`; `childId` null: it opens all of the adult's children. */
export async function childCode(
  { app, place }: TestSite,
  of: { username: string; childId: string | null; personId?: string; displayName?: string },
): Promise<string> {
  const { username, childId, personId = place.sara.personId!, displayName = "Sara Ferrando" } = of;
  const now = app.clock.now();
  const accountId = newId();
  const passwordHash = await hashPassword(PASSWORD);
  await place.town.write(async (tx) => {
    const account = { id: accountId, username, displayName, demo: false, passwordHash };
    await putAccounts(tx, [account], now);
    await putPersonAccounts(tx, [{ accountId, personId, childId }]);
    const since = { siteId: null, classId: null, from: dayOf(now), to: null };
    await putRoleGrants(tx, [{ id: newId(), accountId, role: "guardian", ...since }]);
  });
  return accountId;
}

/** Comes in with a code, on a browser of its own. */
export async function enterWith(
  site: TestSite,
  username: string,
  password = PASSWORD,
): Promise<SignedIn> {
  const response = await site.post("/accedi", { codice: username, password });
  const session = signedInBy(site, response);
  if (!session) throw new Error(`${response.statusCode}: not let in`);
  return { ...session, accountId: "" };
}
