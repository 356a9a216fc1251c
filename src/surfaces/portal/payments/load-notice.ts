// SPDX-License-Identifier: EUPL-1.2
import type { Bill } from "#billing";
import type { ReadTx } from "#kernel/db/index.ts";
import { isNoticeNumber, noticeDetail, type NoticeDetail } from "#payments";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { familyBills } from "./account-lines.ts";
import { maySeeNotice, type Paying, payingIn } from "./family-notices.ts";

/** A notice as its page needs it. */
export interface LoadedNotice {
  notice: NoticeDetail;
  /** the bill it asks for */
  bill: Bill | null;
  paying: Paying;
  /** may it be paid now, by this notice? */
  isOpen: boolean;
  /** the whole is being paid in instalments, or an instalment's whole is paid */
  otherOption: boolean;
}

/** The notice of the address, if it is one of the visitor's. */
export async function loadNotice(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
): Promise<LoadedNotice | null> {
  const noticeNumber = visit.params["numero"] ?? "";
  if (!isNoticeNumber(noticeNumber)) return null;
  const { holderIds } = scope;
  const notice = await noticeDetail(tx, { noticeNumber, holderIds, now: visit.now });
  if (!notice || !maySeeNotice(scope, notice)) return null;
  const billIds = new Set(notice.lines.map(({ billId }) => billId));
  const bill =
    notice.kind === "bill"
      ? ((await familyBills(tx, scope)).find(({ id }) => billIds.has(id)) ?? null)
      : null;
  const otherOption = notice.position.some(
    (one) =>
      (one.instalment === null) !== (notice.instalment === null) &&
      ["paid", "reported", "settled", "paid-elsewhere"].includes(one.state),
  );
  const isOpen = notice.standing === "to-pay" && !otherOption && bill?.state !== "paid";
  return { notice, bill, paying: await payingIn(tx, visit), isOpen, otherOption };
}
