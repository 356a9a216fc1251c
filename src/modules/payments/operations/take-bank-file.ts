// SPDX-License-Identifier: EUPL-1.2
import { type Actor, OFFICE_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { day, isMomentAfter, type Moment, moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { JournalMovement, ReceivedJournal } from "../rules/cash-journal.ts";
import { isSettlementCausale, matchMovements } from "../rules/match-bank-movements.ts";
import type { ReceivedReport } from "../rules/settlement-report.ts";
import * as bank from "../sql/bank-movements.ts";
import * as flows from "../sql/settlement-flows.ts";
import { stationsOfTown } from "../sql/stations.ts";
import { reconcile } from "./reconcile.ts";
import { flowRowId, ownPartOf, storeReport } from "./store-settlement-report.ts";

export type BankFile =
  | { readonly kind: "cash-journal"; readonly journal: ReceivedJournal }
  | { readonly kind: "settlement-report"; readonly report: ReceivedReport };

export type PlannedFile =
  | { outcome: "planned"; uploadId: string }
  /** of the treasury of another institution */
  | { outcome: "not-our-creditor" }
  | { outcome: "forbidden" };

const MAY_UPLOAD = new Set<Actor["role"]>([...OFFICE_ROLES, "system"]);

/**
 * Keeps a file to be shown and then applied. Of a journal only what concerns pagoPA is kept: the town's other takings
 * are nobody's business here.
 */
export async function planBankFile(
  tx: WriteTx,
  of: { file: BankFile; fileName: string; actor: Actor; now: Moment },
): Promise<PlannedFile> {
  const { file, actor } = of;
  if (!MAY_UPLOAD.has(actor.role)) return { outcome: "forbidden" };
  const creditors = new Set((await stationsOfTown(tx)).map((one) => one.creditorFiscalCode));
  const fiscalCode =
    file.kind === "cash-journal" ? file.journal.fiscalCode : file.report.creditorFiscalCode;
  if (!creditors.has(fiscalCode)) return { outcome: "not-our-creditor" };
  const id = newId();
  await bank.insertUpload(tx, {
    id,
    kind: file.kind,
    fileName: of.fileName,
    code: file.kind === "cash-journal" ? file.journal.code : file.report.flowCode,
    content: file.kind === "cash-journal" ? keptOf(file.journal) : file.report,
    uploadedAt: of.now,
    uploadedBy: actor.name,
  });
  return { outcome: "planned", uploadId: id };
}

interface KeptJournal extends Omit<ReceivedJournal, "movements"> {
  readonly movements: readonly JournalMovement[];
  /** takings that have nothing to do with pagoPA */
  readonly unrelated: number;
}

function keptOf(journal: ReceivedJournal): KeptJournal {
  const movements = journal.movements.filter(({ causale }) => isSettlementCausale(causale));
  return { ...journal, movements, unrelated: journal.movements.length - movements.length };
}

export interface PlannedMovement extends JournalMovement {
  readonly isNew: boolean;
  /** code of the flow it would settle; null: none that is known */
  readonly flowCode: string | null;
}

export type ShownFile = {
  readonly upload: Omit<bank.UploadRow, "content">;
} & (
  | {
      readonly kind: "cash-journal";
      readonly journal: KeptJournal;
      readonly movements: readonly PlannedMovement[];
    }
  | {
      readonly kind: "settlement-report";
      readonly report: ReceivedReport;
      readonly ownCents: bigint;
      readonly ownCount: number;
      readonly addsUp: boolean;
      readonly isKnown: boolean;
    }
);

/** What a file would do, or has done: nothing is written. */
export async function bankFile(tx: ReadTx, id: string): Promise<ShownFile | null> {
  const found = await bank.uploadById(tx, id);
  if (!found) return null;
  const { content, ...upload } = found;
  if (found.kind === "settlement-report") {
    const report = reportOf(content);
    const own = await ownPartOf(tx, report);
    const latest = await flows.latestReport(tx, flowRowId(tx.tenantId, report));
    return {
      upload,
      kind: found.kind,
      report,
      ownCents: own?.ownCents ?? 0n,
      ownCount: own?.payments.length ?? 0,
      addsUp: own?.addsUp ?? false,
      isKnown: latest !== undefined && !isMomentAfter(report.flowAt, latest.flowAt),
    };
  }
  const journal = journalOf(content);
  const creditorFiscalCode = journal.fiscalCode;
  const known = await bank.knownMovements(tx, {
    creditorFiscalCode,
    keys: journal.movements.map(({ key }) => key),
  });
  const waiting = await flows.flowsWaiting(tx);
  const plan = matchMovements(
    waiting,
    journal.movements.map((one) => ({
      ...one,
      id: one.key,
      creditorFiscalCode,
      chosenFlowId: null,
    })),
  );
  const codes = new Map(waiting.map(({ id, flowCode }) => [id, flowCode]));
  return {
    upload,
    kind: found.kind,
    journal,
    movements: journal.movements.map((one) => {
      const match = plan.movements.get(one.key);
      const flowCode =
        match?.standing === "matched" ? (codes.get(match.flowId ?? "") ?? null) : null;
      return { ...one, isNew: !known.has(one.key), flowCode };
    }),
  };
}

export type AppliedFile =
  /** `added`: movements or flows that were not there */
  | { outcome: "applied"; added: number }
  | { outcome: "already-applied" }
  | { outcome: "unknown" | "forbidden" };

/** Writes what the file brings, once, and reconciles. The same movements in another file add nothing. */
export async function applyBankFile(
  tx: WriteTx,
  of: { uploadId: string; actor: Actor; now: Moment },
): Promise<AppliedFile> {
  const { actor, uploadId, now } = of;
  if (!MAY_UPLOAD.has(actor.role)) return { outcome: "forbidden" };
  const upload = await bank.uploadById(tx, uploadId, "lock");
  if (!upload) return { outcome: "unknown" };
  if (upload.appliedAt) return { outcome: "already-applied" };
  const added =
    upload.kind === "cash-journal"
      ? await addMovements(tx, uploadId, journalOf(upload.content))
      : await addReport(tx, reportOf(upload.content), now);
  await bank.markUploadApplied(tx, { id: uploadId, at: now, by: actor.name });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.apply-bank-file",
    details: { kind: upload.kind, code: upload.code, added },
  });
  await reconcile(tx, now);
  return { outcome: "applied", added };
}

