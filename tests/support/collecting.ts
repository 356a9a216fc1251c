// SPDX-License-Identifier: EUPL-1.2
/** A town that can be paid through pagoPA, and receipts as a parser would give them. */
import { systemActor } from "#kernel/actor.ts";
import { day, type Moment, moment } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  applyReceipts,
  configureAccount,
  configureStation,
  issueNotices,
  type IssuedNotices,
  type LineDraft,
  iuvOf,
  type Notice,
  type PositionDraft,
  receiveReceipt,
  type ReceivedReceipt,
  type StoredReceipt,
} from "#payments";
import type { SmallTown } from "./small-town.ts";

export const CREDITOR = "77777777777";
export const BANK_IBAN = "IT60X0542811101000000123456";
const AT = moment("2026-09-01T08:00:00Z");

/** Each town its own segregation code: they may share the creditor, as the towns of a union do. */
let nextSegregation = 0;

export async function collecting(
  place: Pick<SmallTown, "town" | "tenantId">,
  of: { creditor?: string; segregationCode?: string } = {},
): Promise<{ creditor: string; segregationCode: string }> {
  const creditor = of.creditor ?? CREDITOR;
  const segregationCode = of.segregationCode ?? String(nextSegregation++ % 46).padStart(2, "0");
  await place.town.write(async (tx) => {
    await tx.run(sql`
      insert into creditor_institution (tenant_id, id, fiscal_code, name)
      values (${place.tenantId}, ${newId()}, ${creditor}, 'Comune di Esempio')`);
    const station = await configureStation(tx, {
      actor: systemActor,
      station: {
        creditorFiscalCode: creditor,
        segregationCode,
        stationId: `${creditor}_01`,
        brokerFiscalCode: creditor,
        mode: "synchronous",
      },
      now: AT,
    });
    const account = await configureAccount(tx, {
      actor: systemActor,
      account: {
        creditorFiscalCode: creditor,
        iban: BANK_IBAN,
        kind: "bank",
        postalAccount: "",
        postalHolder: "",
        postalAuthorisation: "",
      },
      now: AT,
    });
    if (station.outcome !== "saved" || account.outcome !== "saved")
      throw new Error(JSON.stringify([station, account]));
  });
  return { creditor, segregationCode };
}

export const topUpLine = (place: SmallTown, childId: string, amountCents: bigint): LineDraft => ({
  holderId: place.holderId,
  accountChildId: childId,
  accountServiceId: null,
  childId,
  serviceId: place.serviceId,
  amountCents,
});

export function topUp(place: SmallTown, key: string, lines: readonly LineDraft[]): PositionDraft {
  return {
    key,
    kind: "top-up",
    holderId: place.holderId,
    subject: "Ricarica refezione scolastica",
    dueOn: null,
    payableAfterDue: true,
    lines,
  };
}

/** The same as something owed: it is asked for until it is paid. */
export const oldDebt = (
  place: SmallTown,
  key: string,
  lines: readonly LineDraft[],
): PositionDraft => ({ ...topUp(place, key, lines), kind: "old-debt", subject: "Refezione" });

export function issue(
  place: SmallTown,
  drafts: readonly PositionDraft[],
  now: Moment = AT,
): Promise<IssuedNotices> {
  return place.town.write((tx) => issueNotices(tx, { drafts, by: "test", now }));
}

/** The first notice of the only position. */
export async function issueOne(place: SmallTown, draft: PositionDraft): Promise<Notice> {
  const issued = await issue(place, [draft]);
  if (issued.outcome !== "issued") throw new Error(JSON.stringify(issued));
  return issued.positions[0]!.notices[0]!;
}

export function receiptFor(
  notice: Pick<Notice, "noticeNumber" | "creditorFiscalCode" | "amountCents">,
  changes: Partial<ReceivedReceipt> = {},
): ReceivedReceipt {
  return {
    receiptId: newId().replaceAll("-", ""),
    outcome: "OK",
    noticeNumber: notice.noticeNumber,
    fiscalCode: notice.creditorFiscalCode,
    creditorReferenceId: iuvOf(notice.noticeNumber),
    paymentAmountCents: notice.amountCents,
    description: "Ricarica refezione scolastica",
    companyName: "Comune di Esempio",
    debtor: { kind: "F", code: "ANONIMO", fullName: "Sara Ferrando" },
    transfers: [
      {
        id: 1,
        amountCents: notice.amountCents,
        fiscalCodePA: notice.creditorFiscalCode,
        iban: BANK_IBAN,
        remittanceInformation: "/RFB/x",
        transferCategory: "9/0107101TS/",
      },
    ],
    idPSP: "ABC_01",
    pspCompanyName: "Banca di prova",
    idChannel: "88888888888_01",
    channelDescription: "WISP",
    feeCents: 150n,
    paidAt: moment("2026-11-20T09:15:30Z"),
    applicationDate: day("2026-11-20"),
    transferDate: day("2026-11-23"),
    ...changes,
  };
}

/** What the raw message is here: the parser of the real one has tests of its own. */
const raws = new Map<string, ReceivedReceipt>();

export function land(db: Database, receipt: ReceivedReceipt, now: Moment): Promise<StoredReceipt> {
  const raw = `<receipt>${receipt.receiptId} ${newId()}</receipt>`;
  raws.set(raw, receipt);
  return db.platform((tx) =>
    receiveReceipt(tx, {
      recipientFiscalCode: receipt.fiscalCode,
      stationId: `${receipt.fiscalCode}_01`,
      operation: "paSendRTV2",
      receipt,
      raw,
      receivedAt: now,
    }),
  );
}

export async function apply(
  db: Database,
  now: Moment,
): Promise<{ applied: number; failed: number; errors: unknown[] }> {
  const errors: unknown[] = [];
  const read = (raw: string): ReceivedReceipt => {
    const receipt = raws.get(raw);
    if (!receipt) throw new Error(`not a receipt of these tests: ${raw}`);
    return receipt;
  };
  const done = await applyReceipts(db, { now, read, onError: (_, error) => errors.push(error) });
  return { ...done, errors };
}
