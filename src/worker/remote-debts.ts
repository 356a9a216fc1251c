// SPDX-License-Identifier: EUPL-1.2
/** A position as ACA and GPD are told of it. */
import { type Day, dayOf, later, type Moment, momentAt } from "#kernel/dates.ts";
import { iuvOf, type RemoteWork, type ToldNotice } from "#payments";
import type { RemoteDebt, RemoteOption } from "../integrations/pagopa/remote-debt.ts";
import { NO_DUE_DATE } from "../integrations/pagopa/soap/index.ts";

/** GPD's key of the position: ours, never given twice. */
export const iupdOf = (positionId: string): string => `CMP${positionId.replaceAll("-", "")}`;

export function debtOf(work: RemoteWork, now: Moment): RemoteDebt {
  const [first] = work.notices;
  if (!first) throw new Error(`position ${work.positionId} has no notice`);
  const { creditorFiscalCode, transfers } = first;
  const own = transfers.find(({ fiscalCode }) => fiscalCode === creditorFiscalCode) ?? transfers[0];
  return {
    iupd: iupdOf(work.positionId),
    creditorFiscalCode,
    companyName: own?.name ?? "",
    debtor: { code: first.debtorFiscalCode, fullName: first.debtorName },
    switchToExpired: !first.payableAfterDue && first.dueOn !== null,
    notices: work.notices.map((notice) => optionOf(notice, now)),
  };
}

export const optionOf = (notice: ToldNotice, now: Moment): RemoteOption => ({
  noticeNumber: notice.noticeNumber,
  iuv: iuvOf(notice.noticeNumber),
  instalment: notice.instalment,
  amountCents: notice.amountCents,
  description: notice.subject,
  dueAt: dueAt(notice, dayOf(now)),
  transfers: notice.transfers.map((one) => ({
    id: one.transfer,
    amountCents: one.amountCents,
    fiscalCode: one.fiscalCode,
    companyName: one.name,
    iban: one.iban,
    postalIban: one.postalIban,
    remittance: one.remittance,
    category: one.category,
    metadata: one.metadata,
  })),
});

/** pagoPA wants a day for everything, and none that is past for something that can still be paid. */
function dueAt({ dueOn, payableAfterDue }: ToldNotice, today: Day): Moment {
  const due = dueOn ?? Temporal.PlainDate.from(NO_DUE_DATE);
  return momentAt(payableAfterDue ? later(due, today) : due, "23:59:59");
}