const addMovements = (tx: WriteTx, uploadId: string, journal: KeptJournal): Promise<number> =>
  bank.insertMovements(tx, {
    uploadId,
    creditorFiscalCode: journal.fiscalCode,
    rows: journal.movements.map((one) => ({ ...one, id: newId() })),
  });

/** A file has no revision: one written later than what is known is the next. */
async function addReport(tx: WriteTx, report: ReceivedReport, now: Moment): Promise<number> {
  const latest = await flows.latestReport(tx, flowRowId(tx.tenantId, report));
  if (latest && !isMomentAfter(report.flowAt, latest.flowAt)) return 0;
  const revision = (latest?.revision ?? 0) + 1;
  const stored = await storeReport(tx, { report: { ...report, revision }, source: "file", now });
  return stored.outcome === "stored" ? 1 : 0;
}

/** As `insertUpload` wrote it: days, moments and cents are text. */
type Written<Value> = Value extends bigint | Temporal.PlainDate | Temporal.Instant
  ? string
  : Value extends object
    ? { [Key in keyof Value]: Written<Value[Key]> }
    : Value;

function journalOf(content: unknown): KeptJournal {
  const kept = content as Written<KeptJournal>;
  return {
    ...kept,
    from: day(kept.from),
    to: day(kept.to),
    movements: kept.movements.map((one) => ({
      ...one,
      movedOn: day(one.movedOn),
      amountCents: BigInt(one.amountCents),
    })),
  };
}

function reportOf(content: unknown): ReceivedReport {
  const kept = content as Written<ReceivedReport>;
  return {
    ...kept,
    settledOn: day(kept.settledOn),
    flowAt: moment(kept.flowAt),
    publishedAt: kept.publishedAt === null ? null : moment(kept.publishedAt),
    totalCents: BigInt(kept.totalCents),
    payments: kept.payments.map((one) => ({
      ...one,
      amountCents: BigInt(one.amountCents),
      paidOn: day(one.paidOn),
    })),
  };
}
