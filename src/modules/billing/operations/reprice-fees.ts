// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { lockMoneyDesk, type Notice, replaceNotices } from "#payments";
import { lockBilling } from "../sql/bills.ts";
import { feesOfHolders } from "../sql/fees.ts";
import { feeNoticeKeys, issueFeeNotices } from "./issue-fee-notices.ts";
import type { FeesToPost, NoticeChange } from "./plan-fee-notices.ts";
import { type FeeRepricing, type FeeSpan, planFees } from "./plan-fees.ts";
import { chargeFees, saveFeeDecisions } from "./post-fees.ts";
import { LONGEST_REASON, MAY_REPRICE } from "./reprice-meals.ts";
import { reverseCharges } from "./reverse-charges.ts";
import { tellRepricedFees } from "./tell-fees.ts";

/** What fixed fees that are posted would cost by the tariff, ISEE and payers known now; nothing is written. */
export const previewFees = async (tx: ReadTx, of: FeeSpan): Promise<FeeRepricing> =>
  (await planFees(tx, { ...of, lock: false })).repricing;

/** What a preview showed, in short: posted is that, or nothing. */
export function feesMark({ fees, notices }: FeeRepricing): string {
  const shown = [
    fees.map((fee) => [fee.period, fee.childId, fee.holderId, fee.before, fee.after, fee.whyNot]),
    notices.map(({ old, openCents }) => [old.map(({ id }) => id), openCents]),
  ];
  const text = JSON.stringify(shown, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

export type RepricedFees =
  /** `left`: stay as they are for now, as the preview said */
  | { outcome: "repriced"; fees: number; left: number; differenceCents: Cents }
  | { outcome: "nothing-to-do" }
  /** not what the preview showed: something came meanwhile */
  | { outcome: "changed" }
  | { outcome: "forbidden" | "reason-missing" };

/**
 * Posts what the preview showed: what of a fee changes is reversed and posted anew with the reasons of today; a paid
 * instalment stays paid. Notices that ask for another sum now are replaced. Who pays is told, once.
 */
export async function repriceFees(
  tx: WriteTx,
  of: FeeSpan & { actor: Actor; shown: string; reason: string },
): Promise<RepricedFees> {
  const { actor, serviceId, now } = of;
  if (!MAY_REPRICE.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason === "") return { outcome: "reason-missing" };
  await lockBilling(tx);
  // Instalments planned at this moment would go on asking for the fee that is over.
  await lockMoneyDesk(tx);
  const { repricing, posts } = await planFees(tx, { ...of, lock: true });
  if (repricing.fees.length === 0) return { outcome: "nothing-to-do" };
  if (feesMark(repricing) !== of.shown) return { outcome: "changed" };
  // house-allow query-in-loop: one batch per period, as fees are posted; ten in a school year at most
  for (const post of posts) await postPeriod(tx, { serviceId, post, reason, now });
  const changes = await askAnew(tx, { changes: repricing.notices, actor, reason, now });
  const changed = repricing.fees.filter(({ whyNot }) => whyNot === null);
  await tellRepricedFees(tx, { serviceId, fees: changed, changes, reason, now });
  const differenceCents = repricing.afterCents - repricing.beforeCents;
  await recordAudit(tx, {
    actor,
    at: now,
    action: "billing.reprice-fees",
    childId: of.childIds?.length === 1 ? of.childIds[0]! : null,
    reason,
    details: {
      serviceId,
      from: of.from.toString(),
      to: of.to.toString(),
      fees: changed.length,
      notices: changes.length,
      differenceCents: differenceCents.toString(),
    },
  });
  const left = repricing.fees.length - changed.length;
  return { outcome: "repriced", fees: changed.length, left, differenceCents };
}

async function postPeriod(
  tx: WriteTx,
  of: { serviceId: string; post: FeesToPost; reason: string; now: Moment },
): Promise<void> {
  const { post, now } = of;
  await reverseCharges(tx, post.takenBack, of);
  await saveFeeDecisions(tx, post.priced);
  const { period, fresh } = post;
  const posted = await chargeFees(tx, { serviceId: of.serviceId, period, fees: fresh, now });
  if (posted !== fresh.length) throw new Error(`${fresh.length} fees anew, ${posted} posted`);
}

/** A notice that was replaced; `by` null: withdrawn, nothing is left to ask. */
export interface ChangedNotice {
  holderId: string;
  /** what is asked for now */
  feeId: string | null;
  replaced: string[];
  by: Notice | null;
}

/** The notices of the fees as they are now. Where the town cannot be paid by notice (any more) the old ones just end. */
async function askAnew(
  tx: WriteTx,
  of: { changes: readonly NoticeChange[]; actor: Actor; reason: string; now: Moment },
): Promise<ChangedNotice[]> {
  const { changes, now } = of;
  if (changes.length === 0) return [];
  const known = await feesOfHolders(tx, [...new Set(changes.map(({ holderId }) => holderId))]);
  const feeOf = new Map(known.map((fee) => [fee.id, fee]));
  // What asks for the same fee again does so only once the former notice is over.
  const ended = changes.filter(({ feeId, formerId }) => feeId === null || feeId === formerId);
  await replaceNotices(tx, { ...of, old: ended.flatMap(({ old }) => old), by: null });
  const asked = changes.flatMap(({ feeId, openCents }) =>
    feeId === null ? [] : { fee: feeOf.get(feeId)!, openCents },
  );
  const issued = await issueFeeNotices(tx, { fees: asked, by: of.actor.name, now });
  if (issued.outcome === "refused" || issued.outcome === "key-reused")
    throw new Error(`the notices of fees are refused: ${issued.outcome}`);
  const made = new Map(
    (issued.outcome === "issued" ? issued.positions : []).map(({ key, notices }) => [
      key,
      notices[0]!,
    ]),
  );
  const nextOf = (feeId: string | null): Notice | null =>
    feeId === null
      ? null
      : (feeNoticeKeys(feeId)
          .map((key) => made.get(key))
          .find((notice) => notice !== undefined) ?? null);
  // house-allow query-in-loop: each notice names the one that asks instead
  for (const change of changes) {
    if (ended.includes(change)) continue;
    await replaceNotices(tx, { ...of, old: change.old, by: nextOf(change.feeId) });
  }
  return changes.map(({ holderId, old, feeId }) => ({
    holderId,
    feeId,
    replaced: old.map(({ noticeNumber }) => noticeNumber),
    by: nextOf(feeId),
  }));
}
