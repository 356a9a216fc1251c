// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { balanceOf, type FamilyAccount } from "#ledger";
import { DEBTS, type PositionKind } from "../rules/match-receipt.ts";
import { isPending } from "../rules/notice-state.ts";
import {
  datesFault,
  isLineOf,
  mergeLines,
  type PlanDatesFault,
  unpaidNotices,
} from "../rules/instalment-plan.ts";
import { evenInstalments, type LineDraft } from "../rules/plan-notices.ts";
import { lockMoneyDesk } from "../sql/money-requests.ts";
import * as notices from "../sql/notices.ts";
import { MAY_DECIDE_MONEY } from "./answer-money-request.ts";
import type { Missing } from "./beneficiaries.ts";
import { issueNotices } from "./issue-notices.ts";
import { replaceNotices } from "./replace-notices.ts";
import { tellMoney } from "./tell-money-desk.ts";

/** What is paid in parts: a notice that nobody has paid, or what an account owes without a notice. */
export type PlanSource =
  | { kind: "notice"; noticeId: string }
  | {
      kind: "debt";
      account: FamilyAccount;
      childId: string | null;
      serviceId: string;
      amountCents: Cents;
      subject: string;
      /** of it, what a next bill will ask for: no debt yet, a plan would ask for it twice */
      soonCents?: Cents;
    };

export type PlannedInstalments =
  | { outcome: "planned"; notices: notices.Notice[] }
  | { outcome: "refused"; fault: PlanDatesFault }
  /** somebody is paying the old notice this very moment */
  | { outcome: "payment-pending" }
  | { outcome: "nothing-to-pay" }
  | { outcome: "not-a-debt" }
  | { outcome: "unknown" }
  | { outcome: "forbidden" | "key-reused" | "reason-missing" }
  /** an account does not owe so much, less what notices ask for already */
  | { outcome: "more-than-owed"; owedCents: Cents }
  | { outcome: "not-configured"; missing: Missing };

/**
 * Replaces what a family has to pay with instalments: the old notices are over (`replaced`), one new notice per
 * instalment is issued, all in one transaction. Refused while somebody is paying.
 */
export async function planInstalments(
  tx: WriteTx,
  of: {
    actor: Actor;
    source: PlanSource;
    dueOn: readonly Day[];
    reason: string;
    key: string;
    now: Moment;
  },
): Promise<PlannedInstalments> {
  const { actor, source, dueOn, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, 500);
  if (reason === "") return { outcome: "reason-missing" };
  await lockMoneyDesk(tx);
  const key = `instalments:${of.key}`;
  const done = await planMadeBefore(tx, key);
  if (done) return { outcome: "planned", notices: done };
  const found = await (source.kind === "notice"
    ? ofNotice(tx, source.noticeId, now)
    : ofDebt(tx, source));
  if (found.outcome !== "found") return found;
  const { kind, holderId, lines, old, subject } = found;
  const totalCents = lines.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const fault = datesFault({ dueOn, totalCents, today: dayOf(now) });
  if (fault) return { outcome: "refused", fault };
  const draft = {
    key,
    kind,
    holderId,
    subject,
    dueOn: null,
    payableAfterDue: true,
    lines,
    instalments: evenInstalments(totalCents, dueOn),
    onlyInstalments: true,
  };
  const issued = await issueNotices(tx, { drafts: [draft], by: actor.name, now });
  if (issued.outcome === "not-configured" || issued.outcome === "key-reused")
    return issued.outcome === "key-reused" ? { outcome: "key-reused" } : issued;
  if (issued.outcome === "refused") throw new Error(`an instalment plan: ${issued.fault}`);
  const fresh = issued.positions[0]!.notices;
  await replaceNotices(tx, { old, by: fresh[0]!, actor, reason, now });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.plan-instalments",
    holderId,
    reason,
    details: {
      amountCents: totalCents.toString(),
      instalments: fresh.length,
      replaced: old.map(({ noticeNumber }) => noticeNumber),
    },
  });
  await tellMoney(tx, {
    told: [
      {
        holderIds: [holderId],
        event: { kind: "plan", count: fresh.length, amountCents: totalCents, firstOn: dueOn[0]! },
        key,
      },
    ],
    now,
  });
  return { outcome: "planned", notices: fresh };
}

/** The same form sent again. */
async function planMadeBefore(tx: ReadTx, key: string): Promise<notices.Notice[] | null> {
  const [position] = await notices.positionsByKey(tx, [key]);
  return position ? notices.noticesOfPositions(tx, [position.id]) : null;
}

type Found =
  | {
      outcome: "found";
      kind: PositionKind;
      holderId: string;
      subject: string;
      lines: LineDraft[];
      /** the notices that the plan takes the place of */
      old: notices.Notice[];
    }
  | Extract<
      PlannedInstalments,
      {
        outcome: "payment-pending" | "nothing-to-pay" | "not-a-debt" | "unknown" | "more-than-owed";
      }
    >;

async function ofNotice(tx: WriteTx, noticeId: string, now: Moment): Promise<Found> {
  const [chosen] = await notices.noticesById(tx, [noticeId]);
  if (!chosen) return { outcome: "unknown" };
  if (!DEBTS.includes(chosen.kind)) return { outcome: "not-a-debt" };
  const siblings = await notices.noticesOfPositions(tx, [chosen.positionId]);
  const all = await notices.noticesById(
    tx,
    siblings.map(({ id }) => id),
    "lock",
  );
  const { over, asking } = unpaidNotices(all);
  if (asking.length === 0) return { outcome: "nothing-to-pay" };
  if (over.some(({ lastAttemptAt }) => isPending(lastAttemptAt, now)))
    return { outcome: "payment-pending" };
  const lines = await notices.linesOf(
    tx,
    asking.map(({ id }) => id),
  );
  const { kind, holderId, subject } = chosen;
  return { outcome: "found", kind, holderId, subject, lines: mergeLines(lines), old: over };
}

async function ofDebt(tx: WriteTx, source: Extract<PlanSource, { kind: "debt" }>): Promise<Found> {
  const { account, amountCents, childId, serviceId, subject, soonCents } = source;
  const { holderId, childId: accountChildId = null, serviceId: accountServiceId = null } = account;
  const owedCents = await debtWithoutNotice(tx, account, soonCents);
  if (amountCents <= 0n || amountCents > owedCents) return { outcome: "more-than-owed", owedCents };
  const line = { holderId, accountChildId, accountServiceId, childId, serviceId, amountCents };
  return { outcome: "found", kind: "old-debt", holderId, subject, lines: [line], old: [] };
}

/**
 * What an account owes beyond what its open notices ask for, and beyond `soonCents`, which a next bill will ask for;
 * never below zero.
 */
export async function debtWithoutNotice(
  tx: ReadTx,
  account: FamilyAccount,
  soonCents: Cents = 0n,
): Promise<Cents> {
  const { holderId } = account;
  const open = (await notices.noticesOfHolders(tx, [holderId])).filter(
    ({ state, kind }) => (state === "issued" || state === "expired") && DEBTS.includes(kind),
  );
  const asking = [...Map.groupBy(open, ({ positionId }) => positionId).values()].flatMap(
    (position) => unpaidNotices(position).asking,
  );
  const lines = await notices.linesOf(
    tx,
    asking.map(({ id }) => id),
  );
  const asked = lines
    .filter((line) => isLineOf(line, account))
    .reduce((sum, line) => sum + line.amountCents, 0n);
  const owed = -(await balanceOf(tx, account)) - asked - soonCents;
  return owed > 0n ? owed : 0n;
}
