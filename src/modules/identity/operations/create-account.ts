// SPDX-License-Identifier: EUPL-1.2
import type { Role } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { hashPassword } from "#kernel/password.ts";
import type { PasswordFault } from "../rules/password-policy.ts";
import { accountForLogin, putAccounts, putRoleGrants } from "../sql/accounts.ts";
import { type JudgedPassword, judgePassword } from "./judge-password.ts";

export type CreatedAccount =
  | { outcome: "created"; accountId: string }
  | { outcome: "username-taken" | "username-wrong" }
  | { outcome: "weak"; fault: PasswordFault };

const noList = (): Promise<boolean> => Promise.resolve(false);

/** An account with a password, for a real installation (`campanella user create`). */
export async function createAccount(
  tx: WriteTx,
  of: Pick<JudgedPassword, "password" | "townName"> & {
    /** absent: the operator has no list */
    isStolen?: JudgedPassword["isStolen"] | undefined;
    username: string;
    displayName: string;
    role: Role;
    siteIds: readonly string[];
    now: Moment;
  },
): Promise<CreatedAccount> {
  const username = of.username.trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9._-]{2,39}$/.test(username)) return { outcome: "username-wrong" };
  const fault = await judgePassword({ ...of, isStolen: of.isStolen ?? noList }, [
    of.displayName,
    username,
  ]);
  if (fault) return { outcome: "weak", fault };
  if (await accountForLogin(tx, username)) return { outcome: "username-taken" };
  const id = newId();
  const passwordHash = await hashPassword(of.password);
  const account = { id, username, displayName: of.displayName, demo: false, passwordHash };
  await putAccounts(tx, [account], of.now);
  const sites = of.siteIds.length > 0 ? of.siteIds : [null];
  await putRoleGrants(
    tx,
    sites.map((siteId) => ({
      id: newId(),
      accountId: id,
      role: of.role,
      siteId,
      classId: null,
      from: dayOf(of.now),
      to: null,
    })),
  );
  return { outcome: "created", accountId: id };
}
