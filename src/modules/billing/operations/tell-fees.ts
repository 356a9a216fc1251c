// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { people } from "#families";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { inEveryLanguage, planMessages } from "#messaging";
import { inFours } from "#payments";
import { repricedFeesMessage } from "../rules/fee-messages.ts";
import { paymentOn } from "./charge-meals.ts";
import type { RepricedFee } from "./plan-fees.ts";
import type { ChangedNotice } from "./reprice-fees.ts";

/** After a retroactive change each account is told once, of its own part and of its own notices. */
export async function tellRepricedFees(
  tx: WriteTx,
  of: {
    serviceId: string;
    fees: readonly RepricedFee[];
    changes: readonly ChangedNotice[];
    reason: string;
    now: Moment;
  },
): Promise<void> {
  const { serviceId, fees, reason, now } = of;
  if (fees.length === 0) return;
  const service = (await townCalendar(tx)).services.find(({ id }) => id === serviceId)!;
  const { model } = await paymentOn(tx, { serviceId, date: dayOf(now) });
  const childIds = [...new Set(fees.flatMap((fee) => fee.childIds))];
  const names = new Map((await people(tx, childIds)).map(({ id, givenName }) => [id, givenName]));
  const changesOf = Map.groupBy(of.changes, ({ holderId }) => holderId);
  const messages = [...Map.groupBy(fees, ({ holderId }) => holderId)].map(([holderId, own]) => {
    const changes = changesOf.get(holderId) ?? [];
    const noticeOf = new Map(changes.map(({ feeId, by }) => [feeId, by]));
    const told = {
      service,
      fees: own.map(({ supplement, ...fee }) => ({
        ...fee,
        children: fee.childIds.map((id) => names.get(id) ?? "").toSorted(),
        supplement: supplement && {
          ...supplement,
          number: numberOf(noticeOf.get(supplement.feeId) ?? null),
        },
      })),
      replaced: changes.flatMap(({ replaced, by }) =>
        replaced.map((old) => ({
          old: inFours(old),
          by: by && { number: inFours(by.noticeNumber), amountCents: by.amountCents },
        })),
      ),
      creditCents: own.reduce((sum, { creditCents }) => sum + creditCents, 0n),
      reason,
      model,
    };
    return {
      holderId,
      childIds: [...new Set(own.flatMap((fee) => fee.childIds))],
      kind: "charge-corrected",
      dedupeKey: `fees-repriced:${serviceId}:${now.epochMilliseconds}:${holderId}`,
      ...inEveryLanguage((lang) => repricedFeesMessage(told, lang)),
    };
  });
  await planMessages(tx, messages, now);
}

const numberOf = (notice: ChangedNotice["by"]): string | null =>
  notice && inFours(notice.noticeNumber);
