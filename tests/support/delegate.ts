// SPDX-License-Identifier: EUPL-1.2
import { enterWithIdentity, insertDelegate } from "#families";
import { openSession } from "#identity";
import type { DelegateScope } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { cookieName, csrfToken } from "../../src/surfaces/web/visit.ts";
import { withControl } from "./complete-family.ts";
import type { SignedIn, TestSite } from "./site.ts";

let nth = 0;
/** Somebody new each time: `RSSRSA60A41` and a town of birth. */
const newCode = (): string => withControl(`RSSRSA60A41F2${String((nth += 1)).padStart(2, "0")}`);

/** Somebody whom a holder let act in these ways, signed in with SPID (BO-23). */
export async function delegateOf(
  { app, place, tenant }: TestSite,
  of: { holderId: string; scopes: readonly DelegateScope[] },
): Promise<SignedIn> {
  const { holderId, scopes } = of;
  const codiceFiscale = newCode();
  const now = app.clock.now();
  const name = { givenName: "Rosa", surname: "Delegata" };
  const { accountId, token } = await place.town.write(async (tx) => {
    const row = { id: newId(), holderId, codiceFiscale, ...name, scopes };
    const since = { from: day("2026-09-01"), to: null, addedAt: now, addedBy: "Sara Ferrando" };
    await insertDelegate(tx, { ...row, ...since });
    const identity = { codiceFiscale, ...name, birthDate: null };
    const entered = await enterWithIdentity(tx, identity, now);
    if (entered.outcome !== "known") throw new Error(entered.outcome);
    // Whoever pays is asked for an e-mail address first.
    await tx.run(sql`update person set email = 'rosa@posta.example'
      where tenant_id = ${tx.tenantId} and codice_fiscale = ${codiceFiscale}`);
    const session = { accountId: entered.accountId, means: "spid", level: 2, now } as const;
    return { accountId: entered.accountId, token: await openSession(tx, session) };
  });
  const cookie = `${cookieName(tenant)}=${token}`;
  return { accountId, token, cookie, csrf: csrfToken(app, tenant, { token }) };
}
