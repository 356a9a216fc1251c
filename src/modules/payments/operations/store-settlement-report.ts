// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import { ownPart, type OwnPart, type ReceivedReport } from "../rules/settlement-report.ts";
import * as flows from "../sql/settlement-flows.ts";
import { stationsOfTown } from "../sql/stations.ts";

export type StoredReport =
  | { outcome: "stored"; flowId: string }
  | { outcome: "already-there"; flowId: string }
  /** not a creditor of this town */
  | { outcome: "not-our-creditor" };

/**
 * Keeps one revision of a flow; a higher one replaces what was known, in whatever order they come. What follows from
 * it is worked out by `reconcile`.
 */
export async function storeReport(
  tx: WriteTx,
  of: { report: ReceivedReport; source: "fdr" | "file"; now: Moment },
): Promise<StoredReport> {
  const { report } = of;
  const own = await ownPartOf(tx, report);
  if (!own) return { outcome: "not-our-creditor" };
  const flowId = flowRowId(tx.tenantId, report);
  await flows.touchFlow(tx, { ...report, id: flowId });
  const isNew = await flows.insertReport(tx, {
    flowId,
    report,
    ownCents: own.ownCents,
    ownCount: own.payments.length,
    addsUp: own.addsUp,
    source: of.source,
    receivedAt: of.now,
  });
  if (!isNew) return { outcome: "already-there", flowId };
  const { revision } = report;
  await flows.insertPayments(tx, { flowId, revision, rows: own.payments });
  return { outcome: "stored", flowId };
}

/** What of it is ours, by the segregation codes of the town's stations, the retired ones too; null: not our creditor. */
export async function ownPartOf(tx: ReadTx, report: ReceivedReport): Promise<OwnPart | null> {
  const stations = (await stationsOfTown(tx)).filter(
    ({ creditorFiscalCode }) => creditorFiscalCode === report.creditorFiscalCode,
  );
  if (stations.length === 0) return null;
  return ownPart(report, new Set(stations.map(({ segregationCode }) => segregationCode)));
}

export const flowRowId = (
  tenantId: string,
  of: Pick<ReceivedReport, "creditorFiscalCode" | "senderId" | "flowCode">,
): string =>
  idFromContent(
    `settlement-flow\n${tenantId}\n${of.creditorFiscalCode}\n${of.senderId}\n${of.flowCode}`,
  );
