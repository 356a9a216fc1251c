// SPDX-License-Identifier: EUPL-1.2
import { oldestInUse, putAccounts, putRoleGrants, roleGrantsOf } from "#identity";
import type { Role } from "#kernel/actor.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { accountIdsOfPerson } from "../sql/accounts.ts";

/**
 * The adult's own account if there is one (credentials, a persona) that opens nothing at work; otherwise a new one
 * without a password.
 */
export async function accountOfAdult(
  tx: WriteTx,
  of: { personId: string | null; name: string; now: Moment },
): Promise<string> {
  const own = of.personId && (await oldestInUse(tx, await accountIdsOfPerson(tx, of.personId)));
  if (own) return own;
  const id = newId();
  const account = { id, username: `identity-${id}`, displayName: of.name, demo: false };
  await putAccounts(tx, [{ ...account, passwordHash: null }], of.now);
  return id;
}

/** Everywhere, from that day on; what the account holds already stays as it is. */
export async function grantMissing(
  tx: WriteTx,
  accountId: string,
  roles: readonly Role[],
  from: Day,
): Promise<void> {
  const held = new Set((await roleGrantsOf(tx, { accountId, date: from })).map(({ role }) => role));
  const missing = roles.filter((role) => !held.has(role));
  const where = { accountId, siteId: null, classId: null, from, to: null };
  await putRoleGrants(
    tx,
    missing.map((role) => ({ id: newId(), role, ...where })),
  );
}
