// SPDX-License-Identifier: EUPL-1.2
import { isMomentAfter, type Moment } from "#kernel/dates.ts";

/** A code for one child of an adult (PE-04), and the group it was joined to. */
export interface ChildAccess {
  readonly accountId: string;
  readonly childId: string;
  /** `null`: never joined */
  readonly groupId: string | null;
  readonly joinedAt: Moment | null;
  /** when the password was chosen that it was joined with */
  readonly passwordChangedAt: Moment | null;
}

/** Of the accounts that may be used: since when each has the password of now. */
export type Passwords = ReadonlyMap<string, Moment | null>;

/**
 * The codes that open one another with this one, itself first (OS-08). One whose password is another since it was joined,
 * or whose account may not be used, has no part in it: neither is shown by the others, nor shows them.
 * @param accesses of one adult
 */
export function joinedGroup(
  accesses: readonly ChildAccess[],
  passwords: Passwords,
  accountId: string,
): ChildAccess[] {
  const own = accesses.find((one) => one.accountId === accountId);
  if (!own) return [];
  if (own.groupId === null || !stands(own, passwords)) return [own];
  const others = accesses.filter(
    (one) => one !== own && one.groupId === own.groupId && stands(one, passwords),
  );
  return [own, ...others];
}

function stands({ accountId, passwordChangedAt }: ChildAccess, passwords: Passwords): boolean {
  const now = passwords.get(accountId);
  return now !== undefined && isSameMoment(now, passwordChangedAt);
}

export const isSameMoment = (a: Moment | null, b: Moment | null): boolean =>
  a === null || b === null ? a === b : !isMomentAfter(a, b) && !isMomentAfter(b, a);
