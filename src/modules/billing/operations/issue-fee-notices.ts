// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { familyAccount } from "#ledger";
import { deletedKeys, issueNotices, type IssuedNotices, type PositionDraft } from "#payments";
import { datedSettings } from "#tenancy";
import { capital, serviceWord } from "../rules/service-word.ts";
import { lockBilling } from "../sql/bills.ts";
import { type Charge, chargesByKeys } from "../sql/charges.ts";

/** How often the office may delete a fee's notice and have it asked for again. */
const MOST_NOTICES = 10;

/** A fee's notices are found by these, in the order in which they were made: the next one when the last was deleted. */
export const feeNoticeKeys = (chargeId: string): string[] =>
  Array.from({ length: MOST_NOTICES }, (_, before) =>
    before === 0 ? `fee:${chargeId}` : `fee:${chargeId}/${before + 1}`,
  );

/**
 * One notice per fixed fee, for what its account does not cover (OS-01). The caller has worked out what is open and who
 * may pay; the same fee again answers with the notice that stands. One that was deleted is asked for anew; a fee that was
 * taken back meanwhile is asked for no more.
 */
export async function issueFeeNotices(
  tx: WriteTx,
  of: { fees: readonly { fee: Charge; openCents: Cents }[]; by: string; now: Moment },
): Promise<IssuedNotices> {
  if (of.fees.length === 0) return { outcome: "issued", positions: [] };
  // A fee that is priced again at this moment is another one: nobody may be asked for the old one.
  await lockBilling(tx);
  const keys = of.fees.map(({ fee }) => fee.chargeKey);
  const over = (await chargesByKeys(tx, keys)).filter(({ reversed }) => reversed);
  if (over.length > 0)
    return { outcome: "key-reused", keys: over.flatMap(({ id }) => feeNoticeKeys(id)) };
  const { services } = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const deleted = await deletedKeys(
    tx,
    of.fees.flatMap(({ fee }) => feeNoticeKeys(fee.id)),
  );
  const drafts = of.fees.map(({ fee, openCents }): PositionDraft => {
    const service = services.find(({ id }) => id === fee.serviceId);
    if (!service) throw new Error(`a fee of a service that is not there: ${fee.serviceId}`);
    const keys = feeNoticeKeys(fee.id);
    const { accountScope } = settings.service(service.code, "payment", fee.date);
    const account = familyAccount(accountScope, fee);
    return {
      key: keys.find((key) => !deleted.has(key)) ?? keys.at(-1)!,
      kind: "fixed-fee",
      holderId: fee.holderId,
      // The fee's name is the tariff's (`anno scolastico, rata 1`): of the service, never of a child.
      subject: [capital(serviceWord(service, "it")), fee.reason]
        .filter(Boolean)
        .join(", ")
        .slice(0, 140),
      dueOn: fee.dueOn,
      payableAfterDue: true,
      lines: [
        {
          holderId: fee.holderId,
          accountChildId: account.childId ?? null,
          accountServiceId: account.serviceId ?? null,
          childId: fee.childId,
          serviceId: fee.serviceId,
          amountCents: openCents,
        },
      ],
    };
  });
  return issueNotices(tx, { drafts, by: of.by, now: of.now });
}
