// SPDX-License-Identifier: EUPL-1.2
import { dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { accountKey, type FamilyAccount } from "#ledger";
import { DEBTS } from "../rules/match-receipt.ts";
import { restOfLines } from "../rules/instalment-plan.ts";
import type { LineDraft } from "../rules/plan-notices.ts";
import * as notices from "../sql/notices.ts";
import type { Receipt } from "../sql/receipts.ts";
import { issueNotices } from "./issue-notices.ts";
import { debtWithoutNotice } from "./plan-instalments.ts";

/** As long as a bill that is drawn anew leaves. */
const LEAST_DAYS_TO_PAY = 15;

/**
 * An instalment that came short, once the office has said where its money goes: what is missing is asked for by a notice
 * of the same number in the plan. A bill and a fee are asked for by what is open of them; a plan has its notices
 * alone. `credited`: the account that has the money, null when it goes back. Null: nothing is missing, or pagoPA is not set up.
 */
export async function askInstalmentRest(
  tx: WriteTx,
  of: {
    receipt: Receipt;
    notice: notices.Notice;
    credited: FamilyAccount | null;
    by: string;
    now: Moment;
  },
): Promise<notices.Notice | null> {
  const { receipt, notice, credited, by, now } = of;
  const { instalment, kind, holderId, subject, payableAfterDue } = notice;
  if (receipt.verdict !== "other-amount" || instalment === null || !DEBTS.includes(kind))
    return null;
  const rest = restOfLines(await notices.linesOf(tx, [notice.id]), {
    account: credited,
    amountCents: receipt.amountCents,
  });
  const lines = await stillOwed(tx, rest);
  const amountCents = lines.reduce((sum, line) => sum + line.amountCents, 0n);
  if (amountCents === 0n) return null;
  const soonest = dayOf(now).add({ days: LEAST_DAYS_TO_PAY });
  const dueOn = notice.dueOn && isBefore(soonest, notice.dueOn) ? notice.dueOn : soonest;
  const draft = {
    key: `instalment-rest:${notice.id}`,
    kind,
    holderId,
    subject,
    dueOn: null,
    payableAfterDue,
    lines,
    instalments: [{ dueOn, amountCents, number: instalment }],
    onlyInstalments: true,
  };
  const issued = await issueNotices(tx, { drafts: [draft], by, now });
  if (issued.outcome === "not-configured") return null;
  if (issued.outcome !== "issued") throw new Error(`the rest of an instalment: ${issued.outcome}`);
  return issued.positions[0]!.notices[0]!;
}

/**
 * No more than the accounts owe beyond what other notices ask for: since the plan was made a fee may cost less, or the
 * rest be in another plan. A bill says by itself what is open of it.
 */
async function stillOwed<L extends LineDraft>(tx: ReadTx, lines: readonly L[]): Promise<L[]> {
  const owed = new Map<string, Cents>();
  const asked: L[] = [];
  // house-allow query-in-loop: the children of one notice
  for (const line of lines) {
    if (line.billId) {
      asked.push(line);
      continue;
    }
    const account = accountOfLine(line);
    const key = accountKey(account);
    const left = owed.get(key) ?? (await debtWithoutNotice(tx, account));
    const amountCents = left < line.amountCents ? left : line.amountCents;
    owed.set(key, left - amountCents);
    if (amountCents > 0n) asked.push({ ...line, amountCents });
  }
  return asked;
}

const accountOfLine = (line: LineDraft): FamilyAccount => ({
  kind: "family",
  holderId: line.holderId,
  childId: line.accountChildId,
  serviceId: line.accountServiceId,
});
