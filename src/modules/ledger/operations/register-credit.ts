// SPDX-License-Identifier: EUPL-1.2
import { type Actor, OFFICE_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import type { FamilyAccount } from "../rules/account-key.ts";
import {
  checkCredit,
  type CreditFault,
  type CreditMethod,
  sourceOf,
} from "../rules/check-credit.ts";
import { post } from "./post.ts";

export type RegisterCreditOutcome =
  | { outcome: "registered" }
  /** the same form sent again */
  | { outcome: "already-registered" }
  | { outcome: "refused"; faults: CreditFault[] }
  | { outcome: "forbidden" };

const MAY_REGISTER = new Set<Actor["role"]>([...OFFICE_ROLES, "system"]);

/**
 * The office credits a family's account by hand, with a reason, on the record (MC-05, BI-09, X-15). The
 * caller has checked that the account is of a family of this town. The same key with another amount throws
 * `LedgerKeyConflict`.
 */
export async function registerCredit(
  tx: WriteTx,
  of: {
    actor: Actor;
    account: FamilyAccount;
    method: CreditMethod;
    amountCents: bigint;
    happenedOn: Day;
    reason: string;
    /** of the form: sent twice, it is posted once */
    key: string;
    recordedAt: Moment;
    /** no credit happened before: the first day of the school year in course */
    earliest?: Day;
  },
): Promise<RegisterCreditOutcome> {
  const { actor, account, method, amountCents, happenedOn, recordedAt } = of;
  if (!MAY_REGISTER.has(actor.role)) return { outcome: "forbidden" };
  const faults = checkCredit(of, { today: dayOf(recordedAt), earliest: of.earliest });
  if (faults.length > 0) return { outcome: "refused", faults };
  const reason = of.reason.trim();
  const transfer = {
    key: `credit:${of.key}`,
    debit: { kind: sourceOf(method) },
    credit: account,
    amountCents,
    kind: "credit",
    happenedOn,
    reference: { method, reason },
  };
  if ((await post(tx, transfer, recordedAt)) === "already-there") {
    return { outcome: "already-registered" };
  }
  await recordAudit(tx, {
    actor,
    at: recordedAt,
    action: "ledger.register-credit",
    holderId: account.holderId,
    childId: account.childId ?? null,
    reason,
    details: {
      method,
      amountCents: amountCents.toString(),
      happenedOn: happenedOn.toString(),
      key: of.key,
    },
  });
  return { outcome: "registered" };
}
