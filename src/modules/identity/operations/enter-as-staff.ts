// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { holdSubject } from "../sql/identities.ts";
import { recordSecurity } from "../sql/security-events.ts";
import { holdStaff } from "../sql/staff-accounts.ts";
import {
  insertStaffIdentity,
  staffByEmail,
  staffIdentitiesOf,
  staffIdentity,
  staffSubject,
  touchStaffIdentity,
} from "../sql/staff-identities.ts";

/** Whom the municipality's own provider vouches for. */
export interface VouchedStaff {
  readonly issuer: string;
  /** this person at this provider, for good */
  readonly subject: string;
  /** only an address that may be believed; `null`: none */
  readonly email: string | null;
  readonly name: string | null;
}

export type EnteredStaff =
  | { outcome: "known"; accountId: string; isFirst: boolean }
  | {
      outcome: "turned-away";
      why:
        | "identity-refused"
        | "account-disabled"
        /** nobody yet, and no address to find an account by */
        | "no-address"
        | "nobody"
        /** several accounts have that address */
        | "several"
        /** somebody else of this provider has that account: an address that was given to another person */
        | "taken";
    };

const away = (why: Extract<EnteredStaff, { outcome: "turned-away" }>["why"]): EnteredStaff => ({
  outcome: "turned-away",
  why,
});

/**
 * The account of somebody at work: found by issuer and subject; the first time by an address that equals the one of exactly
 * one account in use. Never makes an account, never gives a role.
 */
export async function enterAsStaff(
  tx: WriteTx,
  person: VouchedStaff,
  now: Moment,
): Promise<EnteredStaff> {
  const subject = staffSubject(person);
  await holdSubject(tx, subject);
  const tied = await staffIdentity(tx, subject);
  if (tied?.refusedAt) return away("identity-refused");
  if (tied && !tied.isInUse) return away("account-disabled");
  if (tied) {
    await touchStaffIdentity(tx, { subject, at: now });
    return { outcome: "known", accountId: tied.accountId, isFirst: false };
  }
  if (person.email === null) return away("no-address");
  // Of two people who bring the same address at once, one has the account.
  await holdStaff(tx);
  const [account, another] = await staffByEmail(tx, { email: person.email, date: dayOf(now) });
  if (!account) return away("nobody");
  if (another) return away("several");
  const { accountId, displayName } = account;
  const others = await staffIdentitiesOf(tx, accountId);
  const mark = staffSubject({ ...person, subject: "" });
  if (others.some((one) => one.refusedAt === null && one.subject.startsWith(mark)))
    return away("taken");
  const name = person.name ?? displayName;
  await insertStaffIdentity(tx, { subject, accountId, name, at: now });
  await recordSecurity(tx, {
    ...{ kind: "identity-linked", at: now, accountId, actorName: displayName },
    details: { means: "oidc", by: "e-mail" },
  });
  return { outcome: "known", accountId, isFirst: true };
}
