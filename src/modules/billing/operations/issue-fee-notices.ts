// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { familyAccount } from "#ledger";
import { issueNotices, type IssuedNotices, type PositionDraft } from "#payments";
import { datedSettings } from "#tenancy";
import { capital } from "../rules/service-word.ts";
import type { Charge } from "../sql/charges.ts";

/** A fee's notice is found by it, and made once. */
export const feeNoticeKey = (chargeId: string): string => `fee:${chargeId}`;

/**
 * One notice per fixed fee, for what its account does not cover (OS-01). The caller has worked out what is open and who
 * may pay; the same fee again answers with the notice that stands.
 */
export async function issueFeeNotices(
  tx: WriteTx,
  of: { fees: readonly { fee: Charge; openCents: Cents }[]; by: string; now: Moment },
): Promise<IssuedNotices> {
  const { services } = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const drafts = of.fees.map(({ fee, openCents }): PositionDraft => {
    const service = services.find(({ id }) => id === fee.serviceId);
    if (!service) throw new Error(`a fee of a service that is not there: ${fee.serviceId}`);
    const { accountScope } = settings.service(service.code, "payment", fee.date);
    const account = familyAccount(accountScope, fee);
    return {
      key: feeNoticeKey(fee.id),
      kind: "fixed-fee",
      holderId: fee.holderId,
      // The fee's name is the tariff's (`anno scolastico, rata 1`): of the service, never of a child.
      subject: [capital(service.name), fee.reason].filter(Boolean).join(", ").slice(0, 140),
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
