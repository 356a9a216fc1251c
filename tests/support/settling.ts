// SPDX-License-Identifier: EUPL-1.2
/** Flows, journals and what the bank says, as parsers would give them. */
import { systemActor } from "#kernel/actor.ts";
import { type Day, day, type Moment, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import {
  applyBankFile,
  type JournalMovement,
  type Notice,
  planBankFile,
  type ReceivedJournal,
  type ReceivedReceipt,
  type ReceivedReport,
  type ReportedPayment,
  storeReport,
  type StoredReport,
} from "#payments";
import type { SmallTown } from "./small-town.ts";

export const SETTLED_ON = day("2026-11-23");
export const FLOW_CODE = "2026-11-23ABC_01-S000000001";

export const lineOf = (
  receipt: Pick<ReceivedReceipt, "receiptId" | "creditorReferenceId" | "paymentAmountCents">,
  changes: Partial<ReportedPayment> = {},
): ReportedPayment => ({
  iuv: receipt.creditorReferenceId,
  iur: receipt.receiptId,
  transfer: 1,
  amountCents: receipt.paymentAmountCents,
  paidOn: day("2026-11-20"),
  outcome: "EXECUTED",
  ...changes,
});

/** Another system of the same creditor: its segregation code is none of ours. */
export const foreignLine = (amountCents: bigint): ReportedPayment => ({
  iuv: "99000000000000001",
  iur: `foreign-${amountCents}`,
  transfer: 1,
  amountCents,
  paidOn: day("2026-11-20"),
  outcome: "EXECUTED",
});

export function reportOf(
  creditorFiscalCode: string,
  payments: readonly ReportedPayment[],
  changes: Partial<ReceivedReport> = {},
): ReceivedReport {
  return {
    creditorFiscalCode,
    senderId: "ABC_01",
    flowCode: FLOW_CODE,
    revision: 1,
    pspId: "ABC_01",
    pspName: "Banca di prova",
    bankTransferCode: "0306912345678901234567890IT",
    settledOn: SETTLED_ON,
    flowAt: moment("2026-11-23T17:00:00Z"),
    publishedAt: moment("2026-11-23T17:05:00Z"),
    totalCents: payments.reduce(
      (sum, { amountCents, outcome }) => sum + (outcome === "REVOKED" ? -amountCents : amountCents),
      0n,
    ),
    paymentCount: payments.length,
    payments,
    ...changes,
  };
}

export const store = (
  place: Pick<SmallTown, "town">,
  report: ReceivedReport,
  now: Moment,
): Promise<StoredReport> =>
  place.town.write((tx) => storeReport(tx, { report, source: "fdr", now }));

export const causaleOf = (flowCode: string): string =>
  `BONIFICO DA BANCA DI PROVA /PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${flowCode}`;

export function movementOf(
  amountCents: bigint,
  changes: Partial<JournalMovement> = {},
): JournalMovement {
  const movedOn: Day = changes.movedOn ?? SETTLED_ON;
  const causale = changes.causale ?? causaleOf(FLOW_CODE);
  return {
    key: `${movedOn}/1/SOSPESO ENTRATA/${causale}/${amountCents}`,
    movedOn,
    amountCents,
    causale,
    account: "1",
    document: "SOSPESO ENTRATA 64422",
    ...changes,
  };
}

export const journalOf = (
  fiscalCode: string,
  movements: readonly JournalMovement[],
  code = "GDC-20261124PROVA00000001#001#001",
): ReceivedJournal => ({
  code,
  fiscalCode,
  page: 1,
  pages: 1,
  from: SETTLED_ON,
  to: SETTLED_ON,
  movements,
  others: 3,
});

/** Uploads and applies; gives how many movements were new. */
export function bankSays(
  place: Pick<SmallTown, "town">,
  journal: ReceivedJournal,
  now: Moment,
): Promise<number> {
  return place.town.write(async (tx) => {
    const planned = await planBankFile(tx, {
      file: { kind: "cash-journal", journal },
      fileName: "giornale.xml",
      actor: systemActor,
      now,
    });
    if (planned.outcome !== "planned") throw new Error(planned.outcome);
    const applied = await applyBankFile(tx, { ...planned, actor: systemActor, now });
    if (applied.outcome !== "applied") throw new Error(applied.outcome);
    return applied.added;
  });
}

export async function stateOf(
  place: Pick<SmallTown, "town">,
  notice: Pick<Notice, "id">,
): Promise<string> {
  const { state } = await place.town.read((tx) =>
    tx.one<{ state: string }>(sql`
      select state from payment_notice where tenant_id = ${tx.tenantId} and id = ${notice.id}`),
  );
  return state;
}
